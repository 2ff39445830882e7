"""The words by which details are moved from one caption into another, read once from ``detail_words.json``."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        files("curation.suggesters").joinpath("detail_words.json").read_text(encoding="utf-8")
    )
    return data


@cache
def words(name: str) -> frozenset[str]:
    """Return a list of the file, whose ``_about`` says what each is for; another name raises ``KeyError``."""
    return frozenset(_data()[name])


@cache
def _layer_of() -> dict[str, str]:
    return {word: layer[0] for layer in _data()["layers"] for word in layer}


def outer_layer(lemma: str) -> str:
    """Return one name for the garments of which a person wears one: the same for a blouse and a shirt.

    >>> outer_layer("blouse") == outer_layer("shirt"), outer_layer("tie")
    (True, 'tie')
    """
    return _layer_of().get(lemma, lemma)
