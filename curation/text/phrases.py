"""Phrases that hang on a noun of a parsed caption: what it wears, what it has, where it is, what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from curation.text.analysis import Noun, Phrase, PhraseKind
from curation.text.lexicon import lexicon
from curation.text.verbs import ing_form

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
_COLOUR_ENOUGH = frozenset({"wearing", "wears", "wear", "dressed", "in"})
_LINKS = frozenset({"of", "to"})
_TOLD_NOW = frozenset({"VBZ", "VBP", "VBG"})
_MAIN = frozenset({"ROOT", "conj", "advcl", "relcl"})
_NOT_DONE_BY_IT = frozenset({"nsubjpass", "auxpass", "neg", "expl", "xcomp", "ccomp"})
_LOOSE_ENDS = frozenset({"DT", "CC", "IN", "PRP$", ",", ".", "TO", "CD", ":"})


def phrases_of(doc: Doc, nouns: Sequence[Noun], noun_at: dict[int, int]) -> tuple[Phrase, ...]:
    """Return the phrases in order of their start; each hangs on one of ``nouns``."""
    caption = _Caption(doc, nouns, noun_at)
    found: dict[tuple[int, int], Phrase] = {}
    for token in doc:
        for phrase in caption.phrases_at(token):
            found.setdefault((phrase.start, phrase.end), phrase)
    return tuple(sorted(found.values(), key=lambda phrase: (phrase.start, phrase.end)))


def with_phrases(nouns: Sequence[Noun], phrases: Sequence[Phrase]) -> tuple[Noun, ...]:
    """Return the nouns, now knowing which of them are clothed and which are told to do something."""
    clothed = {phrase.noun for phrase in phrases if phrase.kind == "clothing"}
    busy = {phrase.noun for phrase in phrases if phrase.kind in ("action", "deed") or phrase.verb}
    finished = []
    for number, noun in enumerate(nouns):
        if number in clothed and "clothing" in noun.missing:
            noun = replace(noun, missing=tuple(kind for kind in noun.missing if kind != "clothing"))
        if number in busy and not noun.has_verb:
            noun = replace(noun, has_verb=True)
        finished.append(noun)
    return tuple(finished)


@dataclass(frozen=True, slots=True)
class _Caption:
    """A parsed caption, and for each token of a noun phrase (by its place) the number of its noun."""

    doc: Doc
    nouns: Sequence[Noun]
    noun_at: dict[int, int]

    def phrases_at(self, token: Token) -> Iterator[Phrase]:
        """Yield the phrase that ``token`` opens, if it opens one that tells of a noun."""
        owner = self._owner(token)
        if owner is None:
            return
        if token.lower_ in _WEARING:
            yield from self._wearing(token, owner)
        elif token.dep_ == "acl" and token.tag_ == "VBG":
            yield from self._phrase("action", token, owner)
        elif token.tag_ in _TOLD_NOW and token.pos_ == "VERB" and token.dep_ in _MAIN:
            yield from self._deed(token, owner)
        elif token.dep_ == "prep":
            verb = token.head.lower_ if _is_verb(token.head) else ""
            if token.lower_ in ("in", "with"):
                yield from self._in_or_with(token, owner, verb)
            elif token.lower_ in _PLACE:
                yield from self._phrase("place", token, self._placed(owner), verb)

    def _owner(self, token: Token) -> int | None:
        """Return the noun that a phrase beginning at ``token`` tells of, through its verb if there is one."""
        if token.dep_ == "ROOT" or _is_verb(token):
            return self.noun_at.get(token.head.i) if token.dep_ == "acl" else self._subject(token)
        head = token.head
        if _is_verb(head):
            return self.noun_at.get(head.head.i) if head.dep_ == "acl" else self._subject(head)
        return self.noun_at.get(head.i)

    def _subject(self, verb: Token) -> int | None:
        for child in verb.children:
            if child.dep_ in ("nsubj", "nsubjpass"):
                return self.noun_at.get(child.i)
        return self._subject(verb.head) if verb.dep_ == "conj" and verb.head.i != verb.i else None

    def _placed(self, owner: int) -> int:
        """Return what a place is told of: "in a red jacket on a hill" of the wearer, "left of" of the thing."""
        before = range(owner - 1, -1, -1)
        if self.nouns[owner].noun_class in ("clothing", "hair", "body"):
            return next((n for n in before if self.nouns[n].noun_class == "person"), owner)
        if self.nouns[owner].noun_class == "abstract":
            return next((n for n in before if self.nouns[n].noun_class != "abstract"), owner)
        return owner

    def _wearing(self, verb: Token, owner: int) -> Iterator[Phrase]:
        """Yield "wearing ..." for any form of the verb: "is wearing a hat" tells the same as "wearing a hat"."""
        for phrase in self._phrase("clothing", verb, owner):
            rest = self.doc.text[verb.idx + len(verb) : phrase.end]
            yield replace(phrase, text=("dressed" if verb.lower_ == "dressed" else "wearing") + rest)

    def _deed(self, verb: Token, owner: int) -> Iterator[Phrase]:
        """Yield "holding a cup" for "holds a cup" and for "is holding a cup"; not what is done to somebody."""
        if any(child.dep_ in _NOT_DONE_BY_IT for child in verb.children):
            return
        for phrase in self._phrase("deed", verb, owner):
            rest = self.doc.text[verb.idx + len(verb) : phrase.end]
            form = verb.lower_ if verb.tag_ == "VBG" else ing_form(verb.lower_, third=verb.tag_ == "VBZ")
            yield replace(phrase, text=form + rest, verb=verb.lower_)

    def _in_or_with(self, preposition: Token, owner: int, verb: str) -> Iterator[Phrase]:
        worn_by_people = self.nouns[owner].noun_class == "person"
        for phrase in self._phrase("place", preposition, owner, verb):
            classes = {self.nouns[number].noun_class for number in phrase.nouns[:1]}
            if worn_by_people and (not classes or "clothing" in classes):
                yield replace(phrase, kind="clothing", verb="")
            elif preposition.lower_ == "with":
                if classes & {"hair", "body"} or not verb:
                    yield replace(phrase, kind="part", verb="")
            elif classes:
                yield replace(phrase, noun=self._placed(owner))

    def _phrase(self, kind: PhraseKind, first: Token, owner: int, verb: str = "") -> Iterator[Phrase]:
        """Yield the phrase that ``first`` opens, cut before a second preposition or clause, if it tells anything.

        It does if it holds a noun, if it is an action, or if it names a colour that somebody wears ("in black").
        """
        end = self._cut(first.i, first.right_edge.i + 1, keep_place=kind in ("action", "deed"))
        inside = tuple(sorted({self.noun_at[i] for i in range(first.i, end) if i in self.noun_at} - {owner}))
        words = lexicon()
        colour = first.lower_ in _COLOUR_ENOUGH and any(
            words.kind_of.get(token.lower_) == "colour" for token in self.doc[first.i + 1 : end]
        )
        if inside or colour or kind in ("action", "deed"):
            span = self.doc[first.i : end]
            yield Phrase(kind, owner, span.text, span.start_char, span.end_char, inside, verb)

    def _cut(self, begin: int, limit: int, *, keep_place: bool) -> int:
        """Return where a phrase ends: before the next clause or preposition, loose words at its end dropped."""
        end = begin + 1
        seen_noun = False
        while end < limit:
            token, is_noun = self.doc[end], end in self.noun_at
            joins = token.lower_ == "and" and (is_noun or (end + 1 < limit and end + 1 in self.noun_at))
            ends_clause = (token.lower_ in _ENDS and not joins) or (_is_verb(token) and not is_noun)
            second = token.tag_ == "IN" and seen_noun and token.lower_ not in _LINKS and not keep_place
            if ends_clause or second:
                break
            seen_noun = seen_noun or is_noun
            keep_place = keep_place and token.tag_ != "IN"
            end += 1
        return self._without_loose_end(begin, end)

    def _without_loose_end(self, begin: int, end: int) -> int:
        """Drop what follows the last noun; a phrase without a noun loses only words that cannot end it."""
        last = max((i for i in range(begin, end) if i in self.noun_at), default=None)
        if last is not None:
            return last + 1
        while end > begin + 1 and self.doc[end - 1].tag_ in _LOOSE_ENDS:
            end -= 1
        return end


def _is_verb(token: Token) -> bool:
    return token.pos_ in ("VERB", "AUX")
