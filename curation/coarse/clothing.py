"""Clothing: what people wear tells them apart."""

from __future__ import annotations

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.coarse.kinds import phrases, without


@coarse_signal("clothing", title="Clothing", needs="analyses", centre=-0.4, scale=1.0)
def clothing(context: CoarseContext) -> SignalValues:
    """Minus the number of phrases that say what somebody wears."""
    return without(context, phrases("clothing"), "garment phrase")
