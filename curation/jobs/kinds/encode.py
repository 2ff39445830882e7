"""Encode images and texts: one vector per content, under the encoder that the workspace has chosen."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from curation.jobs import Args, job_kind, shards
from curation.records import Progress, RegrainError
from curation.store import Store, contents, settings, vectors
from curation.workspace import Workspace

if TYPE_CHECKING:
    from PIL.Image import Image

    from curation.encoders import Encoder, UnitRows

IMAGES_PER_SHARD = 512
TEXTS_PER_SHARD = 4096
DECODED_AT_ONCE = 64
"""Pictures held in memory while they wait for the encoder: photographs take about a megabyte each."""


@dataclass(slots=True)
class Seen:
    """One image file as it was found: its content, or the reason why it has none."""

    id: str
    content_hash: str | None = None
    bytes: int | None = None
    mtime_ns: int | None = None
    problem: str | None = None


def run(folder: Path, args: Args) -> Iterator[Progress]:
    """Write the vectors of the images, then of the texts, one shard at a time."""
    facts = shards.read_facts(folder)
    encoder = load(facts["encoder"], facts["device"])
    images = shards.read_table(folder / "images.feather").to_pylist()
    texts = shards.read_table(folder / "texts.feather").to_pylist()
    total = len(images) + len(texts)
    known = set(shards.read_table(folder / "known.feather")["content_hash"].to_pylist())
    for start in range(0, len(images), IMAGES_PER_SHARD):
        part, name = images[start : start + IMAGES_PER_SHARD], f"{facts['token']}-images-{start:08d}"
        done = start + len(part)
        if not shards.is_finished(folder, name):
            for seen in _image_shard(folder, name, part, encoder, known):
                yield Progress(start, total, note="images", bad_item=seen.id, error=seen.problem)
        known.update(shards.receipt(folder, name)["hashes"])
        yield Progress(done, total, shard=name, note="images")
    for start in range(0, len(texts), TEXTS_PER_SHARD):
        part, name = texts[start : start + TEXTS_PER_SHARD], f"{facts['token']}-texts-{start:08d}"
        if not shards.is_finished(folder, name):
            rows = encoder.texts([text["text"] for text in part])
            _finish(folder, name, "text", rows, [text["text_hash"] for text in part])
        yield Progress(len(images) + start + len(part), total, shard=name, note="texts")


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: Args) -> None:
    """Move a shard's vectors to the others, add their row map, and note what was seen of the images."""
    import pyarrow as pa

    receipt = shards.receipt(folder, shard)
    if receipt["hashes"]:
        target = workspace.vectors / f"{shard}.npy"
        if not target.exists():
            (folder / target.name).rename(target)
            shards.sync_folder(workspace.vectors)
        vectors.add_shard(
            store,
            target,
            encoder=shards.read_facts(folder)["encoder"],
            kind=receipt["kind"],
            hashes=receipt["hashes"],
            sha256=receipt["sha256"],
            dim=receipt["dim"],
        )
    if receipt["seen"]:
        columns = {"id": pa.string(), "content_hash": pa.string(), "bytes": pa.int64(), "mtime_ns": pa.int64()}
        schema = pa.schema({**columns, "problem": pa.string()})
        contents.note(store, pa.Table.from_pylist(receipt["seen"], schema=schema))


@job_kind("encode", title="Encode images and texts", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: Args, folder: Path) -> int:
    """Encode every image and every current text that has no vector yet; the same content is encoded once."""
    import pyarrow as pa

    encoder = settings.get(store, "encoder")
    held = contents.held_images(store, encoder)
    wanted = [entry for image in held if (entry := _to_encode(workspace, image))]
    texts = contents.texts_without_vector(store, encoder)
    known = sorted({image["content_hash"] for image in held if image["encoded"]})
    schema = pa.schema({"id": pa.string(), "path": pa.string(), "problem": pa.string()})
    shards.write_table(folder / "images.feather", pa.Table.from_pylist(wanted, schema=schema))
    shards.write_table(folder / "texts.feather", texts)
    shards.write_table(folder / "known.feather", pa.table({"content_hash": pa.array(known, pa.string())}))
    shards.write_facts(folder, encoder=encoder, device=settings.get(store, "device"), token=uuid.uuid4().hex[:10])
    return len(wanted) + int(texts.num_rows)


def _to_encode(workspace: Workspace, image: dict[str, Any]) -> dict[str, Any] | None:
    """Return the worker's entry for an image, or None where nothing has changed since it was dealt with."""
    try:
        path = workspace.image_path(image["root"] or "", image["file"])
        stat = path.stat()
    except RegrainError as error:
        return None if image["problem"] else {"id": image["id"], "path": None, "problem": str(error)}
    except OSError:
        return None if image["problem"] else {"id": image["id"], "path": str(path), "problem": None}
    same = (stat.st_size, stat.st_mtime_ns) == (image["bytes"], image["mtime_ns"])
    if same and (image["problem"] or image["encoded"]):
        return None
    return {"id": image["id"], "path": str(path), "problem": None}


def _image_shard(
    folder: Path, name: str, images: Sequence[dict[str, Any]], encoder: Encoder, known: set[str]
) -> Iterator[Seen]:
    """Write one shard of image vectors; yield the images that cannot be used."""
    rows: list[UnitRows] = []
    hashes: list[str] = []
    noted: list[Seen] = []
    for seen, pictures in _decoded(images, known):
        fresh = [(one.content_hash, picture) for one, picture in zip(seen, pictures, strict=True) if picture]
        unique = {content: picture for content, picture in fresh if content and content not in hashes}
        if unique:
            rows.append(encoder.images(list(unique.values())))
            hashes.extend(unique)
        noted.extend(seen)
        yield from (one for one in seen if one.problem)
    matrix = np.concatenate(rows) if rows else np.empty((0, 0), np.float32)
    _finish(folder, name, "image", matrix, hashes, noted)


def _finish(
    folder: Path, name: str, kind: str, rows: Any, hashes: Sequence[str], seen: Sequence[Seen] = ()
) -> None:
    sha256 = vectors.write_shard(folder / f"{name}.npy", rows) if len(rows) else ""
    facts = {"kind": kind, "hashes": list(hashes), "sha256": sha256, "dim": rows.shape[1]}
    shards.finish_shard(folder, name, **facts, seen=[asdict(one) for one in seen])


def _decoded(
    images: Sequence[dict[str, Any]], known: set[str]
) -> Iterator[tuple[list[Seen], list[Image | None]]]:
    """Yield batches of files with their pictures (None: broken, or its content is encoded already).

    The next batch is decoded by threads while the caller encodes the present one.
    """
    threads = int(os.environ.get("REGRAIN_THREADS", "1"))
    batches = [images[i : i + DECODED_AT_ONCE] for i in range(0, len(images), DECODED_AT_ONCE)]
    with ThreadPoolExecutor(threads) as pool:
        waiting: list[list[Future[tuple[Seen, Image | None]]]] = []
        for batch in batches:
            waiting.append([pool.submit(_open, image, known) for image in batch])
            if len(waiting) == 2:
                yield _gathered(waiting.pop(0))
        for futures in waiting:
            yield _gathered(futures)


def _gathered(futures: list[Future[tuple[Seen, Image | None]]]) -> tuple[list[Seen], list[Image | None]]:
    pairs = [future.result() for future in futures]
    return [seen for seen, _ in pairs], [picture for _, picture in pairs]


def _open(image: dict[str, Any], known: set[str]) -> tuple[Seen, Image | None]:
    from curation.encoders import UnreadableImage, load_image

    seen = Seen(image["id"], problem=image["problem"])
    if image["problem"]:
        return seen, None
    path = Path(image["path"])
    try:
        stat = path.stat()
        seen.bytes, seen.mtime_ns = stat.st_size, stat.st_mtime_ns
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        picture = None if content in known else load_image(path)
    except (OSError, UnreadableImage) as error:
        seen.problem = str(error)
        return seen, None
    seen.content_hash = content
    return seen, picture


def load(name: str, device: str) -> Encoder:
    """Load an encoder on the device that the settings name."""
    from curation.encoders import load_encoder
    from curation.encoders.devices import chosen_device

    return load_encoder(name, chosen_device(device))
