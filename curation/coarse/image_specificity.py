"""Image specificity (Jas and Parikh, CVPR 2015): how far the captions of one image agree."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal


@coarse_signal("image_specificity", title="Image specificity", centre=-0.25, scale=0.15)
def image_specificity(context: CoarseContext) -> SignalValues:
    """Minus the mean agreement of the image's captions, in [-1, 0]: where they disagree, the image is ambiguous.

    Agreement of two captions: the cosine of their content words, each with its word weight. A caption without
    others takes the mean over all images.
    """
    agreement = np.full(len(context.texts), np.nan)
    for rows in context.groups:
        pairs = [_agreement(context, a, b) for a, b in combinations(rows, 2)]
        if pairs:
            agreement[rows] = np.mean(sorted(pairs))
    usual = float(np.nanmean(agreement)) if np.isfinite(agreement).any() else 0.0
    alone = np.isnan(agreement)

    def reason(row: int) -> str:
        if alone[row]:
            return "the image has no other caption"
        return f"the image's captions agree to {100 * agreement[row]:.0f} % (usual: {100 * usual:.0f} %)"

    return SignalValues(-np.where(alone, usual, agreement), reason)


def _agreement(context: CoarseContext, a: int, b: int) -> float:
    left, right = context.content[a], context.content[b]
    both = context.energy(left) * context.energy(right)
    return context.energy(left & right) / both**0.5 if both > 0 else 0.0
