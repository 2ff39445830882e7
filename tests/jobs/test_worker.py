"""The worker process: its files, and its death with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from curation.jobs import shards
from curation.jobs.process import Pace, WorkerProcess, read_progress
from curation.jobs.worker import CANCELLED, PROGRESS
from curation.records import Progress
from tests.jobs import counting
from tests.jobs.conftest import Until

ROOT = Path(__file__).parents[2]
PARENT = """
import sys, threading
from pathlib import Path
from curation.jobs.process import Pace, WorkerProcess
from tests.jobs import counting
args = {"n": 30, "hold_at": 0, "control": sys.argv[2]}
worker = WorkerProcess(Path(sys.argv[1]), "count", args, Pace(1, 0), counting.COMMAND)
print(worker.pid, flush=True)
threading.Event().wait()
"""


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A job folder with thirty numbers to count."""
    folder = tmp_path / "job"
    folder.mkdir()
    shards.write_json(folder / "numbers.json", list(range(30)))
    shards.write_facts(folder, token="t")
    return folder


def running(pid: int) -> bool:
    """Say whether a process runs; one that nobody has waited for yet has ended all the same."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_a_worker_dies_with_its_parent(prepared: Path, control: Path, until: Until) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(prepared), str(control)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    until((control / "holding").exists)
    assert running(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not running(pid))
    assert shards.finished(prepared) == []


def test_a_worker_stops_between_two_steps_when_it_is_asked(prepared: Path, control: Path, until: Until) -> None:
    args = {"hold_at": 0, "control": str(control)}
    worker = WorkerProcess(prepared, "count", args, Pace(1, 0), counting.COMMAND)
    until((control / "holding").exists)
    worker.ask_to_stop()
    (control / "go").touch()
    until(lambda: worker.exit_code is not None)
    assert worker.exit_code == CANCELLED
    assert shards.finished(prepared) == ["t-0000"]
    assert [progress.done for progress in worker.news()] == [10]


def test_killing_ends_the_whole_group(prepared: Path, control: Path, until: Until) -> None:
    worker = WorkerProcess(prepared, "count", {"hold_at": 0, "control": str(control)}, Pace(1, 0), counting.COMMAND)
    until((control / "holding").exists)
    assert os.getpgid(worker.pid) == worker.pid != os.getpgrp()
    worker.kill()
    assert worker.exit_code == -signal.SIGKILL


def test_a_line_that_is_not_whole_is_read_later(tmp_path: Path) -> None:
    path = tmp_path / PROGRESS
    path.write_text('{"done": 1, "total": 3}\n{"done": 2, "to')
    [(first, end)] = read_progress(tmp_path)
    assert first == Progress(1, 3)
    with path.open("a") as file:
        file.write('tal": 3}\n')
    assert [progress.done for progress, _ in read_progress(tmp_path, end)] == [2]


def test_a_file_is_whole_or_absent(tmp_path: Path) -> None:
    def torn(file: object) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        shards.write_durably(tmp_path / "x.json", torn)
    assert not (tmp_path / "x.json").exists()
    shards.write_json(tmp_path / "x.json", {"a": "é"})
    assert shards.read_json(tmp_path / "x.json") == {"a": "é"}
