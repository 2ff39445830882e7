"""What the review benchmarks work on: a demo of 1,300 test scenes (6,500 captions), made once by the demo's own code.

Each measurement works on a copy, so that one leaves nothing behind for the next. ``BENCH_WORKSPACE`` may name a
workspace that was built before (``regrain demo``); it is copied, never changed.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.benchmarks.bars import NotMeasured

SIZES = (300, 1300, 500)
"""Train, test and pool scenes."""


@contextlib.contextmanager
def workspace_copy() -> Iterator[Path]:
    """Lend a copy of the prepared workspace."""
    with tempfile.TemporaryDirectory(prefix="regrain-bench-") as folder:
        copy = Path(folder) / "workspace"
        shutil.copytree(prepared(), copy)
        yield copy


@cache
def prepared() -> Path:
    """Build the workspace, with every step but the suggestions done and no job left waiting; it goes at exit."""
    named = os.environ.get("BENCH_WORKSPACE")
    if named:
        if not (Path(named) / "curation.duckdb").exists():
            raise NotMeasured(f"BENCH_WORKSPACE={named} holds no workspace")
        return Path(named)
    from curation.commands import Console
    from curation.demo_workspace import build_demo

    place = Path(tempfile.mkdtemp(prefix="regrain-bench-demo-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    said: list[str] = []
    if build_demo(place / "demo", Console(False, said.append, said.append), sizes=SIZES):
        raise RuntimeError("the demo was not built: " + "".join(said)[-600:])
    _drop_waiting_jobs(place / "demo")
    return place / "demo"


def _drop_waiting_jobs(folder: Path) -> None:
    """Cancel what the app would begin by itself: the figures are those of people judging, with nothing beside them."""
    from curation.session import open_session
    from curation.store import jobs

    session = open_session(folder, serve=False)
    try:
        for job in jobs.listed(session.store, states=("waiting",)):
            session.supervisor.cancel(job.id)
    finally:
        session.close()
