"""The order in which a person sees suggestions, by what they do to the standing of the own image."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from curation.live import Standing, standings
from curation.records import Suggestion
from curation.retrieval.blocks import FloatArray
from curation.retrieval.ranks import DELTA
from curation.suggesters import CaptionContext, suggesters

LAST = 100

LIMIT = 9
"""One key each: no more rewrites per caption, no more words per slot."""


def ranked(
    context: CaptionContext,
    suggestions: Sequence[Suggestion],
    vectors: FloatArray | None = None,
    *,
    limit: int = LIMIT,
    delta: float = DELTA,
) -> list[Suggestion]:
    """Return rewrites, best first, then single attributes by slot and probability; at most ``limit`` of each.

    ``vectors`` (1 + m, d) are those of the caption and of its m suggestions in order. With them each suggestion's
    evidence gains ``rank``, ``margin`` and ``fits``, each a pair [before, after] among the own image and its
    rivals, and rewrites go by rank after, then by how many tell them (``voices``), preference of the source and margin.
    Without them they go by preference of the source and keep their order.
    """
    judged = list(suggestions)
    if vectors is not None and context.own is not None:
        rivals = context.rivals if context.rivals is not None else np.empty((0, vectors.shape[1]), np.float32)
        before, *after = standings(vectors, context.own, rivals, delta=delta)
        judged = [_judged(s, before, standing) for s, standing in zip(judged, after, strict=True)]
    rewrites = sorted((s for s in judged if s.kind == "rewrite"), key=_merit)
    attributes = (s for s in judged if s.kind == "attribute")
    return [*rewrites[:limit], *_by_slot(attributes, limit)]


def _judged(suggestion: Suggestion, before: Standing, after: Standing) -> Suggestion:
    evidence = {
        "rank": [before.rank, after.rank],
        "margin": [round(before.margin, 4), round(after.margin, 4)],
        "fits": [before.fits, after.fits],
    }
    return replace(suggestion, evidence={**suggestion.evidence, **evidence})


def _merit(suggestion: Suggestion) -> tuple[float, int, float, float]:
    """Lower is better. The sort is stable, so that equals keep their source's own order."""
    return merit(suggestion.evidence, preference(suggestion.source))


def merit(evidence: Mapping[str, Any], doubt: float) -> tuple[float, int, float, float]:
    """Return what rewrites go by, lower is better: the rank after, how many tell it, ``doubt``, the margin.

    What is to lower the agreement comes last, by its own score: there a better rank is no merit. Where nothing is
    ranked, a source's own order stays.
    """
    if "score" in evidence:
        return float("inf"), 0, doubt, -evidence["score"]
    if "rank" not in evidence:
        return 0, 0, doubt, 0.0
    return evidence["rank"][1], -evidence.get("voices", 0), doubt, -evidence.get("margin", (0.0, 0.0))[1]


def preference(source: str) -> int:
    """Return which place the shipped order gives a source, 0 first; one that is not known any more comes last."""
    return next((int(plugin.facts["preference"]) for plugin in suggesters if plugin.name == source), LAST)


def _by_slot(suggestions: Iterable[Suggestion], limit: int) -> list[Suggestion]:
    """Order single attributes by place of their noun; within one by how many tell them, then by probability."""
    slots: defaultdict[tuple[int, int], list[Suggestion]] = defaultdict(list)
    for suggestion in suggestions:
        slots[tuple(suggestion.evidence["slot_span"])].append(suggestion)
    ordered = (sorted(group, key=lambda one: likelihood(one.evidence)) for _, group in sorted(slots.items()))
    return [one for group in ordered for one in group[:limit]]


def likelihood(evidence: Mapping[str, Any]) -> tuple[int, int, float]:
    """Return what single attributes of a noun go by, lower is likelier: what more sources tell goes first, then what
    more captions tell, then what the picture makes probable.
    """
    captions = len(evidence.get("captions", ()))
    return -evidence.get("voices", captions), -captions, -evidence.get("probability", 0.0)
