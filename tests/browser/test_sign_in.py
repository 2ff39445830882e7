"""Sign-in in a real browser against a provider of the tests' own, and what a cold visitor's browser receives."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from curation.channel import ask
from tests.browser.conftest import RunApp
from tests.browser.screen import READY
from tests.oidc_provider import Provider, running
from tests.pages.small_workspace import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PAGES = ["", *sorted(path.stem for path in (ROOT / "pages").glob("*.py"))]
ACCOUNTS: dict[str, dict[str, Any]] = {
    "ana": {"sub": "1", "email": "Ana@Lab.example", "email_verified": True, "name": "Ana Ünal"},
    "ben": {"sub": "2", "email": "ben@lab.example", "email_verified": True, "name": "Ben"},
    "eve": {"sub": "3", "email": "eve@else.example", "email_verified": True, "name": "Eve"},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running(ACCOUNTS) as one:
        yield one


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("sign-in") / "a secret folder").folder


@pytest.fixture(scope="module")
def app(run_app: RunApp, provider: Provider, folder: Path) -> str:
    environment = provider.environment("http://127.0.0.1:{port}")
    return run_app(
        ROOT / "app.py",
        {"REGRAIN_WORKSPACE": str(folder), "REGRAIN_OWNERS": "ana@lab.example", **environment},
    )


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """Another browser: it shares no cookie with ``page``."""
    context = browser.new_context()
    context.set_default_timeout(90_000)
    yield context.new_page()
    context.close()


def received(page: Page) -> list[bytes]:
    """Return a list that fills with all bytes that come over the page's WebSockets."""
    frames: list[bytes] = []

    def take(payload: Any) -> None:
        frames.append(payload if isinstance(payload, bytes) else str(payload).encode())

    page.on("websocket", lambda socket: socket.on("framereceived", take))
    return frames


def sign_in(page: Page, app: str, account: str, path: str = "") -> None:
    page.goto(f"{app}/{path}")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator(f"#{account}").click()
    page.wait_for_url(re.compile(re.escape(app) + "/.*"))


def command(folder: Path, command: str, **arguments: Any) -> str:
    """Have the app carry out a command, as ``regrain`` does."""
    said: list[str] = []
    request = {"command": command, "arguments": {"person": "tests", **arguments}, "json": True}
    assert ask(folder, request, said.append, said.append) == 0, said
    return "".join(said)


def on_people(folder: Path, action: str, id: str, value: str = "", role: str = "annotator") -> None:
    command(folder, "people", action=action, id=id, value=value, role=role, name="")


def secrets(folder: Path) -> list[bytes]:
    return [text.encode() for text in ("Twelve scenes", "scene-0", "a ball on the", "/image/", str(folder))]


@pytest.mark.parametrize("name", PAGES)
def test_a_cold_visitor_receives_not_one_byte_of_the_workspace(page: Page, app: str, folder: Path, name: str) -> None:
    frames = received(page)
    page.goto(f"{app}/{name}?as=ana&item=train-03%230&tab=done")
    page.get_by_role("button", name="Sign in", exact=True).wait_for()
    assert len(frames) > 3 and sum(map(len, frames)) > 500, "nothing was looked at"
    for secret in secrets(folder):
        assert not any(secret in frame for frame in frames), secret
    assert page.locator("[data-testid=stPageLink]").count() == 0
    assert page.title().endswith("Regrain") and "Twelve" not in page.content()


def test_an_owner_signs_in_judges_and_signs_out(page: Page, app: str, folder: Path) -> None:
    frames = received(page)
    sign_in(page, app, "ana", "coarse?as=ben")
    page.get_by_text("Twelve scenes").first.wait_for()
    assert "as=" not in page.url
    page.goto(f"{app}/coarse")
    page.locator(".rg .judge .cap").first.wait_for()
    for secret in secrets(folder)[:4]:  # what the cold visitor must not receive does come to those let in
        assert any(secret in frame for frame in frames), secret
    page.wait_for_function(READY)
    page.keyboard.press("1")
    assert '"person": "ana@lab.example"' in wait_for(lambda: command(folder, "history", caption="scene-00#0"), "coarse")
    page.goto(app)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in", exact=True).wait_for()
    page.goto(f"{app}/coarse")
    page.get_by_role("button", name="Sign in", exact=True).wait_for()


def test_an_unknown_person_is_refused_and_may_sign_in_as_somebody_else(page: Page, app: str, folder: Path) -> None:
    frames = received(page)
    sign_in(page, app, "eve")
    page.get_by_text("You are not on this team").wait_for()
    assert page.get_by_text("eve@else.example").count() == 1
    for secret in secrets(folder):
        assert not any(secret in frame for frame in frames), secret
    page.get_by_role("button", name="Sign in as somebody else").click()
    page.get_by_role("button", name="Sign in", exact=True).wait_for()


def test_signing_out_ends_the_other_tabs_of_this_browser_and_copies_of_its_cookie(
    page: Page, other: Page, app: str
) -> None:
    sign_in(page, app, "ana")
    page.get_by_text("Twelve scenes").first.wait_for()
    other.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    other.goto(app)
    other.get_by_text("Twelve scenes").first.wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in", exact=True).wait_for()
    other.reload()
    other.get_by_role("button", name="Sign in", exact=True).wait_for()


def test_the_open_tab_of_somebody_sent_away_stores_nothing_and_shows_no_image(
    page: Page, app: str, folder: Path
) -> None:
    on_people(folder, "add", "ben@lab.example")
    sign_in(page, app, "ben")
    page.get_by_text("Twelve scenes").first.wait_for()
    page.goto(f"{app}/coarse")
    picture = page.locator(".rg img[src*='/image/']").first
    picture.wait_for()
    address = f"{app}{picture.get_attribute('src')}"
    answer = page.request.get(address)
    assert answer.status == 200 and answer.headers["cache-control"].startswith("private")
    page.wait_for_function(READY)
    on_people(folder, "state", "ben@lab.example", "inactive")
    page.keyboard.press("1")
    page.get_by_text("You do not work here at the moment").wait_for()
    assert '"person": "ben@lab.example"' not in command(folder, "history", caption="scene-00#0")
    assert '"person": "ben@lab.example"' not in command(folder, "history", caption="scene-01#0")
    refused = wait_for(lambda: page.request.get(address), lambda answer: answer.status == 403)
    assert refused.body() == b""
    page.reload()
    page.get_by_text("You do not work here at the moment").wait_for()
    on_people(folder, "state", "ben@lab.example", "active")
    page.reload()
    page.locator(".rg .judge .cap").first.wait_for()


def test_addresses_of_images_open_nothing_to_strangers(page: Page, app: str) -> None:
    for token in ("x", "a.b", "..%2F..%2Fetc%2Fpasswd", "WyJhbmEiLCJzY2VuZS0wMCIsMzIwLDk5OTk5OTk5OTk5XQ.AAAA"):
        answer = page.request.get(f"{app}/image/{token}")
        assert answer.status in (400, 403, 404) and b"scene" not in answer.body()


def wait_for(look: Any, found: Any) -> Any:
    """Look again until something is found, for at most 30 s."""
    holds = found if callable(found) else lambda seen: found in seen
    ends = time.monotonic() + 30
    while not holds(seen := look()):
        assert time.monotonic() < ends, f"not within 30 s: {seen}"
    return seen


def test_without_sign_in_another_name_of_this_machine_shows_nothing(
    page: Page, run_app: RunApp, tmp_path: Path
) -> None:
    folder = build(tmp_path / "a secret folder").folder
    app = run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(folder)})
    elsewhere = app.replace("127.0.0.1", "lab.localhost")  # resolves to this machine, as a proxy's name may
    for name in PAGES:
        frames = received(page)
        page.goto(f"{elsewhere}/{name}?as=ana&item=train-03%230")
        page.get_by_text("Nobody can sign in here yet").wait_for()
        assert sum(map(len, frames)) > 500, "nothing was looked at"
        for secret in secrets(folder):
            assert not any(secret in frame for frame in frames), (name, secret)
    page.goto(app)
    page.get_by_text("Twelve scenes").first.wait_for()
