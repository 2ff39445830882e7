"""The ways in which a phrase can be said: whole, one garment of several, or without what describes its nouns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from curation.suggesters.detail_words import words
from curation.text.analysis import Analysis, Noun, Phrase
from curation.text.articles import article_for
from curation.text.lexicon import lexicon

Wording = tuple[str, tuple[int, ...]]
"""A text, and the numbers of the other caption's nouns in it."""


def wordings(other: Analysis, said: Phrase) -> Iterator[Wording]:
    """Yield the whole phrase first, then its shorter wordings; each is grammatical by itself."""
    if not well_formed(other, said):
        return
    phrase = plainly(other, said)
    shorter = (_whole, _single_garments, _coloured_only, _first_noun, _undescribed, _alone)
    texts: set[str] = set()
    for text, nouns in (wording for way in shorter for wording in way(other, phrase)):
        if text not in texts:
            texts.add(text)
            yield text, nouns


def plainly(other: Analysis, phrase: Phrase) -> Phrase:
    """Return "in a red shirt" for "wearing a red shirt" and "dressed in a red shirt", "with glasses" for "wearing
    glasses": one wording for what captions say in several.
    """
    first = phrase.text.split()[0].lower()
    if phrase.kind != "clothing" or not phrase.nouns or first not in ("wearing", "dressed", "with"):
        return phrase
    nouns = [other.nouns[n] for n in phrase.nouns]
    if any(noun.noun_class != "clothing" for noun in nouns) or nouns[0].chunk_start < phrase.start:
        return phrase
    rest = other.text[nouns[0].chunk_start : phrase.end]
    return replace(phrase, text=f"{'with' if nouns[0].lemma in words('with') else 'in'} {rest}")


def well_formed(other: Analysis, phrase: Phrase) -> bool:
    """Whether the nouns of a phrase were read aright, and can stand as they are."""
    return all(is_named_well(other, other.nouns[number]) for number in phrase.nouns)


def is_named_well(other: Analysis, noun: Noun) -> bool:
    """Whether a noun was read aright, and can stand as it is.

    "in blue and white fight" and "in clothing pedal" have verbs for nouns; "outside storefront" lacks its article:
    what has none must be many, a mass, a place, an idea ("in formation") or something worn.
    """
    inner = other.text[noun.name_start : noun.start].lower().split()
    if noun.noun_class not in ("clothing", "person") and any(
        lexicon().noun_class(word) == "clothing" for word in inner
    ):
        return False
    kinds = {modifier.kind for modifier in noun.modifiers}
    if noun.noun_class == "body" and not noun.plural:
        return bool(noun.determiner)
    if noun.determiner or "number" in kinds or noun.noun_class not in ("thing", "animal", "person"):
        return True
    return "colour" not in kinds if noun.plural else noun.lemma in lexicon().masses


def lacks_article(noun: Noun) -> bool:
    """Whether a place is named without an article that it needs: "on farm", not "in water" or "at school"."""
    if noun.determiner or noun.plural or noun.noun_class != "place" or noun.lemma.endswith("s"):
        return False
    return noun.lemma not in words("without_article") and all(modifier.kind != "number" for modifier in noun.modifiers)


def wears_several(garment: Noun) -> bool:
    """Whether one person wears several of it, or a pair that has no singular: "in jeans", "in boots"."""
    paired = (
        garment.lemma in words("without_singular")
        or garment.lemma.endswith("s")
        or garment.lemma in words("worn_in_pairs")
    )
    return paired or (garment.determiner == "" and not garment.plural and garment.lemma in lexicon().masses)


def setting(place: str) -> str:
    """Return where one is who is at a place: "on a street", "in the water", "in a park"."""
    preposition = "on" if place in words("on") else "in"
    if place in words("without_article") or place in words("the"):
        return f"{preposition} the {place}"
    return f"{preposition} {article_for(place)} {place}"


def _whole(other: Analysis, phrase: Phrase) -> Iterator[Wording]:
    """Yield the phrase with its first word in lower case, and an article before a garment that lacks it."""
    text = phrase.text[:1].lower() + phrase.text[1:] if phrase.start == 0 else phrase.text
    last = other.nouns[phrase.nouns[-1]] if phrase.nouns else None
    if last is not None and lacks_article(last) and phrase.start < last.chunk_start and last.end == phrase.end:
        told = other.text[last.chunk_start : last.end]
        text = f"{text[: len(text) - len(told)]}{article_for(told)} {told}"
    if phrase.kind == "clothing" and len(phrase.nouns) == 1 and other.nouns[phrase.nouns[0]].noun_class == "clothing":
        text = f"{opening(other, phrase)} {_with_article(other, phrase.nouns[0])}"
    yield text, phrase.nouns


def opening(other: Analysis, phrase: Phrase) -> str:
    """Return the words before the first noun phrase, in the form that the phrase gives them ("wearing")."""
    return phrase.text[: len(phrase.text) - (phrase.end - other.nouns[phrase.nouns[0]].chunk_start)].strip()


def _single_garments(other: Analysis, phrase: Phrase) -> Iterator[Wording]:
    """Yield "in a black top" and "in a white skirt" for "in a black top and white skirt"."""
    garments = [n for n in phrase.nouns if other.nouns[n].noun_class == "clothing"]
    if phrase.kind != "clothing" or len(garments) < 2:
        return
    begin = opening(other, phrase)
    for number in garments:
        yield f"{begin} {_with_article(other, number)}", (number,)


def _coloured_only(other: Analysis, phrase: Phrase) -> Iterator[Wording]:
    """Yield "in a blue shirt" for "in a bright blue long-sleeved polo shirt", one for each garment."""
    garments = [n for n in phrase.nouns if other.nouns[n].noun_class == "clothing"]
    if phrase.kind != "clothing" or not garments or phrase.nouns[0] != garments[0]:
        return
    begin = opening(other, phrase)
    for number in garments:
        noun = other.nouns[number]
        colours = [modifier for modifier in noun.modifiers if modifier.kind == "colour"]
        if not colours or noun.chunk_start < phrase.start:
            continue
        told = f"{other.text[colours[0].start : colours[-1].end]} {other.text[noun.start : noun.end]}"
        one = not noun.plural and noun.lemma not in words("without_singular") and not noun.lemma.endswith("s")
        yield f"{begin} {article_for(told) + ' ' if one else ''}{told}", (number,)


def _with_article(other: Analysis, number: int) -> str:
    """Return a garment with "a" where it is one and has no article or "the": nobody knows it yet."""
    noun = other.nouns[number]
    start = noun.chunk_start
    if noun.determiner == "the":
        start += len("the ")
    told = other.text[start : noun.end]
    bare = noun.determiner in ("", "the") and not noun.plural
    one = (
        bare and noun.lemma not in words("without_singular") and not noun.lemma.endswith("s") and not told[0].isdigit()
    )
    return f"{article_for(told)} {told}" if one else told


def _first_noun(other: Analysis, phrase: Phrase) -> Iterator[Wording]:
    """Yield the phrase up to its first noun: "sitting on a bench" for "sitting on a bench next to a tree"."""
    if len(phrase.nouns) < 2 or phrase.kind == "clothing":
        return
    first = other.nouns[phrase.nouns[0]]
    if not other.text[first.end :].lstrip().startswith(("of ", "and ", "'", ",", "&")):
        yield phrase.text[: len(phrase.text) - (phrase.end - first.end)], phrase.nouns[:1]


def _undescribed(other: Analysis, phrase: Phrase) -> Iterator[Wording]:
    """Yield "on a street" for "on a busy city street"; what somebody wears keeps its colours."""
    if len(phrase.nouns) != 1 or phrase.kind == "clothing":
        return
    noun = other.nouns[phrase.nouns[0]]
    if noun.chunk_start < phrase.start or phrase.end != noun.end:
        return
    numbers = [modifier for modifier in noun.modifiers if modifier.kind == "number"]
    if numbers or (noun.start == noun.chunk_start):
        return
    determiner = noun.determiner
    head = other.text[noun.start : noun.end]
    if determiner in ("a", "an"):
        determiner = article_for(head)
    begin = opening(other, phrase)
    if not determiner and not noun.plural and noun.noun_class not in ("place",):
        return
    if lexicon().noun_class(noun.lemma) == "abstract" or noun.lemma in words("say_nothing") or lacks_article(noun):
        return
    yield " ".join(part for part in (begin, determiner, head) if part), phrase.nouns


def _alone(other: Analysis, phrase: Phrase) -> Iterator[Wording]:
    """Yield "standing" for "standing on a corner": what one does without an object."""
    first = phrase.text.split()[0]
    if phrase.kind in ("deed", "action") and first in words("need_no_object"):
        yield first, ()
