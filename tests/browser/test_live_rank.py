"""The live rank in a real browser: typing changes the figures, and where there are none the line says why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from curation.records import Decision
from curation.store import Store, captions, decisions
from tests import small_demo
from tests.browser.test_review_screen import ROOT, open_screen
from tests.pages.small_workspace import build

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

READY = '.rg .live[data-state="ready"]'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = small_demo.copy(tmp_path_factory)
    store = Store.open(workspace.database)
    reviewed = captions.in_splits(store, ["test"]).to_pylist()
    coarse = [Decision(row["id"], "ben", "coarse", row["id"], row["revision_id"], "coarse") for row in reviewed[:20]]
    assert all(outcome.applied for outcome in decisions.decide(store, coarse))  # they come to the rewrites
    store.close()
    return workspace.folder


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str], folder: Path) -> str:
    return run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(folder)})


def edit(page: Page, url: str) -> str:
    """Open the editor on the first item; return the caption."""
    open_screen(page, url)
    caption = page.locator(".rg .cap").inner_text()
    page.locator('.rg [data-action="edit"]').click()
    return caption


def test_the_figures_follow_what_is_typed(page: Page, address: str) -> None:
    caption = edit(page, f"{address}/coarse")
    page.locator(READY).wait_for()
    line = page.locator(".rg .live-figures")
    assert "rank among rivals" in line.inner_text() and " of 13" in line.inner_text()
    assert "→" not in line.inner_text()  # the caption as it reads
    page.keyboard.type(", a striped umbrella under the night sky", delay=30)
    page.locator(READY, has_text="→").wait_for()
    typed = line.inner_text()
    assert "margin" in typed and "→" in typed
    page.locator('.rg .live .spoken[role="status"]', has_text="rank among rivals").wait_for(state="attached")
    page.locator(".rg .editor").fill(caption)
    page.locator(READY, has_not_text="→").wait_for()


def test_a_suggestions_text_gets_the_figures_of_its_evidence(page: Page, address: str) -> None:
    open_screen(page, f"{address}/rewrites")
    evidence = page.locator(".rg .offer .evidence").first.inner_text()
    page.get_by_role("button", name="Edit suggestion 1").click()
    page.locator(READY).wait_for()
    live = page.locator(".rg .live-figures").inner_text()
    for part in live.replace(" of 13", "").splitlines():
        if "→" in part:
            assert part.strip().replace("−", "-") in evidence, (live, evidence)


def test_chosen_attributes_are_ranked_together(page: Page, address: str) -> None:
    open_screen(page, f"{address}/attributes")
    option = page.locator(".rg .option").first
    label = option.locator("small").inner_text()
    assert page.locator(".rg .live").count() == 0
    option.click()
    page.locator(READY, has_text="rank among rivals").wait_for()
    ranks = page.locator(".rg .live-figures").inner_text().splitlines()[0].replace(" of 13", "")
    assert ranks.replace("→", "").strip() in label.replace("→", ""), (ranks, label)
    option.click()
    page.locator(".rg .live").wait_for(state="detached")


def test_no_key_waits_for_the_figures(page: Page, address: str) -> None:
    """Whatever the route does, what is typed stands in the field at once, and Esc leaves."""

    def never(route: Route) -> None:
        """Leave the request unanswered."""

    page.route("**/live/*", never)
    caption = edit(page, f"{address}/coarse")
    page.keyboard.type(" and more")
    assert page.locator(".rg .editor").input_value() == f"{caption} and more"
    assert page.locator(".rg .live").get_attribute("data-state") == "waiting"
    page.keyboard.press("Escape")
    page.locator(".rg .cap").wait_for()


def test_a_lost_connection_is_told_and_mends(page: Page, address: str) -> None:
    page.route("**/live/*", lambda route: route.abort())
    edit(page, f"{address}/coarse")
    page.locator(".rg .live-figures", has_text="not available: the app does not answer").wait_for()
    page.unroute("**/live/*")
    page.locator(READY).wait_for()


def test_an_unknown_encoder_is_named_under_the_editor(
    page: Page, run_app: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    workspace = build(tmp_path_factory.mktemp("away") / "small")
    address = run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(workspace.folder)})
    edit(page, f"{address}/coarse")
    page.locator('.rg .live[data-state="away"]', has_text="not available").wait_for()


def test_the_plain_form_shows_the_same_after_a_press(page: Page, address: str) -> None:
    page.goto(f"{address}/coarse?plain=1")
    page.get_by_role("button", name="Check rank").click()
    page.get_by_text("among 13 images").wait_for()
