"""The live rank on the demo in a real browser: from a key press to figures on the screen that take it in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks._browser import FLAGS, _wait
from tests.benchmarks._processes import ROOT
from tests.benchmarks.bars import Bar, Measure, NotMeasured
from tests.browser.chromium import found, install
from tests.browser.conftest import free_port

GAP_MS = 110
"""Between two keys: 100 words a minute, faster than most people type."""

DRAFTS = (
    " with stripes on the grass next to a small blue umbrella",
    " and a large yellow boat under the night sky, seen from the left",
    ", three of them are green, one is spotted",
    " behind a checked purple house by the sea",
)

RECORD = """() => {
  const state = [...regrainReviewers.values()].find((one) => one.parts.root);
  window.liveKeys = []; window.liveShown = [];
  const field = state.editor.field;
  field.addEventListener("input", (event) => liveKeys.push([event.timeStamp, tidied(field.value)]));
  const tidied = (text) => text.trim().replace(/\\s+/g, " ");
  const figures = state.live.figures;
  new MutationObserver(() => {
    const shows = state.live.known, channel = new MessageChannel();
    channel.port1.onmessage = () => liveShown.push([performance.now(), shows]);
    requestAnimationFrame(() => channel.port2.postMessage(null));
  }).observe(figures, { childList: true });
}"""
EDITING = """() => [...(window.regrainReviewers ?? new Map()).values()].some(
    (one) => one.parts.root && one.live?.line?.dataset.state === "ready")"""
PAINTED = """() => [...(window.regrainReviewers ?? new Map()).values()].some(
    (one) => one.parts.root && one.paintedId && performance.now() - one.paintedAt > 150)"""


def live_rank() -> dict[str, float]:
    """Type into the editor of ten captions; milliseconds from each key to figures of a draft that holds it."""
    delays: list[float] = []
    with _app() as address:
        for keys, shown in _typed(address, items=10):
            delays += _delays(keys, shown)
    return {
        "live_rank_p50_ms": float(np.percentile(delays, 50)),
        "live_rank_p95_ms": float(np.percentile(delays, 95)),
        "live_rank_keys": float(len(delays)),
    }


@contextmanager
def _app() -> Iterator[str]:
    """Serve a copy of the demo workspace, or of the one that ``REGRAIN_WORKSPACE`` names."""
    demo = Path(os.environ.get("REGRAIN_WORKSPACE") or ROOT / "data" / "demo")
    if not (demo / "curation.duckdb").exists():
        raise NotMeasured("the demo workspace is not there: run `make demo` first")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "demo"
        shutil.copytree(demo, folder)
        port = free_port()
        command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
        environment = {**os.environ, "REGRAIN_WORKSPACE": str(folder)}
        with subprocess.Popen(
            [*command, "--server.headless=true"], cwd=ROOT, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as server:  # fmt: skip
            try:
                _wait(f"http://127.0.0.1:{port}/_stcore/health")
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()


def _typed(address: str, items: int) -> Iterator[tuple[list[Any], list[Any]]]:
    """Yield per item the keys ``[time, draft after it]`` and the paints ``[time, draft whose figures they show]``."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found() or install(), args=list(FLAGS))
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        tab.set_default_timeout(120_000)
        tab.goto(f"{address}/coarse")
        for n in range(items):
            tab.wait_for_function(PAINTED)
            tab.locator('.rg [data-action="edit"]').click()
            tab.wait_for_function(EDITING)  # the encoder is warm
            tab.evaluate(RECORD)
            tab.keyboard.type(DRAFTS[n % len(DRAFTS)], delay=GAP_MS)
            tab.wait_for_function(EDITING)
            tab.wait_for_function("() => liveShown.at(-1)?.[1] === liveKeys.at(-1)[1]")
            yield tab.evaluate("() => liveKeys"), tab.evaluate("() => liveShown")
            tab.keyboard.press("Escape")
            tab.keyboard.press("u")
            tab.wait_for_timeout(300)
        browser.close()


def _delays(keys: list[Any], shown: list[Any]) -> list[float]:
    """Return for each key how long it took until figures of its draft, or of a later one, were painted."""
    place = {text: n for n, (_, text) in enumerate(keys)}  # a blank at the end changes no draft: the later key counts
    delays = []
    for n, (pressed, text) in enumerate(keys):
        if place[text] != n:
            continue
        times = [moment for moment, draft in shown if moment >= pressed and place.get(draft, -1) >= n]
        delays.append(min(times) - pressed)
    return delays


MEASURES = (
    Measure(
        (
            Bar("live_rank_keys", "keys"),
            Bar("live_rank_p50_ms", "ms from a key to figures that take it in"),
            Bar("live_rank_p95_ms", "ms", "<=", 300),
        ),
        live_rank,
    ),
)
