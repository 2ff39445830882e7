"""Captions that a file holds twice: left out where they agree, refused where they contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from curation.importers.columns import Columns, chunk_schema
from curation.importers.items import Problem

if TYPE_CHECKING:
    import pyarrow as pa


def without_repeats(columns: Columns) -> tuple[pa.Table, int]:
    """Return (caption table, number of repeated entries left out); contradictions are noted as fatal."""
    import pyarrow as pa

    table = pa.Table.from_batches(columns.chunks, chunk_schema())
    image_of, number = np.array(columns.image_of, np.int64), np.array(columns.number, np.int64)
    ids = pa.array(columns.image_ids, pa.string()).take(pa.array(image_of))
    table = table.add_column(0, "image_id", ids).add_column(1, "i", pa.array(number, pa.int32()))
    by_number = _pairs(image_of << 32 | number)
    source_id = table["source_id"].combine_chunks().dictionary_encode()
    codes = source_id.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    by_source = _pairs(codes, ignore=-1)
    same_number = _agree(table, by_number, ["text", "new_text"])
    same_source = _agree(table, by_source, ["image_id", "text", "new_text"])
    _note(columns, table, by_number[:, ~same_number], "caption {i} of image {image_id!r}")
    _note(columns, table, by_source[:, ~same_source], "caption id {source_id}")
    repeated = np.union1d(by_number[1, same_number], by_source[1, same_source])
    if len(repeated):
        keep = np.ones(table.num_rows, bool)
        keep[repeated] = False
        table = table.filter(pa.array(keep))
    return table, len(repeated)


def _pairs(keys: np.ndarray[Any, np.dtype[np.int64]], ignore: int | None = None) -> np.ndarray[Any, Any]:
    """Return (2, p) positions (earlier, later) of neighbours in file order that have the same key."""
    order = np.argsort(keys, kind="stable")
    same = keys[order[1:]] == keys[order[:-1]]
    if ignore is not None:
        same &= keys[order[1:]] != ignore
    return np.stack([order[:-1][same], order[1:][same]])


def _agree(table: pa.Table, pairs: np.ndarray[Any, Any], fields: list[str]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return (p,) whether both rows of each pair hold the same in all ``fields``."""
    few = [table.select(fields).take(side).to_pylist() for side in pairs]
    return np.array([one == other for one, other in zip(*few, strict=True)], dtype=bool)


def _note(columns: Columns, table: pa.Table, pairs: np.ndarray[Any, Any], what: str) -> None:
    for earlier, later in pairs.T:
        record = table.slice(int(later), 1).to_pylist()[0]
        rule = f"{what.format(**record)} is already in row {columns.row[earlier]:,} with another content"
        columns.log.add(Problem(columns.file, columns.row[later], rule, "Keep one of the two"))
