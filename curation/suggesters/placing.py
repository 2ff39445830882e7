"""Where a phrase about a thing goes in another caption that names the thing, and whether it may stand there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from curation.suggesters.detail import Detail, classes, stem
from curation.suggesters.detail_words import outer_layer, words
from curation.suggesters.edits import Insertion, end_of_sentence
from curation.suggesters.same_things import Match, is_group
from curation.suggesters.wordings import wears_several
from curation.text.analysis import Analysis, Noun, Phrase
from curation.text.normalise import tokens

_BARE = 3
"""So many words has a part of which nothing is said: "with his feet"."""


def place_phrase(
    target: Analysis, match: Match, other: Analysis, phrase: Phrase, text: str, inside: tuple[int, ...]
) -> Iterator[Detail]:
    """Yield where a phrase about a noun goes: behind the noun, behind what is said of it, or at the end."""
    noun, at_end = target.nouns[match.ours], end_of_sentence(target)
    if not _fits_number(noun, other, inside, text):
        return
    torn = _owns_something(target, noun)
    text = _as_new(other, phrase, text)
    if phrase.kind == "place":
        if has_place(target, other, phrase) or _is_of_something(other, phrase):
            return
        if phrase.verb or noun.noun_class in ("person", "animal"):
            if moves_alike(target, other, phrase):
                yield Detail("place", match.ours, Insertion(at_end, text), match.how)
        elif not torn:
            yield Detail("place", match.ours, Insertion(noun.after, text), match.how)
    elif phrase.kind in ("action", "deed"):
        yield from _doing(target, match, phrase, text)
    elif phrase.kind == "clothing" and _is_clothed(target, noun):
        yield from _one_more_garment(target, match, other, phrase, text, inside)
    elif text and not torn and not _repeats(target, noun, text) and not _says_nothing(other, inside, text):
        yield Detail(phrase.kind, match.ours, Insertion(noun.after, text), match.how)


def _as_new(other: Analysis, phrase: Phrase, text: str) -> str:
    """Return a part as one tells of it first: "with brown hair"; nothing for "with the fur", which was told before."""
    if phrase.kind != "part" or not text.startswith("with the "):
        return text
    return text.replace("with the ", "with ", 1) if "hair" in classes(other, phrase) else ""


def _says_nothing(other: Analysis, inside: tuple[int, ...], text: str) -> bool:
    """Whether a part is nothing to tell anybody by: a face or feet as such, or no thing at all."""
    named = [other.nouns[n] for n in inside[:1]]
    bare = len(text.split()) <= _BARE
    return any(noun.noun_class == "abstract" or (noun.noun_class == "body" and bare) for noun in named)


def _is_of_something(other: Analysis, phrase: Phrase) -> bool:
    """Whether a phrase names a part or a side of what only the other caption tells: "on the ceiling", "in the back"."""
    return bool(phrase.nouns) and other.nouns[phrase.nouns[0]].lemma in words("no_setting")


def _fits_number(noun: Noun, other: Analysis, inside: tuple[int, ...], text: str) -> bool:
    """Whether so many wear so many: no man in white shirts, no people in a white shirt; and no man with "their"."""
    worn = [other.nouns[n] for n in inside if other.nouns[n].noun_class == "clothing"]
    several = is_group(noun)
    told = set(tokens(text))
    if told & {"his", "her"} if several else "their" in told:
        return False
    return all(wears_several(garment) or garment.plural == several for garment in worn)


def _repeats(target: Analysis, noun: Noun, text: str) -> bool:
    """Whether what follows the noun begins with the same word: "with a watch with his mouth open"."""
    return target.text[noun.after :].split()[:1] == text.split()[:1]


def _is_clothed(target: Analysis, noun: Noun) -> bool:
    """Whether the caption says what somebody wears, be it far behind: "two people , both dressed in white"."""
    loose = all(p.kind != "clothing" for p in target.phrases) and words("dressed") & set(tokens(target.text))
    return "clothing" not in noun.missing or bool(loose)


def _one_more_garment(
    target: Analysis, match: Match, other: Analysis, phrase: Phrase, text: str, inside: tuple[int, ...]
) -> Iterator[Detail]:
    """Yield "and a hat" behind "in a red shirt": one garment more of a kind that is not named yet."""
    worn = [p for p in target.phrases if p.kind == "clothing" and p.noun == match.ours and p.nouns]
    garments = [other.nouns[n] for n in inside]
    if len(worn) != 1 or len(garments) != 1 or garments[0].noun_class != "clothing":
        return
    if any(target.nouns[n].noun_class != "clothing" for n in worn[0].nouns):
        return
    kinds = {outer_layer(target.nouns[n].lemma) for n in worn[0].nouns}
    told = text.partition(" ")[2]
    layer = outer_layer(garments[0].lemma)
    if layer in kinds or outer_layer("dress") in kinds | {layer} or "and" in tokens(worn[0].text) or not told:
        return
    if target.text[worn[0].end :].lstrip().startswith(("and ", "on ", ",", "'")):
        return
    yield Detail("garment", match.ours, Insertion(worn[0].end, f"and {told}"), match.how)


def _doing(target: Analysis, match: Match, phrase: Phrase, text: str) -> Iterator[Detail]:
    """Yield what somebody does: behind the noun where it does nothing yet, else "while ..." at the end."""
    noun = target.nouns[match.ours]
    if len(text.split()) == 1 and text not in words("need_no_object"):
        return
    verb, ours = stem(text.split()[0]), set(map(stem, tokens(target.text)))
    if verb in _exclusive() and ours & _exclusive() and verb not in ours:
        return
    if verb in ours:
        yield from _object(target, match, text)
    elif not noun.has_verb and all(p.kind not in ("action", "deed") for p in target.phrases):
        at = _behind_phrases(target, match.ours)
        following = target.text[at:].split()[:1]
        if not _owns_something(target, noun) and not any(word.endswith("ing") for word in following):
            yield Detail(phrase.kind, match.ours, Insertion(at, text), match.how)
    elif match.ours == 0 and "while" not in tokens(target.text):
        yield Detail(phrase.kind, match.ours, Insertion(end_of_sentence(target), f"while {text}"), match.how)


def _object(target: Analysis, match: Match, text: str) -> Iterator[Detail]:
    """Yield what follows a verb that both captions have, where our caption ends with that verb: "playing guitar"."""
    verb, rest = text.split()[0], " ".join(text.split()[1:])
    last = tokens(target.text)[-1:]
    if rest and last and stem(last[0]) == stem(verb):
        yield Detail("object", match.ours, Insertion(end_of_sentence(target), rest), match.how)


def _behind_phrases(target: Analysis, number: int) -> int:
    """Return where the noun and the phrases that directly follow it and tell of it end."""
    at = target.nouns[number].after
    for phrase in target.phrases:
        if phrase.noun == number and phrase.kind in ("clothing", "part") and 0 <= phrase.start - at <= 1:
            at = phrase.end
    return at


def has_place(target: Analysis, other: Analysis, phrase: Phrase) -> bool:
    """Whether the caption already places something so: with the same preposition, in or on the same kind of thing."""
    preposition, kinds = phrase.text.split()[0].lower(), classes(other, phrase)
    same = [p for p in target.phrases if p.kind == "place" and p.text.split()[0].lower() == preposition]
    return any(not p.nouns or classes(target, p) & kinds for p in same)


def moves_alike(target: Analysis, other: Analysis, phrase: Phrase) -> bool:
    """Whether a phrase may be told of what our caption tells.

    A way ("down a hill") and what a verb is about ("looks at the camera") only where it has the same verb; where
    somebody is ("sits on a bench", "works in a garden") always.
    """
    if stem(phrase.verb) in map(stem, tokens(target.text)):
        return True
    preposition = phrase.text.split()[0].lower()
    if preposition in words("ways"):
        return False
    return (
        not phrase.verb
        or preposition in words("nearby")
        or stem(phrase.verb) in map(stem, words("staying"))
        or classes(other, phrase) <= {"place"}
    )


def _owns_something(target: Analysis, noun: Noun) -> bool:
    """Whether a phrase behind the noun would tear it from what follows: "the man 's hat", "a pile of snow"."""
    return target.text[noun.after :].lstrip().startswith(("'", "’", "of "))


@cache
def _exclusive() -> frozenset[str]:
    """Return the stems of verbs of which nobody is told to do two at once."""
    return frozenset(map(stem, words("staying") | words("moving")))
