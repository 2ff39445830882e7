"""Where a caption ranks its own image by the words of the images' captions."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal, counted


@coarse_signal("word_rank", title="Rank by words", centre=3.0, scale=2.0, log=True)
def word_rank(context: CoarseContext) -> SignalValues:
    """Number of images whose captions resemble it at least as much as the other captions of its own image."""
    before = context.word_view.rank - 1
    return SignalValues(
        before.astype(np.float64),
        lambda row: f"{counted(int(before[row]), 'image')} described in words as near as the own one's",
    )
