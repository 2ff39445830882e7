"""A caption that stands word for word at another image cannot tell the two apart."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal, counted
from curation.text.normalise import fg_normalise


@coarse_signal("shared", title="Shared with other images", centre=0.0, scale=0.7, weight=1.5, log=True)
def shared(context: CoarseContext) -> SignalValues:
    """Number of other images that have the same caption, case and punctuation aside."""
    keys = [fg_normalise(text) for text in context.texts]
    images: defaultdict[str, set[int]] = defaultdict(set)
    for key, image in zip(keys, context.image.tolist(), strict=True):
        images[key].add(image)
    others = [len(images[key]) - 1 for key in keys]
    return SignalValues(
        np.array(others, dtype=np.float64),
        lambda row: f"same caption at {counted(others[row], 'other image')}" if others[row] else "a caption of its own",
    )
