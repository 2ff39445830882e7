"""How a wording stands among its rivals: rank, margin, and how many of them it fits as well."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from curation.retrieval.blocks import TIE, FloatArray
from curation.retrieval.ranks import DELTA, LOWEST_COSINE


class Standing(NamedTuple):
    """Where the own image stands among its rivals for one text.

    ``rank`` is 1-based among the own image and the rivals, low = good; a rival within rounding of the own score
    counts as better, as everywhere. ``margin`` is own minus best rival, [-2, 2], high = good. ``fits`` counts the
    rivals that score at least own - delta, low = fine-grained. ``own`` is the cosine with the own image.
    """

    rank: int
    margin: float
    fits: int
    own: float


def live_rank(draft: FloatArray, own: FloatArray, rivals: FloatArray, *, delta: float = DELTA) -> Standing:
    """Return the standing of a draft vector (d,) with its own image (d,) among rival images (r, d).

    Unit vectors. Without rivals the rank is 1 and the margin that against the lowest cosine. Raises ``ValueError``
    for shapes that do not fit, as when draft and pictures come from different encoders.
    """
    if draft.shape != own.shape or draft.ndim != 1 or rivals.ndim != 2 or rivals.shape[1:] != draft.shape:
        raise ValueError(
            f"draft {draft.shape}, own {own.shape} and rivals {rivals.shape} must be (d,), (d,) and (r, d) "
            "of one encoder: encode all three with the same one"
        )
    return standings(draft[None], own, rivals, delta=delta)[0]


def standings(drafts: FloatArray, own: FloatArray, rivals: FloatArray, *, delta: float = DELTA) -> list[Standing]:
    """Return the standing of every draft (m, d) with the same own image (d,) and rivals (r, d)."""
    mine = drafts @ own
    others = drafts @ rivals.T
    best = others.max(axis=1, initial=LOWEST_COSINE)
    rank = 1 + np.count_nonzero(others >= mine[:, None] - TIE, axis=1)
    fits = np.count_nonzero(others >= mine[:, None] - delta - TIE, axis=1)
    return [Standing(int(r), float(m - b), int(f), float(m)) for r, m, b, f in zip(rank, mine, best, fits, strict=True)]
