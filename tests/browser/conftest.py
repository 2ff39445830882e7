"""A real Chromium and real Streamlit servers for the browser tests.

``run_app(script, env)`` starts ``streamlit run`` on a free loopback port and returns its address; ``page`` is a
fresh tab. Chromium is ``$CHROMIUM``, or one on PATH, or Playwright's own; without any the tests skip with a reason.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 90
PATIENCE_MS = 90_000  # a busy machine is slow, not wrong

RunApp = Callable[..., str]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of the run."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        try:
            launched = driver.chromium.launch(headless=True, executable_path=chromium.found(), args=FLAGS)
        except playwright.Error as error:
            pytest.skip(f"no Chromium to drive: set CHROMIUM to one ({str(error).splitlines()[0]})")
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh tab of 1440 x 900 pixels in light mode; errors of the page's own scripts fail the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    context.set_default_timeout(PATIENCE_MS)
    tab = context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    yield tab
    context.close()
    assert not problems, f"scripts of the page failed: {problems}"


@pytest.fixture(scope="session")
def run_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunApp]:
    """Return ``run_app(script, env=None) -> url``; servers live until the end of the run."""
    servers: list[subprocess.Popen[bytes]] = []

    def start(script: str | Path, env: dict[str, str] | None = None) -> str:
        port = free_port()
        log = tmp_path_factory.mktemp("server") / "log.txt"
        command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
        options = ["--server.headless=true", "--server.address=127.0.0.1"]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [*command, *options],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        servers.append(server)
        wait_until_ready(port, server, log)
        return f"http://127.0.0.1:{port}"

    yield start
    for server in servers:
        server.terminate()
    for server in servers:
        server.wait(timeout=20)


def free_port() -> int:
    """Return a loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers its health check; fail with its log where it ended instead."""
    for _ in range(START_SECONDS * 5):
        if server.poll() is not None:
            pytest.fail(f"the server ended before it was ready:\n{log.read_text(errors='replace')}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            try:
                server.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
    pytest.fail(f"the server was not ready within {START_SECONDS} s:\n{log.read_text(errors='replace')}")
