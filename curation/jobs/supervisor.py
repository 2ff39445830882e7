"""The supervisor: a thread that takes waiting jobs one by one and sees them to their end."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from curation.jobs import job_kinds
from curation.jobs.freshness import Freshness
from curation.jobs.process import WORKER, Pace
from curation.jobs.running import RunningJob
from curation.records import Job, RegrainError
from curation.store import Store
from curation.store import jobs as store_jobs
from curation.workspace import Workspace

IDLE_SECONDS = 0.5
ENDED = ("done", "failed", "cancelled")

log = logging.getLogger(__name__)


class Supervisor:
    """Runs the jobs of one open workspace. All methods may be called from any thread.

    ``keep_fresh`` queues by itself what a decision has made stale. Work begins with ``start`` and not before.
    """

    def __init__(
        self,
        store: Store,
        workspace: Workspace,
        *,
        pace: Pace | None = None,
        keep_fresh: bool = False,
        command: Sequence[str] = WORKER,
    ) -> None:
        self.store = store
        self.workspace = workspace
        self.pace = pace or Pace()
        self._command = command
        self._freshness = Freshness(store) if keep_fresh else None
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._changed = threading.Condition()
        self._gate = threading.Lock()
        self._running: RunningJob | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Take up what an earlier process left behind and begin to work. Starting twice is harmless."""
        if self._thread is None:
            self._recover()
            self._thread = threading.Thread(target=self._work_forever, name="supervisor", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the worker; its job goes on when the workspace is opened again."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def works(self) -> bool:
        """Say whether jobs are taken up: ``start`` was called, and the thread is there."""
        return self._thread is not None and self._thread.is_alive()

    def add(self, kind: str, **args: Any) -> Job:
        """Queue a job; the same one that waits or runs already is returned instead.

        Raises ``RegrainError`` for a kind that does not exist.
        """
        job_kinds.get(kind)
        job = store_jobs.add(self.store, kind, args)
        self._wake.set()
        return job

    def add_chain(self, kinds: Iterable[str]) -> list[Job]:
        """Queue several kinds in order."""
        return [self.add(kind) for kind in kinds]

    def cancel(self, job_id: str) -> None:
        """Cancel a job; what it has finished stays. A job that has ended is left as it is."""
        with self._gate:
            job, running = store_jobs.get(self.store, job_id), self._running
            if running is not None and running.job.id == job_id:
                running.cancel.set()
            elif job.state not in ENDED:
                store_jobs.finish(self.store, job_id, "cancelled")
        self._tell()

    def retry(self, job_id: str) -> Job:
        """Queue a failed or cancelled job again; it goes on with what is missing."""
        job = store_jobs.get(self.store, job_id)
        if job.state not in ("failed", "cancelled"):
            raise RegrainError(f"job {job_id} is {job.state}: only a failed or cancelled job can be tried again")
        store_jobs.wait(self.store, job_id)
        self._wake.set()
        return store_jobs.get(self.store, job_id)

    def wait(self, job_id: str, timeout: float | None = None, tell: Callable[[Job], None] | None = None) -> Job:
        """Return a job once it has ended, or as it is after ``timeout`` seconds; ``tell`` hears of it meanwhile."""
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            while True:
                job = store_jobs.get(self.store, job_id)
                if tell is not None:
                    tell(job)
                if job.state in ENDED or (deadline is not None and time.monotonic() >= deadline):
                    return job
                self._changed.wait(IDLE_SECONDS)

    def _recover(self) -> None:
        for job in store_jobs.listed(self.store, states=("running",), n=1000):
            store_jobs.wait(self.store, job.id)
        resumable = {job.id for job in store_jobs.listed(self.store, states=("waiting", "failed"), n=10_000)}
        for folder in self.workspace.jobs.iterdir():
            if folder.is_dir() and folder.name not in resumable:
                shutil.rmtree(folder, ignore_errors=True)

    def _work_forever(self) -> None:
        while not self._stop.is_set():
            try:
                if (running := self._next()) is not None:
                    self._run(running)
                    continue
                if self._freshness is not None and (stale := self._freshness.stale_kinds()):
                    self.add_chain(stale)
                    continue
            except Exception:
                log.exception("the supervisor goes on after an error")
            self._wake.wait(IDLE_SECONDS)
            self._wake.clear()

    def _next(self) -> RunningJob | None:
        """Take the next waiting job; from here on ``cancel`` speaks to its run."""
        with self._gate:
            job = store_jobs.next_waiting(self.store)
            if job is not None:
                self._running = RunningJob(self.store, self.workspace, job, self.pace, self._command, stop=self._stop)
            return self._running

    def _run(self, running: RunningJob) -> None:
        try:
            running.to_end()
        finally:
            with self._gate:
                self._running = None
            self._tell()

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()
