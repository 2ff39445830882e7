"""An open workspace with a supervisor whose workers know the counting job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from curation.jobs.process import Pace
from curation.jobs.supervisor import Supervisor
from curation.store import Store
from curation.workspace import Workspace
from tests.jobs import counting

Until = Callable[[Callable[[], object]], None]


@pytest.fixture
def until() -> Until:
    """Wait until a condition holds; fail after a minute."""

    def wait(condition: Callable[[], object]) -> None:
        deadline, pause = monotonic() + 60, Event()
        while not condition():
            assert monotonic() < deadline, "the condition never held"
            pause.wait(0.01)

    return wait


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.at(tmp_path / "workspace")


@pytest.fixture
def store(workspace: Workspace) -> Iterator[Store]:
    store = Store.open(workspace.database)
    yield store
    store.close()


@pytest.fixture
def control(tmp_path: Path) -> Path:
    """The folder through which a test and a counting worker talk."""
    folder = tmp_path / "control"
    folder.mkdir()
    return folder


@pytest.fixture
def supervisor(store: Store, workspace: Workspace) -> Iterator[Supervisor]:
    supervisor = Supervisor(store, workspace, pace=Pace(1, 0), command=counting.COMMAND)
    supervisor.start()
    yield supervisor
    supervisor.stop()
