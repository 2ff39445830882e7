"""Whether another image's captions resemble this one more than those of its own image."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal


@coarse_signal("word_margin", title="Words of other images", centre=0.1, scale=0.3)
def word_margin(context: CoarseContext) -> SignalValues:
    """Cosine of words with the other image whose captions resemble it most, minus that with the own image's others."""
    seen = context.word_view
    values = np.asarray(seen.best - seen.own, dtype=np.float64)

    def reason(row: int) -> str:
        if values[row] > 0:
            return "another image's captions resemble it more than its own image's"
        return "resembles its own image's captions most"

    return SignalValues(values, reason)
