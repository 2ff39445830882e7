"""Boxes over the target image: they lie where the evidence says, whatever the layout, and follow focus and pointer."""

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

SHARES = """(layer) => {
    const image = layer.parentElement.querySelector("img.picture");
    const frame = image.getBoundingClientRect();
    const scale = Math.min(frame.width / image.naturalWidth, frame.height / image.naturalHeight);
    const [width, height] = [scale * image.naturalWidth, scale * image.naturalHeight];
    const left = frame.left + (frame.width - width) / 2, top = frame.top + (frame.height - height) / 2;
    return [...layer.querySelectorAll(".place")].map((place) => {
        const box = place.getBoundingClientRect();
        const shares = [(box.left - left) / width, (box.top - top) / height];
        return [...shares, (box.right - left) / width, (box.bottom - top) / height];
    });
}"""
"""Where the boxes lie, in shares of the picture as ``object-fit: contain`` shows it."""

WHOLE = """(names) => names.every((name) => {
    const [box, frame] = [name.getBoundingClientRect(), name.closest(".places").getBoundingClientRect()];
    return name.scrollWidth <= name.clientWidth && box.left >= frame.left && box.right <= frame.right
        && box.top >= frame.top && box.bottom <= frame.bottom;
})"""
"""Whether every name is seen whole and within the picture's frame."""

TOP = (250 / 960, 0.375, 250 / 960 + 0.105, 0.56)
FENCE = (0.6, 0.0, 1.0, 0.3)


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str]) -> str:
    return run_app(SCRIPT)


@pytest.fixture
def desk(page: Page, address: str) -> Callable[[str], Desk]:
    return lambda query="": Desk(page, address, query)


def names(here: Desk) -> list[str]:
    return here.part(".place b").all_inner_texts()


def boxes(here: Desk) -> list[list[float]]:
    found: list[list[float]] = here.part(".places").evaluate(SHARES)
    return found


def test_boxes_lie_over_their_part_of_the_picture_and_follow_the_focus(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    assert names(here) == []
    here.press("ArrowDown")
    assert names(here) == ["black top", "white skirt"]
    for width, height in ((1440, 900), (1440, 500), (390, 844)):
        here.page.set_viewport_size({"width": width, "height": height})
        assert boxes(here)[0] == pytest.approx(TOP, abs=0.01), f"at {width} x {height}"
        assert here.part(".place b").evaluate_all(WHOLE), f"a name is cut at {width} x {height}"
    here.page.set_viewport_size({"width": 1440, "height": 900})
    here.press("ArrowDown")
    assert names(here) == ["green fence"]
    assert boxes(here)[0] == pytest.approx(FENCE, abs=0.01)
    here.press("Shift+Tab", "Shift+Tab")
    assert names(here) == ["black top", "white skirt"]
    here.press("ArrowUp")
    assert names(here) == [], "the third suggestion is seen nowhere"
    here.press("ArrowDown", "Enter")
    assert [d["suggestion_id"] for d in here.decisions()] == ["s0.0"]
    assert names(here) == []


def test_the_space_bar_skips_where_arrows_led_and_presses_where_tab_did(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.press("ArrowDown", "Space")
    assert [d["verdict"] for d in here.decisions()] == ["skip"]
    here.press("ArrowDown", "Tab", "Shift+Tab", "Space")
    assert [(d["verdict"], d["suggestion_id"]) for d in here.decisions()][1:] == [("accept", "s1.0")]


def test_the_pointer_goes_before_the_focus_and_comparing_keeps_the_boxes(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.press("ArrowDown")
    here.part(".offer").nth(1).hover()
    assert names(here) == ["green fence"]
    here.page.mouse.move(2, 2)
    assert names(here) == ["black top", "white skirt"]
    here.part(".thumb").first.click()
    here.part(".offer").nth(1).hover()
    assert boxes(here)[0] == pytest.approx(FENCE, abs=0.01)


def test_a_caution_stands_out_in_words(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    warnings = here.part(".offer .chip.warn")
    assert warnings.all_inner_texts() == ["⚠ helps only the first encoder"]
    assert here.part(".offer").nth(1).locator(".chip.warn").count() == 1


def test_attributes_show_theirs_and_a_chosen_word_keeps_the_focus(desk: Callable[..., Desk]) -> None:
    here = desk("queue=attributes")
    assert names(here) == []
    here.press("ArrowDown")
    assert names(here) == ["black top", "white skirt"], "the noun's first word that is seen somewhere"
    here.part(".option").nth(1).focus()
    assert names(here) == ["green fence"]
    here.press("Enter")
    assert here.part(".option").nth(1).get_attribute("aria-pressed") == "true"
    assert names(here) == ["green fence"], "painted anew, the word still has the focus"


def test_the_boxes_are_those_of_the_word_that_was_chosen(desk: Callable[..., Desk]) -> None:
    here = desk("queue=attributes")
    here.press("ArrowDown", "2")
    assert names(here) == ["green fence"]
    here.press("2")
    assert names(here) == ["black top", "white skirt"], "nothing is chosen any more"
