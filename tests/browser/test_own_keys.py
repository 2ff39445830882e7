"""The key sheet: keys given, swapped, refused, taken away and put back, and what the buttons then print."""

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
def rewrites(page: Page, address: str) -> Desk:
    return Desk(page, address, "queue=rewrites")


def bind(here: Desk, action: str, key: str) -> str:
    """Ask for a new key in the open sheet, and return what is said."""
    here.part(f'[data-bind="{action}"]').click()
    here.page.keyboard.press(key)
    return here.part(".binding").inner_text()


def printed(here: Desk, action: str) -> str:
    caps = here.part(f'.act [data-action="{action}"] .key')
    return caps.inner_text() if caps.count() else ""


def test_a_new_key_acts_is_printed_and_is_kept(rewrites: Desk) -> None:
    here = rewrites
    here.press("?")
    assert bind(here, "fine", "w") == ""
    here.page.keyboard.press("Escape")
    assert printed(here, "fine") == "W"
    here.press("a")
    here.press("w")
    here.wait_for("1")
    assert [d["verdict"] for d in here.decisions()] == ["fine"], "the usual key is given up"
    here.page.reload()
    here.wait_for("1")
    assert printed(here, "fine") == "W"
    here.press("?")
    here.page.get_by_role("button", name="Back to the usual keys").click()
    here.page.keyboard.press("Escape")
    assert printed(here, "fine") == "A"
    here.press("a")
    here.wait_for("2")


def test_a_conflict_names_the_other_action_and_can_be_swapped(rewrites: Desk) -> None:
    here = rewrites
    here.press("?")
    assert "X already does “Reject”" in bind(here, "fine", "x")
    here.page.keyboard.press("Escape")
    assert (printed(here, "fine"), printed(here, "reject")) == ("A", "X"), "nothing is changed by a conflict"
    here.press("?")
    bind(here, "fine", "x")
    here.page.get_by_role("button", name="Swap the two").click()
    here.page.keyboard.press("Escape")
    assert (printed(here, "fine"), printed(here, "reject")) == ("X", "A")
    here.press("x")
    here.wait_for("1")
    assert here.decisions()[0]["verdict"] == "fine"


@pytest.mark.parametrize(
    ("key", "words"),
    [("c", "belongs to Streamlit"), ("r", "belongs to Streamlit"), ("4", "Digits choose"), ("F2", "cannot be used")],
)
def test_keys_that_cannot_be_given_are_refused_in_words(rewrites: Desk, key: str, words: str) -> None:
    here = rewrites
    here.press("?")
    assert words in bind(here, "edit", key)
    here.page.keyboard.press("w")  # it still asks
    assert here.part(".binding").inner_text() == ""
    here.page.keyboard.press("Escape")
    assert printed(here, "edit") == "W"


def test_a_key_can_be_taken_away_and_all_of_them_switched_off(rewrites: Desk) -> None:
    here = rewrites
    here.press("?")
    bind(here, "reject", "Backspace")
    here.part("#rg-single").click()
    here.page.keyboard.press("Escape")
    assert here.part(".judge .btn .key").count() == 0
    here.press("a", "u")
    assert here.part(".chip").filter(has_text="item 0").is_visible()
    here.page.reload()
    here.wait_for("0")
    assert here.part(".judge .btn .key").count() == 0
    here.part(".foot").get_by_role("button", name="keys").click()
    here.part("#rg-single").click()
    here.page.keyboard.press("Escape")
    assert (printed(here, "fine"), printed(here, "reject")) == ("A", "")


def test_a_late_answer_takes_back_no_later_change(rewrites: Desk) -> None:
    """Two changes at once: what the server says of the first one comes after the second was made."""
    here = rewrites
    here.press("?")
    here.page.evaluate(
        """async () => {
            const state = [...regrainReviewers.values()].find((one) => one.parts.root);
            let settings = state.settings;
            window.seen = [];
            Object.defineProperty(state, "settings", {
                get: () => settings,
                set: (made) => { settings = made; window.seen.push(made.keys.fine); },
            });
            const sheet = state.parts.sheet;
            const bind = (key) => {
                sheet.querySelector('[data-bind="fine"]').click();
                sheet.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            };
            bind("w");
            const first = state.keyChange;
            let second = null;
            state.port = (...sent) => { second = sent; };
            bind("q");
            while (state.data.settled !== first) await new Promise(requestAnimationFrame);
            state.port(...second);
        }"""
    )
    here.page.keyboard.press("Escape")
    assert printed(here, "fine") == "Q"
    state = "[...regrainReviewers.values()].find((one) => one.parts.root)"
    here.page.wait_for_function(f"() => {state}.keyChange === {state}.data.settled")
    assert here.page.evaluate("seen") == ["w", "q", "q"], "the server told of W while Q was on its way"
    assert printed(here, "fine") == "Q"
    here.page.reload()
    here.wait_for("0")
    assert printed(here, "fine") == "Q"


def test_keys_of_another_queue_that_clash_here_are_warned_of(page: Page, address: str) -> None:
    """X is free in coarse; in rewrites it is the usual key of Reject, which then has none."""
    here = Desk(page, address, "queue=coarse&keys=edit:x")
    assert printed(here, "edit") == "X"
    page.goto(here.url.replace("queue=coarse", "queue=rewrites"))
    here.wait_for("0")
    assert (printed(here, "edit"), printed(here, "reject")) == ("X", "")
    here.press("?")
    assert "X does “Edit”" in here.part(".binds").inner_text()
    here.page.keyboard.press("Escape")
    here.press("x")
    here.part(".editor").wait_for()
