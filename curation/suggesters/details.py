"""Details of one caption that can be put into another caption of the same image, and where they go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from curation.suggesters.consistency import Consistency
from curation.suggesters.detail import Detail, agreed_on, names_of, stem
from curation.suggesters.detail_words import words
from curation.suggesters.edits import Insertion, end_of_sentence, modifier_place
from curation.suggesters.loose import loose_details
from curation.suggesters.placing import has_place, place_phrase
from curation.suggesters.same_things import Match, may_be_another_name, same_things
from curation.suggesters.surroundings import beside, group_with, is_place_of_all, is_setting, settings, teller
from curation.suggesters.wordings import wordings
from curation.text.analysis import Analysis, Modifier, Noun, Phrase
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens


def details(target: Analysis, other: Analysis, agreed: Consistency, *, loosely: bool = False) -> Iterator[Detail]:
    """Yield what ``other`` tells of the things that ``target`` names, in words that ``target`` does not hold.

    With ``loosely`` also what it tells of things that are probably those.
    """
    matches = same_things(target, other)
    present = set(tokens(target.text)) | {lexicon().same_thing(noun.lemma) for noun in target.nouns}
    for theirs, match in matches.items():
        yield from _attributes(target, match, other, other.nouns[theirs], agreed)
    yield from beside(target, other, agreed, present, matches)
    yield from settings(target, other, present)
    if loosely:
        yield from loose_details(target, other, agreed, present, matches)
    for phrase in other.phrases:
        yield from _of_phrase(target, other, phrase, agreed, present, matches)


def _of_phrase(
    target: Analysis,
    other: Analysis,
    phrase: Phrase,
    agreed: Consistency,
    present: set[str],
    matches: Mapping[int, Match],
) -> Iterator[Detail]:
    """Yield what a phrase tells, in its wordings that fit."""
    match_of = matches.get(teller(other, phrase.noun))
    scene = bool(target.nouns) and (is_setting(other, phrase) or is_place_of_all(target, other, phrase))
    group = group_with(target, other, phrase) if match_of is None else None
    if match_of is None and group is None and not scene:
        return
    for text, inside in wordings(other, phrase):
        names = {name for n in inside for name in names_of(other, other.nouns[n])}
        pointing = words("pointing_elsewhere") & set(tokens(text))
        if names & present or pointing or not agreed_on(other, inside, agreed) or _cut_off(phrase, text):
            continue
        if match_of is not None:
            doubted = phrase.kind in ("action", "deed") and any(
                may_be_another_name(target, other, n, matches) for n in inside
            )
            match = replace(match_of, how="loose") if doubted else match_of
            yield from place_phrase(target, match, other, phrase, text, inside)
        elif group is not None:
            yield Detail("one", group, Insertion(end_of_sentence(target), f"with one {text}"), "subject")
        elif scene and not has_place(target, other, phrase):
            yield Detail("place", 0, Insertion(end_of_sentence(target), text), "scene")


def _cut_off(phrase: Phrase, text: str) -> bool:
    """Whether a wording stops too early: "sitting with his arms" (crossed), "in a helmet and black" (shirt)."""
    *before, last = text.split()
    if lexicon().kind_of.get(last) == "colour":
        return "and" in before and any(lexicon().noun_class(word) == "clothing" for word in before)
    doing = phrase.kind in ("action", "deed")
    return doing and bool(before) and lexicon().noun_class(lexicon().singular(last)) == "body"


def _attributes(target: Analysis, match: Match, other: Analysis, theirs: Noun, agreed: Consistency) -> Iterator[Detail]:
    """Yield the attributes of ``theirs`` of kinds that our noun has none of, colour pairs kept whole."""
    noun = target.nouns[match.ours]
    before = set(tokens(target.text[noun.chunk_start : noun.start]))
    if _shares_what_stands_before(target, noun) or before & words("pointing_elsewhere"):
        return
    have = {modifier.kind for modifier in noun.modifiers}
    known = set(tokens(target.text))
    compound = other.text[theirs.name_start : theirs.start].strip().lower()
    if (
        compound
        and noun.name_start == noun.start
        and noun.lemma == theirs.lemma
        and not (known | words("pointing_elsewhere")) & set(tokens(compound))
    ):
        yield Detail("name", match.ours, Insertion(noun.start, compound), match.how)
    for kind, group in groupby(theirs.modifiers, key=lambda modifier: modifier.kind):
        told = _joined(other, list(group))
        if kind in have or not told or known & (set(tokens(told)) - {"and"}):
            continue
        if any(word.startswith(noun.lemma) for word in tokens(told)):
            continue
        if kind == "quality" and (noun.lemma != theirs.lemma or stem(told) in map(stem, known)):
            continue
        if kind == "state" and any(word not in lexicon().kind_of for word in tokens(told)):
            continue
        if kind != "number" and agreed.allows((lexicon().same_thing(theirs.lemma), theirs.plural), kind, told):
            yield Detail(kind, match.ours, Insertion(modifier_place(noun, kind), told), match.how)
        elif (
            kind == "number"
            and noun.plural
            and not _counted_by(target, noun)
            and noun.determiner in ("", "some", "the")
            and agreed.counted_alike(noun)
            and noun.lemma == theirs.lemma
        ):
            yield Detail(kind, match.ours, _count(noun, told), match.how)


def _shares_what_stands_before(target: Analysis, noun: Noun) -> bool:
    """Whether what is said before a noun would be read of two: "a black horse and dog"."""
    following = target.text[noun.end :].split()
    return following[:1] == ["and"] and any(
        ours.chunk_start == ours.name_start == target.text.find(following[1], noun.end) for ours in target.nouns
    )


def _counted_by(target: Analysis, noun: Noun) -> bool:
    """Whether a noun is counted by another: "a group of children"."""
    return target.text[: noun.chunk_start].split()[-1:] == ["of"]


def _joined(other: Analysis, group: list[Modifier]) -> str:
    """Return the words of neighbouring modifiers, "black and white" as one; empty where more stands between."""
    told = other.text[group[0].start : group[-1].end].lower()
    between = set(told.split()) - {other.slice(modifier).lower() for modifier in group} - {"and", ","}
    return "" if between else " ".join(told.replace(",", " ").split())


def _count(noun: Noun, told: str) -> Insertion:
    if noun.determiner == "some":
        return Insertion(noun.chunk_start, told, skip=len(noun.determiner))
    first = min((modifier.start for modifier in noun.modifiers), default=noun.name_start)
    return Insertion(first, told)
