"""A worker process as the supervisor sees it: started, followed, stopped."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import curation
from curation.jobs import worker
from curation.jobs.shards import write_json
from curation.records import Progress

WORKER = (sys.executable, "-m", "curation.jobs.worker")
STDERR = "stderr.txt"
STDERR_LINES = 6
GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How much of the machine a worker may take: threads of its arithmetic, and its niceness (0 to 19)."""

    threads: int = 1
    niceness: int = 10

    @classmethod
    def everything(cls) -> Pace:
        """All cores, at normal priority: for work that nobody's key presses compete with."""
        return cls(threads=os.cpu_count() or 1, niceness=0)


class WorkerProcess:
    """One run of one job in a process group of its own."""

    def __init__(
        self, folder: Path, kind: str, args: dict[str, Any], pace: Pace, command: Sequence[str] = WORKER
    ) -> None:
        self.folder = folder
        self._read = 0
        (folder / worker.PROGRESS).unlink(missing_ok=True)
        order = {"kind": kind, "args": args, "parent": os.getpid(), "niceness": pace.niceness}
        write_json(folder / worker.ORDER, order)
        with (folder / STDERR).open("wb") as stderr:
            self._process = subprocess.Popen(
                [*command, str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
                env=environment(pace),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, negative after a signal, or None while the process runs."""
        return self._process.poll()

    def news(self) -> Iterator[Progress]:
        """Yield the progress since the last call; a line that is not whole yet is left for the next one."""
        for progress, end in read_progress(self.folder, self._read):
            self._read = end
            yield progress

    def last_words(self) -> str:
        """Return the last lines that the process wrote to its standard error."""
        text = (self.folder / STDERR).read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.strip().splitlines()[-STDERR_LINES:])

    def ask_to_stop(self) -> None:
        """Ask the worker to stop after its present step."""
        (self.folder / worker.CANCEL).touch()

    def kill(self) -> None:
        """End the whole process group now; half a shard counts as nothing."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def read_progress(folder: Path, start: int = 0) -> Iterator[tuple[Progress, int]]:
    """Yield the whole lines of a worker's progress file from byte ``start``, each with where it ends."""
    with contextlib.suppress(FileNotFoundError), (folder / worker.PROGRESS).open("rb") as file:
        file.seek(start)
        for line in file:
            if not line.endswith(b"\n"):
                break
            start += len(line)
            yield Progress(**json.loads(line)), start


def environment(pace: Pace) -> dict[str, str]:
    """Limit the threads of every library that the worker may load, and let it find this package."""
    root = str(Path(curation.__file__).parent.parent)
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    threads = {name: str(pace.threads) for name in ("OPENBLAS_NUM_THREADS", "REGRAIN_THREADS")}
    threads |= {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}  # torch: kinds thread over batches
    return os.environ | threads | {"PYTHONPATH": path, "TOKENIZERS_PARALLELISM": "false"}
