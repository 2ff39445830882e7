"""Captions of one image that give one thing two colours: "a green fence" here, "a brown fence" there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from curation.text.analysis import Analysis, Noun
from curation.text.defects import Defect, ImageText, defect_detector
from curation.text.defects.words import words
from curation.text.lexicon import lexicon

_ANOTHER = frozenset({"another", "each", "every", "some", "one", "either", "any", "no"})
_GROUPS = frozenset(
    {"people", "group", "crowd", "couple", "pair", "team", "band", "family", "audience", "crew", "police"}
)
_ABOUT_LIGHT = frozenset({"bright", "dark", "light", "pale", "neon", "colored", "coloured"})
_MANY_COLOURS = re.compile(r"colou?rful|multi|-|tie-dye")
_JOINED = re.compile(r"([a-z]+)(?: and |, | & )$")


@defect_detector("contradiction", title="Contradicting colours", language="en", needs="siblings")
def contradiction(image: ImageText, i: int) -> Iterator[Defect]:
    """Find a thing, one in every caption of the image that names it, whose colour another caption contradicts."""
    analyses = image.analyses
    for noun in analyses[i].nouns:
        own = _colours(analyses[i], noun)
        if own and _is_one_thing(analyses, noun):
            others = [_colours(a, other) for a in analyses for other in a.nouns if _same(a, other, noun, analyses[i])]
            if any(other and _exclude(own, other) for other in others):
                start = min(modifier.start for modifier in noun.modifiers if modifier.kind == "colour")
                yield Defect("contradiction", start, noun.end, analyses[i].text[start : noun.end])


def _same(analysis: Analysis, other: Noun, noun: Noun, own: Analysis) -> bool:
    """Whether a noun of another caption names what ``noun`` names."""
    return analysis is not own and _name(other) == _name(noun)


def _name(noun: Noun) -> str:
    return lexicon().same_thing(noun.lemma)


def _colours(analysis: Analysis, noun: Noun) -> frozenset[str]:
    """Return the colours that a caption gives a noun, none where it has many or the name holds another thing.

    "dark" may be meant by black and "light" by white. A colour before "and" belongs to it, parsed so or not.
    """
    colours = [modifier for modifier in noun.modifiers if modifier.kind == "colour"]
    inner = analysis.text[noun.name_start : noun.start].lower().split()
    if not colours or any(word in lexicon().class_of for word in inner):
        return frozenset()
    written = {analysis.slice(modifier).lower() for modifier in colours}
    joined = _JOINED.search(analysis.text[: min(modifier.start for modifier in colours)].lower())
    if joined and lexicon().kind_of.get(joined[1]) == "colour":
        written.add(joined[1])
    if any(_MANY_COLOURS.search(word) for word in written):
        return frozenset()
    lightness = {colour for word, colour in (("dark", "black"), ("light", "white")) if word in written}
    return frozenset(written - _ABOUT_LIGHT) | lightness if written - _ABOUT_LIGHT else frozenset()


def _is_one_thing(analyses: Sequence[Analysis], noun: Noun) -> bool:
    """Whether no caption names two of a kind, and where people wear it or have it, only one person."""
    kind = noun.noun_class
    if kind in ("abstract", "person") or any(_several(analysis, _name(noun)) for analysis in analyses):
        return False
    if kind in ("clothing", "hair", "body"):
        return not any(_several_of_class(analysis, "person") for analysis in analyses)
    return kind != "animal" or not any(_several_of_class(analysis, kind) for analysis in analyses)


def _several(analysis: Analysis, name: str) -> bool:
    return not _at_most_one([noun for noun in analysis.nouns if _name(noun) == name])


def _several_of_class(analysis: Analysis, noun_class: str) -> bool:
    return not _at_most_one([noun for noun in analysis.nouns if noun.noun_class == noun_class])


def _at_most_one(nouns: Sequence[Noun]) -> bool:
    """Whether the nouns are none, or one in the singular that stands for no other and for no group."""
    if not nouns:
        return True
    noun = nouns[0]
    group = noun.lemma in _GROUPS or any(modifier.kind == "number" for modifier in noun.modifiers)
    return len(nouns) == 1 and not (noun.plural or group or noun.determiner in _ANOTHER)


def _exclude(own: frozenset[str], other: frozenset[str]) -> bool:
    """Whether no colour of one caption can be meant by a colour of the other."""
    alike = any(a == b or any(a in group and b in group for group in words().one_colour) for a in own for b in other)
    return not alike
