"""A real browser on a real server, for benchmarks: loopback only."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.benchmarks._processes import ROOT
from tests.browser.chromium import found, install
from tests.browser.conftest import free_port

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
HEAVY = ("torch", "spacy", "open_clip", "torchvision", "sklearn")


def first_paint(workspace: Path) -> tuple[float, set[str]]:
    """Return the seconds from asking for the home page of a server that is up to its queues being painted.

    Also returns which heavy libraries the server process has mapped into its memory by then.
    """
    from playwright.sync_api import sync_playwright

    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    environment = {**os.environ, "REGRAIN_WORKSPACE": str(workspace)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=found() or install(), args=list(FLAGS))
                tab = browser.new_page(viewport={"width": 1440, "height": 900})
                began = time.perf_counter()
                tab.goto(f"http://127.0.0.1:{port}/")
                tab.get_by_text("Noisy pairs").last.wait_for(timeout=30_000)
                seconds = time.perf_counter() - began
                browser.close()
            mapped = Path(f"/proc/{server.pid}/maps").read_text(encoding="utf-8")
            return seconds, {name for name in HEAVY if f"/site-packages/{name}/" in mapped}
        finally:
            server.terminate()


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"{address} did not answer")
