"""How far the work is and how fast it goes, by queue and person. Everything is read from the log.

Work is time between two verdicts of one person of at most ``PAUSE_SECONDS``: a longer gap is a pause, and one below
zero is a clock that was set back; neither counts. Verdicts given as one (in bulk) say nothing about pace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from curation.records import QUEUES, Queue
from curation.store import decisions, queues, settings
from curation.store.connection import Store

PAUSE_SECONDS = 120
RECENT = 20_000
"""Pace and time per item are taken over so many latest entries of the log."""
FEWEST = 5
"""Fewest gaps or times from which a pace or a median is told."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one person, or everybody, has done in one queue.

    ``today`` and ``all`` are verdicts that stand, answers to gold items and skipped items included. ``per_hour`` is
    items per hour of work, high is fast; ``median_seconds`` the median time an item was on the screen before its
    verdict. Both are None where too little is known.
    """

    today: int = 0
    all: int = 0
    per_hour: float | None = None
    median_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class QueueProgress:
    """One queue: what is left of how many items, what was done by all together and by each person.

    ``asked`` is how many people are asked about an item, on average. ``hours_left`` are hours of one person's work at
    the pace of the team, None where no pace is known.
    """

    queue: Queue
    left: int
    total: int
    team: Done
    people: Mapping[str, Done]
    asked: float = 1.0

    @property
    def hours_left(self) -> float | None:
        return self.asked * self.left / self.team.per_hour if self.team.per_hour else None


def of_queues(store: Store, since: datetime) -> list[QueueProgress]:
    """Return the progress of every queue, in their order; ``since`` (UTC, no zone) is when today began."""
    done, overlap = _done(store, since), settings.get(store, "overlap")
    found = []
    for queue, counts in queues.counts(store).items():
        people = {person: one for (name, person), one in done.items() if name == queue and person is not None}
        team = done.get((queue, None), Done())
        left = counts["todo"] + counts["disputed"]
        found.append(QueueProgress(queue, left, left + counts["done"], team, people, _asked(overlap.get(queue))))
    return sorted(found, key=lambda one: QUEUES.index(one.queue))


def _asked(overlap: Mapping[str, Any] | None) -> float:
    """Return how many answers an item needs on average where a share of a queue is asked of several people."""
    rule = overlap or {}
    return 1.0 + (int(rule.get("answers", 1)) - 1) * float(rule.get("share", 1))


def _done(store: Store, since: datetime) -> dict[tuple[str, str | None], Done]:
    """Return what each person did in each queue, and under None what all did. An undo takes one verdict off."""
    ever = _ever(store)
    today = _counted(store, "made_at >= ?", since)  # rows lie in the order of time: few are read
    pace = _pace(store)
    return {key: Done(max(0, today[key]), ever[key], *pace.get(key, ())) for key in sorted(ever, key=str)}


_Counts = Counter[tuple[str, str | None]]
_counted_before: WeakKeyDictionary[Store, tuple[int, _Counts]] = WeakKeyDictionary()


def _ever(store: Store) -> _Counts:
    """Return all counts. The log is appended to and never altered: what was counted once is not counted again."""
    latest = decisions.latest(store)
    upto, known = _counted_before.get(store, (0, Counter()))
    if latest > upto:
        known = known + _counted(store, "seq > ? AND seq <= ?", upto, latest)
        _counted_before[store] = (latest, known)
    return known


def _counted(store: Store, where: str, *parameters: datetime | int) -> _Counts:
    rows = store.rows(
        f"""SELECT queue, person, sum(CASE WHEN undoes IS NULL THEN 1 ELSE -1 END)::BIGINT
        FROM decision WHERE applied AND {where} GROUP BY queue, person""",
        parameters,
    )
    found: _Counts = Counter()
    for queue, person, n in rows:
        found[(queue, person)] += n
        found[(queue, None)] += n
    return found


def _pace(store: Store) -> dict[tuple[str, str | None], tuple[float | None, float | None]]:
    """Return items per hour of work and the median seconds per item over the latest entries of the log."""
    first = store.value(
        f"SELECT coalesce(min(seq), 0) FROM (SELECT seq FROM decision ORDER BY seq DESC LIMIT {RECENT})"
    )
    rows = store.rows(
        f"""WITH recent AS (
            SELECT seq, person, queue, made_at, shown_ms, batch_id, undoes FROM decision
            WHERE applied AND seq >= {first}),
        gaps AS (
            SELECT queue, person, undoes, batch_id, shown_ms,
                epoch(made_at - lag(made_at) OVER (PARTITION BY person ORDER BY seq)) AS gap FROM recent),
        work AS (SELECT *, gap BETWEEN 0 AND {PAUSE_SECONDS} AND batch_id IS NULL AND undoes IS NULL AS works FROM gaps)
        SELECT queue, person, count(*) FILTER (works), sum(gap) FILTER (works),
            count(shown_ms), median(shown_ms) / 1000.0
        FROM work GROUP BY GROUPING SETS ((queue, person), (queue))"""
    )
    found = {}
    for queue, person, gaps, seconds, timed, median in rows:
        per_hour = 3600 * gaps / seconds if gaps >= FEWEST and seconds else None
        found[(queue, person)] = (per_hour, median if timed >= FEWEST else None)
    return found
