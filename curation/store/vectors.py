"""Vectors: append-only ``.npy`` shards beside the database, and the map from content to row inside it.

A shard is written and fsynced before its rows are committed, so the map never names bytes that a crash lost.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from curation.records import RegrainError
from curation.store.connection import Connection, Store

Kind = Literal["image", "text"]


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors of the contents asked for: ``rows`` (n, d) float32 unit rows, zero where ``found`` (n,) is False."""

    rows: NDArray[np.float32]
    found: NDArray[np.bool_]


def write_shard(path: Path, rows: NDArray[Any]) -> str:
    """Write (n, d) vectors as float16 to ``path``, atomically and durably; return their SHA-256."""
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.save(file, np.ascontiguousarray(rows, dtype=np.float16), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return checksum(path)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def add_shard(
    store: Store, path: Path, *, encoder: str, kind: Kind, hashes: Sequence[str], sha256: str, dim: int
) -> int:
    """Commit the row map of a shard that is already durable; return how many contents are new.

    A content that another shard already holds keeps its first row. Committing a shard twice is harmless.
    """
    import pyarrow as pa

    table = pa.table({"content_hash": list(hashes), "row_number": np.arange(len(hashes), dtype=np.int32)})

    def write(connection: Any) -> int:
        if connection.execute("SELECT 1 FROM vector_shard WHERE id = ?", [path.stem]).fetchone():
            return 0
        connection.register("shard_rows", table)
        connection.execute(
            "INSERT INTO vector_shard VALUES (?, ?, ?, ?, ?, ?, ?, now()::TIMESTAMP)",
            [path.stem, encoder, kind, path.name, len(hashes), dim, sha256],
        )
        added = connection.execute(
            """INSERT INTO vector_row SELECT ?, ?, content_hash, ?, min(row_number) FROM shard_rows s
            WHERE NOT EXISTS (SELECT 1 FROM vector_row v WHERE v.encoder = ? AND v.kind = ?
                AND v.content_hash = s.content_hash) GROUP BY content_hash""",
            [encoder, kind, path.stem, encoder, kind],
        ).fetchone()
        connection.unregister("shard_rows")
        return int(added[0])

    return store.write(write)


def load(store: Store, folder: Path, *, encoder: str, kind: Kind, hashes: Sequence[str]) -> Vectors:
    """Return the vectors of contents in the order asked for.

    Raises ``RegrainError`` where a shard is missing or has another shape than the map says.
    """
    import pyarrow as pa

    table = pa.table({"content_hash": list(hashes), "position": np.arange(len(hashes), dtype=np.int64)})
    with store.reading() as cursor:
        cursor.register("wanted", table)
        found = cursor.execute(
            """SELECT s.file, s.dim, s.row_count, list(w.position), list(v.row_number) FROM wanted w
            JOIN vector_row v ON v.content_hash = w.content_hash AND v.encoder = ? AND v.kind = ?
            JOIN vector_shard s ON s.id = v.shard_id GROUP BY ALL ORDER BY s.file""",
            [encoder, kind],
        ).fetchall()
    dim = found[0][1] if found else 0
    rows = np.zeros((len(hashes), dim), dtype=np.float32)
    present = np.zeros(len(hashes), dtype=bool)
    for file, shard_dim, count, positions, numbers in found:
        shard = mapped(folder / file, (count, shard_dim))
        rows[positions] = shard[numbers]
        present[positions] = True
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    np.divide(rows, norms, out=rows, where=norms > 0)  # float16 rounds unit rows
    return Vectors(rows, present)


def missing(store: Store, *, encoder: str, kind: Kind, hashes: Sequence[str]) -> set[str]:
    """Return the contents that have no vector yet."""
    import pyarrow as pa

    with store.reading() as cursor:
        cursor.register("wanted", pa.table({"content_hash": sorted(set(hashes))}))
        rows = cursor.execute(
            """SELECT w.content_hash FROM wanted w ANTI JOIN (
                SELECT content_hash FROM vector_row WHERE encoder = ? AND kind = ?) v USING (content_hash)""",
            [encoder, kind],
        ).fetchall()
    return {row[0] for row in rows}


def encoders(store: Store) -> list[dict[str, Any]]:
    """Return the encoders that the workspace has vectors of, with their counts by kind."""
    return store.records(
        """SELECT encoder, count(*) FILTER (kind = 'image') AS images, count(*) FILTER (kind = 'text') AS texts
        FROM vector_row GROUP BY encoder ORDER BY encoder"""
    )


def files(store: Store) -> list[str]:
    """Return the names of the shards' files."""
    return [row[0] for row in store.rows("SELECT file FROM vector_shard ORDER BY file")]


def verify(store: Store, folder: Path) -> list[str]:
    """Return what is wrong with the shards on disk, in words; an empty list means that all is well."""
    problems = []
    for file, sha256, rows in store.rows("SELECT file, sha256, row_count FROM vector_shard ORDER BY file"):
        path = folder / file
        if not path.exists():
            problems.append(f"{file} is missing ({rows} vectors): run the encoding again")
        elif checksum(path) != sha256:
            problems.append(f"{file} differs from its checksum ({rows} vectors): run `regrain verify --repair`")
    return problems


def forget_broken(store: Store, folder: Path, *, checksums: bool = False) -> list[str]:
    """Forget the shards whose file is missing or cannot be mapped, so that encoding finds their contents missing.

    ``checksums`` holds every file against its checksum as well, which reads them all. Returns the files' names;
    the files themselves stay.
    """
    broken = [
        (shard, file)
        for shard, file, sha256, *shape in store.rows(
            "SELECT id, file, sha256, row_count, dim FROM vector_shard ORDER BY file"
        )
        if not _is_whole(folder / file, (shape[0], shape[1])) or (checksums and checksum(folder / file) != sha256)
    ]
    ids = [shard for shard, _ in broken]

    def write(connection: Connection) -> None:
        connection.execute("DELETE FROM vector_row WHERE list_contains(?::TEXT[], shard_id)", [ids])
        connection.execute("DELETE FROM vector_shard WHERE list_contains(?::TEXT[], id)", [ids])

    if broken:
        store.write(write)
    return [file for _, file in broken]


def _is_whole(path: Path, shape: tuple[int, int]) -> bool:
    try:
        mapped(path, shape)
    except RegrainError:
        return False
    return True


def mapped(path: Path, shape: tuple[int, int]) -> NDArray[np.float16]:
    """Return a shard as a memory map; raises ``RegrainError`` where it cannot be read or has another shape."""
    try:
        shard: NDArray[np.float16] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise RegrainError(f"the vector shard `{path}` cannot be read ({error}): run the encoding again") from error
    if shard.shape != shape:
        raise RegrainError(f"the vector shard `{path}` has shape {shard.shape}, the map says {shape}: encode again")
    return shard
