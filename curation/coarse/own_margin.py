"""By how much the nearest other image beats the own one."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal


@coarse_signal("own_margin", title="Nearest rival", needs="vectors", centre=0.0, scale=0.5, weight=0.3)
def own_margin(context: CoarseContext) -> SignalValues:
    """Similarity of the nearest other image minus that of the own one, in spreads of the encoder."""
    lead = -context.view.margin.astype(np.float64)

    def reason(row: int) -> str:
        beaten = "another image fits better" if lead[row] > 0 else "the own image leads"
        return f"{beaten} by {abs(lead[row]):.3f}"

    return SignalValues(lead / context.spread, reason)
