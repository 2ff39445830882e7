"""Score how suspicious pairs are of not belonging together."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from curation.jobs import Args, job_kind, shards
from curation.jobs.pairs import Pairs, pairs_of
from curation.records import Progress
from curation.store import Store, scores, settings
from curation.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

SCORER = "cosine_distance"


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Score all pairs at once: a percentile compares each with all others."""
    facts = shards.read_facts(folder)
    name = str(facts["token"])
    if not shards.is_finished(folder, name):
        yield Progress(0, facts["total"], note="pairs")
        table = shards.read_table(folder / "pairs.feather")
        shards.write_table(folder / f"{name}.feather", _scored(folder, table, args.get("scorer", SCORER)))
        shards.finish_shard(folder, name)
    yield Progress(facts["total"], facts["total"], shard=name, note="pairs")


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: Args) -> None:
    """Replace the scores and reorder the noise queue."""
    scores.put_scores(store, "noise", shards.read_table(folder / f"{shard}.feather"))


@job_kind("noise", title="Score noise", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Score every pair in review whose score is missing or older than its text, image or settings.

    A score is a share of all pairs in review: where others are compared, all scores are computed anew.
    """
    import pyarrow as pa

    from curation.noise import noise_scorers

    encoder = settings.get(store, "encoder")
    plugin = noise_scorers.get(args.get("scorer", SCORER))
    known = scores.keys(store, "noise")
    loaded = [pairs_of(store, workspace, encoder, split) for split in settings.get(store, "review_splits")]
    parts = [part for part in loaded if part.complete.any()]
    compared = [(part.gallery_key, _captions(part)["id"].to_pylist()) for part in parts]
    key = scores.settings_key({"scorer": plugin.name, **plugin.settings, "compared": compared})
    tables = [_inputs(part, encoder, key, known) for part in parts]
    wanted = sum(sum(table["wanted"].to_pylist()) for table in tables)
    if wanted:
        shards.write_table(folder / "pairs.feather", pa.concat_tables(tables))
        texts = [part.texts[part.complete] for part in parts]
        images = [part.gallery[part.own[part.complete]] for part in parts]
        shards.write_array(folder / "texts.npy", np.concatenate(texts))
        shards.write_array(folder / "images.npy", np.concatenate(images))
    shards.write_facts(folder, total=wanted, token=uuid.uuid4().hex[:10])
    return wanted


def _captions(pairs: Pairs) -> pa.Table:
    """Return the captions of the pairs that are compared with one another."""
    import pyarrow as pa

    return pairs.captions.filter(pa.array(pairs.complete))


def _inputs(pairs: Pairs, encoder: str, key: str, known: dict[str, Any]) -> pa.Table:
    import pyarrow as pa

    table = _captions(pairs).select(["id", "revision_id", "text"])
    rows = zip(table["id"].to_pylist(), table["revision_id"].to_pylist(), strict=True)
    wanted = [known.get(caption) != (revision, encoder, key) for caption, revision in rows]
    table = table.rename_columns(["caption_id", "revision_id", "text"])
    for name, value in (("encoder", encoder), ("settings", key)):
        table = table.append_column(name, pa.array([value] * len(wanted), pa.string()))
    return table.append_column("wanted", pa.array(wanted, pa.bool_()))


def _scored(folder: Path, table: pa.Table, scorer: str) -> pa.Table:
    import pyarrow as pa

    from curation.noise import PairContext, noise_scorers
    from curation.noise.calibrate import calibrate

    plugin = noise_scorers.get(scorer)
    images, texts = shards.read_array(folder / "images.npy"), shards.read_array(folder / "texts.npy")
    raw = plugin.run(PairContext(images, texts, table["text"].to_pylist()))
    calibrated = calibrate(raw)
    rows = np.flatnonzero(table["wanted"].to_numpy())
    share = calibrated.percentile / 100
    chance = calibrated.probability
    reasons = [json.dumps([_reason(plugin, float(raw[row]), float(share[row]))]) for row in rows]
    parts = [
        json.dumps({
            plugin.name: round(float(raw[row]), 6),
            "percentile": round(float(calibrated.percentile[row]), 3),
            "probability": None if chance is None else round(float(chance[row]), 4),
        })
        for row in rows
    ]  # fmt: skip
    wanted = table.take(rows).select(["caption_id", "revision_id", "encoder", "settings"])
    wanted = wanted.append_column("value", pa.array(share[rows]))
    return wanted.append_column("reasons", pa.array(reasons)).append_column("parts", pa.array(parts))


def _reason(plugin: Any, raw: float, share: float) -> dict[str, Any]:
    words = f"{plugin.title.lower()} {raw:.3f}, higher than {share:.1%} of the pairs in review"
    return {"signal": plugin.name, "value": round(raw, 6), "reason": words}
