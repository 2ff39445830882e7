"""Looser details: told of people and places that are probably ours, where nothing says so for certain.

They are chosen beside the surer details, and shown after them: a person who looks at the picture sees at once whether
the shirt is that man's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from curation.suggesters.consistency import Consistency
from curation.suggesters.detail import Detail, agreed_on, names_of
from curation.suggesters.detail_words import outer_layer, words
from curation.suggesters.edits import Insertion, end_of_sentence
from curation.suggesters.same_things import Match, compatible, is_group
from curation.suggesters.wordings import is_named_well, setting, wears_several
from curation.text.analysis import Analysis, Noun
from curation.text.articles import article_for
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens

_NEAR = 7
"""So near to the end of a caption, in words, a second phrase with the same preposition sounds wrong."""


def loose_details(
    target: Analysis, other: Analysis, agreed: Consistency, present: set[str], matches: Mapping[int, Match]
) -> Iterator[Detail]:
    """Yield garments, places and things of ``other`` that nothing denies ``target``, each in several lengths.

    ``matches`` says which things of ``other`` are known to be which of ``target``.
    """
    for number, noun in enumerate(other.nouns):
        if names_of(other, noun) & present or not _can_be_told(other, noun):
            continue
        if noun.noun_class == "clothing":
            yield from _worn(target, other, number, agreed, matches)
        elif noun.noun_class in ("place", "abstract"):
            yield from _where(target, other, number, agreed)
        elif noun.noun_class in ("thing", "animal", "person"):
            yield from _near_by(target, other, number, agreed)


def _can_be_told(other: Analysis, noun: Noun) -> bool:
    named = noun.lemma.replace("-", "").isalpha()
    return named and (noun.noun_class in ("clothing", "abstract") or is_named_well(other, noun))


def _worn(
    target: Analysis, other: Analysis, number: int, agreed: Consistency, matches: Mapping[int, Match]
) -> Iterator[Detail]:
    garment, wearer = other.nouns[number], _wearer(other, number)
    known = matches.get(wearer) if wearer is not None else None
    ours = known.ours if known else _who_may_wear(target, other, wearer)
    if ours is None or target.nouns[ours].noun_class != "person":
        return
    if is_group(target.nouns[ours]) != garment.plural and not wears_several(garment):
        return
    for told in _said(other, number, agreed):
        yield from _put_on(target, ours, garment, told)


def _who_may_wear(target: Analysis, other: Analysis, wearer: int | None) -> int | None:
    """Return the first of our people who may be the wearer, if our caption names one such person only."""
    people = [n for n, noun in enumerate(target.nouns) if noun.noun_class == "person"]
    able = [n for n in people if wearer is None or compatible(target.nouns[n], other.nouns[wearer])]
    named = [lexicon().same_thing(target.nouns[n].lemma) for n in people]
    return able[0] if able and named.count(lexicon().same_thing(target.nouns[able[0]].lemma)) == 1 else None


def _put_on(target: Analysis, ours: int, garment: Noun, told: str) -> Iterator[Detail]:
    person = target.nouns[ours]
    worn = [p for p in target.phrases if p.kind == "clothing" and p.noun == ours]
    if not worn:
        following = target.text[person.after :].split()[:1]
        preposition = "with" if garment.lemma in words("with") else "in"
        if "clothing" in person.missing and following not in (["'s"], ["of"], ["'"], [preposition]):
            yield Detail("clothing", ours, Insertion(person.after, f"{preposition} {told}"), "loose")
        return
    layers = {outer_layer(target.nouns[n].lemma) for phrase in worn for n in phrase.nouns}
    last, read = worn[-1], [target.nouns[n].noun_class for phrase in worn for n in phrase.nouns]
    if outer_layer(garment.lemma) in layers or outer_layer("dress") in layers or set(read) != {"clothing"}:
        return
    if not target.text[last.end :].lstrip().startswith(("and ", "on ", ",", "'", "of ")):
        joint = "and" if "and" not in tokens(last.text) else "with"
        yield Detail("garment", ours, Insertion(last.end, f"{joint} {told}"), "loose")


def _wearer(other: Analysis, number: int) -> int | None:
    """Return who wears a garment: whom its phrase tells of, or the person named last before it."""
    for phrase in other.phrases:
        if phrase.kind == "clothing" and number in phrase.nouns:
            return phrase.noun
    before = [n for n, noun in enumerate(other.nouns[:number]) if noun.noun_class == "person"]
    return before[-1] if before else None


def _said(other: Analysis, number: int, agreed: Consistency) -> Iterator[str]:
    """Yield a thing with all that is said of it, with its colour only, and bare; only bare where captions differ."""
    noun = other.nouns[number]
    head = other.text[noun.start : noun.end].lower()
    name = other.text[noun.name_start : noun.end].lower()
    colours = [m for m in noun.modifiers if m.kind in ("colour", "pattern")]
    tellings = []
    if agreed_on(other, (number,), agreed):
        if noun.modifiers:
            tellings.append(f"{other.text[noun.modifiers[0].start : noun.name_start].strip()} {name}")
        if colours:
            tellings.append(f"{other.text[colours[0].start : colours[-1].end]} {head}")
    tellings += [name, head]
    for told in dict.fromkeys(text.lower() for text in tellings):
        if not words("pointing_elsewhere") & set(tokens(told)):
            yield told if noun.plural or wears_several(noun) or _uncounted(noun) else f"{article_for(told)} {told}"


def _uncounted(noun: Noun) -> bool:
    return noun.lemma in lexicon().masses or noun.lemma in words("without_article")


def _where(target: Analysis, other: Analysis, number: int, agreed: Consistency) -> Iterator[Detail]:
    """Yield where something is: as the other caption says it, or as one says it of such a place."""
    noun = other.nouns[number]
    if not target.nouns:
        return
    at = end_of_sentence(target)
    phrase = next((p for p in other.phrases if p.kind == "place" and p.nouns[:1] == (number,)), None)
    texts = []
    if phrase is not None and phrase.text.split()[0].lower() not in words("ways"):
        begin = other.text[phrase.start : noun.chunk_start].strip().lower()
        if noun.noun_class == "place" or noun.lemma in words("scenery"):
            article = f"{noun.determiner} " if noun.determiner in ("the", "a", "an") else ""
            if noun.noun_class == "abstract":
                texts = [f"{begin} {article}{noun.lemma}"]
            elif article:
                told = list(_said(other, number, agreed))
                texts = [f"{begin} {_with(article, one)}" for one in told]
    elif noun.noun_class == "place" and noun.lemma in words("beside_by"):
        texts = [f"by {told}" for told in _said(other, number, agreed)]
    elif noun.noun_class == "place" and not noun.plural and not _no_setting(noun):
        texts = [setting(noun.lemma)]
    for text in dict.fromkeys(texts):
        if text.split()[0] not in tokens(target.text)[-3:]:
            yield Detail("place", 0, Insertion(at, text), "loose")


def _no_setting(noun: Noun) -> bool:
    """Whether a place is no setting by itself: a side of something, or what things are made of ("wood")."""
    return noun.lemma in words("no_setting") or (
        noun.lemma in words("without_article") and noun.lemma not in words("on")
    )


def _with(article: str, told: str) -> str:
    bare = told.split(" ", 1)[1] if told.split()[0] in ("a", "an") else told
    return f"the {bare}" if article == "the " else f"{article_for(bare)} {bare}"


def _near_by(target: Analysis, other: Analysis, number: int, agreed: Consistency) -> Iterator[Detail]:
    """Yield "with a cart" and, where the caption has a "with" already, "next to a cart"."""
    noun = other.nouns[number]
    if not target.nouns or not _may_be_there(target, noun):
        return
    last = tokens(target.text)[-_NEAR:]
    first = "by" if noun.lemma in words("beside_by") else "with"
    if first in last:
        first = "next to"
    for told in _said(other, number, agreed):
        yield Detail("beside", 0, Insertion(end_of_sentence(target), f"{first} {told}"), "loose")


def _may_be_there(target: Analysis, noun: Noun) -> bool:
    """Whether something can be named besides: nobody whom our caption may mean by another word, no figure of speech."""
    if noun.noun_class == "person":
        people = [ours for ours in target.nouns if ours.noun_class == "person"]
        onlookers = is_group(noun) and noun.lemma in words("onlookers")
        return onlookers or not any(compatible(ours, noun) for ours in people)
    return noun.lemma not in words("beside_never") or noun.lemma in words("held")
