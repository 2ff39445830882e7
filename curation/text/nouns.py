"""The nouns of a parsed caption, with their attributes told apart by the lexicon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from curation.text.analysis import Modifier, ModifierKind, Noun, NounClass
from curation.text.lexicon import Lexicon, lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_DETERMINERS = frozenset({"DT", "PDT", "WDT", "PRP$", "WP$"})
_NO_STATES = frozenset({"clad", "dressed", "sized", "looking", "wearing", "including", "being", "having"})
_PLAIN_KINDS = frozenset({"colour", "size", "pattern", "material"})
_JOINERS = frozenset({"and", "&", ",", "or"})


@dataclass(frozen=True, slots=True)
class _Unit:
    """Tokens that are written as one word (``multi-colored``); ``tag`` is that of the last."""

    tokens: Sequence[Token]

    @property
    def start(self) -> int:
        return int(self.tokens[0].idx)

    @property
    def end(self) -> int:
        return int(self.tokens[-1].idx) + len(self.tokens[-1])

    @property
    def word(self) -> str:
        return "".join(token.lower_ for token in self.tokens)

    @property
    def tag(self) -> str:
        return str(self.tokens[-1].tag_)


def nouns_of(doc: Doc) -> tuple[list[Noun], dict[int, int]]:
    """Return the nouns in order, and for each token of their noun phrases the number of its noun."""
    nouns: list[Noun] = []
    noun_at: dict[int, int] = {}
    for start, end in _chunks(doc, lexicon()):
        for part in _split(list(doc[start:end])):
            named = _without_glued_verb(part, lexicon())
            noun = _noun(named, lexicon(), does=len(named) < len(part))
            if noun is None:
                continue
            for unit in named:
                noun_at.update({token.i: len(nouns) for token in unit.tokens})
            nouns.append(noun)
    return nouns, noun_at


def _chunks(doc: Doc, words: Lexicon) -> list[tuple[int, int]]:
    """Return the noun phrases as token ranges, mended where an attribute was taken for a verb or a noun.

    "a small purple" and "umbrella" with a verb "checked" between them are one: "a small purple checked umbrella".
    """
    chunks: list[tuple[int, int]] = []
    for chunk in doc.noun_chunks:
        start = chunk.start
        while start > 0 and words.kind_of.get(doc[start - 1].lower_) in _PLAIN_KINDS:
            start -= 1
        if start < chunk.start and doc[start - 1].tag_ == "DT":
            start -= 1
        while chunks and chunks[-1][1] > start:
            start = min(start, chunks.pop()[0])
        chunks.append((start, chunk.end))
    return chunks


def _split(tokens: list[Token]) -> Iterator[list[_Unit]]:
    """Yield the parts of a noun phrase that each name one thing: "a black top and white skirt" holds two."""
    words = lexicon()
    part: list[_Unit] = []
    for unit in _units(tokens):
        if unit.word in _JOINERS and part and _names_a_thing(part[-1], words):
            yield part
            part = []
        else:
            part.append(unit)
    if part:
        yield part


def _units(tokens: list[Token]) -> list[_Unit]:
    units: list[list[Token]] = []
    glued = False
    for token in tokens:
        hyphen = token.text == "-"
        if units and (glued or hyphen) and not units[-1][-1].whitespace_:
            units[-1].append(token)
        else:
            units.append([token])
        glued = hyphen
    return [_Unit(unit) for unit in units]


def _names_a_thing(unit: _Unit, words: Lexicon) -> bool:
    return unit.word not in words.kind_of and (unit.tag.startswith("NN") or unit.word in words.class_of)


def _noun(part: list[_Unit], words: Lexicon, *, does: bool) -> Noun | None:
    """Read one part from right to left: head, name, attributes, article; None where it names nothing.

    ``does`` says that a verb was cut off behind it.
    """
    head = part[-1]
    if not head.tag.startswith("NN"):
        return None
    name = len(part) - 1
    while name > 0 and _names_a_thing(part[name - 1], words) and part[name - 1].tag != "NNP":
        name -= 1
    modifiers = tuple(_modifiers(part[:name], words))
    plural = head.tag in ("NNS", "NNPS")
    lemma = words.singular(head.word) if plural else head.word
    determiner = part[0].word if part[0].tag in _DETERMINERS else ""
    names_a_part = lemma in words.stop_heads and (_next_word(head) == "of" or not (determiner or modifiers))
    noun_class = cast("NounClass", "abstract" if names_a_part else words.noun_class(lemma))
    kinds = {modifier.kind for modifier in modifiers}
    return Noun(
        lemma=lemma,
        noun_class=noun_class,
        start=head.start,
        end=head.end,
        name_start=part[name].start,
        chunk_start=part[0].start,
        after=head.end,
        determiner=determiner,
        plural=plural,
        carries=noun_class not in ("abstract", "body"),
        has_verb=does or head.tokens[-1].dep_ in ("nsubj", "nsubjpass"),
        modifiers=modifiers,
        missing=tuple(kind for kind in words.slots[noun_class] if kind not in kinds),
    )


def _next_word(unit: _Unit) -> str:
    after = unit.tokens[-1].i + 1
    doc = unit.tokens[-1].doc
    return str(doc[after].lower_) if after < len(doc) else ""


def _without_glued_verb(part: list[_Unit], words: Lexicon) -> list[_Unit]:
    """Drop a verb that was taken for the head: "a helmet skiing", "a man waves", "long hair waits"."""
    if len(part) < 2 or not _names_a_thing(part[-2], words):
        return part
    head, before = part[-1], part[-2]
    skiing = head.word.endswith("ing") and head.word not in words.ing_nouns
    one = part[0].word in ("a", "an", "one") or words.class_of.get(before.word) == "hair"
    waits = one and head.tag == "NNS" and words.singular(head.word) != head.word
    return part[:-1] if skiing or waits else part


def _modifiers(units: Sequence[_Unit], words: Lexicon) -> Iterator[Modifier]:
    for unit in units:
        kind = words.kind_of.get(unit.word)
        if kind is None and unit.tag == "CD":
            kind = "number"
        elif kind is None and unit.tag in ("VBN", "VBG") and unit.word not in _NO_STATES:
            kind = "state"
        elif kind is None and unit.tag in ("JJ", "JJR", "JJS") and len(unit.word) > 1:
            kind = "quality"
        if kind is not None:
            yield Modifier(cast("ModifierKind", kind), unit.start, unit.end)
