"""Sizes: small, tall, huge."""

from __future__ import annotations

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.coarse.kinds import modifiers, without


@coarse_signal("sizes", title="Sizes", needs="analyses", centre=-0.2, scale=1.0)
def sizes(context: CoarseContext) -> SignalValues:
    """Minus the number of size words that describe a noun."""
    return without(context, modifiers({"size"}), "size")
