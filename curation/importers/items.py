"""What an importer yields: images and captions by the *names* the file uses, and the problems it met.

An importer knows its format and nothing else; image ids, caption numbers, duplicates and the pictures
themselves are the business of :mod:`curation.importers.stage`. Named tuples rather than dataclasses: a set
of 600,000 captions makes as many of them, and they are four times cheaper to build.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from curation.records import SPLITS, RegrainError, Split

SPLIT_SYNONYMS: dict[str, Split] = {
    **{split: split for split in SPLITS},
    "": "none", "restval": "train", "training": "train", "valid": "val", "validation": "val", "dev": "val",
    "testing": "test", "unlabeled": "pool", "unlabelled": "pool",
}  # fmt: skip
PROBLEMS_SHOWN = 5


class NamedImage(NamedTuple):
    """One picture as the file names it (``val2014/x.jpg``, ``x.jpg`` or ``x``), in row ``row`` (1-based)."""

    name: str
    split: Split
    row: int


class NamedCaption(NamedTuple):
    """One caption of an image that was yielded before under the same name.

    ``i`` is the caption's number in its image; None means the next one in file order.
    ``new_text`` is a later wording of the same caption: it becomes a revision with source ``import``.
    """

    name: str
    text: str
    row: int
    i: int | None = None
    source_id: str | None = None
    language: str = "en"
    generated: bool | None = None
    new_text: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the person should know: where (``row`` is 1-based), which rule was broken, what to do.

    A fatal problem means that nothing can be imported until it is mended; others are listed and skipped.
    """

    file: str
    row: int | None
    rule: str
    remedy: str
    fatal: bool = True

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}, row {self.row:,}"
        return f"{place}: {self.rule}. {self.remedy}."


Item = NamedImage | NamedCaption | Problem


class ImportRefused(RegrainError):
    """The input cannot be imported; nothing was written. ``problems`` are the first of ``total`` reasons."""

    def __init__(self, *problems: Problem, total: int | None = None) -> None:
        self.problems = problems
        self.total = len(problems) if total is None else total
        lines = [str(problem) for problem in problems[:PROBLEMS_SHOWN]]
        if self.total > len(lines):
            lines.append(f"... and {self.total - len(lines):,} more problems that stop the import")
        super().__init__("\n".join(lines))


def refuse(source: Path, row: int | None, rule: str, remedy: str) -> NoReturn:
    """Raise ``ImportRefused`` for one place in one file."""
    raise ImportRefused(Problem(source.name, row, rule, remedy))


def quoted(value: object, limit: int = 60) -> str:
    """Return a value as it may stand in a message: escaped, on one line, cut at ``limit`` characters."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…"


def as_split(value: Any) -> Split | None:
    """Return the split that a file's own word means, or None where it means none of ours.

    >>> as_split("restval"), as_split("Dev"), as_split("holdout")
    ('train', 'val', None)
    """
    return SPLIT_SYNONYMS.get(value.strip().lower()) if isinstance(value, str) else None


def bad_split(source: Path, row: int | None, value: object) -> Problem:
    """Return the problem for a split word that is not known."""
    return Problem(source.name, row, f"{quoted(value)} is not a split", f"Use one of {', '.join(SPLITS)}")
