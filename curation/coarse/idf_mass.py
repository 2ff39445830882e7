"""Information: the sum of the word weights, so that twelve everyday words count for less than eight rare ones."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.text.normalise import tokens


@coarse_signal("idf_mass", title="Information", centre=-4.0, scale=1.5, weight=0.7)
def idf_mass(context: CoarseContext) -> SignalValues:
    """Minus the summed inverse document frequency of the distinct words: everyday words alone weigh little."""
    weight = context.idf
    mass = np.array([sum(sorted(map(weight, set(tokens(text))))) for text in context.texts], dtype=np.float64)
    usual = float(np.median(mass)) if len(mass) else 0.0
    return SignalValues(-mass, lambda row: f"word weight {mass[row]:.1f} (half have {usual:.1f} or more)")
