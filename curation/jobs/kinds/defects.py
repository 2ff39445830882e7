"""Look for text defects in every caption in review, image by image."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation.jobs import Args, job_kind, shards
from curation.jobs.kinds.analyse import PIPELINE
from curation.records import Progress
from curation.store import Store, defects, settings
from curation.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

DETECTORS = "1"
"""Under which name images count as searched: a change of what the detectors find is a new name."""

CAPTIONS_PER_SHARD = 10_000

Row = dict[str, Any]


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Search the images, one shard at a time."""
    facts = shards.read_facts(folder)
    done = 0
    for n, rows in enumerate(facts["parts"]):
        name = f"{facts['token']}-{n:05d}"
        if not shards.is_finished(folder, name):
            found = _found(shards.read_table(folder / "captions.feather").slice(done, rows).to_pylist())
            shards.write_table(folder / f"{name}.feather", _table(found))
            shards.finish_shard(folder, name)
        done += rows
        yield Progress(done, facts["total"], shard=name, note="captions")


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: Args) -> None:
    """Replace the defects of one shard's images."""
    facts = shards.read_facts(folder)
    n = int(shard.rpartition("-")[2])
    captions = shards.read_table(folder / "captions.feather").slice(sum(facts["parts"][:n]), facts["parts"][n])
    searched = captions.select(["image_id", "key"]).group_by(["image_id", "key"]).aggregate([])
    defects.put(store, shards.read_table(folder / f"{shard}.feather"), searched)


@job_kind("defects", title="Look for text defects", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Look for text defects in the captions of every image that changed since it was last searched."""
    table = defects.to_search(store, settings.get(store, "review_splits"), PIPELINE, DETECTORS)
    shards.write_table(folder / "captions.feather", table)
    parts = _parts(table["image_id"].to_pylist())
    shards.write_facts(folder, parts=parts, total=int(table.num_rows), token=uuid.uuid4().hex[:10])
    return int(table.num_rows)


def _parts(images: list[str]) -> list[int]:
    """Return the numbers of captions per shard; an image's captions stay together.

    >>> _parts(["a", "a", "b"])
    [3]
    """
    parts: list[int] = []
    for _, same in groupby(images):
        number = len(list(same))
        if parts and parts[-1] + number <= CAPTIONS_PER_SHARD:
            parts[-1] += number
        else:
            parts.append(number)
    return parts


def _found(rows: list[Row]) -> list[Row]:
    """Return the defects of captions, which come image by image; captions of one language are compared."""
    found: list[Row] = []
    for _, same in groupby(rows, key=lambda row: row["image_id"]):
        captions = sorted(same, key=lambda row: row["language"])
        for language, spoken in groupby(captions, key=lambda row: row["language"]):
            found += _of_image(list(spoken), str(language))
    return found


def _of_image(rows: list[Row], language: str) -> list[Row]:
    from curation.suggesters.gates import at_least
    from curation.text.analysis import Analysis
    from curation.text.defects import find_in_image

    bodies = [row["body"] for row in rows]
    parsed = None if None in bodies else [Analysis.from_json(json.loads(body)) for body in bodies]
    hits = find_in_image([row["text"] for row in rows], parsed, language=language, count_tokens=at_least)
    return [
        {"caption_id": row["caption_id"], "revision_id": row["revision_id"], "kind": one.kind, "start": one.start,
         "stop": one.end, "wrong": one.wrong, "repair": one.right}
        for row, own in zip(rows, hits, strict=True) for one in own
    ]  # fmt: skip


def _table(found: list[Row]) -> pa.Table:
    import pyarrow as pa

    text, number = pa.string(), pa.int32()
    schema = {"caption_id": text, "revision_id": text, "kind": text, "start": number, "stop": number}
    return pa.Table.from_pylist(found, schema=pa.schema(schema | {"wrong": text, "repair": text}))
