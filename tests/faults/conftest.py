"""A workspace with a log, a Chromium, and a proxy that can be stalled: what the fault tests break."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from curation.store import Store, settings
from curation.workspace import Workspace
from tests.browser import chromium
from tests.faults.loops import run_apart
from tests.store import big_store

IMAGES = 60

Note = Callable[[str, object], None]
Run = Callable[[Callable[[], Awaitable[None]]], None]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace of 300 captions of which many are judged. Its pictures are named but not there."""
    made = Workspace.at(tmp_path / "workspace")
    store = Store.open(made.database)
    settings.put(store, encoder="made-up")
    big_store.fill(store, images=IMAGES)
    store.close()
    return made


@pytest.fixture
def run() -> Run:
    """Return a function that runs a coroutine in an event loop of its own; without a Chromium the test skips."""
    if not (os.environ.get("CHROMIUM") or chromium.found()):
        pytest.skip("no Chromium to drive: set CHROMIUM to one")
    return lambda make: run_apart(make())  # type: ignore[arg-type]


def log_of(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the decisions of a workspace that no app holds, oldest first, without those it was filled with."""
    store = Store.open(workspace.database)
    try:
        return store.records("SELECT * FROM decision WHERE length(id) = 36 ORDER BY seq")
    finally:
        store.close()
