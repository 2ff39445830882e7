"""The report that a person sees before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from curation.importers.items import ImportRefused, Problem

PROBLEMS_KEPT = 200


@dataclass(slots=True)
class ProblemLog:
    """The first problems and how many there are in all; fatal ones are kept apart, so that none is crowded out."""

    listed: list[Problem] = field(default_factory=list)
    fatal: list[Problem] = field(default_factory=list)
    total: int = 0
    fatal_total: int = 0

    def add(self, problem: Problem) -> None:
        """Note one problem."""
        kept = self.fatal if problem.fatal else self.listed
        if len(kept) < PROBLEMS_KEPT:
            kept.append(problem)
        self.total += 1
        self.fatal_total += problem.fatal

    def raise_if_fatal(self) -> None:
        """Raise ``ImportRefused`` with the fatal problems, if there is one."""
        if self.fatal:
            raise ImportRefused(*self.fatal, total=self.fatal_total)


@dataclass(frozen=True, slots=True)
class Preflight:
    """What an import would bring. ``images`` = ``held`` + ``named`` + ``missing`` + ``unreadable``.

    ``named`` counts images when no image folder was given; ``empty`` and ``duplicates`` are captions that are left
    out and not part of ``captions``; ``problems`` are the first 200 of ``problem_count``.
    """

    source: str
    importer: str
    images: int
    held: int
    named: int
    missing: int
    unreadable: int
    splits: dict[str, int]
    captions: int
    revisions: int
    empty: int
    duplicates: int
    problems: tuple[Problem, ...]
    problem_count: int
    headers_read: bool

    def lines(self) -> list[str]:
        """Return the report in plain words, one fact per line."""
        by_split = ", ".join(f"{n:,} {split}" for split, n in sorted(self.splits.items()))
        lines = [
            f"{self.source}: {_count(self.images, 'image')} ({by_split})",
            _count(self.captions, "caption") + (f", {_count(self.revisions, 'new text')}" if self.revisions else ""),
            *self._pictures(),
        ]
        if self.empty:
            lines.append(f"{_count(self.empty, 'empty caption')} left out")
        if self.duplicates:
            lines.append(f"{_count(self.duplicates, 'repeated entry', 'repeated entries')} left out")
        lines += [str(problem) for problem in self.problems]
        if self.problem_count > len(self.problems):
            lines.append(f"... and {self.problem_count - len(self.problems):,} more")
        return lines

    def _pictures(self) -> list[str]:
        if self.named == self.images:
            return ["text only: the images are named, not held"]
        depth = "headers read" if self.headers_read else "only existence and size checked"
        return [f"image files: {self.held:,} found ({depth}), {self.missing:,} missing, {self.unreadable:,} unreadable"]


def split_counts(splits: Iterable[str]) -> dict[str, int]:
    """Return split -> number of images."""
    return dict(Counter(splits))


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"
