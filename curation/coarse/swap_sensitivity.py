"""What happens when one attribute is swapped: a caption whose score does not change tells nothing."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal


@coarse_signal("swap_sensitivity", title="Swapped attribute", needs="swaps", centre=-0.5, scale=0.5, weight=0.5)
def swap_sensitivity(context: CoarseContext) -> SignalValues:
    """Minus the largest fall of the own similarity when one attribute is swapped, in spreads; 0 where there is none."""
    texts, gallery, own = context.vectors()
    swaps = context.swaps
    if swaps is None:
        raise ValueError("this signal needs swapped captions: see curation.coarse.swapping")
    fall = np.full(len(texts), -np.inf)
    before = np.einsum("nd,nd->n", texts[swaps.row], gallery[own[swaps.row]])
    after = np.einsum("nd,nd->n", swaps.vectors, gallery[own[swaps.row]])
    np.maximum.at(fall, swaps.row, before - after)
    none = np.isneginf(fall)
    fall[none] = 0.0

    def reason(row: int) -> str:
        if none[row]:
            return "no attribute that could be swapped"
        cost = f"{fall[row]:.3f}" if fall[row] > 0 else "nothing"
        return f"swapping an attribute costs {cost}"

    return SignalValues(-fall / context.spread, reason)
