"""Materials: wooden, brick, denim."""

from __future__ import annotations

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.coarse.kinds import modifiers, without


@coarse_signal("materials", title="Materials", needs="analyses", centre=-0.1, scale=1.0)
def materials(context: CoarseContext) -> SignalValues:
    """Minus the number of material words that describe a noun."""
    return without(context, modifiers({"material"}), "material")
