"""Phrases that hang on a noun of a parsed caption: what it wears, what it has, where it is, what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from curation.text.analysis import Noun, Phrase, PhraseKind

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_PLACE = frozenset(
    {"in", "on", "at", "near", "behind", "beside", "under", "underneath", "against", "outside", "inside", "along"}
    | {"through", "across", "over", "above", "below", "between", "among", "by", "next", "around", "down", "up"}
    | {"onto", "into", "atop", "beneath", "past", "towards", "toward"}
)
_WEARING = frozenset({"wearing", "wears", "wear", "dressed", "worn"})
_CLAUSE_WORDS = frozenset({"while", "as", "who", "that", "which", "when", "where", "whose", "and", "but"})
_ENDS = _CLAUSE_WORDS | frozenset(",.;:!?")
_LINKS = frozenset({"of", "to"})
_LOOSE_ENDS = frozenset({"DT", "CC", "IN", "PRP$", ",", ".", "TO", "CD", ":"})


def phrases_of(doc: Doc, nouns: Sequence[Noun], noun_at: dict[int, int]) -> tuple[Phrase, ...]:
    """Return the phrases in order of their start; each hangs on one of ``nouns``."""
    found: dict[tuple[int, int], Phrase] = {}
    for token in doc:
        for phrase in _phrases_at(token, nouns, noun_at):
            found.setdefault((phrase.start, phrase.end), phrase)
    return tuple(sorted(found.values(), key=lambda phrase: (phrase.start, phrase.end)))


def with_phrases(nouns: Sequence[Noun], phrases: Sequence[Phrase]) -> tuple[Noun, ...]:
    """Return the nouns, now knowing which of them are clothed and which are told to do something."""
    clothed = {phrase.noun for phrase in phrases if phrase.kind == "clothing"}
    busy = {phrase.noun for phrase in phrases if phrase.kind == "action" or phrase.verb}
    finished = []
    for number, noun in enumerate(nouns):
        missing = tuple(kind for kind in noun.missing if not (kind == "clothing" and number in clothed))
        finished.append(replace(noun, missing=missing, has_verb=noun.has_verb or number in busy))
    return tuple(finished)


def _phrases_at(token: Token, nouns: Sequence[Noun], noun_at: dict[int, int]) -> Iterator[Phrase]:
    owner = _owner(token, noun_at)
    if owner is None:
        return
    if token.lower_ in _WEARING:
        yield from _wearing(token, owner, nouns, noun_at)
    elif token.dep_ == "acl" and token.tag_ == "VBG":
        yield from _phrase("action", token, owner, nouns, noun_at)
    elif token.dep_ == "prep":
        verb = token.head.lower_ if token.head.pos_ in ("VERB", "AUX") else ""
        if token.lower_ in ("in", "with"):
            yield from _in_or_with(token, owner, nouns, noun_at, verb=verb)
        elif token.lower_ in _PLACE:
            yield from _phrase("place", token, _placed(owner, nouns), nouns, noun_at, verb=verb)


def _owner(token: Token, noun_at: dict[int, int]) -> int | None:
    """Return the noun that a phrase beginning at ``token`` tells about, through its verb if there is one."""
    if token.dep_ == "ROOT" or token.pos_ in ("VERB", "AUX"):
        if token.dep_ == "acl":
            return noun_at.get(token.head.i)
        return _subject(token, noun_at)
    head = token.head
    if head.i == token.i:
        return None
    if head.pos_ in ("VERB", "AUX"):
        return noun_at.get(head.head.i) if head.dep_ == "acl" else _subject(head, noun_at)
    return noun_at.get(head.i)


def _placed(owner: int, nouns: Sequence[Noun]) -> int:
    """Return what a place is told of: "in a red jacket on a hill" of the wearer, "to the left of" of the thing."""
    before = range(owner - 1, -1, -1)
    if nouns[owner].noun_class in ("clothing", "hair", "body"):
        return next((n for n in before if nouns[n].noun_class == "person"), owner)
    if nouns[owner].noun_class == "abstract":
        return next((n for n in before if nouns[n].noun_class != "abstract"), owner)
    return owner


def _subject(verb: Token, noun_at: dict[int, int]) -> int | None:
    for child in verb.children:
        if child.dep_ in ("nsubj", "nsubjpass"):
            return noun_at.get(child.i)
    if verb.dep_ == "conj" and verb.head.i != verb.i:
        return _subject(verb.head, noun_at)
    return None


def _wearing(verb: Token, owner: int, nouns: Sequence[Noun], noun_at: dict[int, int]) -> Iterator[Phrase]:
    """Yield "wearing ..." for any form of the verb: "is wearing a hat" tells the same as "wearing a hat"."""
    for phrase in _phrase("clothing", verb, owner, nouns, noun_at, begin=verb.i):
        rest = verb.doc.text[verb.idx + len(verb) : phrase.end]
        word = "dressed" if verb.lower_ == "dressed" else "wearing"
        yield replace(phrase, text=word + rest, verb="")


def _in_or_with(
    preposition: Token, owner: int, nouns: Sequence[Noun], noun_at: dict[int, int], *, verb: str
) -> Iterator[Phrase]:
    for phrase in _phrase("place", preposition, owner, nouns, noun_at, verb=verb):
        classes = {nouns[number].noun_class for number in phrase.nouns[:1]}
        if "clothing" in classes and nouns[owner].noun_class == "person":
            yield replace(phrase, kind="clothing", verb="")
        elif preposition.lower_ == "with":
            if classes & {"hair", "body"} or not verb:
                yield replace(phrase, kind="part", verb="")
        else:
            yield replace(phrase, noun=_placed(owner, nouns))


def _phrase(
    kind: PhraseKind,
    first: Token,
    owner: int,
    nouns: Sequence[Noun],
    noun_at: dict[int, int],
    *,
    begin: int | None = None,
    verb: str = "",
) -> Iterator[Phrase]:
    """Yield the phrase that ``first`` opens, cut before a second preposition or clause, if it holds a noun."""
    begin = first.i if begin is None else begin
    end = _cut(first.doc, begin, first.right_edge.i + 1, noun_at, keep_place=kind == "action")
    inside = tuple(sorted({noun_at[i] for i in range(begin, end) if i in noun_at} - {owner}))
    if inside or (kind == "action" and end > begin):
        span = first.doc[begin:end]
        yield Phrase(kind, owner, span.text, span.start_char, span.end_char, inside, verb)


def _cut(doc: Doc, begin: int, limit: int, noun_at: dict[int, int], *, keep_place: bool) -> int:
    """Return where a phrase ends: before the next clause or preposition, loose words at its end dropped."""
    end = begin + 1
    seen_noun = False
    while end < limit:
        token = doc[end]
        joins_nouns = token.lower_ == "and" and end + 1 < limit and end + 1 in noun_at
        if token.lower_ in _ENDS and not (joins_nouns or (token.lower_ == "and" and end in noun_at)):
            break
        if token.pos_ in ("VERB", "AUX") and end not in noun_at:
            break
        if token.tag_ == "IN" and seen_noun and token.lower_ not in _LINKS and not keep_place:
            break
        seen_noun = seen_noun or end in noun_at
        keep_place = keep_place and token.tag_ != "IN"
        end += 1
    return _without_loose_end(doc, begin, end, noun_at)


def _without_loose_end(doc: Doc, begin: int, end: int, noun_at: dict[int, int]) -> int:
    """Drop what follows the last noun; a phrase without a noun loses only words that cannot end it."""
    last = max((i for i in range(begin, end) if i in noun_at), default=None)
    if last is not None:
        return last + 1
    while end > begin + 1 and doc[end - 1].tag_ in _LOOSE_ENDS:
        end -= 1
    return end
