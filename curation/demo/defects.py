"""Mistakes of writing, planted in captions at known places."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

DefectSort = Literal["article", "repeated word", "misspelt", "lost apostrophe", "double space"]


@dataclass(frozen=True, slots=True)
class Defect:
    """One mistake: the half-open range of characters in the text, what stands there and what should."""

    sort: DefectSort
    start: int
    end: int
    wrong: str
    right: str


Planter = Callable[[str, np.random.Generator], tuple[str, Defect] | None]


_ARTICLE: Final = re.compile(r"\b(an?)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"[A-Za-z]+")
_LONG_WORD: Final = re.compile(r"\b[A-Za-z]{5,}\b")
_START: Final = re.compile(r"\b[Tt]here is\b|\b[Aa] picture of\b|^(?=[Aa]n? )")


def plant_defect(text: str, rng: np.random.Generator) -> tuple[str, Defect]:
    """Return the text with one mistake of a random sort that fits it, and where it is."""
    planters: list[Planter] = [_wrong_article, _repeated_word, _misspelt, _lost_apostrophe, _double_space]
    for k in rng.permutation(len(planters)):
        planted = planters[int(k)](text, rng)
        if planted is not None:
            return planted
    raise ValueError(f"no mistake can be planted in {text!r}")


def repaired(text: str, defect: Defect) -> str:
    """Return the text without the mistake."""
    return text[: defect.start] + defect.right + text[defect.end :]


def _replaced(text: str, sort: DefectSort, start: int, right: str, wrong: str) -> tuple[str, Defect]:
    changed = text[:start] + wrong + text[start + len(right) :]
    return changed, Defect(sort, start, start + len(wrong), wrong, right)


def _one(pattern: re.Pattern[str], text: str, rng: np.random.Generator) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[int(rng.integers(len(found)))] if found else None


def _wrong_article(text: str, rng: np.random.Generator) -> tuple[str, Defect] | None:
    found = _one(_ARTICLE, text, rng)
    if found is None:
        return None
    right = found.group()
    return _replaced(text, "article", found.start(), right, right[0] if len(right) == 2 else right + "n")


def _repeated_word(text: str, rng: np.random.Generator) -> tuple[str, Defect] | None:
    found = _one(_WORD, text, rng)
    if found is None:
        return None
    return _replaced(text, "repeated word", found.start(), found.group(), f"{found.group()} {found.group().lower()}")


def _misspelt(text: str, rng: np.random.Generator) -> tuple[str, Defect] | None:
    """Two neighbouring letters inside a word change places."""
    found = _one(_LONG_WORD, text, rng)
    if found is None:
        return None
    word = found.group()
    places = [k for k in range(1, len(word) - 2) if word[k] != word[k + 1]]
    if not places:
        return None
    k = places[int(rng.integers(len(places)))]
    return _replaced(text, "misspelt", found.start(), word, word[:k] + word[k + 1] + word[k] + word[k + 2 :])


def _lost_apostrophe(text: str, rng: np.random.Generator) -> tuple[str, Defect] | None:
    """The caption begins with "Its a ..." where "It's a ..." is meant."""
    opening = _START.match(text)
    if opening is None:
        return None
    rest = text[opening.end() :].strip()
    rest = rest[0].lower() + rest[1:]
    return f"Its {rest}", Defect("lost apostrophe", 0, 3, "Its", "It's")


def _double_space(text: str, rng: np.random.Generator) -> tuple[str, Defect] | None:
    found = _one(re.compile(" "), text, rng)
    return None if found is None else _replaced(text, "double space", found.start(), " ", "  ")
