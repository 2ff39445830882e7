"""Where each query's own gallery item stands, and how many others fit as well.

Tie rule: pessimistic. Another item whose score is within ``TIE`` of the own score counts as better, so that
an encoder that gives everything the same vector ranks last, not first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from curation.retrieval.blocks import (
    TIE,
    FloatArray,
    IndexArray,
    Vectors,
    check_index,
    check_shapes,
    float_rows,
    row_blocks,
    slices,
)

DELTA = 0.02
TEMPERATURE = 0.01
LOWEST_COSINE = -1.0


@dataclass(frozen=True, slots=True, eq=False)
class GalleryView:
    """How the gallery looks from every query; all arrays are (q,).

    - ``own``: cosine with the own item, [-1, 1], high = fits.
    - ``best_other``: cosine with the nearest other item (-1 where the gallery holds no other).
    - ``rival``: index of that item, -1 where there is none; equal scores: the lower index.
    - ``rank``: 1-based pessimistic rank of the own item, low = good.
    - ``close``: number of other items that score at least own - delta, high = coarse.
    - ``entropy``: nats of softmax(scores / temperature) over the gallery, [0, log g], high = coarse;
      ``exp(entropy)`` reads as "how many items fit".
    """

    own: FloatArray
    best_other: FloatArray
    rival: IndexArray
    rank: IndexArray
    close: IndexArray
    entropy: FloatArray

    @property
    def margin(self) -> FloatArray:
        """Own minus best other score (q,), [-2, 2], high = the query singles its item out."""
        return self.own - self.best_other


def view(
    queries: Vectors,
    gallery: Vectors,
    own: IndexArray,
    *,
    delta: float = DELTA,
    temperature: float = TEMPERATURE,
    block_rows: int | None = None,
) -> GalleryView:
    """Compute everything of a ``GalleryView`` in one pass over the scores.

    ``queries`` (q, d), ``gallery`` (g, d), ``own`` (q,) indices into the gallery. ``delta`` >= 0 is a cosine
    difference and, like ``temperature`` > 0, depends on the encoder (0.01 is CLIP's learnt temperature).
    Raises ``ValueError`` for shapes that do not fit, indices out of range, NaN or infinity.
    """
    _check(delta, temperature)
    q = len(queries)
    out = GalleryView(_floats(q), _floats(q), _integers(q), _integers(q), _integers(q), _floats(q))
    for rows, scores, mine in _with_own(queries, gallery, own, block_rows):
        out.own[rows] = own_score = _pick(scores, mine)
        out.entropy[rows] = entropy_of_rows(scores, temperature)
        scores[np.arange(len(scores)), mine] = -np.inf  # from here on the others only
        out.rank[rows] = 1 + _at_least(scores, own_score)
        out.close[rows] = _at_least(scores, own_score - delta)
        out.rival[rows], out.best_other[rows] = _best(scores)
    return out


def own_scores(queries: Vectors, gallery: Vectors, own: IndexArray) -> FloatArray:
    """Return the score of every query with its own item (q,), [-1, 1], high = fits."""
    check_shapes(queries, gallery)
    own = check_index(own, len(queries), len(gallery), "own")
    out = _floats(len(queries))
    for rows in slices(len(queries), 1024):
        left, right = float_rows(queries, rows, "queries"), float_rows(gallery, own[rows], "gallery")
        out[rows] = np.einsum("nd,nd->n", left, right)
    return out


def ranks(queries: Vectors, gallery: Vectors, own: IndexArray, *, block_rows: int | None = None) -> IndexArray:
    """Return the 1-based pessimistic rank of every query's own item (q,), low = good."""
    out = _integers(len(queries))
    for rows, scores, mine in _with_own(queries, gallery, own, block_rows):
        out[rows] = ranks_of_rows(scores, mine)
    return out


def count_within(
    queries: Vectors, gallery: Vectors, own: IndexArray, delta: float, *, block_rows: int | None = None
) -> IndexArray:
    """Return how many other items score at least own - ``delta`` (q,): "how many images fit as well"."""
    _check(delta, TEMPERATURE)
    out = _integers(len(queries))
    for rows, scores, mine in _with_own(queries, gallery, own, block_rows):
        own_score = _pick(scores, mine)
        scores[np.arange(len(scores)), mine] = -np.inf
        out[rows] = _at_least(scores, own_score - delta)
    return out


def margins(queries: Vectors, gallery: Vectors, own: IndexArray, *, block_rows: int | None = None) -> FloatArray:
    """Return own minus best other score (q,), [-2, 2], high = the query singles its item out."""
    out = _floats(len(queries))
    for rows, scores, mine in _with_own(queries, gallery, own, block_rows):
        own_score = _pick(scores, mine)
        scores[np.arange(len(scores)), mine] = -np.inf
        out[rows] = own_score - _best(scores)[1]
    return out


def entropy(
    queries: Vectors,
    gallery: Vectors,
    temperature: float = TEMPERATURE,
    *,
    block_rows: int | None = None,
) -> FloatArray:
    """Return the entropy of softmax(scores / temperature) over the gallery (q,), nats in [0, log g]."""
    _check(0.0, temperature)
    out = _floats(len(queries))
    for rows, scores in row_blocks(queries, gallery, block_rows=block_rows):
        out[rows] = entropy_of_rows(scores, temperature)
    return out


def ranks_of_rows(scores: FloatArray, own: IndexArray) -> IndexArray:
    """Return the pessimistic rank of column ``own`` (b,) in every row of a score block (b, g)."""
    own_score = _pick(scores, own)
    return _at_least(scores, own_score)  # the own score is at least itself: that is the 1 of a 1-based rank


def entropy_of_rows(scores: FloatArray, temperature: float) -> FloatArray:
    """Return the entropy in nats of softmax(scores / temperature) for every row of a block (b, g)."""
    logits = (scores - scores.max(axis=1, keepdims=True)) / np.float32(temperature)
    weights = np.exp(logits)
    total = weights.sum(axis=1)
    nats = np.log(total) - np.einsum("bg,bg->b", weights, logits) / total
    return np.asarray(np.maximum(nats, 0.0), dtype=np.float32)


def _with_own(
    queries: Vectors, gallery: Vectors, own: IndexArray, block_rows: int | None
) -> Iterator[tuple[slice, FloatArray, IndexArray]]:
    own = check_index(own, len(queries), len(gallery), "own")
    for rows, scores in row_blocks(queries, gallery, block_rows=block_rows):
        yield rows, scores, own[rows]


def _pick(scores: FloatArray, columns: IndexArray) -> FloatArray:
    return np.asarray(scores[np.arange(len(scores)), columns], dtype=np.float32)


def _at_least(scores: FloatArray, bound: FloatArray) -> IndexArray:
    """Count per row the scores that reach ``bound`` (b,), ties included."""
    tolerance = TIE * np.maximum(1.0, np.abs(bound))  # relative where a mitigation has left the cosine scale
    reaches = scores >= (bound - tolerance)[:, None]
    return np.asarray(np.count_nonzero(reaches, axis=1), dtype=np.int64)


def _best(others: FloatArray) -> tuple[IndexArray, FloatArray]:
    """Return index and score of the best item per row; -1 and -1 where all are masked."""
    index = others.argmax(axis=1)
    score = _pick(others, index)
    nothing = np.isneginf(score)
    return np.where(nothing, -1, index), np.where(nothing, np.float32(LOWEST_COSINE), score)


def _floats(length: int) -> FloatArray:
    return np.empty(length, dtype=np.float32)


def _integers(length: int) -> IndexArray:
    return np.empty(length, dtype=np.int64)


def _check(delta: float, temperature: float) -> None:
    if delta < 0 or temperature <= 0:
        raise ValueError(f"delta must be >= 0 and temperature > 0, got {delta} and {temperature}")
