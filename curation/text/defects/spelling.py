"""Misspelt words ("fornt") and words glued together ("blueand"), told by a list of words with frequencies.

A word is wrong only if it is unknown and the word that was meant is near: one letter more, less, other or
swapped (Norvig, "How to write a spelling corrector", 2007), or one blank. Unknown names without a common
neighbour pass, and so do the words that are regularly formed or compounded from known ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from curation.text.defects import Defect, ImageText, defect_detector
from curation.text.defects.words import words
from curation.text.lexicon import lexicon

if TYPE_CHECKING:
    from spellchecker import SpellChecker

_WORD = re.compile(r"(?<![\w'’@#./-])[A-Za-z]{4,}(?![\w'’@-]|\.\w)")
_COMMON = 1_000
"""How often the list, which counted about 1.6 billion words, must hold a part of a longer word."""
_ENOUGH = ((4, 50_000), (5, 5_000), (7, 400))
"""Up to so many letters the word that was meant must be so common: short words have neighbours by chance."""
_RARE = 50
_SHORT = 4
_TRIPLE = re.compile(r"(.)\1\1")
_DOUBLED = re.compile(r"(.)\1+")
_INSIDE = re.compile(r"[\w,;’'\")]\s+$")
_AMERICAN = (("our", "or"), ("is", "iz"), ("ys", "yz"), ("tre", "ter"), ("ll", "l"), ("ogue", "og"), ("grey", "gray"))


@defect_detector("spelling", title="Misspelt or glued word", language="en")
def spelling(image: ImageText, i: int) -> Iterator[Defect]:
    """Find words that no list knows while a common word, or two, is a letter or a blank away."""
    text = image.captions[i]
    for match in _WORD.finditer(text):
        word = match.group()
        if (
            _is_name(text, match.start())
            or word.lower() in image.known_words
            or word.lower() in words().apostrophe_lost
        ):
            continue
        right = meant(word.lower())
        if right:
            yield Defect("spelling", match.start(), match.end(), word, _in_case_of(word, right))


@lru_cache(maxsize=65_536)
def meant(word: str) -> str | None:
    """Return what a lower-case word was meant to be, or None where it is right or nobody can tell.

    >>> [meant(word) for word in ("blueand", "fornt", "front", "zzyzx")]
    ['blue and', 'front', None, None]
    """
    if _frequency(word):
        return None
    apart, near = _unglued(word), _nearest(word)
    if apart and (near is None or near in apart.split() or word in words().written_apart):
        return apart
    return None if _regular(word) or _compound(word) else near


def _nearest(word: str) -> str | None:
    """Return the likeliest known word one letter away.

    None where none is common enough, or where all that is missing is an accent.
    """
    near = [other for other in _checker().edit_distance_1(word) if _frequency(other)]
    enough = next((floor for letters, floor in _ENOUGH if len(word) <= letters), _RARE)
    meant = [other for other in near if _frequency(other) >= enough]
    if not meant or not all(other.isascii() for other in near):
        return None
    return max(meant, key=lambda other: _likelihood(other, word))


def _likelihood(other: str, word: str) -> int:
    """Return how common a word is, tenfold each where letters are swapped or one is not doubled, and where
    captions describe with it.
    """
    known = lexicon()
    not_doubled = len(other) > len(word) and _DOUBLED.sub(r"\1", other) == _DOUBLED.sub(r"\1", word)
    slip = sorted(other) == sorted(word) or not_doubled
    describes = other in known.kind_of or other in known.class_of
    return _frequency(other) * (10 if slip else 1) * (10 if describes else 1)


def _unglued(word: str) -> str | None:
    """Return two words for one: a little word before or behind a common one, or a pair that is written apart."""
    if word in words().written_apart:
        return words().written_apart[word]
    for little in words().glued_before:
        rest = word.removeprefix(little)
        if rest != word and len(rest) >= _SHORT and _frequency(rest) >= _COMMON:
            return f"{little} {rest}"
    for little in words().glued_behind:
        rest = word.removesuffix(little)
        if rest != word and len(rest) >= _SHORT and _frequency(rest) >= _COMMON:
            return f"{rest} {little}"
    return None


def _regular(word: str) -> bool:
    """Whether the word is formed by rule from a known one: plural, verb form, agent, British spelling."""
    if any(british in word and _frequency(word.replace(british, american)) for british, american in _AMERICAN):
        return True
    if word.endswith("s") and not word.endswith(("ss", "ys", "ens")) and _frequency(word[:-1]):
        return True
    return any(word.endswith(end) and _is_verb(word.removesuffix(end)) for end in ("ing", "ed", "er", "ers"))


def _is_verb(stem: str) -> bool:
    """Whether a stem, as it is or with the e that it lost, is known in two more forms of a verb."""
    for verb in (stem, stem + "e"):
        forms = (verb, verb + "s", stem + "ing", stem + "ed", stem + "er")
        if _frequency(verb) and sum(_frequency(form) > 0 for form in forms) >= 3 and not stem.endswith("e"):
            return True
    return False


def _compound(word: str) -> bool:
    """Whether the word is two known ones, written as one by right: "snowcapped", "skatepark"."""
    if _TRIPLE.search(word):
        return False
    cuts = range(_SHORT, len(word) - _SHORT + 1)
    parts = ((word[:cut], word[cut:]) for cut in cuts)
    return any(min(_frequency(a), _frequency(b)) >= _COMMON and not _is_plural(a) for a, b in parts)


def _is_plural(word: str) -> bool:
    return word.endswith("s") and _frequency(word[:-1]) >= _COMMON


def _is_name(text: str, start: int) -> bool:
    """Whether a word is written like a name: a capital inside a sentence, or in capitals throughout."""
    return text[start].isupper() and (text[start + 1].isupper() or bool(_INSIDE.search(text[:start])))


def _in_case_of(written: str, right: str) -> str:
    return right.capitalize() if written[0].isupper() else right


def _frequency(word: str) -> int:
    """Return how often the list counted a word; 0 where it is unknown."""
    return int(_checker()[word])


@cache
def _checker() -> SpellChecker:
    from spellchecker import SpellChecker

    checker = SpellChecker(language="en", distance=1)
    known = lexicon()
    terms = {*known.kind_of, *known.class_of, *known.irregular, *words().terms}
    terms |= {f"{term}s" for term in words().terms}
    checker.word_frequency.load_json({term: _COMMON for term in terms if term not in checker})
    return checker
