"""Near-duplicates by image cosine: within a pool, and of a pool against the targets.

A threshold is a cosine and depends on the encoder: two views of one scene may reach 0.98 with one model and
0.85 with another. So nothing here has a default; ``threshold_from`` derives one from images of the train and
val splits, most of which have no duplicate, as a high quantile of their nearest-neighbour similarities.
"""

from __future__ import annotations

import numpy as np

from curation.records import RegrainError
from curation.retrieval.blocks import TIE, FloatArray, IndexArray, Vectors, float_rows, slices
from curation.retrieval.topk import topk

BLOCK = 2048
MOST_PAIRS = 10_000_000


def nearest_similarity(vectors: Vectors) -> FloatArray:
    """Return the cosine of each image with its nearest other one (n,), from unit rows (n, d), n >= 2."""
    if len(vectors) < 2:
        raise ValueError(f"a nearest other image needs at least two images, got {len(vectors)}")
    scores, _ = topk(vectors, vectors, 1, exclude=np.arange(len(vectors)))
    return scores[:, 0]


def threshold_from(nearest: FloatArray, *, quantile: float = 0.99) -> float:
    """Return the cosine that only 1 - ``quantile`` of the nearest-neighbour similarities (n,) exceed.

    ``nearest`` comes from ``nearest_similarity`` of train and val images, never of the test set or the pool
    that is judged with it. The result is a proposal to be looked at, not a truth: where the sample holds
    duplicates itself it comes out too high, where all its pictures are alike too low.
    """
    if not len(nearest) or not 0 < quantile < 1:
        raise ValueError(f"need similarities and a quantile within (0, 1), got {len(nearest)} and {quantile}")
    return float(np.quantile(nearest, quantile))


def near_duplicate_pairs(
    vectors: Vectors, threshold: float, *, most_pairs: int = MOST_PAIRS
) -> tuple[IndexArray, IndexArray, FloatArray]:
    """Return all pairs i < j with cosine of at least ``threshold``: i, j and cosine, ordered by i, then j.

    ``vectors`` (n, d) are unit rows. Raises ``RegrainError`` above ``most_pairs`` pairs, which no real
    duplicates reach: the threshold is too low for this encoder.
    """
    parts: list[tuple[IndexArray, IndexArray, FloatArray]] = []
    found = 0
    for rows in slices(len(vectors), BLOCK):
        block = float_rows(vectors, rows, "image vectors")
        for columns in slices(len(vectors), BLOCK):
            if columns.stop <= rows.start:
                continue  # that half was seen from the other side
            scores = block @ float_rows(vectors, columns, "image vectors").T
            i, j = np.nonzero(scores >= threshold - TIE)
            value = scores[i, j]
            i, j = i + rows.start, j + columns.start
            upper = i < j
            parts.append((i[upper], j[upper], value[upper]))
            found += int(upper.sum())
            if found > most_pairs:
                raise RegrainError(
                    f"more than {most_pairs:,} pairs of images reach a cosine of {threshold:g}: these are "
                    "not near-duplicates; raise the threshold"
                )
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
    i, j, score = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((j, i))
    return i[order], j[order], score[order]


def duplicate_of(vectors: Vectors, threshold: float) -> IndexArray:
    """Return for each image the kept image that it repeats (n,), or -1 where it is kept itself.

    The lowest index is kept. An image is dropped only for a *kept* image, so that a chain of slowly changing
    frames is thinned, not collapsed: no two kept images reach the threshold, every dropped one has a twin.
    """
    twin = np.full(len(vectors), -1, dtype=np.int64)
    i, j, _ = near_duplicate_pairs(vectors, threshold)
    firsts, starts, counts = np.unique(i, return_index=True, return_counts=True)
    for first, start, count in zip(firsts, starts, counts, strict=True):
        if twin[first] == -1:
            later = j[start : start + count]
            twin[later[twin[later] == -1]] = first
    return twin


def target_of(pool: Vectors, targets: Vectors, threshold: float) -> IndexArray:
    """Return for each pool image (p,) the target image it repeats, the nearest one, or -1."""
    scores, index = topk(pool, targets, 1)
    return np.where(scores[:, 0] >= threshold - TIE, index[:, 0], -1)
