"""Attributes that may be proposed from the picture, read once from ``vocabulary.json`` beside this file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """Words of one type for nouns of some classes; see ``vocabulary.json`` for what the flags mean."""

    type: str
    of: frozenset[str]
    words: tuple[str, ...]
    attested: bool = False
    behind: bool = False


@cache
def vocabulary() -> tuple[Entry, ...]:
    """Return the shipped vocabulary; phrases with ``{colour}`` stand there once per colour."""
    data = json.loads(files("curation.suggesters").joinpath("vocabulary.json").read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = data["entries"]
    colours = [word for row in rows if row["type"] == "colour" for word in row["words"]]
    return tuple(
        Entry(
            row["type"],
            frozenset(row["of"]),
            tuple(one for word in row["words"] for one in _each(word, colours)),
            row.get("attested", False),
            row.get("behind", False),
        )
        for row in rows
    )


def _each(word: str, colours: list[str]) -> Iterator[str]:
    if "{colour}" not in word:
        yield word
        return
    for colour in dict.fromkeys(colours):
        said = word.replace("{colour}", colour)
        yield said.replace(" a orange", " an orange")
