"""The real app as a process of its own, on loopback: started, measured, killed, and started again on the same port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 90.0


def free_port() -> int:
    """Return a loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """One server process of the app on one workspace. ``address`` stays the same over ``kill`` and ``start``."""

    def __init__(self, workspace: Path, *, env: Mapping[str, str] | None = None, script: str = "app.py") -> None:
        self.workspace = workspace
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = workspace.parent / f"{workspace.name}.server-{self.port}.txt"
        self._env = {**os.environ, "PYTHONPATH": str(ROOT), "REGRAIN_WORKSPACE": str(workspace), **(env or {})}
        self._script = script
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start the server and return when it answers; raises ``RuntimeError`` with its log where it ends instead."""
        command = [sys.executable, "-m", "streamlit", "run", self._script, f"--server.port={self.port}"]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*command, "--server.headless=true", "--server.address=127.0.0.1"],
                cwd=ROOT, env=self._env, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._wait()

    def kill(self) -> None:
        """End the server as a power cut does: at once, with nothing said or finished."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the server in order. Stopping twice is harmless."""
        self._end(signal.SIGTERM)

    def cpu_seconds(self) -> float:
        """Return the CPU time of the server process so far, user and system, without its children."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """Return the resident memory of the server process, without its children."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            try:
                self._process.wait(timeout=PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _wait(self) -> None:
        assert self._process is not None
        for _ in range(int(PATIENCE_SECONDS * 10)):
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(timeout=0.1)
                    break
        said = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"the app was not ready within {PATIENCE_SECONDS:g} s: {said}")


@contextlib.contextmanager
def served(workspace: Path, *, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Lend the running app on a workspace; it is stopped in the end, whatever happens."""
    server = Served(workspace, env=env)
    try:
        server.start()
        yield server
    finally:
        server.stop()
