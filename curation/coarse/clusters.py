"""Captions that say nearly the same, so that one verdict can be given to all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from math import ceil

from curation.text.normalise import tokens

LEAST_SHARED = 0.85
MOST_COMPARED = 200
"""A word in more captions than this brings no two of them together; captions share rarer words, or are equal."""


def near_identical(texts: Sequence[str], *, least: float = LEAST_SHARED) -> list[list[int]]:
    """Return groups of captions that share nearly all of their words, the largest first; each group has two or more.

    Two captions belong together where words in common over words in either (Jaccard, 1912; multisets, case and
    punctuation aside) reach ``least``. Of each group the first caption is its centre: every other one is that near
    to it, so that a chain of small differences never joins what differs much. Captions of equal words always stand
    together. The groups follow from the texts, not from their order; ties go to the text that sorts first.
    Raises ``ValueError`` for ``least`` outside (0, 1].
    """
    if not 0.0 < least <= 1.0:
        raise ValueError(f"the least share of words in common is a number above 0 up to 1, not {least}")
    rows: dict[tuple[str, ...], list[int]] = {}
    for row, text in enumerate(texts):
        rows.setdefault(tuple(sorted(tokens(text))), []).append(row)
    wordings = sorted(rows, key=lambda words: (-len(rows[words]), words))
    near = _near(wordings, least)
    taken: set[int] = set()
    groups = []
    for centre in sorted(range(len(wordings)), key=lambda one: -sum(len(rows[wordings[n]]) for n in near[one])):
        free = [one for one in near[centre] if one not in taken]
        if centre in taken or sum(len(rows[wordings[one]]) for one in free) < 2:
            continue
        taken.update(free)
        first = sorted(free, key=lambda one: (one != centre, one))
        groups.append([row for one in first for row in sorted(rows[wordings[one]], key=lambda row: (texts[row], row))])
    return sorted(groups, key=lambda group: (-len(group), texts[group[0]]))


def _near(wordings: Sequence[tuple[str, ...]], least: float) -> list[list[int]]:
    """Return for each wording those that are near to it, itself included.

    Two sets of which one holds ``least`` of the other have their rarest common word among the first few of either,
    rarest first: only those are looked up (prefix filtering, Chaudhuri et al., 2006).
    """
    counted = [_numbered(words) for words in wordings]
    number = Counter(word for words in counted for word in words)
    holders: dict[tuple[str, int], list[int]] = {}
    near = [[one] for one in range(len(wordings))]
    for one, words in enumerate(counted):
        rarest = sorted(words, key=lambda word: (number[word], word))
        few = len(words) - ceil(least * len(words) - 1e-9) + 1
        telling = [word for word in rarest[:few] if number[word] <= MOST_COMPARED]
        for other in sorted({other for word in telling for other in holders.get(word, ())}):
            shared = len(words & counted[other])
            if shared >= least * (len(words) + len(counted[other]) - shared) - 1e-9:
                near[one].append(other)
                near[other].append(one)
        for word in telling:
            holders.setdefault(word, []).append(one)
    return near


def _numbered(words: Sequence[str]) -> frozenset[tuple[str, int]]:
    """Return a multiset of sorted words as a set: the second "a" of a caption is another element than its first."""
    return frozenset((word, place) for word, same in groupby(words) for place, _ in enumerate(same))
