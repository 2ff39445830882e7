"""How much retrieval suffers where captions are altered without becoming false.

XMAI (Ramshetty et al., ACL 2023) reports the fall of the mean reciprocal rank from the captions to the altered ones,
with ties broken in the model's favour and batches of 1,000. Here the whole gallery competes, ties count against the
model (see ``ranks``), and intervals resample whole images.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from curation.retrieval.blocks import IndexArray
from curation.retrieval.bootstrap import CHUNK, Interval, Values, mean_interval, paired_difference
from curation.retrieval.metrics import KS, Metrics, summarise


@dataclass(frozen=True, slots=True)
class Robustness:
    """Text-to-image retrieval before and after; ``mrr_*`` in (0, 1], high = good.

    ``mrr_change`` is after minus before, ``relative_drop`` (before - after) / before: high = brittle, below 0 where
    the altered captions are found better. ``recall_change`` maps K to after minus before in percentage points.
    """

    before: Metrics
    after: Metrics
    images: int
    mrr_before: Interval
    mrr_after: Interval
    mrr_change: Interval
    relative_drop: Interval
    recall_change: dict[int, Interval]


def robustness(
    before: IndexArray,
    after: IndexArray,
    images: Values,
    *,
    ks: Sequence[int] = KS,
    samples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Robustness:
    """Compare 1-based ranks (q,) of the same queries before and after; ``images`` (q,) are their clusters.

    Raises ``ValueError`` for no queries, unequal lengths or ranks below 1.
    """
    if np.shape(before) != np.shape(after):
        raise ValueError(f"before {np.shape(before)} and after {np.shape(after)} must be of one length")
    first, second = summarise(before, ks), summarise(after, ks)
    old, new = 1.0 / np.asarray(before), 1.0 / np.asarray(after)
    return Robustness(
        before=first,
        after=second,
        images=len(np.unique(images)),
        mrr_before=mean_interval(old, images, samples=samples, level=level, seed=seed),
        mrr_after=mean_interval(new, images, samples=samples, level=level, seed=seed),
        mrr_change=paired_difference(old, new, images, samples=samples, level=level, seed=seed),
        relative_drop=relative_drop(old, new, images, samples=samples, level=level, seed=seed),
        recall_change={
            k: paired_difference(100.0 * (before <= k), 100.0 * (after <= k), images, samples=samples, level=level,
                                 seed=seed)
            for k in ks
        },
    )  # fmt: skip


def relative_drop(
    before: Values, after: Values, clusters: Values, *, samples: int = 2000, level: float = 0.95, seed: int = 0
) -> Interval:
    """Return 1 - mean(after) / mean(before) with its percentile interval, resampling whole clusters.

    Positive values (n,). Numerator and denominator are drawn together, so that their correlation is kept.
    """
    groups, member = np.unique(clusters, return_inverse=True)
    old, new = np.bincount(member, weights=before), np.bincount(member, weights=after)
    rng = np.random.default_rng(seed)
    drops = np.empty(samples)
    for start in range(0, samples, CHUNK):
        drawn = rng.integers(len(groups), size=(min(CHUNK, samples - start), len(groups)))
        drops[start : start + len(drawn)] = 1 - new[drawn].sum(axis=1) / old[drawn].sum(axis=1)
    low, high = np.quantile(drops, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(1 - new.sum() / old.sum()), float(low), float(high), level)
