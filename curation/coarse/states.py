"""States, qualities and ages: wet, broken, young."""

from __future__ import annotations

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.coarse.kinds import modifiers, without


@coarse_signal("states", title="States", needs="analyses", centre=-0.5, scale=1.0)
def states(context: CoarseContext) -> SignalValues:
    """Minus the number of words that say what state a thing is in or how it is."""
    return without(context, modifiers({"state", "quality", "age"}), "state or quality")
