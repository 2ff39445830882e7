"""Putting words into a caption so that it stays grammatical."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from curation.text.analysis import Analysis, Noun
from curation.text.articles import repair_articles
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens


class Insertion(NamedTuple):
    """Words to put in at a character position of a caption; ``skip`` characters there are replaced."""

    at: int
    words: str
    skip: int = 0


def apply(text: str, insertions: Iterable[Insertion]) -> str:
    """Return ``text`` with all insertions made, blanks set and "a" and "an" repaired around them.

    Insertions at one place stand in the order given.

    >>> apply("A cat on a rug .", [Insertion(2, "orange"), Insertion(14, "by the fire")])
    'An orange cat on a rug by the fire .'
    """
    ordered = sorted(enumerate(insertions), key=lambda item: (item[1].at, item[0]))
    for _, insertion in reversed(ordered):
        text = _insert(text, insertion)
    return repair_articles(text)


def modifier_place(noun: Noun, kind: str) -> int:
    """Return where an attribute of ``kind`` goes, by the usual order: two small wet red striped wooden ..."""
    order = lexicon().order
    later = (m.start for m in noun.modifiers if order[m.kind] > order[kind])
    return min(later, default=noun.name_start)


def end_of_sentence(analysis: Analysis) -> int:
    """Return the position behind the last word, before a closing full stop."""
    return len(analysis.text.rstrip(" .!?;,\n\t"))


def words_put_in(text: str, new: str) -> int:
    """Return how many words of ``new`` the caption does not hold; an article that had to change is one of them."""
    return (Counter(tokens(new)) - Counter(tokens(text))).total()


def _insert(text: str, insertion: Insertion) -> str:
    at, words, skip = insertion
    before, after = text[:at], text[at + skip :]
    if at == 0 and after[:1].isupper():
        words, after = words[:1].upper() + words[1:], after[:1].lower() + after[1:]
    left = "" if not before or before[-1].isspace() else " "
    right = "" if not after or after[0].isspace() or after[0] in ".,;:!?" else " "
    return f"{before}{left}{words}{right}{after}"
