"""Length beside the other captions of the image: who says less than the others leaves something out."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal, counted


@coarse_signal("shorter_than_others", title="Shorter than the others", centre=0.0, scale=5.0, weight=1.9)
def shorter_than_others(context: CoarseContext) -> SignalValues:
    """Mean number of words of the image's other captions minus the own one; 0 where there are no others."""
    lengths = np.array([len(words) for words in context.words], dtype=np.float64)
    values = np.array(
        [lengths[others].mean() - lengths[row] if others else 0.0 for row, others in enumerate(context.siblings)],
        dtype=np.float64,
    )

    def reason(row: int) -> str:
        if not context.siblings[row]:
            return "the image has no other caption"
        away = round(abs(values[row]))
        if not away:
            return "as long as the image's other captions"
        return f"{counted(away, 'word')} {'shorter' if values[row] > 0 else 'longer'} than the image's other captions"

    return SignalValues(values, reason)
