"""Nouns that could carry an attribute and carry none: where a renovation usually puts its words."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal, counted


@coarse_signal("bare_nouns", title="Bare nouns", needs="analyses", centre=0.6, scale=0.4, weight=0.3)
def bare_nouns(context: CoarseContext) -> SignalValues:
    """Share of the nouns that could carry an attribute and have none, in [0, 1]."""
    bare = [len(analysis.bare_nouns) for analysis in context.analyses]
    able = [sum(noun.carries for noun in analysis.nouns) for analysis in context.analyses]
    values = np.array([b / a if a else 0.0 for b, a in zip(bare, able, strict=True)], dtype=np.float64)

    def reason(row: int) -> str:
        if not bare[row]:
            return "every noun has an attribute" if able[row] else "no noun to describe"
        return f"no attribute on {counted(bare[row], 'noun')}"

    return SignalValues(values, reason)
