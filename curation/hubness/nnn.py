"""Nearest-neighbour normalisation (Chowdhury et al., EMNLP 2024)."""

from __future__ import annotations

import numpy as np

from curation.hubness import Banks, Correction, mitigation


@mitigation("nnn", title="Nearest-neighbour normalisation")
def nnn(banks: Banks, *, k: int = 128, alpha: float = 0.75) -> Correction:
    """Subtract from each gallery item its mean similarity to its k nearest bank queries. k is clamped to
    the size of the bank; alpha in [0, 1.5] is how much of the mean is subtracted, 0 changes nothing.

    The defaults are the paper's generic setting; alpha and k are best chosen on train and val captions.
    """
    bias = np.float32(alpha) * banks.topk_mean(k)
    return lambda scores: scores - bias
