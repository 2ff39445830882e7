"""The most telling word of a caption."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.text.normalise import tokens


@coarse_signal("rarest_word", title="Rarest word", centre=-0.7, scale=0.2, weight=0.3)
def rarest_word(context: CoarseContext) -> SignalValues:
    """Minus the weight of the rarest word: without any rare word a caption fits many images."""
    weight = context.idf
    rarest = [max(tokens(text), key=weight, default="") for text in context.texts]
    values = np.array([-weight(word) if word else 0.0 for word in rarest], dtype=np.float64)
    return SignalValues(values, lambda row: f"rarest word: '{rarest[row]}'" if rarest[row] else "no word")
