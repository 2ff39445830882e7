"""Suggestions that are still being sought: the item says so, and shows them by itself, whichever way it asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from curation.records import Decision
from curation.store import Store, captions, decisions
from tests.browser.desk import Desk
from tests.browser.screen import open_screen
from tests.pages.small_workspace import build

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
OFFER = ".rg .offer"


def test_by_running_the_page(page: Page, run_app: Callable[..., str]) -> None:
    address = run_app(ROOT / "tests" / "browser" / "scripts" / "review_app.py")
    here = Desk(page, address, "queue=rewrites&seek=1")
    page.locator(OFFER).first.wait_for()
    assert here.part(".note").count() == 0
    here.press("1")
    (made,) = here.decisions()
    assert made["offered"] == ["s0.0", "s0.1", "s0.2"] and made["taken"] == ["s0.0"]


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = build(tmp_path_factory.mktemp("waiting") / "small")
    store = Store.open(workspace.database)
    rows = captions.in_splits(store, ["test"]).to_pylist()[:20]
    made = [Decision(row["id"], "ben", "coarse", row["id"], row["revision_id"], "coarse") for row in rows]
    assert all(outcome.applied for outcome in decisions.decide(store, made))
    store.close()
    return run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(workspace.folder)})


def test_by_the_address_for_answers(page: Page, address: str) -> None:
    asked: list[int] = []

    def not_yet(route: Route) -> None:
        """Answer the first time as the server does while suggestions are being sought."""
        asked.append(len(json.loads(route.request.post_data or "{}")["outbox"]["decisions"]))
        sent = json.loads(route.request.post_data or "{}") | {"held": {}, "more": True}
        response = route.fetch(post_data=json.dumps(sent))
        body = response.json()
        if len(asked) == 1:
            for item in body["items"]:
                item |= {"suggestions": [], "waits": True, "version": "before", "note": "being sought"}
        route.fulfill(response=response, json=body)

    open_screen(page, f"{address}/rewrites")
    page.route("**/answers/*", not_yet)
    page.keyboard.press("a")
    page.locator(".rg .note").filter(has_text="being sought").wait_for()
    page.locator(OFFER).first.wait_for()
    page.locator(".rg .note").wait_for(state="detached")
    assert asked[:2] == [1, 0]  # the answer, and a question without one
