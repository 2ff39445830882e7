"""How the store itself stands: what health is told from, each in one small read."""

from __future__ import annotations

from concurrent.futures import TimeoutError as TooLong
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from duckdb import Error as DatabaseError

from curation.records import RegrainError
from curation.store.connection import Store


@dataclass(frozen=True, slots=True)
class Leases:
    """Captions in somebody's hands now, by how many people, and leases that have ended but were not taken over."""

    held: int
    people: int
    ended: int
    longest_minutes: float


def write_seconds(store: Store, patience: float) -> float | None:
    """Return how long an empty write takes from the queue to the commit, or None where it took longer than that."""
    began = perf_counter()
    try:
        store.submit(lambda connection: None).result(patience)
    except (TooLong, RegrainError, DatabaseError):
        return None
    return perf_counter() - began


def last_decision(store: Store) -> tuple[datetime | None, int]:
    """Return when the latest verdict was given (UTC), and how many events the log holds."""
    when, number = store.rows("SELECT max(made_at), count(*) FROM decision")[0]
    return when, number


def decided_after(store: Store, seq: int) -> tuple[int, datetime | None]:
    """Return how many events came after one, and when the first of them did (UTC)."""
    number, first = store.rows("SELECT count(*), min(made_at) FROM decision WHERE seq > ?", [seq])[0]
    return number, first


def leases(store: Store) -> Leases:
    """Return how captions are held."""
    row = store.rows(
        """SELECT count(*) FILTER (until > now), count(DISTINCT person) FILTER (until > now),
            count(*) FILTER (until <= now), coalesce(max(epoch(until - now)) / 60, 0)
        FROM lease, (SELECT now()::TIMESTAMP AS now)"""
    )[0]
    return Leases(*row)


def bad_items(store: Store) -> int:
    """Return how many different items jobs have skipped."""
    return int(store.value("SELECT count(DISTINCT item) FROM bad_item"))


def schema_number(store: Store) -> int:
    """Return the number of the latest migration."""
    return int(store.value("SELECT max(number) FROM migration"))
