"""Find candidates in the unlabeled pool: images that may compete with a target, or match its captions as well."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from curation.jobs import Args, job_kind, shards
from curation.jobs.pairs import Pairs, image_vectors, pairs_of
from curation.records import Progress
from curation.store import Store, pool_candidates, scores, settings
from curation.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

    from curation.pool.candidates import Candidates

ENOUGH_IMAGES = 100
"""Train and val images from which a duplicate threshold can be derived."""

CAUTIOUS_THRESHOLD = 0.99
"""Cosine of a near-duplicate where there are too few train and val images to derive one: only plain copies."""


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Search the pool for the captions of one split after the other."""
    facts = shards.read_facts(folder)
    done = 0
    for split, wanted in facts["splits"].items():
        name = f"{facts['token']}-{split}"
        if not shards.is_finished(folder, name):
            yield Progress(done, facts["total"], note=f"captions of {split}")
            shards.write_table(folder / f"{name}.feather", _search(folder, split, facts))
            shards.finish_shard(folder, name)
        done += wanted
        yield Progress(done, facts["total"], shard=name, note=f"captions of {split}")


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: Args) -> None:
    """Replace the candidates of one split's targets and open the pool queue for them."""
    split = shard.removeprefix(f"{shards.read_facts(folder)['token']}-")
    searched = shards.read_table(folder / f"{split}.feather").select(list(pool_candidates.SEARCHED))
    pool_candidates.put(store, shards.read_table(folder / f"{shard}.feather"), searched)


@job_kind("pool", title="Search the image pool", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Find pool images near to each reviewed caption and its image; pictures that repeat a target are set apart."""
    encoder, k = settings.get(store, "encoder"), settings.get(store, "pool_neighbours")
    pool = image_vectors(store, workspace, encoder, "pool")
    splits: dict[str, int] = {}
    if pool.ids:
        threshold = _threshold(store, workspace, encoder)
        facts = {"k": k, "threshold": round(threshold, 6), "pool": pool.named}
        known = pool_candidates.searched(store)
        for split in settings.get(store, "review_splits"):
            pairs = pairs_of(store, workspace, encoder, split)
            key = scores.settings_key(facts | {"targets": pairs.gallery_key})
            table = _inputs(pairs, (encoder, key), known)
            if table.num_rows:
                splits[split] = table.num_rows
                shards.write_table(folder / f"{split}.feather", table)
                shards.write_array(folder / f"{split}-texts.npy", pairs.texts[table["row"].to_numpy()])
                shards.write_array(folder / f"{split}-targets.npy", pairs.gallery)
    total = sum(splits.values())
    if total:
        shards.write_json(folder / "pool.json", pool.ids)
        shards.write_array(folder / "pool.npy", pool.rows)
        shards.write_facts(folder, splits=splits, total=total, k=k, threshold=threshold, token=uuid.uuid4().hex[:10])
    return total


def _threshold(store: Store, workspace: Workspace, encoder: str) -> float:
    """Return the chosen cosine of near-duplicates, or one derived from train and val images."""
    from curation.pool.duplicates import nearest_similarity, threshold_from

    chosen = settings.get(store, "duplicate_threshold")
    if chosen is not None:
        return float(chosen)
    parts = [image_vectors(store, workspace, encoder, split).rows for split in ("train", "val")]
    images = [part for part in parts if len(part)]
    if sum(len(part) for part in images) < ENOUGH_IMAGES:
        return CAUTIOUS_THRESHOLD
    return threshold_from(nearest_similarity(np.concatenate(images)))


def _inputs(pairs: Pairs, key: tuple[str, str], known: dict[str, tuple[str, str, str]]) -> pa.Table:
    """Return the captions of every target of which one caption was never searched, or on something else."""
    import pyarrow as pa

    rows = pairs.captions.select(["id", "image_id", "revision_id"]).to_pylist()
    able = np.flatnonzero(pairs.complete).tolist()
    late = {rows[at]["image_id"] for at in able if known.get(rows[at]["id"]) != (rows[at]["revision_id"], *key)}
    chosen = [at for at in able if rows[at]["image_id"] in late]
    return pa.table({
        "caption_id": pa.array([rows[at]["id"] for at in chosen], pa.string()),
        "target_id": pa.array([rows[at]["image_id"] for at in chosen], pa.string()),
        "revision_id": pa.array([rows[at]["revision_id"] for at in chosen], pa.string()),
        "own": pa.array(pairs.own[chosen], pa.int64()),
        "row": pa.array(chosen, pa.int64()),
        "encoder": pa.array([key[0]] * len(chosen), pa.string()),
        "settings": pa.array([key[1]] * len(chosen), pa.string()),
    })  # fmt: skip


def _search(folder: Path, split: str, facts: dict[str, Any]) -> pa.Table:
    import pyarrow as pa

    from curation.pool.candidates import find_candidates

    table, pool_ids = shards.read_table(folder / f"{split}.feather"), shards.read_json(folder / "pool.json")
    own = table["own"].to_numpy()
    texts = shards.read_array(folder / f"{split}-texts.npy")
    targets, pool = shards.read_array(folder / f"{split}-targets.npy"), shards.read_array(folder / "pool.npy")
    found = find_candidates(texts, targets, own, pool, duplicate_threshold=facts["threshold"], k=facts["k"])
    via = np.where(found.by_text, "text", "image")
    score = np.where(found.by_text, found.text_score, found.image_score)
    copies = _copies(found, own, targets, pool)
    caption = np.concatenate([found.caption, copies[0]])
    image = np.concatenate([found.image, copies[1]])
    same = np.zeros(len(caption), dtype=bool)
    same[len(found) :] = True
    rows = table.take(caption).select(list(pool_candidates.SEARCHED))
    columns = {
        "image_id": pa.array([pool_ids[at] for at in image.tolist()], pa.string()),
        "via": pa.array([*via.tolist(), *["image"] * len(copies[0])], pa.string()),
        "score": pa.array(np.concatenate([score, copies[2]]), pa.float64()),
        "risk": pa.array(np.concatenate([found.margin, copies[2]]), pa.float64()),
        "duplicate": pa.array(same),
    }
    for name, column in columns.items():
        rows = rows.append_column(name, column)
    return rows


def _copies(
    found: Candidates, own: NDArray[np.int64], targets: NDArray[Any], pool: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return caption, pool image and cosine of the pool images that repeat a caption's own image."""
    captions_of: dict[int, list[int]] = {}
    for caption, target in enumerate(own.tolist()):
        captions_of.setdefault(target, []).append(caption)
    repeats = [(p, t) for p, t in enumerate(found.repeats_target.tolist()) if t >= 0]
    pairs = [(c, p, t) for p, t in repeats for c in captions_of.get(t, [])]
    index = np.array(pairs, dtype=np.int64).reshape(-1, 3)
    cosine = np.einsum("nd,nd->n", pool[index[:, 1]], targets[index[:, 2]])
    return index[:, 0], index[:, 1], cosine.astype(np.float64)
