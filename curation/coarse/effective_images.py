"""Over how many images a caption's similarity spreads: the perplexity of its softmax over the gallery."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal


@coarse_signal(
    "effective_images", title="Effective images", needs="vectors", centre=2.5, scale=1.2, weight=1.3, log=True
)
def effective_images(context: CoarseContext) -> SignalValues:
    """Number of images that share the caption: exp of the entropy of softmax(similarity / temperature), minus one."""
    share = np.exp(context.view.entropy.astype(np.float64))
    return SignalValues(share - 1.0, lambda row: f"spreads over about {share[row]:,.0f} images")
