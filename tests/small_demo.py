"""A demo of a few scenes with the real encoder's vectors, rivals and suggestions."""

from __future__ import annotations

from pathlib import Path

from curation.commands import Console
from curation.demo_workspace import build_demo
from curation.session import open_session
from curation.workspace import Workspace

SIZES = (40, 20, 10)
"""Scenes of train, test and pool: enough that a caption has all its twelve rivals."""


def build(folder: Path) -> Workspace:
    """Build the demo in ``folder`` and seek its suggestions."""
    said: list[str] = []
    assert build_demo(folder, Console(False, said.append, said.append), seed=3, sizes=SIZES) == 0, said
    session = open_session(folder, serve=False)
    try:
        session.supervisor.start()
        job = session.supervisor.wait(session.supervisor.add("suggest").id)
        assert job.state == "done", job.error
        return session.workspace
    finally:
        session.close()
