"""Colours: what renovations add most often to COCO's captions."""

from __future__ import annotations

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.coarse.kinds import modifiers, without


@coarse_signal("colours", title="Colours", needs="analyses", centre=-0.5, scale=1.0)
def colours(context: CoarseContext) -> SignalValues:
    """Minus the number of colour words that describe a noun."""
    return without(context, modifiers({"colour"}), "colour")
