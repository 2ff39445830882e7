"""Banks: all vectors of one kind under one encoder in one mapped file, for a search that looks at each of them.

Its numbers are float32: twice the bytes of the shards, but widening float16 at every search takes more time than all
else. A bank is made from the shards and can be thrown away. Its name follows from the set of its shards, so that it is
laid out anew where one has come or gone; files that are out of date are removed then.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curation.store.connection import Store
from curation.store.vectors import Kind, mapped


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """The contents that have a vector, ``hashes`` (n,) in ASCII, and their unit ``rows`` (n, d), a memory map."""

    hashes: NDArray[np.bytes_]
    rows: NDArray[np.float32]


def name(store: Store, encoder: str, kind: Kind) -> str:
    """Return the name of the file that holds the bank of the present shards."""
    shards = store.rows("SELECT id FROM vector_shard WHERE encoder = ? AND kind = ? ORDER BY id", [encoder, kind])
    return f"{_stem(encoder, kind)}{_short(' '.join(row[0] for row in shards))}.npy"


def read(store: Store, shards: Path, path: Path, encoder: str, kind: Kind) -> Bank:
    """Return a bank, laid out at ``path`` from the folder ``shards`` where it is not there whole.

    Raises ``RegrainError`` where a shard is missing or has another shape than the map says.
    """
    found = store.rows(
        """SELECT s.file, any_value(s.row_count), any_value(s.dim), list(v.row_number ORDER BY v.row_number),
            list(v.content_hash ORDER BY v.row_number)
        FROM vector_row v JOIN vector_shard s ON s.id = v.shard_id
        WHERE v.encoder = ? AND v.kind = ? GROUP BY s.file ORDER BY s.file""",
        [encoder, kind],
    )
    hashes = np.array([content.encode() for *_, of_shard in found for content in of_shard], dtype=np.bytes_)
    if not found:
        return Bank(hashes, np.zeros((0, 0), np.float32))
    shape = (len(hashes), found[0][2])
    if not _is_whole(path, shape):
        _lay_out(path, shape, [(shards / file, (rows, dim), numbers) for file, rows, dim, numbers, _ in found])
        for old in set(path.parent.glob(f"{_stem(encoder, kind)}*.npy")) - {path}:
            old.unlink(missing_ok=True)
    return Bank(hashes, np.load(path, mmap_mode="r", allow_pickle=False))


def _lay_out(path: Path, shape: tuple[int, int], parts: list[tuple[Path, tuple[int, int], list[int]]]) -> None:
    """Write the rows of the shards one shard at a time; the file is whole or absent after any crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    try:
        bank = np.lib.format.open_memmap(partial, mode="w+", dtype=np.float32, shape=shape)
        start = 0
        for file, held, numbers in parts:
            rows = mapped(file, held)[numbers].astype(np.float32)
            norms = np.linalg.norm(rows, axis=1, keepdims=True)
            bank[start : start + len(rows)] = rows / np.where(norms > 0, norms, 1)  # float16 rounds unit rows
            start += len(rows)
        bank.flush()
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _is_whole(path: Path, shape: tuple[int, int]) -> bool:
    try:
        there = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return False
    return bool(there.shape == shape and there.dtype == np.float32)


def _stem(encoder: str, kind: Kind) -> str:
    return f"{kind}-{_short(encoder)}-"


def _short(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:12]
