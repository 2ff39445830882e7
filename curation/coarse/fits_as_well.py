"""How many images a caption fits as well as its own: the definition of coarse, as an encoder sees it."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal, counted


@coarse_signal("fits_as_well", title="Fits as well", needs="vectors", centre=1.5, scale=1.0, weight=1.2, log=True)
def fits_as_well(context: CoarseContext) -> SignalValues:
    """Number of other images whose similarity comes within delta of the own one's."""
    close = context.view.close

    def reason(row: int) -> str:
        return f"fits {counted(int(close[row]), 'image')} as well" if close[row] else "fits no other image as well"

    return SignalValues(close.astype(np.float64), reason)
