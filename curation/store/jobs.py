"""Long work as the store knows it. Only the supervisor writes here; a worker never opens the database."""

from __future__ import annotations

import json
import uuid
from typing import Any

from curation.records import Job, JobState, RegrainError
from curation.store.connection import Connection, Store, to_json


def add(store: Store, kind: str, args: dict[str, Any]) -> Job:
    """Queue a job. Where the same job already waits or runs, that one is returned instead."""

    def write(connection: Connection) -> str:
        same = connection.execute(
            "SELECT id FROM job WHERE kind = ? AND args = ? AND state IN ('waiting', 'running')",
            [kind, to_json(args)],
        ).fetchone()
        if same:
            return str(same[0])
        job_id = uuid.uuid4().hex[:12]
        connection.execute(
            "INSERT INTO job VALUES (?, ?, ?, 'waiting', 0, 0, 0, '', '', now()::TIMESTAMP, NULL, NULL)",
            [job_id, kind, to_json(args)],
        )
        return job_id

    return get(store, store.write(write))


def get(store: Store, job_id: str) -> Job:
    """Return one job; an unknown id raises ``RegrainError``."""
    found = _jobs(store, "WHERE id = ?", [job_id])
    if not found:
        raise RegrainError(f"no job has the id {job_id!r}: `regrain jobs` lists them")
    return found[0]


def listed(store: Store, *, states: tuple[JobState, ...] = (), n: int = 50) -> list[Job]:
    """Return jobs: those under way, those that wait in their order, then the newest first."""
    where = "WHERE list_contains(?::TEXT[], state)" if states else ""
    return _jobs(
        store,
        f"{where} ORDER BY state = 'running' DESC, state = 'waiting' DESC, "
        "CASE WHEN state = 'waiting' THEN created_at END, created_at DESC, id LIMIT ?",
        [*([list(states)] if states else []), n],
    )


def next_waiting(store: Store) -> Job | None:
    """Return the waiting job that was queued first."""
    found = _jobs(store, "WHERE state = 'waiting' ORDER BY created_at, id LIMIT 1", [])
    return found[0] if found else None


def start(store: Store, job_id: str) -> None:
    """Mark a job as running."""
    _set(store, job_id, "state = 'running', started_at = coalesce(started_at, now()::TIMESTAMP), error = ''")


def wait(store: Store, job_id: str) -> None:
    """Put a job back among the waiting ones: after a killed worker, a restart, or at a person's wish."""
    _set(store, job_id, "state = 'waiting', finished_at = NULL")


def progress(store: Store, job_id: str, *, done: int, total: int, rate: float, note: str) -> None:
    """Note how far a job is; ``rate`` is items per second."""
    _set(store, job_id, "done = ?, total = ?, rate = ?, note = ?", [done, total, rate, note])


def finish(store: Store, job_id: str, state: JobState, error: str = "") -> None:
    """End a job as done, failed or cancelled."""
    _set(store, job_id, "state = ?, error = ?, finished_at = now()::TIMESTAMP", [state, error])


def note_shard(store: Store, job_id: str, shard: str) -> None:
    """Remember that a finished shard is in the store. Noting it twice is harmless."""
    store.write(
        lambda connection: connection.execute(
            """INSERT INTO job_shard SELECT ?, ?, now()::TIMESTAMP
            WHERE NOT EXISTS (SELECT 1 FROM job_shard WHERE job_id = ? AND shard = ?)""",
            [job_id, shard, job_id, shard],
        )
    )


def shards(store: Store, job_id: str) -> set[str]:
    """Return the shards of a job that are in the store."""
    return {row[0] for row in store.rows("SELECT shard FROM job_shard WHERE job_id = ?", [job_id])}


def add_bad_item(store: Store, job_id: str, item: str, error: str) -> None:
    """List an item that a job skipped, once, with the reason."""
    store.write(
        lambda connection: connection.execute(
            """INSERT INTO bad_item SELECT ?, ?, ?
            WHERE NOT EXISTS (SELECT 1 FROM bad_item WHERE job_id = ? AND item = ?)""",
            [job_id, item, error, job_id, item],
        )
    )


def bad_items(store: Store, job_id: str) -> list[tuple[str, str]]:
    """Return the items that a job skipped, with the reasons."""
    return [(row[0], row[1]) for row in store.rows(
        "SELECT item, error FROM bad_item WHERE job_id = ? ORDER BY item", [job_id]
    )]  # fmt: skip


_COLUMNS = "id, kind, state, args, done, total, rate, note, error, created_at, started_at, finished_at"


def _jobs(store: Store, rest: str, parameters: list[Any]) -> list[Job]:
    rows = store.records(
        f"SELECT {_COLUMNS}, (SELECT count(*) FROM bad_item b WHERE b.job_id = job.id) AS bad_items FROM job {rest}",
        parameters,
    )
    return [
        Job(**{
            **row,
            "args": json.loads(row["args"]),
            **{name: row[name] and row[name].isoformat() for name in ("created_at", "started_at", "finished_at")},
        })
        for row in rows
    ]  # fmt: skip


def _set(store: Store, job_id: str, assignments: str, parameters: list[Any] | None = None) -> None:
    store.write(
        lambda connection: connection.execute(
            f"UPDATE job SET {assignments} WHERE id = ?", [*(parameters or []), job_id]
        )
    )
