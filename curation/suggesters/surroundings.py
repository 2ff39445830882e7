"""What another caption tells of the whole scene: where it is, and who or what is there besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from curation.suggesters.consistency import Consistency
from curation.suggesters.detail import Detail, agreed_on, classes, names_of
from curation.suggesters.detail_words import words
from curation.suggesters.edits import Insertion, end_of_sentence
from curation.suggesters.placing import moves_alike
from curation.suggesters.same_things import How, Match, compatible, is_group, may_be_another_name
from curation.suggesters.wordings import is_named_well, setting
from curation.text.analysis import Analysis, Noun, Phrase
from curation.text.articles import article_for
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens

_NEAR = 7
"""So near to the end of a caption, in words, a second "with" sounds wrong."""


def beside(
    target: Analysis, other: Analysis, agreed: Consistency, present: set[str], matches: Mapping[int, Match]
) -> Iterator[Detail]:
    """Yield "with a dog": a thing, an animal or somebody that the other caption names and ours does not."""
    if not target.nouns or not {"person", "animal", "thing"} & {noun.noun_class for noun in target.nouns}:
        return
    for number, noun in enumerate(other.nouns):
        told = other.text[noun.chunk_start : noun.end]
        if (
            not is_named_well(other, noun)
            or not _can_stand_beside(target, noun)
            or not agreed_on(other, (number,), agreed)
        ):
            continue
        if names_of(other, noun) & present or words("pointing_elsewhere") & set(tokens(told)):
            continue
        first = said_to_be(other, number)
        if first in tokens(target.text)[-_NEAR:]:
            continue
        doubted = noun.noun_class == "person" or may_be_another_name(target, other, number, matches)
        how: How = "loose" if doubted else "scene"
        for start in dict.fromkeys((noun.chunk_start, noun.start)):
            told = _introduced(other, noun, start)
            yield Detail("beside", 0, Insertion(end_of_sentence(target), f"{first} {told}"), how)


def said_to_be(other: Analysis, number: int) -> str:
    """Return how something is there: on or in it, where the other caption says so, else by it or with it."""
    noun = other.nouns[number]
    for phrase in other.phrases:
        before = phrase.text.split()[0].lower()
        if phrase.kind == "place" and phrase.nouns[:1] == (number,) and before in ("on", "in", "under"):
            return before
    return "by" if noun.lemma in words("beside_by") else "with"


def _introduced(other: Analysis, noun: Noun, start: int) -> str:
    """Return a noun from ``start`` on as something new: "a dog" for "his dog" and "the dog", "two dogs" as it is."""
    told = other.text[start : noun.end]
    if start == 0:
        told = told[:1].lower() + told[1:]
    if noun.determiner and start == noun.chunk_start:
        told = told[len(noun.determiner) :].strip()
    single = not noun.plural and noun.determiner not in ("", "some")
    return f"{article_for(told)} {told}" if single else told


def _can_stand_beside(target: Analysis, noun: Noun) -> bool:
    """Whether "with ..." makes sense: counted or a mass, and nobody whom our caption may mean by another word."""
    if noun.lemma in words("beside_never"):
        return False
    counted = noun.determiner in words("introducing") or (noun.plural and noun.determiner == "")
    if noun.noun_class == "person" and noun.lemma != "audience":
        people = [ours for ours in target.nouns if ours.noun_class == "person"]
        return counted and not any(compatible(ours, noun) or is_group(ours) for ours in people)
    if noun.lemma in ("crowd", "audience"):
        return counted and not any(is_group(ours) for ours in target.nouns if ours.noun_class == "person")
    if noun.noun_class == "animal":
        return counted and all(ours.noun_class != "animal" for ours in target.nouns)
    carried = noun.noun_class == "clothing" and noun.lemma in words("carried")
    return (noun.noun_class == "thing" or carried) and (
        counted or (not noun.determiner and noun.lemma in lexicon().masses)
    )


def settings(target: Analysis, other: Analysis, present: set[str]) -> Iterator[Detail]:
    """Yield "on a street" for "walks down a street" and "in a restaurant" for "at a restaurant table"."""
    for phrase in other.phrases:
        if phrase.kind != "place" or not phrase.nouns or not target.nouns:
            continue
        first = other.nouns[phrase.nouns[0]]
        way = phrase.text.split()[0].lower() in words("along")
        inner = other.text[first.name_start : first.start].lower().split()
        if way and first.noun_class == "place":
            name = "" if first.plural else first.lemma
        elif (
            not way and first.noun_class == "thing" and len(inner) == 1 and phrase.text.split()[0] in ("in", "on", "at")
        ):
            name = inner[0]
        else:
            continue
        if lexicon().noun_class(name) != "place" or name in words("no_setting") or name in present:
            continue
        if any(p.kind == "place" and classes(target, p) == {"place"} for p in target.phrases):
            continue
        text = setting(name)
        yield Detail("place", 0, Insertion(end_of_sentence(target), text), "scene")


def is_setting(other: Analysis, phrase: Phrase) -> bool:
    """Whether a phrase says where the whole scene is, so that it holds whoever the caption is about."""
    static = phrase.text.split()[0].lower() not in words("ways")
    return (
        phrase.kind == "place"
        and static
        and bool(phrase.nouns)
        and all(other.nouns[n].noun_class == "place" for n in phrase.nouns)
        and suits_all(other, phrase)
    )


def suits_all(other: Analysis, phrase: Phrase) -> bool:
    """Whether a place can be that of everything in the picture: no back of something, no wall, nobody's own."""
    first = other.nouns[phrase.nouns[0]]
    if first.determiner in ("his", "her", "their", "its") or first.lemma in words("no_setting"):
        return False
    return phrase.text.split()[0].lower() != "at" or first.noun_class == "place"


def is_place_of_all(target: Analysis, other: Analysis, phrase: Phrase) -> bool:
    """Whether a phrase says where people, or animals, are, and our caption has such for its subject."""
    if phrase.kind != "place" or phrase.text.split()[0].lower() in words("ways"):
        return False
    if not phrase.nouns or not suits_all(other, phrase):
        return False
    if classes(other, phrase) & {"person", "animal", "clothing", "body", "hair"}:
        return False
    ours, theirs = target.nouns[0], other.nouns[teller(other, phrase.noun)]
    if not moves_alike(target, other, phrase):
        return False
    return ours.noun_class == theirs.noun_class and ours.noun_class in ("person", "animal")


def teller(other: Analysis, number: int) -> int:
    """Return the noun that is meant: the people in "a group of people", whose group is no thing by itself."""
    if other.nouns[number].noun_class == "abstract" and number + 1 < len(other.nouns):
        between = other.text[other.nouns[number].end : other.nouns[number + 1].chunk_start].split()
        return number + 1 if between == ["of"] else number
    return number


def group_with(target: Analysis, other: Analysis, phrase: Phrase) -> int | None:
    """Return the only people of our caption, several, of whom the other caption describes one by what he wears."""
    people = [n for n, noun in enumerate(target.nouns) if noun.noun_class == "person"]
    one = other.nouns[phrase.noun]
    if phrase.kind != "clothing" or one.noun_class != "person" or is_group(one) or len(people) != 1:
        return None
    ours = target.nouns[people[0]]
    return people[0] if is_group(ours) and compatible(ours, one) else None
