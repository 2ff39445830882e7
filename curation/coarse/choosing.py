"""What to judge next, and what a budget buys: pure functions of calibrated probabilities.

The likeliest captions are where a verdict changes the benchmark; the most informative are those of which the model
knows least (probability near one half). A share of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Budget:
    """What judging the first ``judged`` captions finds: the estimated share of all coarse ones, with a 95 % interval.

    ``found`` and ``coarse`` are expected numbers of captions; ``share``, ``low`` and ``high`` lie in [0, 1].
    """

    judged: int
    found: float
    coarse: float
    share: float
    low: float
    high: float


def mixed_order(
    probability: NDArray[np.float64], keys: Sequence[str], *, informative_share: float = 0.2
) -> NDArray[np.int64]:
    """Return the order (n,) in which to judge: the likeliest coarse ones, with the most uncertain mixed in evenly.

    ``probability`` (n,) in [0, 1]; ``keys`` (n,) break ties, so that neither file order nor index decides. Two queues
    are merged, the likeliest stretched to ``1 - informative_share`` of the places and the uncertain to the rest; a
    caption stands where it first comes up. 0 gives the plain order by probability, 1 the order by uncertainty. What
    is left after some were judged is in the same order. The store orders its queue by the same rule in SQL.
    Raises ``ValueError`` for a share outside [0, 1].
    """
    if not 0.0 <= informative_share <= 1.0:
        raise ValueError(f"the informative share is a number from 0 to 1, not {informative_share}")
    if len(keys) != len(probability):
        raise ValueError(f"{len(keys)} keys for {len(probability)} captions: give one per caption")
    ties = np.argsort(np.argsort(np.array(keys, dtype=object), kind="stable"), kind="stable")
    likeliest = _places(np.lexsort((ties, -probability)))
    uncertain = _places(np.lexsort((ties, np.abs(probability - 0.5))))
    first = np.minimum(likeliest * informative_share, uncertain * (1.0 - informative_share))
    return np.lexsort((uncertain if informative_share == 1 else likeliest, first))


def _places(order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each caption its place in an order, from 1."""
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(1, len(order) + 1)
    return places


def budget(probability: NDArray[np.float64], judged: int, *, already: int = 0) -> Budget:
    """Estimate what the first ``judged`` captions hold: ``probability`` (n,) calibrated, in the order of judging.

    ``already`` coarse captions were found before and count as found. The share is a ratio of two sums of
    independent verdicts; its interval is the normal one by the delta method, which takes the probabilities as
    true: how well they are calibrated is what the reliability bins say.
    """
    return budgets(probability, [judged], already=already)[0]


def budgets(probability: NDArray[np.float64], judged: Sequence[int], *, already: int = 0) -> list[Budget]:
    """Return the budget of each of several numbers, all from one pass over the probabilities."""
    for one in judged:
        if not 0 <= one <= len(probability):
            raise ValueError(f"the budget is a number from 0 to {len(probability)}, not {one}")
    found = np.concatenate([[0.0], np.cumsum(probability)])
    noise = np.concatenate([[0.0], np.cumsum(probability * (1 - probability))])
    return [
        _budget(one, found[one] + already, found[-1] - found[one], noise[one], noise[-1] - noise[one]) for one in judged
    ]


def _budget(judged: int, found: float, left: float, noise_head: float, noise_tail: float) -> Budget:
    """``found`` and ``left`` are sums of probabilities before and after the cut, the noises their variances."""
    total = found + left
    if total <= 0:
        return Budget(judged, 0.0, 0.0, 1.0, 1.0, 1.0)
    error = np.sqrt(max(0.0, left**2 * noise_head + found**2 * noise_tail)) / total**2
    share = found / total
    low, high = max(0.0, share - _Z95 * error), min(1.0, share + _Z95 * error)
    return Budget(judged, float(found), float(total), float(share), float(low), float(high))
