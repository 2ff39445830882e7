"""What several of the image's other captions tell and this one leaves out."""

from __future__ import annotations

from collections import Counter

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal

AGREED = 2


@coarse_signal("told_by_others", title="Told by the others", centre=0.8, scale=0.8)
def told_by_others(context: CoarseContext) -> SignalValues:
    """Summed weight of the words that at least two other captions of the image hold and this one does not."""
    weight = context.idf
    missing = [_missing(context, row) for row in range(len(context.texts))]
    values = np.array([sum(sorted(map(weight, words))) for words in missing], dtype=np.float64)

    def reason(row: int) -> str:
        telling = sorted(missing[row], key=lambda word: (-weight(word), word))[:3]
        quoted = ", ".join(f"'{word}'" for word in telling)
        return f"other captions also say {quoted}" if quoted else "says what the others agree on"

    return SignalValues(values, reason)


def _missing(context: CoarseContext, row: int) -> set[str]:
    told = Counter(word for other in context.siblings[row] for word in context.content[other])
    return {word for word, number in told.items() if number >= AGREED} - context.content[row]
