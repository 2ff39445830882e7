"""What an analysed caption is: its nouns with their attributes, and the phrases that hang on them.

All positions are half-open character ranges of the caption, so that nobody needs to parse again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

ModifierKind = Literal["number", "quality", "size", "age", "state", "colour", "pattern", "material"]
PhraseKind = Literal["clothing", "part", "place", "action", "deed"]
NounClass = Literal["person", "clothing", "hair", "body", "animal", "place", "abstract", "thing"]

DESCRIBING: frozenset[str] = frozenset({"quality", "size", "age", "state", "colour", "pattern", "material"})
"""Kinds of modifier that say what a thing is like; a number only says how many."""


@dataclass(frozen=True, slots=True)
class Modifier:
    """One attribute of a noun as written, e.g. ``red`` or ``multi-colored``; ``brown and white`` are two."""

    kind: ModifierKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Noun:
    """A thing that the caption names.

    ``start``..``end`` is the head word, ``name_start``..``end`` its whole name (``tennis racket``),
    ``chunk_start`` where its noun phrase begins (article included) and ``after`` where a phrase about it may
    be put in. ``carries`` says that it could carry an attribute, ``missing`` which kinds it has none of.
    ``has_verb`` says that the caption tells what it does.
    """

    lemma: str
    noun_class: NounClass
    start: int
    end: int
    name_start: int
    chunk_start: int
    after: int
    determiner: str = ""
    plural: bool = False
    carries: bool = False
    has_verb: bool = False
    modifiers: tuple[Modifier, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether it could carry an attribute and nothing says what it is like."""
        worn = self.noun_class == "person" and "clothing" not in self.missing
        return self.carries and not worn and all(m.kind not in DESCRIBING for m in self.modifiers)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A detail that hangs on noun number ``noun``: ``in a black top``, ``wearing glasses``, ``on a court``.

    A ``deed`` is what the main verb tells, in its -ing form: ``holding a cup`` for "a man holds a cup".
    ``text`` can be put behind another noun of the same kind; ``nouns`` are the nouns inside it. ``verb`` is the
    verb it hangs on, if any: what somebody does there; such a phrase belongs at the end of a sentence.
    """

    kind: PhraseKind
    noun: int
    text: str
    start: int
    end: int
    nouns: tuple[int, ...] = ()
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """One caption with its nouns, in order, and its phrases, in order.

    ``grammar`` holds the class of every word, universal and of the Penn treebank, in order: ``DET/DT NOUN/NNS``.
    """

    text: str
    nouns: tuple[Noun, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    grammar: str = ""

    def slice(self, part: Modifier | Noun | Phrase) -> str:
        """Return the words of a part as the caption writes them."""
        return self.text[part.start : part.end]

    def name(self, noun: Noun) -> str:
        """Return the noun with what belongs to its name: ``tennis racket``."""
        return self.text[noun.name_start : noun.end]

    @property
    def bare_nouns(self) -> tuple[Noun, ...]:
        """The nouns that could carry an attribute and have none."""
        return tuple(noun for noun in self.nouns if noun.bare)

    def attributes(self, kinds: Iterable[str] = DESCRIBING) -> int:
        """Return how many modifiers of the given kinds the caption holds."""
        wanted = frozenset(kinds)
        return sum(modifier.kind in wanted for noun in self.nouns for modifier in noun.modifiers)

    def attribute_pairs(self) -> frozenset[str]:
        """Return each attribute with the noun it stands before, lower case: ``brick wall``, ``red ball``."""
        return frozenset(
            f"{self.slice(modifier).lower()} {noun.lemma}"
            for noun in self.nouns
            for modifier in noun.modifiers
            if modifier.kind in DESCRIBING
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON: the text, its grammar, and one list per noun, modifier and phrase in field order."""
        return {
            "text": self.text,
            "grammar": self.grammar,
            "nouns": [_noun_to_json(noun) for noun in self.nouns],
            "phrases": [[p.kind, p.noun, p.text, p.start, p.end, list(p.nouns), p.verb] for p in self.phrases],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Analysis:
        """Return the analysis that ``to_json`` wrote; a shape it did not write raises ``ValueError``."""
        try:
            return cls(
                text=data["text"],
                nouns=tuple(_noun_from_json(row) for row in data["nouns"]),
                phrases=tuple(
                    Phrase(kind, noun, text, start, end, tuple(nouns), verb)
                    for kind, noun, text, start, end, nouns, verb in data["phrases"]
                ),
                grammar=data["grammar"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a stored caption analysis ({error}): analyse the caption again") from error


def _noun_to_json(noun: Noun) -> list[Any]:
    modifiers = [[modifier.kind, modifier.start, modifier.end] for modifier in noun.modifiers]
    places = [noun.start, noun.end, noun.name_start, noun.chunk_start, noun.after]
    flags = [noun.plural, noun.carries, noun.has_verb]
    return [noun.lemma, noun.noun_class, *places, noun.determiner, *flags, modifiers, list(noun.missing)]


def _noun_from_json(row: list[Any]) -> Noun:
    lemma, noun_class, start, end, name_start, chunk_start, after, determiner, *flags, modifiers, missing = row
    plural, carries, has_verb = flags
    return Noun(
        *(lemma, noun_class, start, end, name_start, chunk_start, after, determiner, plural, carries, has_verb),
        modifiers=tuple(Modifier(*modifier) for modifier in modifiers),
        missing=tuple(missing),
    )
