"""How usual an attribute is before a noun, counted in the workspace's own captions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from curation.retrieval.blocks import FloatArray
from curation.text.analysis import DESCRIBING, Analysis

SMOOTHING = 5.0
"""So many imagined sightings of each noun are spread over the words by how common these are before any noun."""


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
