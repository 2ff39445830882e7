"""Attributes of one kind, counted: what the signals for colours, sizes, materials and so on share."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from curation.coarse import CoarseContext, SignalValues, counted
from curation.text.analysis import Analysis


def without(context: CoarseContext, count: Callable[[Analysis], int], noun: str) -> SignalValues:
    """Return minus what ``count`` finds in each analysis, so that high = coarse; ``noun`` names one of them."""
    found = [count(analysis) for analysis in context.analyses]
    return SignalValues(
        -np.array(found, dtype=np.float64),
        lambda row: counted(found[row], noun) if found[row] else f"no {noun}",
    )


def modifiers(kinds: Collection[str]) -> Callable[[Analysis], int]:
    """Return a count of the modifiers of some kinds."""
    return lambda analysis: analysis.attributes(kinds)


def phrases(kind: str) -> Callable[[Analysis], int]:
    """Return a count of the phrases of one kind."""
    return lambda analysis: sum(phrase.kind == kind for phrase in analysis.phrases)
