"""By how much the nearest of the images that look alike beats the own one."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.retrieval.topk import topk


@coarse_signal("similar_margin", title="Nearest look-alike", needs="vectors", centre=-0.5, scale=1.0, weight=0.55)
def similar_margin(context: CoarseContext, *, neighbours: int = 10) -> SignalValues:
    """Similarity of the best of the own image's nearest images minus that of the own one, in spreads of the encoder.

    Only images like the own one compete: a caption that fails here says nothing that tells them apart.
    """
    texts, gallery, own = context.vectors()
    if len(gallery) < 2:
        return SignalValues(np.full(len(texts), -1.0), lambda row: "no other image to compare with")
    images, at = np.unique(own, return_inverse=True)
    _, near = topk(gallery[images], gallery, min(neighbours, len(gallery) - 1), exclude=images)
    lead = np.empty(len(texts), dtype=np.float64)
    for image in range(len(images)):
        rows = np.flatnonzero(at == image)
        lead[rows] = (texts[rows] @ gallery[near[image]].T).max(axis=1)
    lead -= context.view.own

    def reason(row: int) -> str:
        beaten = "a similar image fits better" if lead[row] > 0 else "leads its similar images"
        return f"{beaten} by {abs(lead[row]):.3f}"

    return SignalValues(lead / context.spread, reason)
