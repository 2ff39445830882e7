"""Importers (plug-ins): a file or folder -> images and captions by name, in file order.

A plug-in is one decorated generator in one new file of this folder::

    @importer("pairs", title="Pairs", recognise=lambda head: 2 * (head.suffix == ".pairs"))
    def pairs(source: Path, *, split: str = "") -> Iterator[Item]:
        '''Read `name<TAB>caption` lines.'''
        for row, line in text_lines(source):
            name, text = line.split("\\t")
            yield NamedImage(name, "none", row)
            yield NamedCaption(name, text, row)

A place that cannot be read is yielded as a fatal ``Problem`` (or raised with ``refuse`` where going on makes no
sense); :func:`curation.importers.stage.stage` runs the plug-in and applies the rules that all formats share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from curation.importers.items import ImportRefused, Item, NamedCaption, NamedImage, Problem
from curation.importers.reading import readable
from curation.records import RegrainError
from curation.registry import Registry

Importer = Callable[..., Iterator[Item]]
OnDifference = Literal["keep", "revise"]

importers: Registry[Importer] = Registry("importer", __name__)

HEAD_BYTES = 65_536


class Head(NamedTuple):
    """What a recogniser sees of a path: the suffix in lower case and the first 64 KiB as text."""

    path: Path
    is_folder: bool
    suffix: str
    text: str


def importer(
    name: str,
    *,
    title: str,
    recognise: Callable[[Head], int],
    on_difference: OnDifference = "keep",
    normalised: bool = False,
    pictures_beside: bool = False,
) -> Callable[[Importer], Importer]:
    """Register an importer.

    Parameters
    ----------
    recognise
        Head -> 0 (not this format), 1 (can be read) or 2 (surely this format).
    on_difference
        What an existing caption with another text means: ``keep`` it and report, or ``revise`` it.
    normalised
        The layout stores lower-case text without punctuation, so a text that differs from an existing one by
        that alone says nothing new.
    pictures_beside
        The source is itself the image folder.
    """
    return importers.register(
        name,
        title=title,
        recognise=recognise,
        on_difference=on_difference,
        normalised=normalised,
        pictures_beside=pictures_beside,
    )


def sniff(source: Path) -> list[str]:
    """Return the names of the importers that can read ``source``, the most likely first.

    Raises ``RegrainError`` where there is no such file or folder or it cannot be read.
    """
    with readable(source):
        head = read_head(source)
        scores: list[tuple[int, str]] = [(-_score(plugin.facts, head), plugin.name) for plugin in importers]
    return [name for score, name in sorted(scores) if score < 0]


def read_head(source: Path) -> Head:
    """Return the beginning of a file (or the mere fact that it is a folder)."""
    if source.is_dir():
        return Head(source, True, "", "")
    if not source.is_file():
        raise RegrainError(f"{source}: there is no such file or folder. Check the path.")
    with source.open("rb") as stream:
        text = stream.read(HEAD_BYTES).decode("utf-8-sig", errors="replace")
    return Head(source, False, source.suffix.lower(), text)


def _score(facts: dict[str, Any], head: Head) -> int:
    return int(facts["recognise"](head))


__all__ = [
    "Head",
    "ImportRefused",
    "Importer",
    "Item",
    "NamedCaption",
    "NamedImage",
    "OnDifference",
    "Problem",
    "importer",
    "importers",
    "read_head",
    "sniff",
]
