"""Where a caption ranks its own image in the gallery (self-retrieval)."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal


@coarse_signal("own_rank", title="Rank of the own image", needs="vectors", centre=1.5, scale=1.0, weight=0.4, log=True)
def own_rank(context: CoarseContext) -> SignalValues:
    """Number of images that the caption fits at least as well as its own (its rank minus one)."""
    before = context.view.rank - 1
    images = len(context.gallery) if context.gallery is not None else 0
    return SignalValues(before.astype(np.float64), lambda row: f"own image ranks {before[row] + 1:,} of {images:,}")
