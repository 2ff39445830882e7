"""The text side of the encoder, kept warm in a process of its own: a draft becomes a vector in milliseconds.

A process, because neither loading the model nor its arithmetic may hold the interpreter in which key presses are
answered, and because the app itself stays without torch. It is started by the first ``wake`` or ``ask``, ends with
the app, and is started anew where it dies.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from curation.jobs.tower_child import BROKEN, Child, UnitRows
from curation.records import RegrainError

TOWER = (sys.executable, "-m", "curation.jobs.tower_process")

LOAD_SECONDS = 300.0
ANSWER_SECONDS = 20.0
LOOK_SECONDS = 2.0
"""How often an idle process is looked at, so that one that died is warm again before the next draft."""

RETRY_SECONDS = 60.0
"""After an encoder could not be loaded, or its process died thrice within this time, none is started for so long."""

DEATHS = 3
BATCH = 16
MOST_WAITING = 64

State = Literal["asleep", "warming", "ready", "failed"]


class TowerWarming(RegrainError):
    """The encoder is being loaded: ask again in a moment."""


class TowerFailed(RegrainError):
    """The encoder cannot be had; the message says why."""


class Superseded(RegrainError):
    """A newer draft of the same person took this one's place before it was encoded."""


@dataclass(slots=True, eq=False)
class _Request:
    encoder: tuple[str, str]
    texts: list[str]
    future: Future[UnitRows] = field(default_factory=Future)


class TextTower:
    """Vectors of texts from the process that holds the encoder. Safe to share between threads.

    What waits while a batch is computed goes together in the next one; of each asker only the newest waits.
    """

    def __init__(self, command: Sequence[str] = TOWER, *, retry_seconds: float = RETRY_SECONDS) -> None:
        self._command = tuple(command)
        self._retry_seconds = retry_seconds
        self._gate = threading.Condition()
        self._waiting: OrderedDict[str, _Request] = OrderedDict()
        self._wanted: tuple[str, str] | None = None
        self._child: Child | None = None
        self._state: State = "asleep"
        self._problem = ""
        self._failed_at = 0.0
        self._deaths: deque[float] = deque(maxlen=DEATHS)
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> State:
        return self._state

    @property
    def problem(self) -> str:
        """Why the encoder cannot be had, in words; empty unless ``state`` is ``failed``."""
        return self._problem if self._state == "failed" else ""

    @property
    def pid(self) -> int | None:
        """The process id of the encoder's process, None where there is none."""
        child = self._child
        return child.process.pid if child else None

    def wake(self, encoder: str, device: str = "cpu") -> None:
        """Begin to load an encoder in the background, unless it is loaded; returns at once."""
        with self._gate:
            if self._closed:
                return
            if self._wanted != (encoder, device):
                self._wanted = (encoder, device)
                self._deaths.clear()
                self._state = "warming"
            elif self._state == "failed" and time.monotonic() - self._failed_at >= self._retry_seconds:
                self._deaths.clear()
                self._state = "warming"
            elif self._state == "asleep":
                self._state = "warming"
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="text-tower", daemon=True)
                self._thread.start()
            self._gate.notify_all()

    def ask(self, encoder: str, texts: Sequence[str], *, whose: str, device: str = "cpu") -> Future[UnitRows]:
        """Return a future of the vectors of texts, (n, d) float32 unit rows in order.

        ``whose`` names who asks: a request of theirs that still waits ends with ``Superseded``. Never waits itself:
        raises ``TowerWarming`` while the encoder is being loaded and ``TowerFailed`` where it cannot be had. The
        future may end with either too, where the process dies over it.
        """
        self.wake(encoder, device)
        with self._gate:
            if self._closed:
                raise TowerFailed("the app is closing")
            if self._state == "failed":
                raise TowerFailed(self._problem)
            if self._state != "ready":
                raise TowerWarming("the text encoder is being loaded: a few seconds")
            earlier = self._waiting.pop(whose, None)
            if len(self._waiting) >= MOST_WAITING:
                raise TowerWarming("the text encoder is busy: a moment")
            request = self._waiting[whose] = _Request((encoder, device), list(texts))
            self._gate.notify_all()
        if earlier is not None:
            _fail_all([earlier], Superseded("a newer draft is being ranked"))
        return request.future

    def wait(self, seconds: float) -> State:
        """Wait until the encoder is loaded or cannot be had, at most so long; return the state."""
        with self._gate:
            self._gate.wait_for(lambda: self._closed or self._state in ("ready", "failed"), seconds)
            return self._state

    def close(self) -> None:
        """End the process and every request that waits. Closing twice is harmless."""
        with self._gate:
            self._closed = True
            if self._child is not None:
                self._child.process.kill()
            self._gate.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        """Start the process and serve it until the tower is closed.

        All of it in this one thread: the kernel ends a process of ours with the thread that started it.
        """
        while True:
            with self._gate:
                self._gate.wait_for(self._has_work, LOOK_SECONDS)
                if self._closed:
                    break
                wanted = self._wanted
                batch = [self._waiting.popitem(last=False)[1] for _ in range(min(BATCH, len(self._waiting)))]
            if self._child is not None and (self._child.encoder != wanted or self._child.process.poll() is not None):
                self._lost("it has ended", asked=self._child.encoder != wanted)
            if self._child is None and self._state == "warming" and wanted is not None:
                self._start(wanted)
            if batch:
                self._serve(batch)
        if self._child is not None:
            self._child.end()
        _fail_all(list(self._waiting.values()), TowerFailed("the app is closing"))

    def _has_work(self) -> bool:
        stale = self._child is None or self._child.encoder != self._wanted
        return self._closed or bool(self._waiting) or (self._state == "warming" and stale)

    def _start(self, wanted: tuple[str, str]) -> None:
        try:
            child = Child.start(self._command, wanted)
        except OSError as error:
            self._fail(f"its process cannot be started ({error})")
            return
        with self._gate:
            self._child = child
            if self._closed:
                child.process.kill()
        problem = child.load(LOAD_SECONDS)
        with self._gate:
            if problem:
                child.end()
                self._child = None
            if self._wanted != wanted:
                return  # another one was asked for in the meantime
            if not problem:
                self._state = "ready"
                self._gate.notify_all()
                return
        self._fail(problem)

    def _serve(self, batch: list[_Request]) -> None:
        child = self._child
        able = [request for request in batch if request.future.set_running_or_notify_cancel()]
        if child is None or self._state != "ready":
            failed = self._state == "failed"
            problem = TowerFailed(self._problem) if failed else TowerWarming("the text encoder is being loaded")
            return _fail_all(able, problem)
        _fail_all([r for r in able if r.encoder != child.encoder], TowerWarming("another text encoder is being loaded"))
        able = [request for request in able if request.encoder == child.encoder]
        if not able:
            return None
        texts = [text for request in able for text in request.texts]
        try:
            rows = child.encode(texts, ANSWER_SECONDS)
        except BROKEN as error:
            self._lost(str(error))
            return _fail_all(able, TowerWarming("the text encoder is started anew: a few seconds"))
        if rows is not None:
            ends = np.cumsum([len(request.texts) for request in able])[:-1]
            for request, part in zip(able, np.split(rows, ends), strict=True):
                request.future.set_result(part)
        elif len(able) == 1:
            _fail_all(able, TowerFailed(f"the encoder cannot read this text ({child.problem})"))
        else:
            for request in able:  # so that one impossible text spoils no other
                self._serve_again(request)
        return None

    def _serve_again(self, request: _Request) -> None:
        again = _Request(request.encoder, request.texts)
        self._serve([again])
        problem = again.future.exception()
        if problem is not None:
            request.future.set_exception(problem)
        else:
            request.future.set_result(again.future.result())

    def _lost(self, why: str, *, asked: bool = False) -> None:
        """Let a process go that died or is not wanted any more; one that keeps dying is left for a while."""
        child = self._child
        last_words = child.end() if child is not None else ""
        with self._gate:
            self._child = None
            if asked or self._closed:
                return
            self._deaths.append(time.monotonic())
            self._state = "warming"
            often = len(self._deaths) == DEATHS and self._deaths[-1] - self._deaths[0] < RETRY_SECONDS
        if often:
            self._fail(f"its process failed {DEATHS} times within a minute ({why}): {last_words}")

    def _fail(self, problem: str) -> None:
        with self._gate:
            self._state, self._problem, self._failed_at = "failed", problem, time.monotonic()
            self._gate.notify_all()


def _fail_all(requests: Sequence[_Request], problem: RegrainError) -> None:
    for request in requests:
        with contextlib.suppress(InvalidStateError):
            request.future.set_exception(problem)
