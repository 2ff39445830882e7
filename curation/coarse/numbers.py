"""Numbers: how many of a thing there are."""

from __future__ import annotations

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.coarse.kinds import modifiers, without


@coarse_signal("numbers", title="Numbers", needs="analyses", centre=-0.3, scale=1.0)
def numbers(context: CoarseContext) -> SignalValues:
    """Minus the number of nouns that the caption counts."""
    return without(context, modifiers({"number"}), "number")
