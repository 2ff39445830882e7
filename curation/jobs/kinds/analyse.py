"""Analyse texts: nouns, attributes and phrases of every caption in review."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from curation.jobs import Args, job_kind, shards
from curation.jobs.threads import allowed
from curation.records import Progress
from curation.store import Store, analyses, settings
from curation.text.parallel import analysers
from curation.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

PIPELINE = "en-core-web-sm-3.8.0/3"
"""Under which analyses are kept: a change of their shape or of the parser is a new name."""

TEXTS_PER_SHARD = 2000

WORTH_MORE_PROCESSES = 4000
"""From here on the seconds that further processes take to start are won back."""


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Write the analyses of the texts, one shard at a time; many texts on all cores that the worker may take."""
    facts = shards.read_facts(folder)
    table = shards.read_table(folder / "texts.feather")
    if table.num_rows < WORTH_MORE_PROCESSES or allowed() == 1:
        yield from _analysed(folder, facts["token"], table, _bodies)
    else:
        with analysers(allowed()) as pool:
            yield from _analysed(folder, facts["token"], table, pool.bodies)


def _analysed(
    folder: Path, token: str, table: pa.Table, bodies: Callable[[Sequence[str]], list[str]]
) -> Iterator[Progress]:
    import pyarrow as pa

    for start in range(0, table.num_rows, TEXTS_PER_SHARD):
        part, name = table.slice(start, TEXTS_PER_SHARD), f"{token}-{start:08d}"
        if not shards.is_finished(folder, name):
            rows = pa.table({"text_hash": part["text_hash"], "body": bodies(part["text"].to_pylist())})
            shards.write_table(folder / f"{name}.feather", rows)
            shards.finish_shard(folder, name)
        yield Progress(start + part.num_rows, table.num_rows, shard=name, note="texts")


def _bodies(texts: Sequence[str]) -> list[str]:
    from curation.text.parse import analyse

    return [json.dumps(one.to_json(), ensure_ascii=False) for one in analyse(texts)]


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
