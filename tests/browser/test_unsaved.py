"""Answers that wait in the tab are told on other pages and before signing out, to the person whose they are alone."""

from __future__ import annotations

import json
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
def waiting(page: Page, address: str) -> Desk:
    """A tab of Ann's that could not save two answers."""
    here = Desk(page, address, "queue=coarse&fail=1&as=Ann")
    here.press("1", "2")
    here.part('.saved[data-state="unsaved"]').wait_for()
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(f"{here.url}&leave=1")
    return here


def test_other_pages_tell_what_waits_and_lead_to_it(waiting: Desk) -> None:
    notice = waiting.page.locator(".unsaved p")
    notice.wait_for()
    assert notice.inner_text() == "2 answers of Coarse captions wait to be saved: open it"
    assert notice.locator("a").get_attribute("href") == "coarse?as=Ann"


def test_signing_out_says_what_is_not_saved(waiting: Desk) -> None:
    page = waiting.page
    page.get_by_role("button", name="Sign out").click()
    words = page.locator(".sign-out p")
    words.wait_for()
    assert words.inner_text().startswith("2 answers are not saved yet. Stay, or sign out and keep them")
    page.get_by_role("button", name="Stay").click()
    assert words.count() == 0
    page.get_by_role("button", name="Sign out").click()
    words.wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("signed out").wait_for()
    assert len(waiting.kept()["pending"]) == 2, "they are kept for the person"


def test_another_person_is_told_nothing_and_leaves_at_once(waiting: Desk) -> None:
    page = waiting.page
    page.goto(page.url.replace("as=Ann", "as=Ben"))
    button = page.get_by_role("button", name="Sign out")
    button.wait_for()
    assert page.locator(".unsaved p").count() == 0
    button.click()
    page.get_by_text("signed out").wait_for()
    assert len(waiting.kept()["pending"]) == 2


def test_what_was_saved_without_the_tab_hearing_of_it_is_taken_off(page: Page, address: str) -> None:
    here = Desk(page, address, "queue=coarse&as=Ann")
    here.press("1")
    here.saved()
    name = page.evaluate("() => Object.keys(sessionStorage).find((name) => name.startsWith('regrain.outbox.'))")
    (made,) = here.stored()["decisions"]
    page.goto("about:blank")
    page.goto(f"{here.url}&leave=1&as=Nobody")
    kept = {"stream": "t", "number": 1, "pending": [{"id": made["id"], "number": 1}]}
    page.evaluate("([name, kept]) => sessionStorage.setItem(name, kept)", [name, json.dumps(kept)])
    page.goto(f"{here.url}&leave=1")
    page.wait_for_function("(name) => JSON.parse(sessionStorage.getItem(name)).pending.length === 0", arg=name)
    assert page.locator(".unsaved p").count() == 0
