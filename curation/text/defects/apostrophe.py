"""Possessives and short forms that lost their apostrophe: "a mans hat", "the waters edge", "shes", "cant".

Normalised layouts drop apostrophes, and so do hasty annotators. From sure to likely: words that are none without
it; "its" before what only "it is" can stand before; and plurals before a noun, told by a singular article before
them, by the parse, or by siblings that know of one only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from curation.text.analysis import Noun
from curation.text.defects import Defect, ImageText, defect_detector
from curation.text.defects.words import Word, split, words
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens as plain_tokens

_ONE = frozenset({"a", "an", "another", "one", "each", "every", "either", "neither"})
_OWNED = frozenset({"the", "his", "her", "their", "its", "this", "that", "my", "your", "our"}) | _ONE
_IT_IS = frozenset(
    {"a", "an", "the", "not", "been", "going", "about", "made", "just", "too", "so", "raining", "snowing"}
)
_TAKES_OBJECT = frozenset({"a", "an", "the", "his", "her", "their", "its", "this", "that"})
_NOTHING = Word("", 0, 0)


@defect_detector("apostrophe", title="Lost apostrophe", language="en", needs="analysis", normalised_away=True)
def apostrophe(image: ImageText, i: int) -> Iterator[Defect]:
    """Find possessives and short forms that are written without their apostrophe."""
    text = image.captions[i]
    tokens = split(text)
    found = dict(_sure(tokens))
    for owner in _Owners(tokens, image, i).found():
        found.setdefault(*owner)
    for token in tokens:
        if token.start in found:
            wrong, right = text[token.start : token.end], found[token.start]
            yield Defect(
                "apostrophe",
                token.start,
                token.end,
                wrong,
                right[0].upper() + right[1:] if wrong[0].isupper() else right,
            )


def _sure(tokens: list[Word]) -> Iterator[tuple[int, str]]:
    """Yield (start, right) of what nothing else needs to be known for."""
    lost = words().apostrophe_lost
    for token, after in pairwise([*tokens, _NOTHING]):
        if token.low in lost:
            yield token.start, lost[token.low]
        elif token.low == "its" and after.low in _IT_IS:
            yield token.start, "it's"
        elif token.low == "mans" and after.low not in _TAKES_OBJECT:
            yield token.start, "man's"


@dataclass
class _Owners:
    """Looks for plurals that can only be the owner of what follows."""

    tokens: list[Word]
    image: ImageText
    i: int

    @cached_property
    def siblings(self) -> frozenset[str]:
        """The words of the image's captions, this one's too."""
        return frozenset(word for caption in self.image.captions for word in plain_tokens(caption))

    def found(self) -> Iterator[tuple[int, str]]:
        """Yield (start, right)."""
        for place, token in enumerate(self.tokens[:-1]):
            one = _singular(token.low)
            after = self.tokens[place + 1].low
            opening = self._opening(place)
            determiner = self.tokens[opening].low
            if one is None or not self._can_be_owned(one, after, determiner) or self._counted(opening, place):
                continue
            if determiner in _ONE or (self._in_phrase(token, one) or self._alone(place, opening, one)):
                several = determiner not in _OWNED or (determiner not in _ONE and _is_plural_noun(after))
                yield token.start, f"{token.low}'" if several else f"{one}'s"

    def _opening(self, place: int) -> int:
        """Return where the noun phrase of a plural begins: attributes, and the noun in "a race dog", are inside."""
        known = lexicon()
        start = place
        while start > 0 and self.tokens[start - 1].low in known.kind_of:
            start -= 1
        if start > 0 and self.tokens[start - 1].low in _OWNED:
            return start - 1
        named = start > 1 and self.tokens[start - 2].low in _OWNED and self._names_kind(start - 1)
        return start - 2 if named and _is_living(_singular(self.tokens[place].low) or "") else start

    def _counted(self, opening: int, place: int) -> bool:
        """Whether a number or "few" stands in front: then what follows is what the many do."""
        return any(token.low in words().counting for token in self.tokens[max(0, opening - 1) : place])

    def _can_be_owned(self, one: str, after: str, determiner: str) -> bool:
        """Whether the word behind a plural can be a noun, and no verb of what only looks like a plural."""
        if after == "back" and determiner in _ONE:
            return True
        if not after.isalpha() or after in words().function_words or after.endswith(("wards", "ly")):
            return False
        if after.endswith("ing") and after not in lexicon().ing_nouns | words().ing_nouns:
            return False
        if _is_verb_form(after) or (determiner in ("another", "one", "each") and one in words().verb_or_noun):
            return False
        return _is_living(one) or one in self.siblings or after not in words().compound_heads

    def _names_kind(self, place: int) -> bool:
        """Whether a word can stand before a living thing and be no subject of what looks like its verb."""
        word = self.tokens[place].low
        return not _is_living(word) and _singular(word) is None and word not in words().function_words

    def _in_phrase(self, token: Word, one: str) -> bool:
        """Whether the parse has the plural inside a noun phrase before its head."""
        noun = next((n for n in self.image.analyses[self.i].nouns if n.chunk_start <= token.start < n.start), None)
        if noun is None or noun.lemma.endswith("ing"):
            return False
        inside = [word for word in self.tokens if noun.chunk_start <= word.start < token.start]
        if any(word.low in lexicon().class_of for word in inside):
            return False
        before = next((word.low for word in reversed(self.tokens) if word.end <= noun.chunk_start), "")
        people = noun.noun_class == "person" and noun.plural
        if _can_be_verb(noun) or people or before in words().giving:
            return False
        return noun.determiner in _OWNED or _is_living(one)

    def _alone(self, place: int, opening: int, one: str) -> bool:
        """Whether the plural is behind a preposition or "-ing", before a noun, where siblings know of one only."""
        token, after = self.tokens[place].low, self.tokens[place + 1].low
        before = self.tokens[opening - 1].low if opening > 0 else ""
        infinitive = opening > 1 and self.tokens[opening - 2].low == "to"
        led = before in words().prepositions | words().verbs or before.endswith("ing") or infinitive
        if before == "of" and after in words().verb_or_noun and lexicon().noun_class(after) != "body":
            return False
        told_once = (one in self.siblings or one in words().kin) and not self._told_elsewhere(token)
        followed = self.tokens[place + 2].low if place + 2 < len(self.tokens) else ""
        tells = after.endswith(("ing", "ed", "ly")) or followed in _TAKES_OBJECT
        owned = self.tokens[opening].low in _OWNED or one in words().kin
        return led and owned and told_once and not tells

    def _told_elsewhere(self, plural: str) -> bool:
        others = (caption for n, caption in enumerate(self.image.captions) if n != self.i)
        return any(plural in plain_tokens(caption) for caption in others)


def _can_be_verb(noun: Noun) -> bool:
    return noun.lemma in words().verb_or_noun and noun.noun_class != "body"


def _is_verb_form(word: str) -> bool:
    """Whether a word behind a plural is a verb in the third person: the plural was meant to be one."""
    stem = word.removesuffix("s")
    is_body = lexicon().noun_class(word) == "body"
    return word in words().verbs or (stem != word and stem in words().verb_or_noun and not is_body)


def _is_living(one: str) -> bool:
    return lexicon().is_person(one) or one in words().living


def _is_plural_noun(word: str) -> bool:
    return _singular(word) is not None or lexicon().irregular.get(word, word) != word


def _singular(plural: str) -> str | None:
    """Return the singular of a word that is a plural of something countable, else None."""
    if not (plural.isalpha() and plural.endswith("s")) or plural.endswith(("ss", "us", "is")) or len(plural) < 4:
        return None
    if plural in words().plural_modifiers or plural in lexicon().kind_of:
        return None
    one = lexicon().singular(plural)
    return None if one == plural else one
