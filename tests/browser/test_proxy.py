"""The README's nginx recipe in front of the app: pages, images and the WebSocket work, a name alone lets nobody in."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from curation.channel import ask
from tests.browser.conftest import PATIENCE_MS, ROOT, free_port
from tests.browser.screen import DRAWN, SENT, SHOWN, open_screen, wait_for_another
from tests.pages.small_workspace import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

HOST = "regrain.localhost"  # browsers take it to this machine, the app takes it for another
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def recipe() -> str:
    """Return the block of the README."""
    found = re.search(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert found
    return found[1]


def command(folder: Path, name: str, **arguments: object) -> str:
    said: list[str] = []
    request = {"command": name, "arguments": {"person": "ann", **arguments}, "json": False}
    assert ask(folder, request, said.append, said.append) == 0, said
    return "".join(said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("proxy") / "small").folder


@pytest.fixture(scope="module")
def address(folder: Path, run_app: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app behind nginx, as the README tells; only ports, names and certificates are ours."""
    if NGINX is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed")
    app = run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(folder), "STREAMLIT_SERVER_ALLOWED_HOSTS": HOST})
    here, port = tmp_path_factory.mktemp("nginx"), free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
         "-keyout", "privkey.pem", "-out", "fullchain.pem"],
        cwd=here, check=True, capture_output=True,
    )  # fmt: skip
    changes = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "regrain.example.org": HOST,
        "/etc/ssl/regrain": str(here),
        "http://127.0.0.1:8501": app,
    }
    block = recipe()
    for old, new in changes.items():
        assert old in block
        block = block.replace(old, new)
    temporary = "".join(
        f"{name}_temp_path {here}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = here / "nginx.conf"
    conf.write_text(
        f"daemon off; pid {here}/pid; error_log {here}/error.log;\nevents {{}}\n"
        f"http {{ access_log off;\n{temporary}{block} }}\n"
    )
    server = subprocess.Popen([NGINX, "-c", str(conf), "-e", str(here / "error.log")])
    try:
        _wait(server, port, here / "error.log")
        yield f"https://{HOST}:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        server.poll()
    pytest.fail("nginx did not begin to listen")


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_a_name_alone_lets_nobody_in_from_elsewhere(visitor: Page, address: str) -> None:
    for place in ("/?as=ann", "/coarse?as=ann", "/health?as=ann"):
        answer = visitor.goto(f"{address}{place}")
        assert answer and answer.headers["x-frame-options"] == "SAMEORIGIN"
        visitor.get_by_text("Nobody can sign in here yet").first.wait_for()
        shown = visitor.inner_text("body")
        assert "caption" not in shown.lower() and "Twelve scenes" not in shown and "Last backup" not in shown


def test_the_screen_works_through_the_proxy(visitor: Page, address: str, folder: Path) -> None:
    command(folder, "settings", assignments=["names_on_trust=true"])
    open_screen(visitor, f"{address}/coarse?as=ann")  # text and keys came over the WebSocket
    visitor.wait_for_function(DRAWN)  # and the picture through the image route
    first = visitor.evaluate(SHOWN)
    visitor.keyboard.press("1")
    wait_for_another(visitor, first)
    visitor.wait_for_function(SENT)
    assert "1 done" in command(folder, "status")
