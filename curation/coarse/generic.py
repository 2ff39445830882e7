"""Words that stand for nearly anything: "people", "something", "a photo of"."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens


@coarse_signal("generic", title="Generic words", needs="analyses", centre=0.15, scale=0.15, weight=0.2)
def generic(context: CoarseContext) -> SignalValues:
    """Share of the words that are generic, in [0, 1]; each generic phrase counts as one word."""
    found = [_generic_words(text) for text in context.texts]
    lengths = [max(1, len(tokens(text))) for text in context.texts]
    values = np.array([min(1.0, len(f) / n) for f, n in zip(found, lengths, strict=True)], dtype=np.float64)

    def reason(row: int) -> str:
        quoted = ", ".join(f"'{word}'" for word in found[row][:3])
        return f"generic: {quoted}" if quoted else "no generic word"

    return SignalValues(values, reason)


def _generic_words(text: str) -> list[str]:
    words = lexicon()
    plain = tokens(text)
    line = f" {' '.join(plain)} "
    phrases = [phrase for phrase in words.generic_phrases if f" {phrase} " in line]
    return list(dict.fromkeys([*phrases, *(word for word in plain if word in words.generic)]))
