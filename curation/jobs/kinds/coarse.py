"""Score how coarse captions are, and find the rivals of each: the images it could be about as well."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from curation.jobs import Args, job_kind, shards
from curation.jobs.kinds.analyse import PIPELINE
from curation.jobs.pairs import Pairs, pairs_of
from curation.records import Progress, Signal
from curation.store import Store, analyses, models, scores, settings
from curation.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

    from curation.coarse import CoarseContext
    from curation.coarse.model import CoarseModel
    from curation.text.idf import Idf

RIVALS = 12


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Score one split after the other: some signals compare a caption with all others of its split."""
    facts = shards.read_facts(folder)
    done = 0
    for split, wanted in facts["splits"].items():
        name = f"{facts['token']}-{split}"
        if not shards.is_finished(folder, name):
            yield Progress(done, facts["total"], note=f"captions of {split}")
            _score_split(folder, split, facts["delta"], _read_model(facts["model"]), name)
        done += wanted
        yield Progress(done, facts["total"], shard=name, note=f"captions of {split}")


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: Args) -> None:
    """Replace the rivals and the scores of one split's captions."""
    scores.put_rivals(store, shards.read_table(folder / f"{shard}-rivals.feather"))
    scores.put_scores(store, "coarse", shards.read_table(folder / f"{shard}-scores.feather"))


@job_kind("coarse", title="Score coarseness", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Score every caption in review whose score is missing or older than its text, vectors or settings."""
    models.remember(store)  # before the scores of judged texts are replaced
    encoder, delta = settings.get(store, "encoder"), settings.get(store, "fits_delta")
    model = _read_model(models.latest(store))
    known = scores.keys(store, "coarse")
    splits: dict[str, int] = {}
    for split in settings.get(store, "review_splits"):
        pairs = pairs_of(store, workspace, encoder, split)
        table = _inputs(store, pairs, encoder, {"delta": delta, "model": model.id}, known)
        wanted = sum(table["wanted"].to_pylist())
        if wanted:
            splits[split] = wanted
            shards.write_table(folder / f"{split}.feather", table)
            shards.write_json(folder / f"{split}-gallery.json", pairs.gallery_ids)
            shards.write_array(folder / f"{split}-texts.npy", pairs.texts)
            shards.write_array(folder / f"{split}-gallery.npy", pairs.gallery)
    total = sum(splits.values())
    token = uuid.uuid4().hex[:10]
    shards.write_facts(folder, splits=splits, total=total, delta=delta, model=model.to_json(), token=token)
    return total


def _inputs(store: Store, pairs: Pairs, encoder: str, used: dict[str, Any], known: dict[str, Any]) -> pa.Table:
    """Return one row per caption: what the score needs, under which key it is kept, and whether it is missing."""
    import pyarrow as pa

    found = analyses.of_splits(store, [pairs.split], PIPELINE)
    bodies = dict(zip(found["text_hash"].to_pylist(), found["body"].to_pylist(), strict=True))
    table = pairs.captions
    body = [bodies.get(text_hash) for text_hash in table["text_hash"].to_pylist()]
    facts = used | {"gallery": pairs.gallery_key, "analyses": PIPELINE}
    key_of = {flags: _key(facts, *flags) for flags in product((False, True), repeat=2)}
    encoders = [encoder if complete else "" for complete in pairs.complete.tolist()]
    keys = [key_of[bool(e), b is not None] for e, b in zip(encoders, body, strict=True)]
    columns = (table["id"].to_pylist(), table["revision_id"].to_pylist(), encoders, keys)
    wanted = [known.get(row[0]) != row[1:] for row in zip(*columns, strict=True)]
    numbers = {image_id: n for n, image_id in enumerate(dict.fromkeys(table["image_id"].to_pylist()))}
    image = [numbers[image_id] for image_id in table["image_id"].to_pylist()]
    return pa.table({
        "caption_id": table["id"], "revision_id": table["revision_id"], "text": table["text"],
        "image": pa.array(image, pa.int64()), "own": pairs.own, "complete": pairs.complete,
        "body": pa.array(body, pa.string()), "encoder": pa.array(encoders, pa.string()),
        "settings": pa.array(keys, pa.string()), "wanted": pa.array(wanted, pa.bool_()),
    })  # fmt: skip


def _read_model(data: dict[str, Any] | None) -> CoarseModel:
    """Return a kept model, or the shipped prior where nothing was learned yet."""
    from curation.coarse.model import CoarseModel, shipped_prior

    return shipped_prior() if data is None else CoarseModel.from_json(data)


def _key(facts: dict[str, Any], with_vectors: bool, analysed: bool) -> str:
    """Name the settings that a score depends on; one from the text alone does not depend on the gallery."""
    used = {name: value for name, value in facts.items() if with_vectors or name in ("model", "analyses")}
    return scores.settings_key(used | {"analysed": analysed})


def _score_split(folder: Path, split: str, delta: float | None, model: CoarseModel, name: str) -> None:
    import pyarrow as pa

    from curation.text.idf import fit_idf

    table = shards.read_table(folder / f"{split}.feather")
    texts = shards.read_array(folder / f"{split}-texts.npy")
    gallery = shards.read_array(folder / f"{split}-gallery.npy")
    gallery_ids = shards.read_json(folder / f"{split}-gallery.json")
    idf = fit_idf(table["text"].to_pylist())
    complete, analysed = table["complete"].to_numpy(), table["body"].is_valid().to_numpy()
    scored, rivals = [], []
    for with_vectors, with_analyses in product((True, False), repeat=2):
        rows = np.flatnonzero((complete == with_vectors) & (analysed == with_analyses))
        part = table.take(rows)
        if not len(rows) or not any(part["wanted"].to_pylist()):
            continue
        arrays = (texts[rows], gallery) if with_vectors else None
        context = _context(part, arrays, with_analyses, idf, delta)
        scored.append(_scores(part, context, model))
        if with_vectors:
            rivals.append(_rivals(part, context, gallery_ids))
    shards.write_table(folder / f"{name}-scores.feather", pa.concat_tables(scored))
    shards.write_table(folder / f"{name}-rivals.feather", pa.concat_tables(rivals) if rivals else _no_rivals())
    shards.finish_shard(folder, name)


def _context(
    part: pa.Table,
    arrays: tuple[NDArray[Any], NDArray[Any]] | None,
    with_analyses: bool,
    idf: Idf,
    delta: float | None,
) -> CoarseContext:
    from curation.coarse import CoarseContext
    from curation.text.analysis import Analysis

    bodies = part["body"].to_pylist() if with_analyses else []
    return CoarseContext(
        texts=part["text"].to_pylist(),
        image=part["image"].to_numpy(),
        analyses=[Analysis.from_json(json.loads(body)) for body in bodies],
        text_vectors=arrays[0] if arrays else None,
        gallery=arrays[1] if arrays else None,
        own=part["own"].to_numpy() if arrays else None,
        delta=delta,
        background=idf,
    )


def _scores(part: pa.Table, context: CoarseContext, model: CoarseModel) -> pa.Table:
    """Score all rows, since they are judged against each other, and return those that are wanted."""
    import pyarrow as pa

    from curation.coarse.score import coarse_scores

    found = coarse_scores(context, model=model)
    rows = np.flatnonzero(part["wanted"].to_numpy())
    reasons = [_reasons(found.moved[row]) for row in rows]
    values = {signal: array.tolist() for signal, array in found.raw.items()}
    parts = [json.dumps({signal: round(array[row], 6) for signal, array in values.items()}) for row in rows]
    wanted = part.take(rows).select(["caption_id", "revision_id", "encoder", "settings"])
    wanted = wanted.append_column("value", pa.array(found.score[rows]))
    return wanted.append_column("reasons", pa.array(reasons)).append_column("parts", pa.array(parts))


def _reasons(signals: Sequence[Signal]) -> str:
    named = [{"signal": one.name, "value": round(one.value, 6), "reason": one.reason} for one in signals]
    return json.dumps(named, ensure_ascii=False)


def _rivals(part: pa.Table, context: CoarseContext, gallery_ids: list[str]) -> pa.Table:
    """Return the nearest other images of the wanted captions, best first."""
    import pyarrow as pa

    from curation.retrieval.topk import topk

    rows = np.flatnonzero(part["wanted"].to_numpy())
    assert context.text_vectors is not None and context.gallery is not None and context.own is not None
    own = context.own[rows]
    if len(gallery_ids) > 1:
        near, index = topk(context.text_vectors[rows], context.gallery, RIVALS, exclude=own)
    else:
        near, index = np.empty((len(rows), 0), np.float32), np.empty((len(rows), 0), np.int64)
    wanted = part.take(rows).select(["caption_id", "revision_id", "encoder"])
    names = [[gallery_ids[g] for g in row] for row in index.tolist()]
    columns = {
        "image_ids": pa.array(names, pa.list_(pa.string())),
        "scores": pa.array(near.tolist(), pa.list_(pa.float32())),
        "own_rank": pa.array(context.view.rank[rows], pa.int32()),
        "own_score": pa.array(context.view.own[rows], pa.float32()),
        "gallery": pa.array([len(gallery_ids)] * len(rows), pa.int32()),
    }
    for name, column in columns.items():
        wanted = wanted.append_column(name, column)
    return wanted


def _no_rivals() -> pa.Table:
    import pyarrow as pa

    text, numbers = pa.string(), pa.int32()
    schema = {"caption_id": text, "revision_id": text, "encoder": text, "image_ids": pa.list_(text)}
    schema |= {"scores": pa.list_(pa.float32()), "own_rank": numbers, "own_score": pa.float32(), "gallery": numbers}
    return pa.schema(schema).empty_table()
