"""Mitigations of hubness, a plug-in kind: each learns from banks what to correct in a block of scores.

A mitigation is called once with ``Banks`` and its settings and returns a function that turns a block of
scores (b, g) float32, whole rows, into corrected scores (b, g) float32, high = better. It does not alter
the block, and the result of a row does not depend on the other rows of the block: so the full matrix is
never needed. Only the order within a row has a meaning.

::

    @mitigation("nnn", title="Nearest-neighbour normalisation")
    def nnn(banks: Banks, *, k: int = 128, alpha: float = 0.75) -> Correction: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from curation.records import RegrainError
from curation.registry import Registry
from curation.retrieval.blocks import FloatArray, Vectors, row_blocks
from curation.retrieval.topk import topk

Correction = Callable[[FloatArray], FloatArray]
Mitigation = Callable[..., Correction]


@dataclass(frozen=True, slots=True, eq=False)
class Banks:
    """What a mitigation may learn from: ``queries`` (m, d) and the ``gallery`` (g, d), unit rows.

    The bank of queries is drawn from captions of the train and val splits, never from test: with the test
    queries themselves every figure would be transductive. Raises ``RegrainError`` where the bank is empty.
    """

    queries: Vectors
    gallery: Vectors

    def __post_init__(self) -> None:
        if not len(self.queries):
            raise RegrainError(
                "the query bank is empty: hubness is mitigated with captions of the train or val split, "
                "and no such caption has been encoded; import some, or set the split of some images to train"
            )

    def topk_mean(self, k: int) -> FloatArray:
        """Return the mean score of each gallery item with its k nearest bank queries (g,), k at most m."""
        scores, _ = topk(self.gallery, self.queries, k)
        return np.asarray(scores.mean(axis=1), dtype=np.float32)

    def log_sum_exp(self, beta: float) -> FloatArray:
        """Return log of the sum over bank queries of exp(beta * score), for each gallery item (g,)."""
        out = np.empty(len(self.gallery), dtype=np.float32)
        for rows, scores in row_blocks(self.gallery, self.queries):
            scores *= np.float32(beta)
            peak = scores.max(axis=1)
            out[rows] = peak + np.log(np.exp(scores - peak[:, None]).sum(axis=1))
        return out


mitigations: Registry[Mitigation] = Registry("mitigation", __name__)
mitigation = mitigations.register
