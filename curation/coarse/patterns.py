"""Patterns: striped, checked, floral."""

from __future__ import annotations

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.coarse.kinds import modifiers, without


@coarse_signal("patterns", title="Patterns", needs="analyses", centre=-0.1, scale=1.0)
def patterns(context: CoarseContext) -> SignalValues:
    """Minus the number of pattern words that describe a noun."""
    return without(context, modifiers({"pattern"}), "pattern")
