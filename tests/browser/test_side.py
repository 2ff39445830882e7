"""Guidelines and history beside the item, and what is said of a verdict that was refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parent / "scripts" / "review_app.py"


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str]) -> str:
    return run_app(SCRIPT)


@pytest.fixture
def desk(page: Page, address: str) -> Callable[[str], Desk]:
    return lambda query="": Desk(page, address, query)


def test_guidelines_stay_open_beside_the_item_while_one_judges(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.press("g")
    side = here.part(".side")
    assert "Look at the rivals" in side.inner_text()
    assert side.locator(".example").count() == 3
    assert "people <b>outside</b>" in side.inner_text(), "examples are text"
    boxes = [here.part(name).bounding_box() for name in (".judge", ".side")]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    here.press("1")
    here.wait_for("1")
    assert side.is_visible()
    here.saved()
    here.page.reload()
    here.wait_for("1")
    assert side.is_visible()
    here.press("Escape")
    assert side.is_hidden()


def test_history_follows_the_item_and_tells_the_time(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.press("h")
    side = here.part(".side")
    assert "Ben" in side.inner_text()
    assert "chose “coarse”" in side.inner_text()
    assert side.locator("time").first.get_attribute("datetime") == "2026-11-23T10:02:00+00:00"
    assert "2026" in side.locator("time").first.inner_text()
    here.press("g")
    assert "Look at the rivals" in side.inner_text(), "one panel, not two"
    here.press("g")
    assert side.is_hidden()


def test_on_a_phone_they_lie_over_the_item(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.page.set_viewport_size({"width": 390, "height": 844})
    here.part(".foot").get_by_role("button", name="guidelines").click()
    assert "Look at the rivals" in here.part(".sheet").inner_text()
    here.page.keyboard.press("1")
    here.page.keyboard.press("Escape")
    assert here.decisions() == [], "no verdict is given through an open sheet"


def test_a_refused_verdict_says_what_happened_and_shows_the_item_as_it_stands(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.stored("settle=0")
    here.press("1")
    notice = here.part(".notice")
    notice.wait_for()
    assert "“Coarse” was not applied: Ben has settled it meanwhile as “Wrong”." in notice.inner_text()
    assert "a woman is holding" in notice.inner_text()
    here.wait_for("1")
    notice.get_by_role("button", name="Look at it now").click()
    here.wait_for("0")
    assert notice.count() == 0
    here.press("3")
    here.wait_for("1")
    bens, mine = here.decisions()
    assert (mine["verdict"], mine["basis"]) == ("defect", bens["id"])


def test_a_refused_item_that_is_gone_says_so(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse&gone=1")
    here.stored("settle=0")
    here.press("1")
    notice = here.part(".notice")
    notice.get_by_role("button", name="Look at it now").click()
    notice.get_by_text("not in this queue any more").wait_for()
    notice.get_by_role("button", name="Dismiss").click()
    assert notice.count() == 0
