"""Analyse texts: nouns, attributes and phrases of every caption in review."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

from curation.jobs import Args, job_kind, shards
from curation.records import Progress
from curation.store import Store, analyses, settings
from curation.workspace import Workspace

PIPELINE = "en-core-web-sm-3.8.0/1"
"""Under which analyses are kept: a change of their shape or of the parser is a new name."""

TEXTS_PER_SHARD = 2000


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Write the analyses of the texts, one shard at a time."""
    import pyarrow as pa

    from curation.text.parse import analyse

    token = shards.read_facts(folder)["token"]
    table = shards.read_table(folder / "texts.feather")
    for start in range(0, table.num_rows, TEXTS_PER_SHARD):
        part, name = table.slice(start, TEXTS_PER_SHARD), f"{token}-{start:08d}"
        if not shards.is_finished(folder, name):
            found = analyse(part["text"].to_pylist())
            bodies = [json.dumps(one.to_json(), ensure_ascii=False) for one in found]
            rows = pa.table({"text_hash": part["text_hash"], "body": bodies})
            shards.write_table(folder / f"{name}.feather", rows)
            shards.finish_shard(folder, name)
        yield Progress(start + part.num_rows, table.num_rows, shard=name, note="texts")


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: Args) -> None:
    """Add one shard of analyses."""
    analyses.put(store, PIPELINE, shards.read_table(folder / f"{shard}.feather"))


@job_kind("analyse", title="Analyse texts", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Find the nouns, attributes and phrases of every English caption in review that is not analysed yet."""
    texts = analyses.missing(store, settings.get(store, "review_splits"), PIPELINE)
    shards.write_table(folder / "texts.feather", texts)
    shards.write_facts(folder, token=uuid.uuid4().hex[:10])
    return int(texts.num_rows)
