"""Measure hubness: how unevenly images come up among the nearest of all captions, before and after a mitigation."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from curation.jobs import Args, job_kind, shards
from curation.jobs.pairs import Pairs, image_vectors, pairs_of
from curation.records import Progress, RegrainError
from curation.store import Store, reports, scores, settings
from curation.workspace import Workspace

if TYPE_CHECKING:
    from curation.hubness.compare import Comparison

BANK_SPLITS = ("train", "val")
REPORT = "hubness"
GALLERIES = ("targets", "targets+pool")
"""What the captions of a split search: its captioned images, or those and the pool."""


def report_key(store: Store, args: Args) -> str:
    """Return the key of the report on the vectors that are there now."""
    encoder = settings.get(store, "encoder")
    contents = [reports.encoded(store, splits, encoder) for splits in ([args["split"]], BANK_SPLITS)]
    if args.get("gallery") == "targets+pool":
        contents.append(reports.encoded(store, ["pool"], encoder, captioned=False))
    return scores.settings_key({"encoder": encoder, "contents": contents, **args})


def searching(store: Store, workspace: Workspace, encoder: str, split: str, gallery: str = "targets") -> Pairs:
    """Return the pairs of a split with the gallery that they search, one of ``GALLERIES``.

    Raises ``RegrainError`` for another one.
    """
    if gallery not in GALLERIES:
        raise RegrainError(f"gallery is {gallery!r}: use one of {', '.join(GALLERIES)}")
    pairs = pairs_of(store, workspace, encoder, split)
    pool = image_vectors(store, workspace, encoder, "pool") if gallery == "targets+pool" else None
    if pool is None or not pool.ids:
        return pairs
    return replace(
        pairs,
        gallery_ids=[*pairs.gallery_ids, *pool.ids],
        gallery_hashes=[*pairs.gallery_hashes, *pool.hashes],
        gallery=np.concatenate([pairs.gallery, pool.rows]),
    )


def measure(pairs: Pairs, bank: NDArray[np.float32], args: Args) -> dict[str, Any]:
    """Return the report as plain JSON.

    ``counts`` are N_k by image id. Without a bank there is no mitigated row: captions of the judged split itself
    are never drawn upon. Raises ``RegrainError`` where no caption of the split has vectors.
    """
    from curation.hubness import Banks
    from curation.hubness.compare import compare

    if not pairs.complete.any():
        raise RegrainError(
            f"no caption of the split {pairs.split} is encoded together with its image: encode the workspace first"
        )
    queries, own = pairs.texts[pairs.complete], pairs.own[pairs.complete]
    names = [args["mitigation"]] if len(bank) and args["mitigation"] else []
    # Without a mitigation nothing reads the bank, but it may not be empty.
    banks = Banks(bank if len(bank) else queries[:1], pairs.gallery)
    rows = compare(queries, pairs.gallery, own, banks, names, args["k"])
    return {
        "queries": len(queries),
        "gallery": len(pairs.gallery_ids),
        "bank": len(bank),
        "rows": [_row(row) for row in rows],
        "counts": [dict(zip(pairs.gallery_ids, row.counts.tolist(), strict=True)) for row in rows],
    }


def bank_of(store: Store, workspace: Workspace, encoder: str) -> NDArray[np.float32]:
    """Return the vectors (m, d) of the captions of train and val."""
    parts = [pairs_of(store, workspace, encoder, split) for split in BANK_SPLITS]
    rows = [part.texts[part.text_found] for part in parts if part.text_found.any()]
    return np.concatenate(rows) if rows else np.empty((0, 0), np.float32)


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Measure in one go."""
    facts = shards.read_facts(folder)
    name, total = facts["token"], facts["total"]
    if not shards.is_finished(folder, name):
        yield Progress(0, total, note="captions")
        arrays = {part: shards.read_array(folder / f"{part}.npy") for part in ("texts", "gallery", "own", "bank")}
        n = len(arrays["own"])
        pairs = Pairs(
            facts["split"], None, arrays["texts"], np.ones(n, dtype=np.bool_), facts["gallery_ids"],
            arrays["gallery"], arrays["own"],
        )  # fmt: skip
        shards.finish_shard(folder, name, body=measure(pairs, arrays["bank"], args))
    yield Progress(total, total, shard=name, note="captions")


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: Args) -> None:
    """Keep the report."""
    reports.put(store, REPORT, shards.read_facts(folder)["key"], shards.receipt(folder, shard)["body"])


@job_kind("hubness", title="Measure hubness", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Measure how unevenly images come up among the nearest of all captions of a split."""
    encoder, key = settings.get(store, "encoder"), report_key(store, args)
    if reports.get(store, REPORT, key) is not None:
        return 0
    pairs = searching(store, workspace, encoder, args["split"], args.get("gallery", "targets"))
    complete = pairs.complete
    shards.write_array(folder / "texts.npy", pairs.texts[complete])
    shards.write_array(folder / "own.npy", pairs.own[complete])
    shards.write_array(folder / "gallery.npy", pairs.gallery)
    shards.write_array(folder / "bank.npy", bank_of(store, workspace, encoder))
    total = int(complete.sum())
    shards.write_facts(
        folder, key=key, split=args["split"], gallery_ids=pairs.gallery_ids, total=total, token=uuid.uuid4().hex[:10]
    )
    if not total:
        raise RegrainError(f"no caption of the split {args['split']} is encoded together with its image: encode first")
    return total


def _row(row: Comparison) -> dict[str, Any]:
    gains = {name: gain and [gain.estimate, gain.low, gain.high] for name, gain in _gains(row).items()}
    numbers = {"recall_1": row.recall_1, "recall_10": row.recall_10}
    return {"name": row.name, "title": row.title, **asdict(row.hubness), **numbers, **gains}


def _gains(row: Comparison) -> dict[str, Any]:
    return {"gain_1": row.gain_1, "gain_10": row.gain_10}
