"""How far probabilities can be trusted: reliability bins, calibration error, AUC."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BINS = 10


def reliability(
    probability: NDArray[np.float64], coarse: NDArray[np.bool_], bins: int = BINS
) -> tuple[dict[str, float], ...]:
    """Return up to ``bins`` bins of equal mass, lowest first: mean ``predicted``, ``observed`` share, and ``number``.

    ``probability`` and ``coarse`` are (v,). Equal probabilities stay in the order in which they came.
    """
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return tuple(
        {
            "predicted": float(probability[part].mean()),
            "observed": float(coarse[part].mean()),
            "number": float(len(part)),
        }
        for part in parts
    )


def calibration_error(probability: NDArray[np.float64], coarse: NDArray[np.bool_], bins: int = BINS) -> float:
    """Return the expected calibration error over equal-mass bins, in [0, 1], low = good (Nguyen and O'Connor, 2015)."""
    found = reliability(probability, coarse, bins)
    total = sum(one["number"] for one in found)
    return sum(one["number"] * abs(one["predicted"] - one["observed"]) for one in found) / max(1.0, total)


def log_loss(probability: NDArray[np.float64], coarse: NDArray[np.bool_]) -> float:
    """Return the mean of minus the logarithm of the probability of what was so, low = good; never infinite."""
    given = np.where(coarse, probability, 1.0 - probability)
    return float(-np.log(np.maximum(given, 1e-12)).mean())


def auc(score: NDArray[np.float64], coarse: NDArray[np.bool_]) -> float | None:
    """Return the chance that a coarse caption scores above a fine one, ties half; None where one kind is missing."""
    positive, negative = np.sort(score[coarse]), np.sort(score[~coarse])
    if not len(positive) or not len(negative):
        return None
    below = np.searchsorted(negative, positive, "left") + np.searchsorted(negative, positive, "right")
    return float(below.sum() / (2.0 * len(positive) * len(negative)))
