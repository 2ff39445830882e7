"""The grid in a real browser: choosing, one verdict for many, and the keyboard's way through it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pages.small_workspace import build

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
FOCUSED = "() => { let e = document.activeElement; while (e.shadowRoot) e = e.shadowRoot.activeElement; return e; }"


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = build(tmp_path_factory.mktemp("grid") / "small")
    return run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(workspace.folder)})


def test_undo_is_one_key_away_after_a_bulk_verdict_of_the_mouse(page: Page, address: str) -> None:
    page.goto(f"{address}/coarse?view=grid")
    page.locator(".gr .card").first.click()
    page.locator(".gr .card").nth(1).click(modifiers=["Shift"])
    page.locator(".gr .bulk button", has_text="Coarse (2)").click()
    expect(page.locator(".gr .said")).to_have_text("2 items judged “Coarse”.")
    page.keyboard.press("z")
    expect(page.locator(".gr .said")).to_have_text("Taken back.")


def test_the_keyboard_keeps_its_place(page: Page, address: str) -> None:
    page.goto(f"{address}/coarse?view=grid")
    page.locator(".gr .bulk button", has_text="Choose all").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".gr .bulk .hint")).to_contain_text("chosen")
    assert page.evaluate(f"({FOCUSED})().textContent") == "Choose none"


def test_what_is_typed_takes_nothing_back(page: Page, address: str) -> None:
    page.goto(f"{address}/coarse?view=grid&as=Ria")
    page.locator(".gr .card").first.click()
    page.locator(".gr .bulk button", has_text="Coarse (1)").click()
    expect(page.locator(".gr .said")).to_have_text("1 item judged “Coarse”.")
    page.get_by_placeholder("Search captions").press("z")
    page.get_by_placeholder("Search captions").press("Escape")
    expect(page.locator(".gr .said")).not_to_have_text("Taken back.")


def test_what_somebody_took_meanwhile_is_left_out_and_told(page: Page, address: str) -> None:
    page.goto(f"{address}/coarse?view=grid&as=Uma")
    page.locator(".gr .card").first.click()
    other = page.context.new_page()
    other.goto(f"{address}/coarse?as=Ben")
    other.locator(".rg .cap").wait_for()
    page.locator(".gr .bulk button", has_text="Coarse (1)").click()
    told = "0 items judged “Coarse”. 1 item left out: judged meanwhile, or in somebody else's hands."
    expect(page.locator(".gr .said")).to_have_text(told)


def test_a_bulk_verdict_is_sent_again_until_it_is_answered(page: Page, address: str) -> None:
    page.goto(f"{address}/coarse?view=grid&as=Tia")
    page.locator(".gr .card").last.click()
    page.evaluate("""() => { const state = [...regrainGrids.values()].at(-1), port = state.port;
        state.port = () => { state.port = port; }; }""")  # the first one is lost
    page.locator(".gr .bulk button", has_text="Coarse (1)").click()
    expect(page.locator(".gr .said")).to_have_text("1 item judged “Coarse”.", timeout=30_000)
