"""Word-level difference of two captions, for the screens and for the spans that a suggestion inserts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Op = Literal["equal", "insert", "delete"]

MOST_CELLS = 1_000_000
"""Beyond this product of word counts a faster, rougher way is taken."""

_PIECE = re.compile(r"\s*(?:\w+(?:['’-]\w+)*|[^\w\s])|\s+$")


class Segment(NamedTuple):
    """One run of a diff. ``text`` carries its own blanks, so that segments are shown by putting them in a row."""

    op: Op
    text: str


def word_diff(old: str, new: str) -> list[Segment]:
    """Return how ``old`` becomes ``new``, word by word; a replacement is a delete followed by an insert.

    The texts of ``equal`` and ``insert`` joined give ``new`` exactly; those of ``equal`` and ``delete`` give
    ``old`` up to blanks (where both agree on a word but not on the blanks around it, the new ones are shown).

    >>> [tuple(segment) for segment in word_diff("a man in a hat", "a man in a red hat")]
    [('equal', 'a man in a'), ('insert', ' red'), ('equal', ' hat')]
    """
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    pairs = _matches([piece.strip() for piece in before], [piece.strip() for piece in after])
    segments: list[Segment] = []
    i = j = 0
    for next_i, next_j in [*pairs, (len(before), len(after))]:
        _add(segments, "delete", before[i:next_i])
        _add(segments, "insert", after[j:next_j])
        _add(segments, "equal", after[next_j : next_j + 1])
        i, j = next_i + 1, next_j + 1
    return _separate_first_delete(segments)


def _add(segments: list[Segment], op: Op, pieces: list[str]) -> None:
    """Append a run, or lengthen the last one of the same kind."""
    text = "".join(pieces)
    if text and segments and segments[-1].op == op:
        segments[-1] = Segment(op, segments[-1].text + text)
    elif text:
        segments.append(Segment(op, text))


def inserted_spans(old: str, new: str) -> tuple[tuple[int, int], ...]:
    """Return the half-open character ranges of ``new`` that ``old`` does not hold, without outer blanks.

    >>> inserted_spans("a man in a hat", "a tall man in a red hat")
    ((2, 6), (16, 19))
    """
    spans = []
    start = 0
    for segment in word_diff(old, new):
        if segment.op == "delete":
            continue
        end = start + len(segment.text)
        if segment.op == "insert" and segment.text.strip():
            spans.append((start + len(segment.text) - len(segment.text.lstrip()), start + len(segment.text.rstrip())))
        start = end
    return tuple(spans)


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of indices at which both hold the same word, chosen so that most characters are kept.

    Counting characters, not words, keeps "racket" rather than "a" where only one of them can stay.
    """
    if len(old) * len(new) > MOST_CELLS:
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        return [(a + n, b + n) for a, b, size in blocks for n in range(size)]
    kept = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]  # kept[i][j]: of old[i:] and new[j:]
    for i in range(len(old) - 1, -1, -1):
        row, below = kept[i], kept[i + 1]
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + len(old[i]) if old[i] == new[j] else max(below[j], row[j + 1])
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif kept[i + 1][j] >= kept[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _separate_first_delete(segments: list[Segment]) -> list[Segment]:
    """At the very start no blank divides a deleted word from the next one: give the delete a blank of its own."""
    if len(segments) > 1 and segments[0].op == "delete" and not segments[1].text[:1].isspace():
        return [Segment("delete", segments[0].text + " "), *segments[1:]]
    return segments
