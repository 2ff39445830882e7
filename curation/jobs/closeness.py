"""How near another image must come to "fit as well": one delta for scores, suggestions and the live rank."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from curation.jobs.pairs import pairs_of
from curation.retrieval.ranks import DELTA
from curation.store import Store, reports, settings
from curation.workspace import Workspace

REPORT = "fits_delta"
SPREAD_SAMPLE = 500


def measured_delta(store: Store, workspace: Workspace, encoder: str) -> float:
    """Return the cosine difference from the setting ``fits_delta``, else measured now, and remember it.

    Suggestions are ranked with what this returns; ``known_delta`` gives the same until it is measured again.
    """
    delta = settings.get(store, "fits_delta")
    if delta is None:
        delta = _measured(store, workspace, encoder, settings.get(store, "review_splits"))
    reports.put(store, REPORT, encoder, {"delta": delta})
    return float(delta)


def known_delta(store: Store, workspace: Workspace, encoder: str) -> float:
    """Return the delta of the present suggestions; where none were sought yet, it is measured."""
    known = reports.get(store, REPORT, encoder)
    return float(known["delta"]) if known else measured_delta(store, workspace, encoder)


def _measured(store: Store, workspace: Workspace, encoder: str, splits: Sequence[str]) -> float:
    """Return a quarter of the spread of the similarities, as the coarse scores take it, from a sample."""
    from curation.coarse import DELTA_SPREADS

    for split in splits:
        pairs = pairs_of(store, workspace, encoder, split)
        rows = np.flatnonzero(pairs.complete)
        if len(rows):
            sample = rows[:: max(1, len(rows) // SPREAD_SAMPLE)]
            return float(DELTA_SPREADS * (pairs.texts[sample] @ pairs.gallery.T).std(axis=1).mean())
    return DELTA
