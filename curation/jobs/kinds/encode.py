"""Encode images and texts: one vector per content, under the encoder that the workspace has chosen."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from curation.jobs import Args, job_kind, shards
from curation.jobs.threads import batches, in_threads
from curation.records import Progress, RegrainError
from curation.store import Store, contents, settings, vectors
from curation.workspace import Workspace

if TYPE_CHECKING:
    from PIL.Image import Image

    from curation.encoders import Encoder, UnitRows

IMAGES_PER_SHARD = 512
TEXTS_PER_SHARD = 4096
IMAGES_AT_ONCE = 64
"""Pictures that a thread holds in memory: photographs take about a megabyte each."""

TEXTS_AT_ONCE = 512


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
            rows = text_rows([text["text"] for text in part], encoder)
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
    """Encode every image and every current text that has no vector yet; the same content is encoded once.

    Vectors whose shard is gone from the disk, or cannot be read, count as missing.
    """
    encoder = settings.get(store, "encoder")
    vectors.forget_broken(store, workspace.vectors)
    images, texts = contents.held_images(store, encoder), contents.texts_without_vector(store, encoder)
    return write_inputs(store, workspace, folder, encoder, images, texts)


def write_inputs(
    store: Store, workspace: Workspace, folder: Path, encoder: str, held: Sequence[dict[str, Any]], texts: Any = None
) -> int:
    """Write what an encoder has to encode of held images (``contents.held_images``) and of texts, an Arrow table
    ``text_hash, text``; return how many that are.
    """
    import pyarrow as pa

    if texts is None:
        texts = pa.table({"text_hash": pa.array([], pa.string()), "text": pa.array([], pa.string())})
    wanted = [entry for image in held if (entry := _to_encode(workspace, image))]
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
) -> list[Seen]:
    """Write one shard of image vectors; return the images that cannot be used."""
    found = in_threads(lambda part: _image_batch(part, encoder, known), batches(images, IMAGES_AT_ONCE))
    hashes: dict[str, UnitRows] = {}
    for _, contents_of_batch, rows in found:
        hashes = dict(zip(contents_of_batch, rows, strict=True)) | hashes  # a content in two batches: the first stays
    seen = [one for batch, _, _ in found for one in batch]
    matrix = np.stack(list(hashes.values())) if hashes else np.empty((0, 0), np.float32)
    _finish(folder, name, "image", matrix, list(hashes), seen)
    return [one for one in seen if one.problem]


def _image_batch(
    images: Sequence[dict[str, Any]], encoder: Encoder, known: set[str]
) -> tuple[list[Seen], list[str], UnitRows]:
    """Return what was seen of some files, and the contents that are new with their vectors."""
    opened = [_open(image, known) for image in images]
    fresh = {seen.content_hash: picture for seen, picture in opened if seen.content_hash and picture}
    rows = encoder.images(list(fresh.values())) if fresh else np.empty((0, encoder.dim), np.float32)
    return [seen for seen, _ in opened], list(fresh), rows


def text_rows(texts: Sequence[str], encoder: Encoder) -> UnitRows:
    """Return the vectors of at least one text (n, d), encoded on as many cores as the worker may take."""
    return np.concatenate(in_threads(encoder.texts, batches(texts, TEXTS_AT_ONCE)))


def _finish(folder: Path, name: str, kind: str, rows: Any, hashes: Sequence[str], seen: Sequence[Seen] = ()) -> None:
    sha256 = vectors.write_shard(folder / f"{name}.npy", rows) if len(rows) else ""
    facts = {"kind": kind, "hashes": list(hashes), "sha256": sha256, "dim": rows.shape[1]}
    shards.finish_shard(folder, name, **facts, seen=[asdict(one) for one in seen])


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
