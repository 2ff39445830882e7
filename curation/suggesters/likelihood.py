"""How likely it is that a person who makes a caption finer puts in the words of a detail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import Any

from curation.suggesters.detail import Detail
from curation.text.idf import Idf
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens

UNKNOWN_RARITY = 0.4
"""Taken for every word where no captions are there to count in."""


@dataclass(frozen=True, slots=True)
class Prior:
    """Logits, added up: ``weights`` holds numbers by feature, and by value for ``kind``, ``role`` and ``how``."""

    weights: Mapping[str, Any]

    @property
    def unheard(self) -> float:
        """The mean number of words that a person puts in and no other caption tells."""
        return float(self.weights["unheard"])

    def __call__(self, features: Mapping[str, float | str]) -> float:
        """Return a probability from ``features_of``."""
        logit = float(self.weights["bias"])
        for name, value in features.items():
            weight = self.weights[name]
            logit += weight.get(value, 0.0) if isinstance(value, str) else weight * value
        return 1 / (1 + exp(-logit))


@cache
def shipped() -> Prior:
    """Return the weights of ``likelihood.json``; it says where they come from."""
    return Prior(json.loads(files("curation.suggesters").joinpath("likelihood.json").read_text(encoding="utf-8")))


def content_words(text: str) -> frozenset[str]:
    """Return the words that say something: those that no list of function words holds."""
    return frozenset(tokens(text)) - lexicon().function_words


def features_of(
    detail: Detail, word: str, *, heard: int, words: int, idf: Idf | None, alike: int = 0
) -> dict[str, float | str]:
    """Return what a word of a detail is judged by.

    ``heard`` says how many other captions hold the word, ``alike`` of how many similar images it is told, ``words``
    how long the caption is.
    """
    return {
        "kind": detail.kind,
        "role": _role(detail, word),
        "how": detail.how,
        "siblings": log(max(1, heard)),
        "told_here": float(heard > 0),
        "alike": log(1 + alike),
        "rarity": UNKNOWN_RARITY if idf is None else idf(word),
        "length": log(max(1, words) / 10),
    }


def chances(
    details: Iterable[Detail],
    caption: str,
    others: Iterable[str],
    *,
    idf: Idf | None = None,
    alike: Mapping[str, int] | None = None,
    prior: Prior | None = None,
) -> dict[str, float]:
    """Return for each content word that the details would put in the probability in [0, 1] that a person does."""
    prior = prior or shipped()
    own, told = tokens(caption), [frozenset(tokens(other)) for other in others]
    found: dict[str, float] = {}
    for detail in details:
        for word in content_words(detail.insertion.words) - set(own):
            heard = sum(word in other for other in told)
            images = alike.get(word, 0) if alike else 0
            chance = prior(features_of(detail, word, heard=heard, words=len(own), idf=idf, alike=images))
            found[word] = max(found.get(word, 0.0), chance)
    return found


def _role(detail: Detail, word: str) -> str:
    """Return the word's kind of attribute, or the class of thing that it names, or its place in the detail."""
    known, said = lexicon(), tokens(detail.insertion.words)
    if word in known.kind_of:
        return known.kind_of[word]
    noun_class = known.noun_class(known.singular(word))
    if noun_class != "thing":
        return noun_class
    if word.endswith("ing") and detail.kind in ("deed", "action"):
        return "verb"
    return "thing" if word == said[-1] else "other"
