"""True attributes that lower a model's agreement: XMAI's own aim (Ramshetty et al., ACL 2023), for a robustness set.

XMAI inserts what lowers the agreement most, and many of its insertions are false of the picture (a third of those
released for SNLI-VE say "white" or "black", mostly of people). Here a word must first be the likely one in the
picture, and no insertion counts before a person has confirmed it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from curation.records import RegrainError, Suggestion
from curation.suggesters import Asking, CaptionContext, suggester
from curation.suggesters.attribute_words import suggestion_of
from curation.suggesters.contests import Finalist, Weights, finalists

SOURCE: Final = "stress_words"

PRESETS: Final = {"paper": {"fluency": 1.0, "evidence": 5.0, "image": 5.0, "keep": 3}}
"""Weights and number of candidates by name; ``paper`` are those of XMAI's released data."""

LEAST_FALL: Final = 0.001
"""Cosine by which an insertion must lower the agreement to be offered."""


@suggester(SOURCE, title="True words that lower the agreement", needs="vectors", preference=20, asked_for=True)
def stress_words(
    context: CaptionContext,
    *,
    preset: str = "",
    keep: int = 3,
    fluency: float = 1.0,
    evidence: float = 1.0,
    image: float = 1.0,
    sure: float = 0.72,
    threshold: float = 0.2,
) -> Asking:
    """Put attributes that the picture bears out where they lower its agreement with the caption.

    One word per slot, the one with the highest weighted mean of three terms in [0, 1]: how usual it is before the
    noun, how likely it is true, and how far it lowers the cosine with the own image. ``preset`` names weights.
    Raises ``RegrainError`` for a preset that there is not.
    """
    if preset and preset not in PRESETS:
        raise RegrainError(f"no preset is called {preset!r} (known: {', '.join(PRESETS)})")
    chosen = {"fluency": fluency, "evidence": evidence, "image": image, "keep": keep} | PRESETS.get(preset, {})
    weights = np.array([chosen["fluency"], chosen["evidence"], chosen["image"]], dtype=np.float64)
    slots = yield from finalists(context, Weights(), int(chosen["keep"]))
    found = []
    for slot in slots:
        able = [one for one in slot if one.lead >= sure and one.chance >= threshold and _lowers(one)]
        scored = [(float(weights @ _terms(context, one) / weights.sum()), one) for one in able]
        if scored:
            score, best = max(scored, key=lambda pair: pair[0])
            found += _suggestions(context, best, score)
    return found


def _lowers(finalist: Finalist) -> bool:
    before, after = finalist.agreement
    return after < before - LEAST_FALL


def _terms(context: CaptionContext, finalist: Finalist) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return fluency, evidence and fall (3,), each in [0, 1]; a fall of 0.5 changes nothing."""
    contest, (before, after) = finalist.contest, finalist.agreement
    usual = finalist.usual / float(contest.usual.max())
    seen = 1.0 if finalist.word in contest.slot.detected else finalist.lead
    return np.array([usual, seen, 1 / (1 + np.exp((after - before) / context.temperature))])


def _suggestions(context: CaptionContext, finalist: Finalist, score: float) -> list[Suggestion]:
    rewrite = suggestion_of(context, finalist, SOURCE)
    evidence = rewrite.evidence | {
        "objective": "stress",
        "score": round(score, 4),
        "agreement": [round(value, 4) for value in finalist.agreement],
    }
    return [replace(rewrite, evidence=evidence, kind=kind) for kind in ("rewrite", "attribute")]
