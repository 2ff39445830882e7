"""The process that holds an encoder, as the text tower sees it: started, asked, ended."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.jobs.process import Pace, environment

STDERR_LINES = 3

BROKEN = (OSError, EOFError, ValueError)
"""What asking a process raises that has ended, hangs, or answers something else."""

UnitRows = NDArray[np.float32]


@dataclass(slots=True)
class Child:
    """One process, which encoder it was started for, and what it has answered beyond the last whole line.

    Not to be shared between threads, but for ``process``.
    """

    process: subprocess.Popen[bytes]
    stderr: Any
    encoder: tuple[str, str]
    dim: int = 0
    rest: bytes = b""
    problem: str = ""

    @classmethod
    def start(cls, command: Sequence[str], encoder: tuple[str, str]) -> Child:
        """Start a process for an encoder on a device; the thread that calls this must outlive it."""
        stderr = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        process = subprocess.Popen(
            [*command, str(os.getpid()), *encoder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment(Pace(threads=1, niceness=0)),
            start_new_session=True,
        )
        return cls(process, stderr, encoder)

    def load(self, seconds: float) -> str:
        """Wait until the encoder is loaded; return why it cannot be, in words, or ""."""
        try:
            answer = self._answer(seconds)
            self.dim = int(answer.get("dim", 0))
            return "" if self.dim > 0 else str(answer.get("failed", "its process answers something else"))
        except BROKEN as error:
            return f"its process failed ({error}): {self.end()}"

    def encode(self, texts: Sequence[str], seconds: float) -> UnitRows | None:
        """Return the vectors of texts (n, dim), or None where the encoder cannot read them: see ``problem``.

        Raises one of ``BROKEN`` where the process gives no such answer.
        """
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"texts": list(texts)}).encode() + b"\n")
        self.process.stdin.flush()
        answer = self._answer(seconds)
        self.problem = str(answer.get("failed", ""))
        if self.problem:
            return None
        rows = np.frombuffer(base64.b64decode(str(answer.get("rows", "")), validate=True), dtype="<f4")
        return np.asarray(rows.reshape(len(texts), self.dim), dtype=np.float32)

    def _answer(self, seconds: float) -> dict[str, Any]:
        assert self.process.stdout is not None
        until = time.monotonic() + seconds
        handle = self.process.stdout.fileno()
        while b"\n" not in self.rest:
            if not select.select([handle], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError("it gives no answer")
            read = os.read(handle, 1 << 16)
            if not read:
                raise EOFError("it has ended")
            self.rest += read
        line, _, self.rest = self.rest.partition(b"\n")
        answer = json.loads(line)
        if not isinstance(answer, dict):
            raise ValueError("its answer is no object")
        return answer

    def end(self) -> str:
        """End the process and return the last lines that it wrote to its standard error. Ending twice is harmless."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        if self.stderr.closed:
            return ""
        with self.stderr as file:
            file.seek(0)
            lines = file.read().decode(errors="replace").strip().splitlines()
        return " / ".join(lines[-STDERR_LINES:])
