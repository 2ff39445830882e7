"""The outbox across tabs, people and servers: nothing is sent twice, to the wrong person, or lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from curation.session import open_session
from tests.browser.conftest import ROOT, free_port, wait_until_ready
from tests.browser.desk import Desk
from tests.browser.screen import READY, SHOWN
from tests.pages.small_workspace import build

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parent / "scripts" / "review_app.py"
STREAM = "() => [...(window.regrainReviewers ?? new Map()).values()].find((s) => s.parts.root && s.claimed)?.stream"


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str]) -> str:
    return run_app(SCRIPT)


@pytest.fixture
def desk(page: Page, address: str) -> Callable[[str], Desk]:
    return lambda query="": Desk(page, address, query)


def duplicate(here: Desk) -> Desk:
    """Return what "Duplicate tab" makes: a second tab that begins with a copy of the first one's sessionStorage."""
    with here.page.context.expect_page() as opened:
        here.page.evaluate("window.open(location.href.replace('fail=1', 'fail=0'))")
    twin = Desk.__new__(Desk)
    twin.page, twin.name, twin.query, twin.url = opened.value, here.name, here.query, here.url
    twin.page.wait_for_function("() => window.regrainReviewers !== undefined")
    return twin


@pytest.mark.parametrize("locks", [True, False], ids=["locks", "plain http"])
def test_a_duplicated_tab_leaves_the_open_answers_to_the_first(page: Page, address: str, locks: bool) -> None:
    if not locks:
        page.context.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })")
    here = Desk(page, address, "queue=coarse&fail=1")
    here.press("1", "2")
    here.part('.saved[data-state="unsaved"]').wait_for()
    first = here.kept()
    twin = duplicate(here)
    twin.page.wait_for_function(f"(first) => ![undefined, first].includes(({STREAM})())", arg=first["stream"])
    assert twin.kept()["pending"] == [], "what was copied is the first tab's to send"
    assert [d["id"] for d in here.kept()["pending"]] == [d["id"] for d in first["pending"]]
    twin.page.wait_for_function(READY)
    shown = twin.page.evaluate(SHOWN)
    twin.press("a")
    twin.saved()
    made = twin.stored()["decisions"]
    assert [(d["caption_id"], d["verdict"]) for d in made] == [(shown, "fine")]


def test_a_reload_keeps_the_stream_and_its_answers(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse&fail=1")
    here.press("1")
    kept = here.kept()
    here.page.once("dialog", lambda dialog: dialog.accept())
    here.page.reload()
    here.page.wait_for_function(f"({STREAM})()")
    assert here.kept()["stream"] == kept["stream"]
    assert [d["id"] for d in here.kept()["pending"]] == [d["id"] for d in kept["pending"]]


def test_two_tabs_of_one_person_do_not_disturb_each_other(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    there = Desk.__new__(Desk)
    there.page, there.name, there.query, there.url = here.page.context.new_page(), here.name, here.query, here.url
    there.page.goto(here.url)
    there.wait_for("0")
    here.press("1", "1")
    here.saved()
    there.press("2", "a", "a")
    there.saved()
    stored = here.decisions()
    assert [d["verdict"] for d in stored] == ["coarse", "coarse", "fine"], "item 0 and 1 were taken by the first tab"
    assert there.part(".notice").count() == 2


def test_another_person_in_the_same_tab_neither_sends_nor_sees_what_was_open(desk: Callable[..., Desk]) -> None:
    """Without a reload: Streamlit runs the page again under the other name, and the script lives on."""
    here = desk("queue=coarse&fail=1&person=Ann&switch=1")
    here.press("1")
    here.part('.saved[data-state="unsaved"]').wait_for()
    here.page.get_by_role("button", name="Ben comes").click()
    here.page.wait_for_function("() => regrainReviewers.size === 2")
    here.wait_for("0")
    here.saved()
    assert here.part(".notice").count() == 0
    here.press("2")
    here.saved()
    made = here.stored("as=Ben")["decisions"]
    assert [(d["person"], d["verdict"]) for d in made] == [("Ben", "wrong")]
    assert here.stored("as=Ann")["decisions"] == []
    outboxes = here.page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('regrain.outbox.'))")
    kept = [json.loads(here.page.evaluate("(name) => sessionStorage.getItem(name)", name)) for name in outboxes]
    assert sorted(len(one["pending"]) for one in kept) == [0, 1], "Ann's answer waits for Ann"


class Server:
    """The app itself on one port, to be killed and started anew."""

    def __init__(self, workspace: Path, log: Path) -> None:
        self.workspace, self.log, self.port = workspace, log, free_port()
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), f"--server.port={self.port}"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--server.headless=true", "--server.address=127.0.0.1"],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), "REGRAIN_WORKSPACE": str(self.workspace)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_until_ready(self.port, self.process, self.log)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(build(tmp_path / "small").folder, tmp_path / "log.txt")
    yield started
    started.process.terminate()
    started.process.wait(timeout=20)


def test_answers_outlive_a_killed_server(page: Page, server: Server) -> None:
    """Nothing is said to be saved while the server is gone; when it is back everything is sent without a reload."""
    page.goto(f"http://127.0.0.1:{server.port}/coarse?as=Ria")
    page.wait_for_function("() => window.regrainReviewers !== undefined")
    judged = []

    def judge(key: str) -> None:
        page.wait_for_function(READY)
        shown = page.evaluate(SHOWN)
        page.keyboard.press(key)
        page.wait_for_function(f"(item) => ({SHOWN})() !== item", arg=shown)
        judged.append((shown, {"1": "coarse", "2": "wrong", "a": "fine"}[key]))

    saved = page.locator('.rg .saved[data-state="saved"]')
    judge("1")
    saved.wait_for()
    server.kill()
    judge("2")
    judge("a")
    page.locator('.rg .saved[data-state="unsaved"]').wait_for()
    assert "2 waiting" in page.locator(".rg .saved").inner_text()
    server.start()
    saved.wait_for()
    judge("1")
    saved.wait_for()
    server.kill()
    assert logged(server.workspace) == [("Ria", item, verdict) for item, verdict in judged]


def logged(workspace: Path) -> list[tuple[str, str, str]]:
    """Read the log of decisions from the file itself, with the app gone."""
    session = open_session(workspace, serve=False)
    try:
        rows = session.store.rows("SELECT person, item_id, verdict FROM decision WHERE applied ORDER BY seq")
        return [(person, item, verdict) for person, item, verdict in rows]
    finally:
        session.close()
