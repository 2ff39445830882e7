"""The words that detectors know by kind, read once from ``words.json`` beside this file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|[^\w\s]")


class Word(NamedTuple):
    """A word, number or mark of a text, lower case, with its half-open character range."""

    low: str
    start: int
    end: int


def split(text: str) -> list[Word]:
    """Return the words, numbers and marks of a text, in order."""
    return [Word(match.group().lower(), match.start(), match.end()) for match in _WORD.finditer(text)]


@dataclass(frozen=True, slots=True)
class DefectWords:
    """What the fields hold is said at each key of ``words.json``."""

    terms: frozenset[str]
    written_apart: dict[str, str]
    glued_before: tuple[str, ...]
    glued_behind: tuple[str, ...]
    apostrophe_lost: dict[str, str]
    plural_modifiers: frozenset[str]
    living: frozenset[str]
    verb_or_noun: frozenset[str]
    giving: frozenset[str]
    function_words: frozenset[str]
    prepositions: frozenset[str]
    kin: frozenset[str]
    counting: frozenset[str]
    compound_heads: frozenset[str]
    ing_nouns: frozenset[str]
    verbs: frozenset[str]
    one_colour: tuple[frozenset[str], ...]


@cache
def words() -> DefectWords:
    """Return the shipped words."""
    data = json.loads(files("curation.text.defects").joinpath("words.json").read_text(encoding="utf-8"))
    return DefectWords(
        terms=frozenset(data["terms"]["words"]),
        written_apart={pair.replace(" ", ""): pair for pair in data["written_apart"]["words"]},
        glued_before=tuple(data["glued"]["before"]),
        glued_behind=tuple(data["glued"]["behind"]),
        apostrophe_lost=data["apostrophe_lost"]["words"],
        plural_modifiers=frozenset(data["plural_modifiers"]["words"]),
        living=frozenset(data["living"]["words"]),
        verb_or_noun=frozenset(data["verb_or_noun"]["words"]),
        giving=frozenset(data["giving"]["words"]),
        function_words=frozenset(data["function_words"]["words"]) | frozenset(data["prepositions"]["words"]),
        prepositions=frozenset(data["prepositions"]["words"]),
        kin=frozenset(data["kin"]["words"]),
        counting=frozenset(data["counting"]["words"]),
        compound_heads=frozenset(data["compound_heads"]["words"]),
        ing_nouns=frozenset(data["ing_nouns"]["words"]),
        verbs=frozenset(data["verbs"]["words"]),
        one_colour=tuple(frozenset(group) for group in data["one_colour"]["words"]),
    )
