"""Text defects that no caption should have, with their positions and a repair: the gate for every suggestion."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from curation.text.articles import wrong_articles
from curation.text.lexicon import lexicon

DefectKind = Literal["article", "repeated_word"]

_REPEATED = re.compile(r"\b([a-z]+)(\s+\1)+\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: its kind, the half-open character range, what stands there, and what should."""

    kind: DefectKind
    start: int
    end: int
    wrong: str
    right: str


def find_defects(text: str) -> list[Defect]:
    """Return the defects of a text by position.

    >>> [(d.wrong, d.right) for d in find_defects("an white white table under a umbrella")]
    [('an', 'a'), ('white white', 'white'), ('a', 'an')]
    """
    articles = [Defect("article", w.start, w.end, text[w.start : w.end], w.right) for w in wrong_articles(text)]
    return sorted([*articles, *_repeated_words(text)], key=lambda defect: (defect.start, defect.end))


def new_defects(old: str, new: str) -> list[Defect]:
    """Return the defects that ``new`` has and ``old`` had not: those that an edit brought in."""
    known = Counter((defect.kind, defect.wrong.lower(), defect.right.lower()) for defect in find_defects(old))
    fresh = []
    for defect in find_defects(new):
        key = (defect.kind, defect.wrong.lower(), defect.right.lower())
        if known[key] > 0:
            known[key] -= 1
        else:
            fresh.append(defect)
    return fresh


def _repeated_words(text: str) -> list[Defect]:
    allowed = lexicon().repeats
    return [
        Defect("repeated_word", match.start(), match.end(), match.group(), match.group(1))
        for match in _REPEATED.finditer(text)
        if match.group(1).lower() not in allowed
    ]
