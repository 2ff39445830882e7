"""How a caption is worded: its words, and its shape once content words are replaced by what kind of word they are.

"A man in a red shirt" gives the words and word pairs as they stand, and the shape ``a PERSON in a COLOUR CLOTHING``
in runs of up to three. Curators change bare subjects and leave busy captions alone; this is where a fitted model
can learn it. No index, no order of captions, no other caption comes in.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from curation.text.lexicon import lexicon
from curation.text.normalise import tokens

_FRAME = frozenset(
    {"a", "along", "an", "and", "another", "are", "around", "as", "at", "be", "behind", "between", "by"}
    | {"down", "each", "for", "from", "front", "group", "has", "have", "he", "her", "him", "his", "in"}
    | {"inside", "into", "is", "it", "its", "near", "next", "of", "off", "on", "one", "onto", "other", "out"}
    | {"outside", "over", "several", "she", "some", "t", "that", "the", "their", "them", "there", "they"}
    | {"this", "three", "through", "to", "two", "under", "up", "was", "were", "while", "who", "with"}
)
_LONGEST_RUN = 3


def runs(text: str) -> frozenset[str]:
    """Return the words and word pairs of a text, and the runs of up to three of its shape.

    >>> sorted(runs("Red dogs"))
    ['<COLOUR ANIMALS', '<COLOUR ANIMALS>', 'ANIMALS', 'ANIMALS>', 'COLOUR', 'COLOUR ANIMALS', ...]
    """
    words = tokens(text)
    shape = ["<", *map(kind_of_word, words), ">"]
    found = {*words, *map(" ".join, pairwise(words)), *shape[1:-1]}
    for length in range(2, _LONGEST_RUN + 1):
        found.update(map(" ".join, zip(*(shape[start:] for start in range(length)), strict=False)))
    return frozenset(found)


@cache
def kind_of_word(word: str) -> str:
    """Return a function word itself, else in capitals what the lexicon or the ending says of the word."""
    words = lexicon()
    if word in _FRAME:
        return word
    if word in words.kind_of:
        return words.kind_of[word].upper()
    one = words.singular(word)
    noun_class = words.class_of.get(word) or words.class_of.get(one)
    if noun_class:
        return noun_class.upper() + ("S" if one != word else "")
    if word.isdigit():
        return "9"
    for ending in ("ing", "ed", "ly", "s"):
        if word.endswith(ending) and word not in words.ing_nouns and not word.endswith("ss"):
            return ending.upper()
    return "WORD"
