"""How many attributes a caption names, of all kinds."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal, counted


@coarse_signal("attributes", title="Attributes", needs="analyses", centre=-1.5, scale=1.5, weight=0.3)
def attributes(context: CoarseContext) -> SignalValues:
    """Minus the number of attribute words (colour, size, material, pattern, state and others)."""
    counts = [analysis.attributes() for analysis in context.analyses]
    return SignalValues(
        -np.array(counts, dtype=np.float64),
        lambda row: counted(counts[row], "attribute") if counts[row] else "no attribute",
    )
