"""Which thing of one caption is which thing of another caption of the same image."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from curation.suggesters.consistency import things_of
from curation.text.analysis import Analysis, Noun
from curation.text.lexicon import lexicon

How = Literal["word", "only", "subject", "scene", "loose"]
"""By word or synonym; as the only one of its class in either caption; as what either caption begins with, where
there are several; or not at all: told of the whole scene."""

_LIVING = frozenset({"person", "animal"})


@dataclass(frozen=True, slots=True)
class Match:
    """Noun number ``ours`` of the caption, and how it was recognised."""

    ours: int
    how: How


@cache
def _people() -> dict[str, frozenset[str]]:
    data = json.loads(files("curation.suggesters").joinpath("people.json").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in data.items() if name != "_about"}


def same_things(target: Analysis, other: Analysis) -> dict[int, Match]:
    """Return for each noun of ``other`` that ``target`` names too, and where there is no doubt which, its match.

    The same word or synonym, once in each caption; or the only person, the only group of people or the only animal
    of either that is not matched yet, unless their words exclude each other ("man", "woman").
    """
    ours, theirs = things_of(target), things_of(other)
    found: dict[int, Match] = {}
    for key in ours.keys() & theirs.keys():
        if len(ours[key]) == len(theirs[key]) == 1:
            found[theirs[key][0]] = Match(ours[key][0], "word")
    for noun_class in ("person", "animal"):
        for plural in (False, True):
            taken = {match.ours for match in found.values()}
            a = _of_class(target, noun_class, plural, taken)
            b = _of_class(other, noun_class, plural, found)
            pairs = [(x, y) for x in a for y in b if compatible(target.nouns[x], other.nouns[y])]
            if len(pairs) == 1 and len(a) == len(b) == 1:
                found[pairs[0][1]] = Match(pairs[0][0], "only")
    found.update(_subjects(target, other, found))
    return {
        theirs: match
        for theirs, match in found.items()
        if _as_many(target, match.ours, other, theirs) and _in_one_role(target, match.ours, other, theirs)
    }


def may_be_another_name(target: Analysis, other: Analysis, theirs: int, matches: Mapping[int, Match]) -> bool:
    """Whether a thing that only ``other`` names may be one of ours by another name: the steed for the horse.

    It may where one of our things of its class, as many, is none that ``other`` names by a word that we know.
    """
    noun, known = other.nouns[theirs], {match.ours for match in matches.values()}
    return noun.noun_class in ("thing", "animal") and any(
        ours.noun_class == noun.noun_class and ours.plural == noun.plural and number not in known
        for number, ours in enumerate(target.nouns)
    )


def _in_one_role(target: Analysis, ours: int, other: Analysis, theirs: int) -> bool:
    """Whether people are not taken for those whom the other caption names only besides, or the other way round.

    "a skater rides while a man watches" and "a man is skating" may tell of two men. Where both captions name people
    by the same words, the words decide.
    """
    if target.nouns[ours].noun_class != "person" or other.nouns[theirs].noun_class != "person":
        return True
    a, b = _people_of(target), _people_of(other)
    if {target.nouns[n].lemma for n in a} == {other.nouns[n].lemma for n in b}:
        return True
    if a[0] != ours and b[0] == theirs:
        first = target.nouns[a[0]]
        return _sex_or_age(first) or not compatible(first, other.nouns[theirs])
    return a[0] != ours or b[0] == theirs or not compatible(target.nouns[ours], other.nouns[b[0]])


def _sex_or_age(noun: Noun) -> bool:
    """Whether a word says more of a person than a role does: then another caption would use it too."""
    lemma = lexicon().singular(noun.lemma)
    return any(lemma in _people()[name] for name in ("male", "female", "small"))


def _people_of(analysis: Analysis) -> list[int]:
    return [number for number, noun in enumerate(analysis.nouns) if noun.noun_class == "person"]


def _as_many(target: Analysis, ours: int, other: Analysis, theirs: int) -> bool:
    """Whether two captions do not count differently: of three people, two may wear red."""
    numbers = [
        {analysis.slice(m).lower() for m in analysis.nouns[n].modifiers if m.kind == "number"}
        for analysis, n in ((target, ours), (other, theirs))
    ]
    return not (numbers[0] and numbers[1]) or numbers[0] == numbers[1]


def _subjects(target: Analysis, other: Analysis, found: dict[int, Match]) -> Iterator[tuple[int, Match]]:
    """Yield the first people of either caption, if neither is matched and one word can stand for both."""
    ours = next((n for n, noun in enumerate(target.nouns) if noun.noun_class in _LIVING), None)
    theirs = next((n for n, noun in enumerate(other.nouns) if noun.noun_class in _LIVING), None)
    if ours is None or theirs is None or theirs in found or any(match.ours == ours for match in found.values()):
        return
    a, b = target.nouns[ours], other.nouns[theirs]
    if _named_twice(target, a) or _named_twice(other, b):
        return
    if a.noun_class == b.noun_class and is_group(a) == is_group(b) and compatible(a, b):
        yield theirs, Match(ours, "subject")


def _named_twice(analysis: Analysis, noun: Noun) -> bool:
    """Whether a caption names two such things ("a man and another man"), so that nobody knows which is meant."""
    return len(things_of(analysis)[lexicon().same_thing(noun.lemma), noun.plural]) > 1


def compatible(first: Noun, second: Noun) -> bool:
    """Whether two words can name one person: not man and woman, not man and baby. Other things always can."""
    people, singular = _people(), lexicon().singular
    a, b = singular(first.lemma), singular(second.lemma)
    return not any(
        (a in people[one] and b in people[other]) or (b in people[one] and a in people[other])
        for one, other in (("male", "female"), ("small", "grown"))
    )


def is_group(noun: Noun) -> bool:
    """Whether a noun names several people: plural, or a word such as crowd."""
    return noun.plural or noun.lemma in _people()["groups"]


def crowded(captions: Iterable[Analysis]) -> bool:
    """Whether some caption tells of two people or more, so that it may be in doubt who wears what."""
    return any(
        sum(noun.noun_class == "person" for noun in analysis.nouns) > 1
        or any(is_group(noun) for noun in analysis.nouns if noun.noun_class == "person")
        for analysis in captions
    )


def _of_class(analysis: Analysis, noun_class: str, plural: bool, taken: Iterable[int]) -> list[int]:
    return [
        number
        for number, noun in enumerate(analysis.nouns)
        if noun.noun_class == noun_class and is_group(noun) == plural and number not in set(taken)
    ]
