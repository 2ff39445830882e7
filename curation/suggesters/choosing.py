"""A few sets of details, chosen together so that one of them is likely to be what a person would have put in.

Nobody knows which details the person wants, only how likely each word is. Many wishes are drawn from that, and
sets are taken one by one so that the best set for each wish becomes as good as it can: the greedy way, which comes
within 1 - 1/e of the best choice, since the gain is submodular (Nemhauser, Wolsey, Fisher, Mathematical
Programming 1978).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from curation.suggesters.detail import Detail
from curation.suggesters.likelihood import content_words

DRAWS = 256
LIKELIEST = 18
"""Only so many details are combined, three at most of the first ten."""

Choice = tuple[Detail, ...]


def choose(
    details: Sequence[Detail],
    chances: Mapping[str, float],
    *,
    keep: int = 5,
    max_words: int = 6,
    unheard: float = 1.0,
    doubt: Callable[[Detail], int] = lambda detail: 0,
    seed: int = 0,
) -> list[Choice]:
    """Return at most ``keep`` sets of details: one of the surest first, then the most useful beside it.

    ``chances`` maps words to probabilities in [0, 1]; a set puts in ``max_words`` words at most. A set is worth the
    F1 of its words against those that the person wants, of which ``unheard`` on average are in no detail. ``doubt``
    says how doubtful a detail is; a set is as doubtful as the worst of its details.
    """
    words = sorted(chances)
    told = [(detail, content_words(detail.insertion.words) & chances.keys()) for detail in details]
    told = [(detail, held) for detail, held in told if held and detail.words <= max_words]
    told.sort(key=lambda one: -sum(chances[word] for word in one[1]) / (1 + len(one[1])))
    sets = list(_sets(told[:LIKELIEST], max_words))
    if not sets:
        return []
    holds = np.array([[word in held for word in words] for _, held in sets], dtype=np.float64)  # (s, w)
    rng = np.random.default_rng(seed)
    wanted = (rng.random((DRAWS, len(words))) < [chances[word] for word in words]).astype(np.float64)  # (draws, w)
    size = wanted.sum(axis=1) + rng.poisson(unheard, DRAWS)
    worth = 2 * (holds @ wanted.T) / (holds.sum(axis=1)[:, None] + size[None])  # (s, draws)
    doubts = np.array([max(map(doubt, details)) for details, _ in sets])
    return [sets[place][0] for place in _greedy(worth, np.flatnonzero(doubts == doubts.min()).tolist(), keep)]


def _greedy(worth: np.ndarray[tuple[int, int], np.dtype[np.float64]], first: list[int], keep: int) -> Iterator[int]:
    """Yield rows of ``worth`` (s, draws), each the one that raises the mean of the best so far the most.

    The first is one of the rows ``first``.
    """
    best = np.zeros(worth.shape[1])
    left = list(range(len(worth)))
    for turn in range(min(keep, len(left))):
        able = left if turn else first
        gains = np.maximum(worth[able], best).mean(axis=1)
        taken = able[int(gains.argmax())]
        left.remove(taken)
        best = np.maximum(best, worth[taken])
        yield taken


def _sets(told: Sequence[tuple[Detail, frozenset[str]]], max_words: int) -> Iterator[tuple[Choice, frozenset[str]]]:
    """Yield single details, then pairs and triples that can stand in one caption."""
    for size, first in ((1, len(told)), (2, len(told)), (3, 10)):
        for group in combinations(told[:first], size):
            details = tuple(detail for detail, _ in group)
            held = frozenset().union(*(words for _, words in group))
            if go_together(details, max_words) and len(held) == sum(len(words) for _, words in group):
                yield details, held


def go_together(details: Sequence[Detail], max_words: int) -> bool:
    """Whether details can stand in one caption: of different kinds, in different places, and not too long."""
    kinds, places = {detail.kind for detail in details}, {detail.insertion.at for detail in details}
    short = sum(detail.words for detail in details) <= max_words
    return short and len(kinds) == len(places) == len(details)
