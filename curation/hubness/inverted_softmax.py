"""Inverted softmax (Smith et al., ICLR 2017; the static part of QB-Norm, Bogolin et al., CVPR 2022)."""

from __future__ import annotations

import numpy as np

from curation.hubness import Banks, Correction, mitigation


@mitigation("inverted_softmax", title="Inverted softmax")
def inverted_softmax(banks: Banks, *, beta: float = 20.0) -> Correction:
    """Divide each score's softmax weight by the weight that the whole bank puts on that gallery item. Beta
    is the inverse temperature: the larger, the more only an item's nearest bank queries count.

    Kept as a logarithm, beta * score - logsumexp(beta * bank scores): exp(100 * 0.95) overflows float32.
    """
    bias = banks.log_sum_exp(beta)
    return lambda scores: np.float32(beta) * scores - bias
