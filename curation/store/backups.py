"""Copies of the open database, taken while people go on judging, and the memory of where they were put.

A copy is the file as its last checkpoint left it and the log of what was committed since, cut where one commit ends
and the next has not begun. Nobody waits for it: no checkpoint runs while the file is read, and everything that is
written meanwhile lies behind the cut or in blocks that the copy does not know of. What counts is that the copy is
then opened, and holds the same rows as the source held at the cut.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from curation.records import RegrainError
from curation.store.connection import Connection, Store, to_json

COUNTED = ("decision", "revision", "caption")
"""Tables that nothing can compute anew: their copies are compared value by value, the others by their counts."""

CHUNK = 8 * 2**20

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds: its latest event, the rows of every table, and a sum over the values of ``COUNTED``."""

    seq: int
    rows: dict[str, int]
    sums: dict[str, int]


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy: its folder, the latest event and the counts in it, its size in bytes, who made it and when (UTC)."""

    folder: str
    seq: int
    counts: dict[str, int]
    bytes: int
    person: str
    made_at: datetime


def copy(store: Store, target: Path) -> Contents:
    """Write a copy of the open database to ``target``, durably, and return what it holds; verdicts go on meanwhile.

    The copy was opened and compared with the source at the same event when this returns. Raises ``RegrainError``
    where another copy is under way, where the store lives in memory, or where the copy differs; ``OSError`` or
    ``DatabaseError`` where the disk refuses. What was written until then is left to the caller.
    """
    if not _one_at_a_time.acquire(blocking=False):
        raise RegrainError("a backup is being made already: wait for it to end")
    try:
        with store.reading() as snapshot:
            source = _file_of(snapshot)
            with _without_checkpoints(store, snapshot, source) as length:
                _copy_bytes(source, target)
                if length:
                    _copy_bytes(_log_of(source), _log_of(target), length)
            expected = _contents(snapshot)
        found = _opened(target)
    finally:
        _one_at_a_time.release()
    if found != expected:
        what = _difference(expected, found)
        raise RegrainError(f"the copy differs from the workspace ({what}): nothing was kept, try again")
    return found


def remember(store: Store, folder: str, contents: Contents, *, size: int, person: str) -> None:
    """Note where a copy was put."""
    counts = to_json({name: contents.rows[name] for name in COUNTED})
    store.write(
        lambda connection: connection.execute(
            "INSERT INTO backup VALUES (?, ?, ?, ?, ?, now()::TIMESTAMP)",
            [folder, contents.seq, counts, size, person],
        )
    )


def last(store: Store) -> Backup | None:
    """Return the latest copy, or None where there is none."""
    rows = store.records("SELECT * FROM backup ORDER BY made_at DESC LIMIT 1")
    return Backup(**{**rows[0], "counts": json.loads(rows[0]["counts"])}) if rows else None


def refuse_open(path: Path) -> None:
    """Raise ``RegrainError`` where a process holds the database at ``path``; a broken file is held by nobody."""
    try:
        duckdb.connect(str(path), read_only=True).close()
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise RegrainError(f"`{path.parent}` is open in another process: close it first") from error
    except duckdb.Error:
        return


@contextlib.contextmanager
def _without_checkpoints(store: Store, snapshot: Connection, source: Path) -> Iterator[int]:
    """Open the snapshot at the end of one commit and give the length of the log there, in bytes.

    Runs in the writer thread, where no commit is under way; until the end the log only grows.
    """

    usual = str(store.value("SELECT current_setting('checkpoint_threshold')"))

    def begin(connection: Connection) -> int:
        with contextlib.suppress(duckdb.TransactionException):  # a write may be run twice
            snapshot.execute("ROLLBACK")
        connection.execute("SET GLOBAL checkpoint_threshold='1TB'")
        snapshot.execute("BEGIN")
        snapshot.execute("SELECT count(*) FROM migration").fetchall()  # a transaction begins with its first read
        return _log_of(source).stat().st_size if _log_of(source).exists() else 0

    try:
        yield store.write(begin)
    finally:
        with contextlib.suppress(RegrainError):  # the store was closed meanwhile
            store.write(lambda connection: connection.execute(f"SET GLOBAL checkpoint_threshold='{usual}'"))


def _opened(target: Path) -> Contents:
    """Open a copy, fold its log into it, open it once more and return what it holds."""
    for read_only in (False, True):
        with duckdb.connect(str(target), read_only=read_only, config={"threads": 1}) as connection:
            if read_only:
                contents = _contents(connection)
            else:
                connection.execute("CHECKPOINT")
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return contents


def _contents(connection: Connection) -> Contents:
    names = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() ORDER BY ALL"
    ).fetchall()
    rows = {name: _value(connection, f'SELECT count(*) FROM "{name}"') for (name,) in names}
    sums = {name: _value(connection, f"SELECT coalesce(sum(hash(t)), 0) FROM {name} t") for name in COUNTED}
    return Contents(_value(connection, "SELECT coalesce(max(seq), 0) FROM decision"), rows, sums)


def _difference(expected: Contents, found: Contents) -> str:
    names = sorted(expected.rows.keys() | found.rows.keys())
    unequal = [
        f"{name}: {found.rows.get(name, 0):,} rows instead of {expected.rows.get(name, 0):,}"
        for name in names
        if found.rows.get(name) != expected.rows.get(name)
    ]
    return "; ".join(unequal) or "other values in equally many rows"


def _value(connection: Connection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _file_of(connection: Connection) -> Path:
    row: Any = connection.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchone()
    if not row or not row[0]:
        raise RegrainError("this workspace lives in memory: there is no file to back up")
    return Path(row[0])


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")


def _copy_bytes(source: Path, target: Path, length: int | None = None) -> None:
    """Copy a file, or its first ``length`` bytes, and wait until they are on disk."""
    left = source.stat().st_size if length is None else length
    with source.open("rb") as reader, target.open("xb") as writer:
        while left and (chunk := reader.read(min(CHUNK, left))):
            writer.write(chunk)
            left -= len(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    if left:
        raise RegrainError(f"`{source.name}` is shorter than it was a moment ago: nothing was kept, try again")
