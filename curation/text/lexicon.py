"""The words that Regrain knows by kind, read once from ``lexicon.json`` beside this file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

NOUN_CLASSES = ("person", "clothing", "hair", "body", "animal", "place", "abstract")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Kinds of attribute words and nouns. ``kind_of`` and ``class_of`` map a word to its kind and class."""

    kind_of: dict[str, str]
    class_of: dict[str, str]
    order: dict[str, int]
    insertable: dict[str, tuple[str, ...]]
    slots: dict[str, tuple[str, ...]]
    stop_heads: frozenset[str]
    ing_nouns: frozenset[str]
    generic: frozenset[str]
    generic_phrases: tuple[str, ...]
    synonym: dict[str, str]
    irregular: dict[str, str]
    sensitive: dict[str, str]
    sensitive_before_people: dict[str, str]
    repeats: frozenset[str]
    masses: frozenset[str]
    function_words: frozenset[str]

    def singular(self, noun: str) -> str:
        """Return the singular of a lower-case plural noun by rule, exceptions first.

        >>> [lexicon().singular(noun) for noun in ("men", "dresses", "ladies", "benches", "shoes", "jeans")]
        ['man', 'dress', 'lady', 'bench', 'shoe', 'jeans']
        """
        if noun in self.irregular:
            return self.irregular[noun]
        if noun.endswith("ies") and len(noun) > 4:
            return noun[:-3] + "y"
        if noun.endswith(("sses", "shes", "ches", "xes", "zzes", "oes", "uses")):
            return noun[:-2]
        return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else noun

    def noun_class(self, lemma: str) -> str:
        """Return the class of a noun: one of ``NOUN_CLASSES``, or ``thing``."""
        return self.class_of.get(lemma) or self.class_of.get(self.singular(lemma), "thing")

    def same_thing(self, lemma: str) -> str:
        """Return one name for all words of a synonym group: ``guy`` and ``man`` both give the same."""
        return self.synonym.get(lemma, lemma)

    def is_person(self, word: str) -> bool:
        """Whether a lower-case word, singular or plural, names people."""
        return self.noun_class(word) == "person"


@cache
def lexicon() -> Lexicon:
    """Return the shipped lexicon."""
    data = json.loads(files("curation.text").joinpath("lexicon.json").read_text(encoding="utf-8"))
    sensitive = json.loads(files("curation.text").joinpath("sensitive.json").read_text(encoding="utf-8"))
    before_people = _flipped(sensitive["before_people"])
    for kind in sensitive["kinds_before_people"]:
        before_people |= dict.fromkeys(data["attributes"][kind], kind)
    return Lexicon(
        kind_of=_flipped(data["attributes"]),
        class_of=_flipped({name: data["classes"][name] for name in NOUN_CLASSES}),
        order={kind: place for place, kind in enumerate(data["order"])},
        insertable={kind: tuple(words) for kind, words in data["insertable"].items()},
        slots={name: tuple(kinds) for name, kinds in data["slots"].items()},
        stop_heads=frozenset(data["stop_heads"]),
        ing_nouns=frozenset(data["ing_nouns"]),
        generic=frozenset(data["generic"]),
        generic_phrases=tuple(data["generic_phrases"]),
        synonym={word: group[0] for group in data["synonyms"] for word in group},
        irregular=data["irregular"],
        sensitive=_flipped(sensitive["words"]),
        sensitive_before_people=before_people,
        repeats=frozenset(data["repeats"]),
        masses=frozenset(data["masses"]),
        function_words=frozenset(data["function_words"]),
    )


def _flipped(kinds: dict[str, Any]) -> dict[str, str]:
    """Map each word to its kind; a word listed under two kinds belongs to the first."""
    flipped: dict[str, str] = {}
    for kind, words in kinds.items():
        for word in words:
            flipped.setdefault(word, kind)
    return flipped
