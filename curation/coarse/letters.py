"""Length in letters: ten short words tell less than ten long ones."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal, counted


@coarse_signal("letters", title="Letters", centre=-50.0, scale=20.0)
def letters(context: CoarseContext) -> SignalValues:
    """Minus the number of letters and digits of all words."""
    counts = [sum(map(len, words)) for words in context.words]
    return SignalValues(-np.array(counts, dtype=np.float64), lambda row: counted(counts[row], "letter"))
