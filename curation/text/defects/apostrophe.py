"""Possessives and short forms that lost their apostrophe: "a mans hat", "the waters edge", "shes", "cant".

Normalised layouts drop apostrophes, and so do hasty annotators. Four rules, from sure to likely: words that are
none without it; "its" before what only "it is" can stand before; a plural behind "a", "another" or the like; a
plural of people, animals or, behind an article, of anything inside a noun phrase before its head.
"""

from __future__ import annotations

from collections.abc import Iterator

from curation.text.analysis import Noun
from curation.text.defects import Defect, ImageText, defect_detector
from curation.text.defects.words import Word, split, words
from curation.text.lexicon import lexicon

_ONE = frozenset({"a", "an", "another", "one", "this", "each", "every", "either", "neither"})
_OWNED = frozenset({"the", "his", "her", "their", "its", "that", "my", "your", "our"}) | _ONE
_IT_IS = frozenset(
    {"a", "an", "the", "not", "been", "going", "about", "made", "just", "too", "so", "raining", "snowing"}
)
_TAKES_OBJECT = frozenset({"a", "an", "the", "his", "her", "their", "its", "this", "that"})


@defect_detector("apostrophe", title="Lost apostrophe", language="en", needs="analysis", normalised_away=True)
def apostrophe(image: ImageText, i: int) -> Iterator[Defect]:
    """Find possessives and short forms that are written without their apostrophe."""
    text = image.captions[i]
    tokens = split(text)
    found = {start: right for start, right in _sure(tokens)}
    for noun in image.analyses[i].nouns:
        for start, right in _inside(noun, tokens):
            found.setdefault(start, right)
    for token in tokens:
        if token.start in found:
            wrong, right = text[token.start : token.end], found[token.start]
            yield Defect(
                "apostrophe", token.start, token.end, wrong, right.capitalize() if wrong[0].isupper() else right
            )


def _sure(tokens: list[Word]) -> Iterator[tuple[int, str]]:
    """Yield (start, right) of what no parse is needed for."""
    lost = words().apostrophe_lost
    for token, after in zip(tokens, [*tokens[1:], Word("", 0, 0)], strict=True):
        if token.low in lost:
            yield token.start, lost[token.low]
        elif token.low == "its" and after.low in _IT_IS:
            yield token.start, "it's"
        elif token.low == "mans" and after.low not in _TAKES_OBJECT:
            yield token.start, "man's"


def _inside(noun: Noun, tokens: list[Word]) -> Iterator[tuple[int, str]]:
    """Yield (start, right) of plurals in a noun phrase before its head."""
    phrase = [token for token in tokens if noun.chunk_start <= token.start < noun.end]
    before = next((token.low for token in reversed(tokens) if token.end <= noun.chunk_start), "")
    for place, token in enumerate(phrase[:-1]):
        one = _singular(token.low)
        if one is None or phrase[place + 1].low in ("and", "or", ",", "&", "-", "'", "’"):
            continue
        determiner = noun.determiner if noun.determiner in _OWNED else ""
        if determiner in _ONE or _owns(one, noun, determiner, before):
            plural = determiner not in _ONE and (noun.plural or not determiner)
            yield token.start, f"{token.low}'" if plural else f"{one}'s"


def _owns(one: str, noun: Noun, determiner: str, before: str) -> bool:
    """Whether a plural before a head that is not its verb can only be an owner."""
    known = lexicon()
    verb = noun.lemma in words().verb_or_noun and noun.noun_class != "body"
    people = known.noun_class(noun.lemma) == "person" and noun.plural
    if verb or people or noun.lemma.endswith("ing") or before in words().giving:
        return False
    return bool(determiner) or known.is_person(one) or one in words().animals


def _singular(plural: str) -> str | None:
    """Return the singular of a word that is a plural of something countable, else None."""
    if not plural.endswith("s") or plural.endswith(("ss", "us", "is")) or len(plural) < 4:
        return None
    if plural in words().plural_modifiers or plural in lexicon().kind_of:
        return None
    one = lexicon().singular(plural)
    return None if one == plural else one
