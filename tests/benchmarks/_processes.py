"""Run a command as a whole process and measure it: wall seconds and peak resident memory, mapped pages included."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
REGRAIN = (sys.executable, "-m", "curation.cli")


@dataclass(frozen=True)
class Finished:
    """A command that ended well: ``seconds`` wall, ``megabytes`` peak of its largest process, what it printed."""

    seconds: float
    megabytes: float
    output: str


class CommandFailed(Exception):
    """A measured command ended with an error; the message holds its last lines."""


def measured(command: Sequence[str | Path], *, env: dict[str, str] | None = None, limit: float = 1800) -> Finished:
    """Run a command to its end; raises ``CommandFailed`` where it fails or takes longer than ``limit`` seconds."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile("w+") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            words, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT, env={**os.environ, **(env or {})},
            start_new_session=True,
        )  # fmt: skip
        stopper = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        stopper.start()
        _, status, usage = os.wait4(process.pid, 0)
        stopper.cancel()
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)  # wait4 has reaped it
        output.seek(0)
        text = output.read()
    if process.returncode:
        raise CommandFailed(f"{' '.join(words)} ended with {process.returncode}: {text[-600:]}")
    return Finished(seconds, usage.ru_maxrss / 1024, text)


def regrain(workspace: Path, *arguments: str | Path, **options: float) -> Finished:
    """Run one `regrain` command on a workspace."""
    return measured([*REGRAIN, "--workspace", workspace, *arguments], **options)  # type: ignore[arg-type]
