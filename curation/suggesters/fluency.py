"""How usual an attribute is before a noun: by a masked language model, else counted in the workspace's own captions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from curation.retrieval.blocks import FloatArray
from curation.suggesters.requests import Asks, fillings_of
from curation.text.analysis import DESCRIBING, Analysis

if TYPE_CHECKING:
    from curation.suggesters import CaptionContext
    from curation.suggesters.slots import Slot

SMOOTHING = 5.0
"""So many imagined sightings of each noun are spread over the words by how common these are before any noun."""

ANY_WORD = 0.1
"""So much of a language model's probability is spread over all words of a slot: what it never read may be true."""


@dataclass(frozen=True, slots=True)
class Fluency:
    """Counts of attributes with their nouns (``red ball``), and of attributes before any noun."""

    pairs: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)

    def __call__(self, words: Sequence[str], noun: str) -> FloatArray:
        """Return the probability of each word (w,) before the noun, given that one of them stands there.

        Dirichlet smoothing (Zhai & Lafferty, SIGIR 2001). Where nothing is counted all words are alike.
        """
        overall = np.array([self.words[word] + 1.0 for word in words])
        seen = np.array([self.pairs[f"{word} {noun}"] for word in words], dtype=np.float64)
        mixed = seen + SMOOTHING * overall / overall.sum()
        return np.asarray(mixed / mixed.sum(), dtype=np.float32)


def count(analyses: Iterable[Analysis]) -> Fluency:
    """Count what stands before which noun."""
    found = Fluency()
    for analysis in analyses:
        for noun in analysis.nouns:
            for modifier in noun.modifiers:
                if modifier.kind in DESCRIBING:
                    word = analysis.slice(modifier).lower()
                    found.pairs[f"{word} {noun.lemma}"] += 1
                    found.words[word] += 1
    return found


def usual_words(context: CaptionContext, slots: Sequence[Slot]) -> Asks[list[FloatArray]]:
    """Return for each slot the probability of each of its words (w,), given that one of them stands there.

    Phrases behind a noun are always counted: a language model's chances of texts of unlike length do not compare.
    """
    before = [slot for slot in slots if not slot.behind] if context.fills_gaps else []
    fillings = (yield from fillings_of([slot.gap(context.text) for slot in before])) if before else []
    read = iter(shares_of(filling.chances) for filling in fillings)
    return [
        next(read) if context.fills_gaps and not slot.behind else context.fluency(slot.words, slot.noun.lemma)
        for slot in slots
    ]


def shares_of(chances: Sequence[float]) -> FloatArray:
    """Return chances (w,) as shares that sum to 1, none of them zero."""
    found = np.asarray(chances, dtype=np.float64)
    total = found.sum()
    shares = found / total if total > 0 else np.full(len(found), 1 / len(found))
    return np.asarray((1 - ANY_WORD) * shares + ANY_WORD / len(found), dtype=np.float32)
