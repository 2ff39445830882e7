"""Captions with one attribute swapped for another of its kind: what ``swap_sensitivity`` compares with.

The job encodes the texts that ``swapped`` gives and hands them back as ``Swaps``; without them the signal
steps aside.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from curation.retrieval.blocks import FloatArray, IndexArray
from curation.text.analysis import Analysis, Modifier
from curation.text.lexicon import lexicon


@dataclass(frozen=True, slots=True, eq=False)
class Swaps:
    """Swapped captions of a context: ``row`` (m,) is the caption each was made from, ``vectors`` (m, d) unit rows."""

    row: IndexArray
    vectors: FloatArray


def swapped(analyses: Sequence[Analysis]) -> Iterator[tuple[int, str]]:
    """Yield ``(row, text)`` for every attribute that has another word of its kind, in order.

    Which word takes its place follows from the caption alone, so that the same caption gives the same texts.
    """
    for row, analysis in enumerate(analyses):
        for noun in analysis.nouns:
            for modifier in noun.modifiers:
                other = _other(analysis, modifier)
                if other:
                    yield row, analysis.text[: modifier.start] + other + analysis.text[modifier.end :]


def _other(analysis: Analysis, modifier: Modifier) -> str:
    """Return another word of the same kind that the caption does not hold, or nothing."""
    text = analysis.text.lower()
    choices = [word for word in lexicon().insertable.get(modifier.kind, ()) if word not in text]
    if not choices:
        return ""
    return choices[zlib.crc32(f"{modifier.start}:{text}".encode()) % len(choices)]
