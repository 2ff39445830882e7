"""The places of a caption where an attribute may be put, and the words that could stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from curation.language import Gap
from curation.suggesters.detail import stem
from curation.suggesters.edits import Insertion, apply, modifier_place
from curation.suggesters.vocabulary import Entry, vocabulary
from curation.text.analysis import DESCRIBING, Analysis, Noun
from curation.text.articles import article_for
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens

if TYPE_CHECKING:
    from curation.suggesters import CaptionContext


_ARTICLE = re.compile(r"\ban?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DetectedObject:
    """A thing that a detector saw in the picture, and what it says of it: ``dog``, ``("brown", "wet")``."""

    name: str
    attributes: tuple[str, ...] = ()

    @property
    def noun(self) -> str:
        """The last word of its name, in the singular: "dog" for "brown dogs"."""
        words = self.name.lower().split()
        return lexicon().singular(words[-1]) if words else ""

    @property
    def thing(self) -> str:
        """What things of all names for the same are called, as the nouns of captions are compared."""
        return lexicon().same_thing(self.noun)


@dataclass(frozen=True, slots=True)
class Slot:
    """A noun and a type of attribute that it has none of, with the words that could stand there.

    ``described`` is the noun with what the caption says of it, ``at`` where in that the word goes. ``detected``
    holds the words that an imported detection gives to a thing of that name.
    """

    noun: Noun
    name: str
    described: str
    at: int
    kind: str
    words: tuple[str, ...]
    behind: bool = False
    detected: frozenset[str] = frozenset()

    def probes(self) -> list[str]:
        """Return one short phrase per word, and one without any: "a red ball" ... "a ball"; or "red balls".

        What the caption says of the noun already stands in them, so that of two balls the striped one is asked about.
        """
        heads = [*(self._described(word) for word in self.words), self.described]
        return heads if self.noun.plural else [f"{article_for(head)} {head}" for head in heads]

    def _described(self, word: str) -> str:
        at = len(self.described) if self.behind else self.at
        return f"{self.described[:at].strip()} {word} {self.described[at:].strip()}".strip()

    def insertion(self, word: str) -> Insertion:
        """Return where ``word`` goes: before the noun in the usual order of adjectives, or behind it."""
        return Insertion(self.noun.after if self.behind else modifier_place(self.noun, self.kind), word)

    def gap(self, text: str) -> Gap:
        """Return the place before the noun as a gap, with the chances of all words asked for."""
        return gap_at(text, self.insertion("").at, self.words)

    def edit(self, text: str, word: str) -> str:
        return apply(text, [self.insertion(word)])


def gap_at(text: str, at: int, words: tuple[str, ...] = ()) -> Gap:
    """Return a character position of a text as a gap. An indefinite article right before it is left open."""
    left = text[:at].rstrip()
    before = _ARTICLE.sub("", left)
    return Gap(before.rstrip(), f" {text[at:].lstrip()}", words, article=before != left)


def open_slots(context: CaptionContext) -> Iterator[Slot]:
    """Yield every noun with each type of attribute that it could carry and has none of, if words fit.

    What detections say is proposed besides the vocabulary; a word that the caption holds already is not.
    """
    analysis = context.analysis
    said = {stem(word) for word in tokens(analysis.text)}
    for noun in analysis.nouns:
        for entry in vocabulary() if noun.carries else ():
            if not is_open(noun, entry):
                continue
            seen = detected(noun, entry.type, context.objects)
            words = [word for word in entry.words if word in seen or is_usual(word, noun, entry, context)]
            words += [word for word in sorted(seen) if word not in words]
            fitting = tuple(word for word in words if entry.behind or stem(word) not in said)
            if fitting:
                yield slot_of(analysis, noun, entry.type, fitting, behind=entry.behind, seen=seen)


def slot_of(
    analysis: Analysis, noun: Noun, kind: str, words: tuple[str, ...], *, behind: bool = False, seen: Iterable[str] = ()
) -> Slot:
    """Return the slot of a noun for one type of attribute."""
    start = min((m.start for m in noun.modifiers if m.kind in DESCRIBING), default=noun.name_start)
    described = analysis.text[start : noun.end].lower()
    at = max(0, modifier_place(noun, kind) - start)
    return Slot(noun, analysis.name(noun).lower(), described, at, kind, words, behind, frozenset(seen))


def is_open(noun: Noun, entry: Entry) -> bool:
    if noun.noun_class not in entry.of or any(modifier.kind == entry.type for modifier in noun.modifiers):
        return False
    return entry.type == "state" or entry.type in noun.missing


def is_usual(word: str, noun: Noun, entry: Entry, context: CaptionContext) -> bool:
    """Whether people write so here: every word of it, and where that is asked for, before this very noun."""
    if context.known_words is not None and not set(tokens(word)) <= context.known_words:
        return False
    return not entry.attested or f"{word} {noun.lemma}" in context.known_pairs


def detected(noun: Noun, kind: str, objects: Sequence[DetectedObject]) -> set[str]:
    """Return what detections of things of this name say, of one type. Two such things may differ: all is returned."""
    words, name = lexicon(), lexicon().same_thing(noun.lemma)
    same = [one for one in objects if one.thing == name]
    return {said for one in same for said in map(str.lower, one.attributes) if words.kind_of.get(said) == kind}
