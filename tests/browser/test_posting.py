"""Answers on their way to their own address: the page is left, the address is slow or cut, the page asks meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.screen import SENT, SHOWN, open_screen, wait_for_another, wait_for_item
from tests.pages.small_workspace import build

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
ANSWERS = "**/answers/*"
HERE = "[...regrainReviewers.values()].find((s) => s.parts.root)"
AWAY = "() => [...regrainReviewers.values()].every((s) => !s.parts.root)"


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = build(tmp_path_factory.mktemp("posting") / "small")
    return run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(workspace.folder)})


def held_answers(page: Page) -> list[Route]:
    """Stop what is sent to the address for answers, and return a list that fills with it."""
    held: list[Route] = []
    page.route(ANSWERS, lambda route: held.append(route))
    return held


def press_held(page: Page, held: list[Route], key: str) -> None:
    """Judge, and wait until the answer is on its way."""
    with page.expect_request(ANSWERS):
        page.keyboard.press(key)
    page.evaluate("0")  # the route is told after the request
    assert len(held) == 1


def go_home(page: Page) -> None:
    page.locator("[data-testid=stPageLink] a").first.evaluate("(link) => link.click()")
    page.wait_for_function(AWAY)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def follow(page: Page, name: str) -> None:
    """Go to another page of the app by its entry in the menu, without loading anything anew."""
    page.locator(f'[data-testid=stPageLink] a[href*="{name}"]').first.evaluate("(link) => link.click()")


def settle_by(name: str, page: Page, address: str, item: str) -> None:
    """Have somebody else call an item wrong."""
    twin = page.context.new_page()
    open_screen(twin, f"{address}/coarse?as={name}&item={item.replace('#', '%23')}")
    assert twin.evaluate(SHOWN) == item
    twin.keyboard.press("2")
    twin.locator('.rg .saved[data-state="saved"]').wait_for()
    wait_for_another(twin, item)
    twin.close()


def run_page(page: Page) -> None:
    """Run the page once, as after a rest, and wait for what it gives."""
    page.evaluate(f"() => {{ const s = {HERE}; s.data.old = true; s.port('rested', Date.now()) }}")
    page.wait_for_function(f"() => !{HERE}.data.old")


def test_an_item_that_was_looked_at_again_is_judged_once(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse?as=Ria")
    first = page.evaluate(SHOWN)
    settle_by("Kim", page, address, first)
    page.keyboard.press("1")
    page.locator(".rg .notice").get_by_role("button", name="Look at it now").click()
    wait_for_item(page, first)
    page.keyboard.press("1")
    wait_for_another(page, first)
    page.wait_for_function(SENT)
    run_page(page)
    assert first not in page.evaluate(f"() => {HERE}.data.items.map((item) => item.id)")
    assert page.evaluate(f"() => {HERE}.data.linked") == ""


def test_what_was_refused_after_the_page_was_left_is_told_on_coming_back(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse?as=Ria")
    first = page.evaluate(SHOWN)
    settle_by("Kim", page, address, first)
    held = held_answers(page)
    press_held(page, held, "1")
    go_home(page)
    held[0].continue_()
    page.wait_for_function(SENT)
    page.unroute(ANSWERS)
    follow(page, "coarse")
    page.locator(".rg .notice").wait_for()
    assert "was not applied" in page.locator(".rg .notice").inner_text()


def test_what_was_cut_after_the_page_was_left_is_sent_on_coming_back(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse?as=Ria")
    held = held_answers(page)
    press_held(page, held, "1")
    go_home(page)
    held[0].abort()
    page.locator(".unsaved a").wait_for()
    page.wait_for_function("() => [...regrainReviewers.values()].every((s) => !s.posting)")
    page.unroute(ANSWERS)
    page.locator(".unsaved a").click()
    page.locator('.rg .saved[data-state="saved"]').wait_for()


def test_where_no_answer_comes_the_page_takes_the_answers(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse?as=Ria")
    first = page.evaluate(SHOWN)
    held_answers(page)
    page.keyboard.press("1")
    page.wait_for_function(SENT)
    page.locator('.rg .saved[data-state="saved"]').wait_for()
    page.unroute(ANSWERS)
    open_screen(page, f"{address}/coarse?as=Ria")
    assert page.evaluate(SHOWN) != first


def test_many_answers_in_another_script_are_sent(page: Page, address: str) -> None:
    """A browser lets 64 KiB outlive the page, and sends nothing where it is asked to let more."""
    open_screen(page, f"{address}/coarse?as=Ria")
    posted: list[int] = []
    page.on("requestfinished", lambda one: posted.append(1) if "/answers/" in one.url else None)
    page.route(ANSWERS, lambda route: route.abort())
    with page.expect_request(ANSWERS):
        page.keyboard.press("1")
    page.evaluate(f"() => {{ {HERE}.pending[0].padding = '語'.repeat(40000) }}")
    page.unroute(ANSWERS)
    page.wait_for_function(SENT)
    assert posted, "it went to the address for answers"


def test_an_error_of_long_ago_is_not_said_of_answers_on_their_way(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse?as=Ria")
    page.evaluate(f"() => {{ const s = {HERE}; s.data.old = true; s.port('outbox', {{ session: 'none' }}) }}")
    page.wait_for_function(f"() => !{HERE}.data.old")
    assert page.evaluate(f"() => {HERE}.data.error") == ""
    page.keyboard.press("1")
    page.locator('.rg .saved[data-state="saved"]').wait_for()
