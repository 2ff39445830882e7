"""Cluster bootstrap: intervals that respect that the captions of one image are not independent.

Whole images are resampled with all their captions (Efron & Tibshirani 1993, percentile interval). Resampling
single captions would understate the variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
CHUNK = 100  # resamples drawn at a time; a constant, so that a seed gives the same draws everywhere


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its percentile interval, in the unit of the values; ``level`` in (0, 1)."""

    estimate: float
    low: float
    high: float
    level: float

    @property
    def clear_of_zero(self) -> bool:
        """Whether the interval lies wholly on one side of zero."""
        return self.low > 0 or self.high < 0


def mean_interval(
    values: Values, clusters: Values, *, samples: int = 2000, level: float = 0.95, seed: int = 0
) -> Interval:
    """Return the mean of ``values`` (n,) with its interval, resampling the groups of ``clusters`` (n,).

    Values may be boolean (hits) or numbers; cluster labels may be of any sortable type. The same seed gives
    the same interval. Raises ``ValueError`` for no values, unequal lengths, or a level outside (0, 1).
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or not len(values) or np.shape(clusters) != values.shape:
        raise ValueError(f"values {values.shape} and clusters {np.shape(clusters)} must be two lists of one length > 0")
    if not 0 < level < 1 or samples < 1:
        raise ValueError(f"level must lie between 0 and 1 and samples be positive, got {level} and {samples}")
    groups, member = np.unique(clusters, return_inverse=True)
    sums = np.bincount(member, weights=values)
    sizes = np.bincount(member)
    rng = np.random.default_rng(seed)
    means = np.empty(samples)
    for start in range(0, samples, CHUNK):
        drawn = rng.integers(len(groups), size=(min(CHUNK, samples - start), len(groups)))
        means[start : start + len(drawn)] = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(values.mean()), float(low), float(high), level)


def paired_difference(
    before: Values,
    after: Values,
    clusters: Values,
    *,
    samples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Return the mean of ``after - before`` with its interval; all (n,), row i of both is one query."""
    if np.shape(before) != np.shape(after):
        raise ValueError(f"before {np.shape(before)} and after {np.shape(after)} must be of one length")
    difference = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    return mean_interval(difference, clusters, samples=samples, level=level, seed=seed)
