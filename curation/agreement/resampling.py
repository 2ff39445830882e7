"""Intervals by resampling whole clusters of items (Efron & Tibshirani 1993, percentile interval).

Items that add the same to the sums are of one kind, and clusters of the same items are drawn as one kind with a
multinomial count, so that a hundred thousand items that fall into a few hundred kinds cost no more than those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from curation.agreement.ratings import Codes, Floats

LEVEL = 0.95
UNDEFINED = 0.05
"""Largest share of resamples in which a measure may be undefined and still get an interval."""

CHUNK = 100  # resamples drawn at a time; a constant, so that a seed gives the same draws everywhere

Measure = Callable[[Floats], Floats]
"""From sums (s, f) to values (s,), NaN where undefined."""


@dataclass(frozen=True, slots=True)
class Score:
    """A measure with its interval, or the reason why there is none.

    ``value`` is None where the measure is not defined, ``low`` and ``high`` where no interval can be given; ``why``
    says so in words. ``items`` are those that the measure is taken over, ``answers`` the answers to them.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    items: int = 0
    answers: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made: ``samples`` resamples from ``seed``, ``level`` in (0, 1)."""

    samples: int = 1000
    level: float = LEVEL
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.level < 1 or self.samples < 1:
            raise ValueError(
                f"level must lie between 0 and 1 and samples be positive, got {self.level} and {self.samples}"
            )

    @classmethod
    def within_seconds(cls, items: int) -> Resampling:
        """Return as many resamples as take a few seconds for so many items: 1,000, and never fewer than 200."""
        return cls(samples=int(min(1000, max(200, 20_000_000 // max(1, items)))))


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Sums over all items (1, f), and over resamples of the clusters (s, f) at a time."""

    whole: Floats
    resampled: Iterable[Floats] = field(default=())
    clusters: int = 0


def kinds_of(rows: Codes) -> tuple[Codes, Codes]:
    """Return the different rows (k, w) of small whole numbers (n, w) and which of them each row is (n,)."""
    kinds, kind = np.unique(rows.astype(np.int32), axis=0, return_inverse=True)
    return kinds.astype(np.int64), kind.reshape(-1)


def drawn(features: Floats, kind: Codes, clusters: Codes, how: Resampling) -> Drawn:
    """Resample items of ``kind`` (n,), each adding ``features[kind]`` (k, f), by their ``clusters`` (n,)."""
    whole = np.bincount(kind, minlength=len(features)) @ features
    sums, number = _kinds_of_clusters(features, kind, clusters)
    return Drawn(whole[None], _multinomial(sums, number, how), int(number.sum()))


def drawn_sparse(columns: Codes, clusters: Codes, f: int, how: Resampling) -> Drawn:
    """Resample entries that add 1 to one of ``f`` sums, ``columns`` (n,), by their ``clusters`` (n,) from 0.

    For many sums of which an item touches few: the sums are never held per item.
    """
    number = int(clusters.max()) + 1 if len(clusters) else 0
    return Drawn(np.bincount(columns, minlength=f)[None].astype(float), _sparse(columns, clusters, f, how), number)


def scores(
    measures: dict[str, Measure], drawn: Drawn, how: Resampling, *, items: int, answers: int
) -> dict[str, Score]:
    """Return each measure with its interval; all share the same resamples."""
    if not items:
        return dict.fromkeys(measures, Score(None, why="no item has been answered by two people"))
    values = {name: float(measure(drawn.whole)[0]) for name, measure in measures.items()}
    found: dict[str, list[Floats]] = {name: [] for name in measures}
    for sums in drawn.resampled:
        for name, measure in measures.items():
            found[name].append(measure(sums))
    return {
        name: _score(values[name], np.concatenate(found[name]), drawn.clusters, items, answers, how.level)
        for name in measures
    }


def share_difference(first: Floats, second: Floats, number: Codes, how: Resampling) -> Score:
    """Return a share in one kind of items minus the share in another, in [-1, 1], with its interval.

    ``first`` and ``second`` (k, 2) hold, for each kind of cluster, the items with the property and all items;
    ``number`` (k,) is how many clusters of the kind there are. Clusters are drawn as a whole.
    """
    if not number @ first[:, 1] or not number @ second[:, 1]:
        return Score(None, why="one of the two kinds has no item yet")

    def difference(sums: Floats) -> Floats:
        one, all_one, other, all_other = sums.T
        return np.asarray(_over(one, all_one) - _over(other, all_other))

    features = np.concatenate([first, second], axis=1)
    whole = number @ features
    items = int(whole[1] + whole[3])
    resampled = Drawn(whole[None], _multinomial(features, number, how), int(number.sum()))
    return scores({"difference": difference}, resampled, how, items=items, answers=items)["difference"]


def _kinds_of_clusters(features: Floats, kind: Codes, clusters: Codes) -> tuple[Floats, Codes]:
    """Return what each kind of cluster adds (g, f), and how many clusters are of that kind (g,).

    Two clusters are of one kind where they hold the same kinds of items equally often: told by the sum of one random
    number per kind of item, which 64 bits keep apart.
    """
    order = np.argsort(clusters, kind="stable")
    new = np.diff(clusters[order], prepend=clusters[order[:1]] - 1) != 0
    marks = np.random.default_rng(0).integers(2**63, size=len(features), dtype=np.uint64)
    signatures = np.add.reduceat(marks[kind[order]], np.flatnonzero(new)) if len(order) else marks[:0]
    _, first, number = np.unique(signatures, return_index=True, return_counts=True)
    chosen = np.zeros(len(signatures), dtype=bool)
    chosen[first] = True
    kept = chosen[np.cumsum(new) - 1]
    starts = np.flatnonzero(new[kept])
    sums = np.add.reduceat(features[kind[order[kept]]], starts, axis=0) if len(starts) else features[:0]
    return sums, number[np.argsort(first)]  # the sums come in the order of the clusters, the numbers by signature


def _multinomial(sums: Floats, number: Codes, how: Resampling) -> Iterator[Floats]:
    rng, clusters = np.random.default_rng(how.seed), int(number.sum())
    for size in _sizes(how.samples):
        yield rng.multinomial(clusters, number / clusters, size=size) @ sums


def _sparse(columns: Codes, clusters: Codes, f: int, how: Resampling) -> Iterator[Floats]:
    rng, number = np.random.default_rng(how.seed), int(clusters.max()) + 1
    order = np.argsort(columns, kind="stable")
    used, starts = np.unique(columns[order], return_index=True)
    for size in _sizes(how.samples):
        picked = rng.integers(number, size=(size, number)) + np.arange(size)[:, None] * number
        times = np.bincount(picked.ravel(), minlength=size * number).reshape(size, number)
        sums = np.zeros((size, f))
        sums[:, used] = np.add.reduceat(times[:, clusters[order]], starts, axis=1)
        yield sums


def _sizes(samples: int) -> list[int]:
    return [min(CHUNK, samples - start) for start in range(0, samples, CHUNK)]


def _score(value: float, drawn: Floats, clusters: int, items: int, answers: int, level: float) -> Score:
    if np.isnan(value):
        why = "all answers are the same, so that agreement cannot be told from chance"
        return Score(None, items=items, answers=answers, why=why)
    if clusters < 2:
        return Score(value, items=items, answers=answers, why="items of one image alone give no interval")
    if np.isnan(drawn).mean() > UNDEFINED:
        why = "no interval: in many resamples all answers are the same"
        return Score(value, items=items, answers=answers, why=why)
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Score(value, float(low), float(high), items, answers)


def _over(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0))
