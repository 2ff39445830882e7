"""A review screen of the app itself: search, links, reload, and what a second tab sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.screen import SENT, SHOWN, open_screen, wait_for_another, wait_for_item
from tests.pages.small_workspace import build

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    return _app(run_app, tmp_path_factory.mktemp("review"))


@pytest.fixture
def another(run_app: Callable[..., str], tmp_path: Path) -> str:
    return _app(run_app, tmp_path)


def _app(run_app: Callable[..., str], folder: Path) -> str:
    workspace = build(folder / "small")
    return run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(workspace.folder)})


def test_search_by_key_shows_its_own_first_item_and_is_in_the_address(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse")
    page.keyboard.press("/")
    page.keyboard.type("purple box")
    page.keyboard.press("Enter")
    wait_for_item(page, "scene-10#2")
    assert "q=purple+box" in page.url or "q=purple%20box" in page.url
    open_screen(page, page.url)
    assert page.evaluate(SHOWN) == "scene-10#2"
    assert page.locator(".rg .cap").inner_text() == "one purple box lies there"


def test_a_verdict_survives_a_reload_and_can_be_undone_after_it(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse?as=Ria")
    first = page.evaluate(SHOWN)
    page.keyboard.press("1")
    wait_for_another(page, first)
    page.locator('.rg .saved[data-state="saved"]').wait_for()
    open_screen(page, f"{address}/coarse?as=Ria")
    assert page.evaluate(SHOWN) != first
    page.keyboard.press("z")
    wait_for_item(page, first)
    page.locator('.rg .saved[data-state="saved"]').wait_for()
    open_screen(page, f"{address}/coarse?as=Ria")
    assert page.evaluate(SHOWN) == first


def test_every_page_opens_as_the_first_thing_in_a_fresh_tab(page: Page, address: str) -> None:
    """A cold deep link runs the page's file alone: none may rely on app.py."""
    for path in sorted((ROOT / "pages").glob("*.py")):
        page.goto(f"{address}/{path.stem}")
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=60_000)
        assert page.locator('[data-testid="stException"]').count() == 0, path.stem
        page.locator('[data-testid="stPageLink"] a[href$="versions"]').wait_for(state="attached")


def test_pictures_come_from_signed_addresses_alone(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse")
    source = page.locator(".rg .stage img").first.get_attribute("src") or ""
    assert source.startswith("/image/")
    answer = page.request.get(address + source)
    assert answer.status == 200
    assert answer.headers["cache-control"].startswith("private")
    assert page.request.get(address + source[:-3] + "AAA").status == 403
    assert page.request.get(f"{address}/image/..%2f..%2fcuration.duckdb").status in (400, 403, 404)


def test_own_keys_are_kept_with_the_person(page: Page, another: str) -> None:
    address = another  # of its own: the others' turns leave nothing in the second queue
    open_screen(page, f"{address}/coarse?as=Kim")
    page.keyboard.press("?")
    page.locator('.rg [data-bind="unsure"]').click()
    page.keyboard.press("w")
    page.keyboard.press("Escape")
    page.wait_for_function("() => [...regrainReviewers.values()][0].settingsTold.includes('unsure')")
    page.evaluate("sessionStorage.clear()")
    open_screen(page, f"{address}/noise?as=Kim")
    assert page.locator('.rg [data-action="unsure"] .key').inner_text() == "W"
    open_screen(page, f"{address}/coarse?as=Lou")
    assert page.locator('.rg [data-action="unsure"] .key').inner_text() == "U"


def test_an_answer_does_not_run_the_page_and_a_linked_item_leaves_the_address(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse?as=Ria")
    first = page.evaluate(SHOWN)
    open_screen(page, f"{address}/coarse?as=Ria&item={first.replace('#', '%23')}")
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    runs = "() => window.runs = (window.runs ?? 0)"
    page.evaluate(f"""() => {{ ({runs})(); new MutationObserver((seen) => window.runs += seen.length).observe(
        document.querySelector('[data-testid="stApp"]'), {{ attributeFilter: ["data-test-script-state"] }}) }}""")
    page.keyboard.press("a")
    wait_for_another(page, first)
    page.wait_for_function(SENT)
    assert [url.startswith(f"{address}/answers/") for url in posted] == [True]
    assert page.evaluate(runs) == 0
    assert "item=" not in page.url and "as=Ria" in page.url
    open_screen(page, page.url)
    assert page.evaluate(SHOWN) != first


def test_where_the_address_for_answers_has_ended_the_page_takes_them(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse?as=Ria")
    first = page.evaluate(SHOWN)
    page.evaluate("() => [...regrainReviewers.values()].forEach((s) => (s.data.answers = '/answers/e30.AA'))")
    page.keyboard.press("a")
    wait_for_another(page, first)
    page.locator('.rg .saved[data-state="saved"]').wait_for()
    new = page.evaluate("() => [...regrainReviewers.values()][0].data.answers")
    assert new != "/answers/e30.AA", "the run of the page gave a new one"


def test_an_answer_that_did_not_arrive_is_told_and_sent_again(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse?as=Ria")
    first = page.evaluate(SHOWN)
    page.route("**/answers/*", lambda route: route.abort())
    page.keyboard.press("a")
    page.locator('.rg .saved[data-state="unsaved"]').wait_for()
    page.unroute("**/answers/*")
    page.locator('.rg .saved[data-state="saved"]').wait_for()
    wait_for_another(page, first)


def test_what_somebody_settled_meanwhile_is_refused_and_can_be_looked_at(page: Page, address: str) -> None:
    open_screen(page, f"{address}/coarse?as=Ria")
    first = page.evaluate(SHOWN)
    twin = page.context.new_page()
    open_screen(twin, f"{address}/coarse?as=Kim&item={first.replace('#', '%23')}")
    assert twin.evaluate(SHOWN) == first
    twin.keyboard.press("2")
    twin.locator('.rg .saved[data-state="saved"]').wait_for()
    twin.wait_for_function("(item) => [...regrainReviewers.values()][0].paintedId !== item", arg=first)
    twin.close()
    page.keyboard.press("1")
    notice = page.locator(".rg .notice")
    notice.wait_for()
    assert "was not applied" in notice.inner_text()
    notice.get_by_role("button", name="Look at it now").click()
    wait_for_item(page, first)
    assert "Wrong, by Kim" in page.locator(".rg .judge").inner_text()
    page.keyboard.press("1")
    page.locator('.rg .saved[data-state="saved"]').wait_for()
    page.wait_for_function("(item) => [...regrainReviewers.values()][0].paintedId !== item", arg=first)
    assert notice.count() == 0
