"""From raw scores of any noise scorer to what people can read: a percentile, a probability where honest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating[Any]]
Float64Array = NDArray[np.float64]

VARIANCE_FLOOR = 5e-4  # on the min-max scale, as in NCR (Huang et al., NeurIPS 2021)
MAX_STEPS = 200
TOLERANCE = 1e-6
FEWEST = 50  # below, one group in twenty looks like two


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Two normal distributions fitted to raw scores: index 0 is the lower (clean), 1 the upper (noisy).

    ``means`` and ``deviations`` are in the unit of the raw scores; ``weights`` sum to 1. ``gain`` is the
    difference in the Bayesian information criterion to a single normal distribution: above 0 two are better.
    """

    means: tuple[float, float]
    deviations: tuple[float, float]
    weights: tuple[float, float]
    gain: float

    @property
    def bimodal(self) -> bool:
        """Whether two groups are better than one and lie at least two pooled standard deviations apart."""
        pooled = np.sqrt(np.dot(self.weights, np.square(self.deviations)))
        return bool(self.gain > 0 and self.means[1] - self.means[0] >= 2 * pooled)


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What a screen shows of raw scores (n,); high = suspicious.

    ``percentile`` (n,) in (0, 100): share of pairs that are less suspicious, ties counted half.
    ``probability`` (n,) in [0, 1]: posterior of the upper component, never falling as the raw score rises;
    None where the scores show no two groups ("no bimodality"), since any number would be made up.
    """

    percentile: Float64Array
    probability: Float64Array | None
    mixture: Mixture | None


def calibrate(raw: Scores) -> Calibration:
    """Return percentile and probability of raw scores (n,).

    Raises ``ValueError`` for NaN, infinity or another shape.
    """
    raw = _checked(raw)
    mixture = fit_mixture(raw)
    probability = posterior(raw, mixture) if mixture is not None and mixture.bimodal else None
    return Calibration(percentile(raw), probability, mixture)


def percentile(raw: Scores) -> Float64Array:
    """Return the mid-rank percentile of each score (n,), in (0, 100): 100 * (below + equal / 2) / n."""
    raw = _checked(raw)
    ordered = np.sort(raw)
    below = np.searchsorted(ordered, raw, side="left")
    up_to = np.searchsorted(ordered, raw, side="right")
    return np.asarray(100.0 * (below + up_to) / (2 * max(1, len(raw))), dtype=np.float64)


def fit_mixture(raw: Scores) -> Mixture | None:
    """Fit two normal components by expectation maximisation, started at the best single cut.

    Returns None for fewer than 50 scores or where all are equal. No randomness is involved.
    """
    raw = _checked(raw)
    if len(raw) < FEWEST or np.ptp(raw) == 0:
        return None
    low, span = raw.min(), np.ptp(raw)
    x = np.sort((raw - low) / span)
    weights, means, variances = _maximise(x, _best_cut(x))
    before = -np.inf
    for _ in range(MAX_STEPS):
        joint = _log_joint(x, weights, means, variances)
        total = np.logaddexp(joint[0], joint[1])
        weights, means, variances = _maximise(x, np.exp(joint[1] - total))
        likelihood = float(total.mean())
        if likelihood - before < TOLERANCE:
            break
        before = likelihood
    order = np.argsort(means, kind="stable")
    return Mixture(
        means=_pair(low + span * means[order]),
        deviations=_pair(span * np.sqrt(variances[order])),
        weights=_pair(weights[order]),
        gain=_bic_gain(x, _log_joint(x, weights, means, variances)),
    )


def posterior(raw: Scores, mixture: Mixture) -> Float64Array:
    """Return the probability of the upper component for each score (n,), made monotone.

    With unequal deviations the wider component wins in both tails, so that the very cleanest pairs would look
    noisy; below the posterior's minimum left of the upper mean it is held there, and it never falls after.
    """
    raw = _checked(raw)
    order = np.argsort(raw, kind="stable")
    x = raw[order]
    joint = _log_joint(x, np.array(mixture.weights), np.array(mixture.means), np.square(mixture.deviations))
    p = np.exp(joint[1] - np.logaddexp(joint[0], joint[1]))
    left = max(1, int(np.searchsorted(x, mixture.means[1], side="right")))
    if len(p):
        lowest = int(np.argmin(p[:left]))
        p[:lowest] = p[lowest]
    out = np.empty(len(p))
    out[order] = np.maximum.accumulate(p)
    return out


def _best_cut(x: Float64Array) -> Float64Array:
    """Return 1 for the sorted scores above the cut that leaves least variance within both parts (Otsu)."""
    below = np.arange(1, len(x))
    sums = np.cumsum(x)
    between = (sums[:-1] / below - (sums[-1] - sums[:-1]) / (len(x) - below)) ** 2
    cut = int(np.argmax(between * below * (len(x) - below))) + 1
    return np.asarray(np.arange(len(x)) >= cut, dtype=np.float64)


def _bic_gain(x: Float64Array, joint: Float64Array) -> float:
    """Return by how much the mixture beats one normal distribution, three more parameters paid for."""
    one = _log_joint(x, np.ones(1), x.mean(keepdims=True), x.var(keepdims=True) + VARIANCE_FLOOR)
    ratio = np.logaddexp(joint[0], joint[1]).sum() - one.sum()
    return float(2 * ratio - 3 * np.log(len(x)))


def _log_joint(x: Float64Array, weights: Float64Array, means: Float64Array, variances: Float64Array) -> Float64Array:
    """Return log(weight * density) of each component (c, n)."""
    gap = x[None, :] - means[:, None]
    spread = variances[:, None]
    return np.asarray(np.log(weights)[:, None] - 0.5 * (np.log(2 * np.pi * spread) + gap**2 / spread))


def _maximise(x: Float64Array, upper: Float64Array) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return weights, means and variances (2,) given each score's share in the upper component (n,)."""
    shares = np.stack([1 - upper, upper])
    sizes = np.maximum(shares.sum(axis=1), 1e-9)
    means = shares @ x / sizes
    variances = np.einsum("cn,cn->c", shares, (x[None, :] - means[:, None]) ** 2) / sizes + VARIANCE_FLOOR
    return sizes / sizes.sum(), means, variances


def _pair(values: Float64Array) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _checked(raw: Scores) -> Float64Array:
    scores = np.asarray(raw, dtype=np.float64)
    if scores.ndim != 1 or not np.isfinite(scores).all():
        raise ValueError(f"raw scores must be one list of finite numbers, got shape {scores.shape}")
    return scores
