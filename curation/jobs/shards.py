"""The files of a job: inputs, payloads, and receipts that say which shards are finished.

A shard's payload (arrays, tables) is written first, its receipt last, each to a partial file that is fsynced and
then renamed. Whatever has no receipt is half a shard and does not exist: a later run writes it anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

RECEIPTS = "receipts"
FACTS = "facts.json"


def write_durably(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file that is either whole or absent after any crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the renames in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, value: Any) -> None:
    """Write plain JSON durably."""
    write_durably(path, lambda file: file.write(json.dumps(value, ensure_ascii=False).encode()))


def read_json(path: Path) -> Any:
    """Return what ``write_json`` wrote."""
    return json.loads(path.read_bytes())


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write one array as ``.npy`` durably."""
    write_durably(path, lambda file: np.save(file, np.ascontiguousarray(array), allow_pickle=False))


def read_array(path: Path) -> NDArray[Any]:
    """Return an array as a read-only memory map."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def write_table(path: Path, table: pa.Table) -> None:
    """Write an Arrow table as a Feather file durably."""
    from pyarrow import feather

    write_durably(path, lambda file: feather.write_feather(table, file, compression="uncompressed"))


def read_table(path: Path) -> pa.Table:
    """Return a table that ``write_table`` wrote."""
    from pyarrow import feather

    return feather.read_table(path)


def write_facts(folder: Path, **facts: Any) -> None:
    """Write what ``run`` and ``commit`` must know beyond the inputs: encoder, settings, counts."""
    write_json(folder / FACTS, facts)


def read_facts(folder: Path) -> dict[str, Any]:
    """Return the facts of a job."""
    facts: dict[str, Any] = read_json(folder / FACTS)
    return facts


def finish_shard(folder: Path, name: str, **facts: Any) -> str:
    """Write the receipt of a shard whose payload is durable, and return its name."""
    write_json(folder / RECEIPTS / f"{name}.json", facts)
    return name


def receipt(folder: Path, name: str) -> dict[str, Any]:
    """Return the receipt of a finished shard."""
    facts: dict[str, Any] = read_json(folder / RECEIPTS / f"{name}.json")
    return facts


def is_finished(folder: Path, name: str) -> bool:
    """Say whether a shard is finished."""
    return (folder / RECEIPTS / f"{name}.json").exists()


def finished(folder: Path) -> list[str]:
    """Return the names of the finished shards, in order."""
    return sorted(path.stem for path in (folder / RECEIPTS).glob("*.json"))
