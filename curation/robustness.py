"""The robustness set of a workspace: confirmed stress insertions, and what they do to the encoder's retrieval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from curation.records import RegrainError
from curation.store import confirmed, settings, vectors

if TYPE_CHECKING:
    from curation.store import Store
    from curation.workspace import Workspace

SOURCES = ("stress_words",)


def rows(store: Store, sources: Sequence[str] = SOURCES) -> list[dict[str, Any]]:
    """Return the confirmed insertions; raises ``RegrainError`` where there are none."""
    found = confirmed.insertions(store, sources)
    if not found:
        raise RegrainError(
            "nobody has confirmed a stress insertion: run `regrain settings suggesters='{\"stress_words\": {}}'` and "
            "`regrain suggest`, and accept those suggestions that are true"
        )
    return found


def write(found: Sequence[dict[str, Any]], path: Path) -> Path:
    """Write confirmed insertions in XMAI's form."""
    from curation.exporters.xmai_layout import write_table

    return write_table(path, ((row["image_id"], row["original"], row["modified"]) for row in found))


def report(store: Store, workspace: Workspace, found: Sequence[dict[str, Any]], *, seed: int = 0) -> dict[str, Any]:
    """Return retrieval before and after over each split's gallery, and how far the texts were changed.

    ``left_out`` counts insertions whose texts or image have no vector of the workspace's encoder; raises
    ``RegrainError`` where that is all of them.
    """
    from curation.jobs.pairs import image_vectors
    from curation.retrieval.ranks import ranks
    from curation.retrieval.robustness import robustness

    encoder = settings.get(store, "encoder")
    old, new = (
        vectors.load(store, workspace.vectors, encoder=encoder, kind="text", hashes=[row[name] for row in found])
        for name in ("original_hash", "modified_hash")
    )
    before, after = np.zeros(len(found), dtype=np.int64), np.zeros(len(found), dtype=np.int64)
    for split in sorted({row["split"] for row in found}):
        images = image_vectors(store, workspace, encoder, split)
        place = {image: n for n, image in enumerate(images.ids)}
        own = np.array([place.get(row["image_id"], -1) if row["split"] == split else -1 for row in found])
        able = (own >= 0) & old.found & new.found
        if able.any():
            before[able] = ranks(old.rows[able], images.rows, own[able])
            after[able] = ranks(new.rows[able], images.rows, own[able])
    kept = np.flatnonzero(before).tolist()
    if not len(kept):
        raise RegrainError(f"no confirmed insertion has vectors of {encoder}: run `regrain encode`")
    clusters = np.array([found[n]["image_id"] for n in kept])
    cosine = (old.rows[kept] * new.rows[kept]).sum(axis=1)
    return {
        "encoder": encoder,
        "insertions": len(found),
        "left_out": len(found) - len(kept),
        **asdict(robustness(before[kept], after[kept], clusters, seed=seed)),
        "text_change": _text_change([found[n] for n in kept]) | {"cosine": float(cosine.mean())},
    }


def _text_change(found: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return how far texts were changed on average: words put in and taken out, and both as a share of the words."""
    from curation.text.normalise import tokens
    from curation.text.worddiff import word_diff

    put, taken, share = [], [], []
    for row in found:
        diff = word_diff(row["original"], row["modified"])
        put.append(sum(len(tokens(part.text)) for part in diff if part.op == "insert"))
        taken.append(sum(len(tokens(part.text)) for part in diff if part.op == "delete"))
        share.append((put[-1] + taken[-1]) / max(1, len(tokens(row["original"])) + len(tokens(row["modified"]))))
    means = (float(np.mean(values)) for values in (put, taken, share))
    return dict(zip(("words_inserted", "words_deleted", "share_of_words"), means, strict=True))
