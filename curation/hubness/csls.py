"""Cross-domain similarity local scaling (Conneau et al., ICLR 2018), with a query bank."""

from __future__ import annotations

import numpy as np

from curation.hubness import Banks, Correction, mitigation
from curation.retrieval.blocks import FloatArray


@mitigation("csls", title="Local scaling (CSLS)")
def csls(banks: Banks, *, k: int = 10) -> Correction:
    """Subtract from twice the score the mean similarity of either side to its k nearest on the other side.
    The gallery's neighbours come from the bank; k is clamped to the bank and to the gallery.

    The query's term moves its whole row, so that it ranks like ``nnn`` with alpha 0.5 and the same k.
    """
    of_gallery = banks.topk_mean(k)

    def correct(scores: FloatArray) -> FloatArray:
        near = min(k, scores.shape[1])
        of_query = np.partition(scores, scores.shape[1] - near, axis=1)[:, -near:].mean(axis=1)
        return np.asarray(2 * scores - of_query[:, None] - of_gallery, dtype=np.float32)

    return correct
