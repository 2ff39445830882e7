"""One job from waiting to its end: prepare, work, commit shard by shard, try again after a killed worker."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from curation.jobs import job_kinds, shards
from curation.jobs.process import GRACE_SECONDS, WORKER, Pace, WorkerProcess, read_progress
from curation.records import Job, JobState, Progress, RegrainError
from curation.store import Store
from curation.store import jobs as store_jobs
from curation.workspace import Workspace

POLL_SECONDS = 0.1
NOTE_SECONDS = 0.5
RATE_SECONDS = 5.0
"""Time over which the rate is smoothed."""

RESTARTS = 3
"""Kills of a worker in a row, without one finished shard between them, after which the job has failed."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Gauge:
    """Items done, and items per second smoothed over the last seconds."""

    done: int = 0
    total: int = 0
    rate: float = 0.0
    note: str = ""
    _at: float = field(default_factory=time.monotonic)

    def move(self, done: int, now: float) -> None:
        """Take note of a new count."""
        passed, moved = now - self._at, done - self.done
        if moved > 0 and passed > 0:
            weight = 1.0 if self.rate == 0 else min(1.0, passed / RATE_SECONDS)
            self.rate += weight * (moved / passed - self.rate)
            self._at = now
        self.done = done


@dataclass(slots=True)
class RunningJob:
    """The run of one job by the supervisor. ``stop`` ends it early and leaves it to be resumed."""

    store: Store
    workspace: Workspace
    job: Job
    pace: Pace
    command: Sequence[str] = WORKER
    cancel: Event = field(default_factory=Event)
    stop: Event = field(default_factory=Event)
    gauge: Gauge = field(default_factory=Gauge)
    _before: int = 0
    _committed: set[str] = field(default_factory=set)
    _noted_at: float = 0.0

    @property
    def folder(self) -> Path:
        return self.workspace.jobs / self.job.id

    def to_end(self) -> JobState:
        """Run the job and note its end in the store; an error ends the job, never the supervisor."""
        try:
            state, error = self._run()
        except RegrainError as problem:
            state, error = "failed", str(problem)
        except Exception as problem:
            log.exception("job %s (%s) met an error", self.job.id, self.job.kind)
            state, error = "failed", f"{type(problem).__name__}: {problem}"
        self._note()
        words = error.splitlines()[-1] if error else f"{self.gauge.done} of {self.gauge.total}"
        log.log(
            logging.ERROR if state == "failed" else logging.INFO,
            "job %s (%s) is %s: %s",
            self.job.id,
            self.job.kind,
            state,
            words,
        )
        if state == "waiting":
            store_jobs.wait(self.store, self.job.id)
            return state
        if state != "failed":
            shutil.rmtree(self.folder, ignore_errors=True)
        store_jobs.finish(self.store, self.job.id, state, error)
        return state

    def _run(self) -> tuple[JobState, str]:
        store_jobs.start(self.store, self.job.id)
        missing = self._prepare()
        if not missing:
            self.gauge.note = self.gauge.note or "nothing was missing"
            return "done", ""
        restarts = 0
        while True:
            finished_before = len(self._committed)
            code, words = self._work()
            if self.stop.is_set():
                return "waiting", ""
            if self.cancel.is_set():
                return "cancelled", ""
            if code == 0:
                self.gauge.done = self.gauge.total
                return "done", ""
            if code > 0:  # refused, or an error of ours that would come again
                return "failed", words or f"the worker ended with code {code}"
            restarts = 0 if len(self._committed) > finished_before else restarts + 1
            if restarts > RESTARTS:
                return "failed", f"the worker ended {restarts} times with code {code}\n{words}".strip()

    def _prepare(self) -> int:
        """Commit what an earlier run finished, then ask anew what is missing."""
        kind = job_kinds.get(self.job.kind)
        self._committed = store_jobs.shards(self.store, self.job.id)
        for progress, _ in read_progress(self.folder):
            self._list_bad(progress)
        self._commit_finished()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.gauge.note = "looking for what is missing"
        self._note()
        self.gauge.note = ""
        missing = kind.run(self.store, self.workspace, self.job.args, self.folder)
        self.gauge.total = max(self.job.total, missing)
        self._before = self.gauge.done = self.gauge.total - missing
        self._note()
        return missing

    def _work(self) -> tuple[int, str]:
        """Run one worker to its end and return its exit code and last words."""
        worker = WorkerProcess(self.folder, self.job.kind, self.job.args, self.pace, self.command)
        asked_at: float | None = None
        try:
            while worker.exit_code is None:
                self._listen(worker)
                if self.stop.is_set():
                    break
                if self.cancel.is_set() and asked_at is None:
                    worker.ask_to_stop()
                    asked_at = time.monotonic()
                if asked_at is not None and time.monotonic() - asked_at > GRACE_SECONDS:
                    break
                self.stop.wait(POLL_SECONDS)
        finally:
            worker.kill()
        self._listen(worker)
        self._commit_finished()
        return worker.exit_code or 0, worker.last_words()

    def _listen(self, worker: WorkerProcess) -> None:
        for progress in worker.news():
            self._list_bad(progress)
            if progress.shard:
                self._commit(progress.shard)
            self.gauge.move(self._before + progress.done, time.monotonic())
            self.gauge.note = progress.note
        if time.monotonic() - self._noted_at >= NOTE_SECONDS:
            self._note()

    def _list_bad(self, progress: Progress) -> None:
        if progress.bad_item is not None:
            store_jobs.add_bad_item(self.store, self.job.id, progress.bad_item, progress.error or "unreadable")

    def _commit_finished(self) -> None:
        for name in shards.finished(self.folder):
            self._commit(name)

    def _commit(self, shard: str) -> None:
        if shard in self._committed:
            return
        commit = job_kinds.get(self.job.kind).facts["commit"]
        commit(self.store, self.workspace, self.folder, shard, self.job.args)
        store_jobs.note_shard(self.store, self.job.id, shard)
        self._committed.add(shard)

    def _note(self) -> None:
        gauge = self.gauge
        store_jobs.progress(
            self.store, self.job.id, done=gauge.done, total=gauge.total, rate=gauge.rate, note=gauge.note
        )
        self._noted_at = time.monotonic()
