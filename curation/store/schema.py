"""Numbered migrations: plain SQL files, applied in order, each in one transaction with its number."""

from __future__ import annotations

from importlib.resources import files

import duckdb

from curation.records import RegrainError


def migrations() -> list[tuple[int, str, str]]:
    """Return ``(number, name, sql)`` of every migration, in order."""
    folder = files("curation.store").joinpath("migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), name, folder.joinpath(name).read_text(encoding="utf-8")) for name in names]


def migrate(connection: duckdb.DuckDBPyConnection) -> int:
    """Apply what is missing and return the schema's number.

    Raises ``RegrainError`` where the file was written by a newer Regrain.
    """
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TIMESTAMP)"
    )
    applied = {number for (number,) in connection.execute("SELECT number FROM migration").fetchall()}
    known = migrations()
    if max(applied, default=0) > known[-1][0]:
        raise RegrainError(
            f"this workspace has schema {max(applied)}, this Regrain knows {known[-1][0]}: update Regrain to open it"
        )
    for number, name, sql in known:
        if number not in applied:  # numbers may have gaps that are filled later: each is asked for by itself
            connection.execute("BEGIN")
            connection.execute(sql)
            connection.execute("INSERT INTO migration VALUES (?, ?, now()::TIMESTAMP)", [number, name])
            connection.execute("COMMIT")
    return known[-1][0]
