"""Scores of queries against a gallery, a block of whole rows at a time, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IndexArray = NDArray[np.int64]
Vectors = NDArray[np.floating[Any]]

TIE = 1e-6
"""Scores no further apart than this count as tied.

The last bits of a matrix product depend on the shape of the block it was computed in, so that one and the
same picture, held twice, would otherwise win or lose by rounding.
"""

BLOCK_BYTES = 32 * 2**20
GALLERY_ROWS = 4096


def row_blocks(
    queries: Vectors, gallery: Vectors, *, block_rows: int | None = None
) -> Iterator[tuple[slice, FloatArray]]:
    """Yield ``(rows, scores)`` for successive blocks of queries; ``scores`` is (b, g) float32.

    ``queries`` (q, d) and ``gallery`` (g, d) may be float16 memory maps: only blocks of them are converted.
    Each block is a fresh array that the caller may overwrite. Without ``block_rows`` a block takes at most
    about 32 MB. Raises ``ValueError`` for arrays that do not fit together or hold NaN or infinity.
    """
    check_shapes(queries, gallery)
    g = len(gallery)
    height = block_rows or max(1, min(1024, BLOCK_BYTES // (4 * max(1, g))))
    for rows in slices(len(queries), height):
        block = float_rows(queries, rows, "queries")
        scores = np.empty((len(block), g), dtype=np.float32)
        for columns in slices(g, GALLERY_ROWS):
            np.matmul(block, float_rows(gallery, columns, "gallery").T, out=scores[:, columns])
        yield rows, scores


def slices(length: int, step: int) -> Iterator[slice]:
    """Yield the consecutive slices of at most ``step`` that cover ``range(length)``."""
    for start in range(0, length, step):
        yield slice(start, min(start + step, length))


def float_rows(vectors: Vectors, rows: slice | IndexArray, name: str) -> FloatArray:
    """Return some rows as float32; ``ValueError`` where they hold NaN or infinity."""
    block = np.asarray(vectors[rows], dtype=np.float32)
    if not np.isfinite(block.sum()):  # one NaN or infinity reaches the sum, and no copy is made
        raise ValueError(f"{name} hold NaN or infinity: encode the broken items again or leave them out")
    return block


def check_shapes(queries: Vectors, gallery: Vectors) -> None:
    """Raise ``ValueError`` unless both are matrices of one dimension d and the gallery holds something."""
    if queries.ndim != 2 or gallery.ndim != 2 or queries.shape[1] != gallery.shape[1]:
        raise ValueError(
            f"queries {queries.shape} and gallery {gallery.shape} must be (q, d) and (g, d) with the same d"
        )
    if not len(gallery):
        raise ValueError("the gallery is empty: nothing can be retrieved from it")


def check_index(index: IndexArray, length: int, limit: int, name: str, *, lowest: int = 0) -> IndexArray:
    """Return ``index`` as int64 (length,); ``ValueError`` where its shape or a value is out of range."""
    checked = np.asarray(index)
    if checked.shape != (length,) or (length and checked.dtype.kind not in "iu"):
        raise ValueError(f"{name} must be ({length},) integers, got {checked.dtype} {checked.shape}")
    if length and (checked.min() < lowest or checked.max() >= limit):
        raise ValueError(f"{name} must lie in [{lowest}, {limit}), got {checked.min()}..{checked.max()}")
    return checked.astype(np.int64)
