"""Two annotators differ, a third person settles it with a digit: with the keyboard alone, in the app itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from curation import cli
from curation.store import Store, people, upkeep
from curation.store.people import Person
from curation.workspace import Workspace
from tests.browser.test_review_screen import ROOT, SHOWN, open_screen
from tests.pages.small_workspace import build

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CAPTION = "scene-00#0"
QUERY = "q=scene-00%230"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small workspace, whose coarse items are asked of two people; cleo may settle what they differ on."""
    made = build(tmp_path_factory.mktemp("adjudication") / "small")
    store = Store.open(made.database)
    upkeep.change_settings(store, {"overlap": {"coarse": {"answers": 2, "share": 1.0}}})
    for name, role in (("ann", "annotator"), ("ben", "annotator"), ("cleo", "adjudicator")):
        people.add(store, Person(name, name, role, "active"), by="test")  # type: ignore[arg-type]
    store.close()
    return made


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str], workspace: Workspace) -> str:
    return run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(workspace.folder), "REGRAIN_OWNERS": "zoe"})


def answer(page: Page, url: str, key: str) -> None:
    """Press one key on the item that the address shows, and wait until it is saved and gone."""
    open_screen(page, url)
    assert page.evaluate(SHOWN) == CAPTION
    page.keyboard.press(key)
    page.locator(".rg").get_by_text("No disagreements").or_(page.locator(".rg").get_by_text("Nothing found")).wait_for()
    page.locator('.rg .saved[data-state="saved"]').wait_for()


def logged(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the log of the caption, oldest first, as the running app tells it."""
    assert cli.main(["--workspace", str(workspace.folder), "--json", "history", CAPTION]) == 0
    return list(json.loads(capsys.readouterr().out)["decisions"][::-1])


def test_a_digit_settles_what_two_differ_on_and_both_see_it(
    page: Page, address: str, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(page, f"{address}/coarse?as=ann&{QUERY}", "1")
    open_screen(page, f"{address}/coarse?as=ben&{QUERY}")
    assert "ann" not in page.locator(".rg").inner_text()
    answer(page, f"{address}/coarse?as=ben&{QUERY}", "a")

    open_screen(page, f"{address}/coarse?as=cleo&tab=disputed")
    both = page.locator(".rg .answers").inner_text()
    assert "First answer" in both and "Second answer" in both and "Coarse" in both and "Fine enough" in both
    assert "ann" not in both and "ben" not in both
    answer(page, f"{address}/coarse?as=cleo&tab=disputed", "1")
    assert [(one["person"], one["verdict"], one["applied"]) for one in logged(workspace, capsys)] == [
        ("ann", "coarse", True), ("ben", "fine", True), ("cleo", "coarse", True),
    ]  # fmt: skip

    for person in ("ann", "ben"):
        page.goto(f"{address}/coarse?as={person}&tab=done")
        line = page.locator(".rg-card-row").filter(has_text=CAPTION)
        assert "Coarse · cleo" in line.inner_text()
        open_screen(page, f"{address}/coarse?as={person}&item=scene-00%230")
        history = page.locator(".rg").get_by_label("History of this item")
        if not history.is_visible():  # it stays open in a tab
            page.keyboard.press("h")
        for who in ("ann", "ben", "cleo"):
            history.get_by_text(who, exact=True).first.wait_for()
