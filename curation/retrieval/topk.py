"""Exact k nearest gallery items by blocked matrix products with a running threshold."""

from __future__ import annotations

import numpy as np

from curation.retrieval.blocks import (
    FloatArray,
    IndexArray,
    Vectors,
    check_index,
    check_shapes,
    float_rows,
    slices,
)

BLOCK_COLUMNS = 1024


def topk(
    queries: Vectors,
    gallery: Vectors,
    k: int,
    *,
    block_rows: int = 1024,
    exclude: IndexArray | None = None,
) -> tuple[FloatArray, IndexArray]:
    """Return the k best gallery items of every query, best first: scores and indices, both (q, k).

    ``queries`` (q, d) and ``gallery`` (g, d) hold unit rows and may be float16 memory maps. ``exclude`` (q,)
    names one gallery item per query that is left out, or -1 for none. Equal scores: the lower index first.
    Where the gallery holds fewer than k items (one fewer still with ``exclude``), the result is that much
    narrower. Only scores above the k-th best so far are looked at, so nearly all time is matrix product.

    Raises ``ValueError`` for k < 1, shapes that do not fit, indices out of range, NaN or infinity.
    """
    check_shapes(queries, gallery)
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    q, g = len(queries), len(gallery)
    if exclude is not None:
        exclude = check_index(exclude, q, g, "exclude", lowest=-1)
    k = min(k, g if exclude is None else g - 1)
    scores = np.empty((q, k), dtype=np.float32)
    index = np.empty((q, k), dtype=np.int64)
    for rows in slices(q, block_rows) if k else ():
        left_out = None if exclude is None else exclude[rows]
        scores[rows], index[rows] = _scan(float_rows(queries, rows, "queries"), gallery, k, left_out)
    return scores, index


def top_of_rows(scores: FloatArray, k: int) -> tuple[FloatArray, IndexArray]:
    """Return the k best of every row of a score block (b, g), best first; equal scores: lower index first."""
    k = min(k, scores.shape[1])
    threshold = np.partition(scores, scores.shape[1] - k, axis=1)[:, -k]
    return _merge(None, scores, scores >= threshold[:, None], 0, k)


def _scan(block: FloatArray, gallery: Vectors, k: int, exclude: IndexArray | None) -> tuple[FloatArray, IndexArray]:
    """Return the top k of one block of queries while walking once through the gallery."""
    best: tuple[FloatArray, IndexArray] | None = None
    for columns in slices(len(gallery), max(BLOCK_COLUMNS, k)):  # so the first step fills every row
        scores = block @ float_rows(gallery, columns, "gallery").T
        if exclude is not None:
            inside = np.flatnonzero((exclude >= columns.start) & (exclude < columns.stop))
            scores[inside, exclude[inside] - columns.start] = -np.inf
        if best is None:
            best = top_of_rows(scores, k)
            continue
        # Strictly better: a later item that only equals the k-th has the higher index.
        wanted = scores > best[0][:, -1:]
        hit = np.flatnonzero(wanted.any(axis=1))
        if len(hit):
            held = (best[0][hit], best[1][hit])
            best[0][hit], best[1][hit] = _merge(held, scores[hit], wanted[hit], columns.start, k)
    if best is None:
        raise ValueError("the gallery is empty: nothing can be retrieved from it")
    return best


def _merge(
    held: tuple[FloatArray, IndexArray] | None,
    scores: FloatArray,
    wanted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    offset: int,
    k: int,
) -> tuple[FloatArray, IndexArray]:
    """Return the k best of what is held and of the wanted scores of a block.

    Held items stand left of new ones and new ones in gallery order, so that a stable sort by falling score
    leaves equal scores in order of their index.
    """
    row, column = np.nonzero(wanted)
    counts = np.bincount(row, minlength=len(scores))
    place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    left = 0 if held is None else k
    merged = np.full((len(scores), left + int(counts.max(initial=0))), -np.inf, dtype=np.float32)
    index = np.zeros(merged.shape, dtype=np.int64)
    if held is not None:
        merged[:, :k], index[:, :k] = held
    merged[row, left + place] = scores[row, column]
    index[row, left + place] = column + offset
    order = np.argsort(-merged, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(merged, order, axis=1), np.take_along_axis(index, order, axis=1)
