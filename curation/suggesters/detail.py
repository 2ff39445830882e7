"""A detail that can be put into a caption, and small questions about captions that all ways of finding one ask."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from curation.suggesters.consistency import Consistency
from curation.suggesters.edits import Insertion
from curation.suggesters.same_things import How
from curation.text.analysis import Analysis, Noun, Phrase
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens

PHRASES = frozenset({"clothing", "part", "place", "action", "deed", "object", "garment", "number", "beside", "one"})
"""Kinds that are no single attribute of a noun."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing to put in: its kind, for which noun of the caption, where and in which words.

    ``how`` says how the noun was recognised; ``scene`` is told of no noun but of the whole picture.
    """

    kind: str
    noun: int
    insertion: Insertion
    how: How = "word"

    @property
    def words(self) -> int:
        return len(tokens(self.insertion.words))


def classes(analysis: Analysis, phrase: Phrase) -> set[str]:
    return {analysis.nouns[n].noun_class for n in phrase.nouns[:1]}


def names_of(analysis: Analysis, noun: Noun) -> set[str]:
    return {lexicon().same_thing(noun.lemma), *tokens(analysis.name(noun))}


def stem(word: str) -> str:
    """Return what the forms of a regular verb share: rid for rides and riding, run for running."""
    for ending in ("ing", "es", "ed", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word.removesuffix("e")


def agreed_on(other: Analysis, inside: tuple[int, ...], agreed: Consistency) -> bool:
    """Whether no other caption gives the things inside a phrase another colour, pattern or material."""
    for number in inside:
        noun = other.nouns[number]
        thing = (lexicon().same_thing(noun.lemma), noun.plural)
        for kind, group in groupby(noun.modifiers, key=lambda modifier: modifier.kind):
            told = " ".join(other.slice(modifier) for modifier in group)
            if not agreed.agrees(thing, kind, told):
                return False
    return True
