"""Which of two wordings of one caption is the finer one: what accepted rewrites teach.

A score over one caption weighs all of its words, so that the little in which two wordings differ drowns. Here only
the difference counts: the runs of words (``curation.coarse.wording``) that one wording has and the other lacks.
More words win outright; among wordings of equal length, or shorter ones, the weights decide that a regression
learned from the pairs that curators have made (Bradley and Terry, 1952, over features).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from curation.coarse.wording import runs
from curation.text.normalise import tokens

LONGER = 1000.0
"""Lead of each word more: above anything that the weights add up to."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Weights of runs of words, high = finer; empty before anything was learned."""

    weights: dict[str, float] = field(default_factory=dict)

    def lead(self, old: str, new: str) -> float:
        """Return by how much ``new`` is finer than ``old``: above 0 it is finer, below 0 coarser, 0 cannot be told."""
        more = len(tokens(new)) - len(tokens(old))
        before, after = runs(old), runs(new)
        gained = sum(sorted(self.weights.get(run, 0.0) for run in after - before))
        lost = sum(sorted(self.weights.get(run, 0.0) for run in before - after))
        return LONGER * max(0, more) + gained - lost


def learn(pairs: Sequence[tuple[str, str]], *, strength: float = 1.0, least_pairs: int = 2) -> Comparison:
    """Return the comparison that pairs ``(old, finer)`` teach; rarer runs than ``least_pairs`` are left out."""
    from scipy.sparse import csr_matrix, vstack
    from sklearn.linear_model import LogisticRegression

    changes = [(runs(new) - runs(old), runs(old) - runs(new)) for old, new in pairs]
    frequency = Counter(run for gained, lost in changes for run in gained | lost)
    place = {run: n for n, run in enumerate(sorted(run for run, k in frequency.items() if k >= least_pairs))}
    if not place:
        return Comparison()
    entries = [
        (row, place[run], sign)
        for row, change in enumerate(changes)
        for sign, side in ((1.0, change[0]), (-1.0, change[1]))
        for run in sorted(side)
        if run in place
    ]
    rows, columns, values = zip(*entries, strict=True)
    gains = csr_matrix((values, (rows, columns)), shape=(len(changes), len(place)))
    labels = np.repeat([True, False], len(changes))
    regression = LogisticRegression(C=strength, fit_intercept=False, max_iter=500)
    regression.fit(vstack([gains, -gains]).tocsr(), labels)
    return Comparison(dict(zip(place, map(float, regression.coef_[0]), strict=True)))
