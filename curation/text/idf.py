"""How telling a word is: inverse document frequency over a set of captions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from curation.text.normalise import tokens


@dataclass(frozen=True, slots=True)
class Idf:
    """Document frequencies of the words of ``documents`` captions."""

    documents: int
    frequency: dict[str, int]

    def __call__(self, word: str) -> float:
        """Return log((N + 1) / (df + 1)) / log(N + 1) in [0, 1]: 0 in every caption, 1 in none.

        The division makes weights comparable between a corpus of 1,000 captions and one of 600,000.
        """
        if self.documents == 0:
            return 1.0
        scale = log(self.documents + 1)
        return (scale - log(self.frequency.get(word, 0) + 1)) / scale


def fit_idf(texts: Iterable[str]) -> Idf:
    """Count in how many captions each word stands."""
    frequency: Counter[str] = Counter()
    documents = 0
    for text in texts:
        documents += 1
        frequency.update(set(tokens(text)))
    return Idf(documents, dict(frequency))
