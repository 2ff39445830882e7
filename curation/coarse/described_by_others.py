"""Nouns that the image's other captions describe and this one leaves bare."""

from __future__ import annotations

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal
from curation.text.analysis import DESCRIBING, Analysis
from curation.text.lexicon import lexicon


@coarse_signal("described_by_others", title="Described by the others", needs="analyses", centre=0.5, scale=1.0)
def described_by_others(context: CoarseContext) -> SignalValues:
    """Number of the caption's nouns to which another caption of the image gives a kind of attribute they lack here."""
    kinds = [_kinds(analysis) for analysis in context.analyses]
    lacking = [_lacking(mine, [kinds[o] for o in context.siblings[row]]) for row, mine in enumerate(kinds)]

    def reason(row: int) -> str:
        if not lacking[row]:
            return "no noun that another caption describes further"
        return "another caption describes the " + ", the ".join(lacking[row][:3])

    return SignalValues(np.array([len(nouns) for nouns in lacking], dtype=np.float64), reason)


def _kinds(analysis: Analysis) -> dict[str, set[str]]:
    """Return the kinds of attribute that each thing has, by one name per group of synonyms."""
    same = lexicon().same_thing
    found: dict[str, set[str]] = {}
    for noun in analysis.nouns:
        kinds = {modifier.kind for modifier in noun.modifiers if modifier.kind in DESCRIBING}
        found.setdefault(same(noun.lemma), set()).update(kinds)
    return found


def _lacking(mine: dict[str, set[str]], others: list[dict[str, set[str]]]) -> list[str]:
    return [noun for noun, kinds in mine.items() if any(other.get(noun, set()) - kinds for other in others)]
