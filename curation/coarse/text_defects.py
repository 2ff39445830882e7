"""Defects of the text itself, with the words that are wrong; they need a pen, whether coarse or not."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from curation.coarse import CoarseContext, SignalValues, coarse_signal, counted
from curation.text.defects import Defect, find_in_image


@coarse_signal("text_defects", title="Text defects", needs="analyses")
def text_defects(context: CoarseContext) -> SignalValues:
    """Number of text defects, without a part in the shipped prior: to be shown, and to put a queue in order by."""
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for row, image in enumerate(context.image.tolist()):
        rows[image].append(row)
    found: list[list[Defect]] = [[] for _ in context.texts]
    for own in rows.values():
        defects = find_in_image([context.texts[row] for row in own], [context.analyses[row] for row in own])
        for row, hits in zip(own, defects, strict=True):
            found[row] = hits

    def reason(row: int) -> str:
        if not found[row]:
            return "no text defect"
        quoted = ", ".join(f"'{defect.wrong}'" for defect in found[row][:3])
        return f"{counted(len(found[row]), 'text defect')}: {quoted}"

    return SignalValues(np.array([len(hits) for hits in found], dtype=np.float64), reason)
