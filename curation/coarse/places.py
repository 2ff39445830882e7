"""Places: where it happens."""

from __future__ import annotations

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.coarse.kinds import phrases, without


@coarse_signal("places", title="Places", needs="analyses", centre=-0.5, scale=1.0)
def places(context: CoarseContext) -> SignalValues:
    """Minus the number of phrases that say where something is."""
    return without(context, phrases("place"), "place")
