"""Where in the picture a detail is seen: the best of a grid of crops, or nothing where none stands out.

A box in the wrong place misleads more than no box, so that the best crop must lead clearly over all crops that lie
elsewhere; what the whole picture shows best, such as a backdrop, is said to be there and gets no box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from curation.records import Suggestion
from curation.retrieval.blocks import FloatArray
from curation.suggesters.looking import Part, parts

if TYPE_CHECKING:
    from curation.suggesters import Box, CaptionContext
    from curation.suggesters.batch import EmbedTexts

CLEAR_LEAD = 3.5
"""By so much the best crop must lead over those elsewhere, in the encoder's temperature. Chosen on drawn scenes of the
train split, where it is the smallest with which 97 of 100 boxes hold the middle of the right thing."""

ELSEWHERE = 0.25
"""Two crops lie at different places where they share at most this part of the smaller one."""


def located(
    contexts: Sequence[CaptionContext], found: Sequence[Sequence[Suggestion]], embed: EmbedTexts
) -> list[list[Suggestion]]:
    """Return the suggestions with ``evidence["where"]``: for each detail that is seen at one place its ``name`` and
    ``box`` (left, top, right, bottom, in shares of the picture's sides), or ``whole`` where the whole picture shows
    it best. Details that stand out nowhere are left out. All texts are encoded in one call.
    """
    told = [
        [parts(context, one) if _can_look(context) else [] for one in each]
        for context, each in zip(contexts, found, strict=True)
    ]
    probes = list(dict.fromkeys(part.probe for each in told for details in each for part in details))
    if not probes:
        return [list(each) for each in found]
    rows = dict(zip(probes, embed(probes), strict=True))
    return [
        [_with_places(context, one, details, rows) for one, details in zip(each, several, strict=True)]
        for context, each, several in zip(contexts, found, told, strict=True)
    ]


def _can_look(context: CaptionContext) -> bool:
    crops = context.crops
    return context.own is not None and crops is not None and len(crops) == len(context.boxes) > 0


def _with_places(
    context: CaptionContext, suggestion: Suggestion, details: Sequence[Part], rows: dict[str, FloatArray]
) -> Suggestion:
    places = []
    for detail in details:
        place = _place(context, rows[detail.probe])
        if place is not None:
            places.append({"name": detail.name} | place)
    return replace(suggestion, evidence={**suggestion.evidence, "where": places}) if places else suggestion


def _place(context: CaptionContext, probe: FloatArray) -> dict[str, Any] | None:
    """Return the box in which a probe (d,) is seen, or that it is the whole picture, or None."""
    assert context.crops is not None and context.own is not None
    seen = context.crops @ probe
    if float(context.own @ probe) >= seen.max():
        return {"whole": True}
    best = clear_best(seen, context.boxes, CLEAR_LEAD * context.temperature)
    return {"box": list(context.boxes[best])} if best is not None else None


def clear_best(seen: FloatArray, boxes: Sequence[Box], lead: float) -> int | None:
    """Return which crop agrees best where it leads by ``lead`` over every crop elsewhere, else None.

    ``seen`` (c,) are similarities, high = agrees, with the crops that lie at ``boxes``.

    >>> boxes = [(0.0, 0.0, 0.5, 0.5), (0.25, 0.0, 0.75, 0.5), (0.5, 0.5, 1.0, 1.0)]
    >>> clear_best(np.array([0.5, 0.45, 0.2]), boxes, 0.1), clear_best(np.array([0.5, 0.45, 0.45]), boxes, 0.1)
    (0, None)
    """
    best = int(seen.argmax())
    others = seen[_elsewhere(boxes, best)]
    return best if len(others) and seen[best] - others.max() >= lead else None


def _elsewhere(boxes: Sequence[Box], one: int) -> NDArray[np.bool_]:
    """Return which boxes (c,) share little with one of them."""
    left, top, right, bottom = np.asarray(boxes, dtype=np.float64).T
    across = np.minimum(right, right[one]) - np.maximum(left, left[one])
    down = np.minimum(bottom, bottom[one]) - np.maximum(top, top[one])
    area = (right - left) * (bottom - top)
    common = across.clip(0) * down.clip(0)
    return np.asarray(common <= ELSEWHERE * np.minimum(area, area[one]))
