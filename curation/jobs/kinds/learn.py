"""Learn from verdicts: fit the model of coarse captions to what the curators called fine and coarse."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from curation.jobs import Args, job_kind, shards
from curation.jobs.kinds.analyse import PIPELINE
from curation.records import Progress
from curation.store import Store, models, settings
from curation.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

    from curation.coarse.model import CoarseModel


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Fit one model to all verdicts."""
    facts = shards.read_facts(folder)
    name, total = facts["token"], facts["total"]
    if total and not shards.is_finished(folder, name):
        yield Progress(0, total, note="verdicts")
        judged, scored = (shards.read_table(folder / f"{part}.feather") for part in ("judged", "scored"))
        model = fitted(judged, scored, up_to=facts["up_to"])
        shards.write_json(folder / f"{name}.json", {"id": model.id, "model": model.to_json()})
        shards.finish_shard(folder, name)
    if total:
        yield Progress(total, total, shard=name, note="verdicts")


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: Args) -> None:
    """Keep the model; the next scoring uses it."""
    found = shards.read_json(folder / f"{shard}.json")
    models.put(store, found["id"], shards.read_facts(folder)["up_to"], found["model"])


@job_kind("learn", title="Learn from verdicts", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Fit the score of coarse captions to the verdicts, once there are enough new ones."""
    models.remember(store)
    splits = settings.get(store, "review_splits")
    judged = models.examples(store, splits, PIPELINE)
    total = int(judged.num_rows) if models.ready_to_learn(store) else 0
    shards.write_table(folder / "judged.feather", judged)
    shards.write_table(folder / "scored.feather", models.scored(store, splits, PIPELINE))
    up_to = max(judged["seq"].to_pylist(), default=0)
    shards.write_facts(folder, total=total, up_to=up_to, token=uuid.uuid4().hex[:10])
    return total


def fitted(judged: pa.Table, scored: pa.Table, *, up_to: int) -> CoarseModel:
    """Fit to the tables of ``store.models.examples`` and ``store.models.scored``.

    A judged caption stands for itself with the text that was judged, also beside the other captions of its image.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from curation.coarse.fit import fit

    known = pc.is_in(scored["caption_id"], value_set=pa.array(judged["caption_id"].to_pylist(), pa.string()))
    scored = scored.filter(pc.invert(known))
    texts = judged["text"].to_pylist() + scored["text"].to_pylist()
    names = judged["image_id"].to_pylist() + scored["image_id"].to_pylist()
    number = {name: n for n, name in enumerate(sorted(set(names)))}
    return fit(
        _raw(judged["parts"].to_pylist() + scored["parts"].to_pylist()),
        texts,
        np.array([number[name] for name in names], dtype=np.int64),
        np.arange(judged.num_rows),
        np.array(judged["coarse"].to_pylist(), dtype=bool),
        grammar=judged["grammar"].to_pylist() + scored["grammar"].to_pylist(),
        up_to=up_to,
    )


def _raw(parts: list[str]) -> dict[str, NDArray[np.float64]]:
    """Return the signals by name (n,), NaN where a caption has none of that name, signals of the past left out."""
    from curation.coarse import coarse_signals

    rows: list[dict[str, Any]] = [json.loads(part) for part in parts]
    there = {name for row in rows for name in row}
    names = [plugin.name for plugin in coarse_signals if plugin.name in there]
    return {name: np.array([row.get(name, np.nan) for row in rows], dtype=np.float64) for name in names}
