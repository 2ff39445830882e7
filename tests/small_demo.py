"""A demo of a few scenes with the real encoder's vectors, rivals and suggestions: built once a run, and copied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from curation.commands import Console
from curation.demo_workspace import build_demo
from curation.session import open_session
from curation.workspace import Workspace
from tests.once import made_once

SIZES = (60, 30, 80)
"""Scenes of train, test and pool: enough that a caption has all its twelve rivals, and every queue something to do."""


def copy(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a copy of the demo, its suggestions sought."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    shutil.copytree(made_once(tmp_path_factory, "small-demo", _build), folder)
    return Workspace.at(folder)


def _build(folder: Path) -> None:
    said: list[str] = []
    assert build_demo(folder, Console(False, said.append, said.append), sizes=SIZES) == 0, "".join(said)
    session = open_session(folder, serve=False)
    try:
        session.supervisor.start()
        job = session.supervisor.wait(session.supervisor.add("suggest").id, timeout=600)
        assert job.state == "done", job.error
    finally:
        session.close()
