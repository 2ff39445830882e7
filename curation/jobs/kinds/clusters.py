"""Gather captions that say nearly the same, so that one verdict can be given to all of them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from curation.jobs import Args, job_kind, shards
from curation.records import Progress
from curation.store import Store, captions, clusters, reports, settings
from curation.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

REPORT = "clusters"


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Compare all captions at once."""
    facts = shards.read_facts(folder)
    name, total = facts["token"], facts["total"]
    if total and not shards.is_finished(folder, name):
        yield Progress(0, total, note="captions")
        shards.write_table(folder / f"{name}.feather", clustered(shards.read_table(folder / "captions.feather")))
        shards.finish_shard(folder, name)
    if total:
        yield Progress(total, total, shard=name, note="captions")


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: Args) -> None:
    """Replace the clusters, and remember on what they were found."""
    found = shards.read_table(folder / f"{shard}.feather")
    clusters.put(store, found)
    key = shards.read_facts(folder)["key"]
    reports.put(store, REPORT, key, {"clusters": len(set(found["cluster"].to_pylist())), "captions": found.num_rows})


@job_kind("clusters", title="Gather near-identical captions", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Gather the captions in review that say nearly the same, where any was added or changed since."""
    splits = settings.get(store, "review_splits")
    key = clusters.contents(store, splits)
    table = captions.in_splits(store, splits).select(["id", "revision_id", "text"])
    total = 0 if reports.get(store, REPORT, key) else int(table.num_rows)
    shards.write_table(folder / "captions.feather", table)
    shards.write_facts(folder, key=key, total=total, token=uuid.uuid4().hex[:10])
    return total


def clustered(table: pa.Table) -> pa.Table:
    """Return one row per caption that is near to others: ``cluster, n, caption_id, revision_id``.

    A cluster is named by its centre's caption, so that the same captions give the same names.
    """
    import pyarrow as pa

    from curation.coarse.clusters import near_identical

    ids, revisions = table["id"].to_pylist(), table["revision_id"].to_pylist()
    rows = [
        (hashlib.sha256(ids[group[0]].encode()).hexdigest()[:12], n, ids[row], revisions[row])
        for group in near_identical(table["text"].to_pylist())
        for n, row in enumerate(group)
    ]
    names, types = ("cluster", "n", "caption_id", "revision_id"), (pa.string(), pa.int32(), pa.string(), pa.string())
    columns = zip(*rows, strict=True) if rows else [()] * 4
    return pa.table({name: pa.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)})
