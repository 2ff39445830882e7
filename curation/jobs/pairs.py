"""The captions of a split with their vectors and the gallery of their images: what most jobs compute on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from curation.store import Store, captions, vectors
from curation.workspace import Workspace


class Images(NamedTuple):
    """g encoded images: their ids, the hashes of their contents, and their vectors ``rows`` (g, d)."""

    ids: list[str]
    hashes: list[str]
    rows: NDArray[np.float32]

    @property
    def named(self) -> list[str]:
        """Each image with its content: a picture that was replaced is another one under the same id."""
        return named(self.ids, self.hashes)


def named(ids: Iterable[str], hashes: Iterable[str]) -> list[str]:
    """Return each id with the hash of its content."""
    return [f"{image_id} {content}" for image_id, content in zip(ids, hashes, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """n captions of one split and the g images that have a caption there and a vector.

    ``captions`` is the Arrow table of ``store.captions.in_splits``; ``texts`` (n, d) are unit rows, zero where
    ``text_found`` (n,) is False; ``gallery`` (g, d) belongs to ``gallery_ids``, whose contents
    have the hashes ``gallery_hashes``; ``own`` (n,) is the gallery row of each caption's image, -1 where that image
    has no vector.
    """

    split: str
    captions: Any
    texts: NDArray[np.float32]
    text_found: NDArray[np.bool_]
    gallery_ids: list[str]
    gallery: NDArray[np.float32]
    own: NDArray[np.int64]
    gallery_hashes: list[str] = field(default_factory=list)

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Which captions have both their own vector and that of their image (n,)."""
        return np.asarray(self.text_found & (self.own >= 0))

    @property
    def gallery_key(self) -> str:
        """A short key of what the gallery holds: results against another gallery are other results."""
        contents = named(self.gallery_ids, self.gallery_hashes)
        return hashlib.sha256("\n".join(contents).encode()).hexdigest()[:12]


def pairs_of(store: Store, workspace: Workspace, encoder: str, split: str) -> Pairs:
    """Return the captions of a split and their vectors, as far as they are encoded."""
    table = captions.in_splits(store, [split])
    hashes = table["text_hash"].to_pylist()
    texts = vectors.load(store, workspace.vectors, encoder=encoder, kind="text", hashes=hashes)
    image_ids = table["image_id"].to_pylist()
    images = image_vectors(store, workspace, encoder, split, keep=set(image_ids))
    place = {image_id: row for row, image_id in enumerate(images.ids)}
    own = np.array([place.get(image_id, -1) for image_id in image_ids], dtype=np.int64)
    return Pairs(split, table, texts.rows, texts.found, images.ids, images.rows, own, images.hashes)


def image_vectors(
    store: Store, workspace: Workspace, encoder: str, split: str, *, keep: set[str] | None = None
) -> Images:
    """Return the images of a split that are encoded; ``keep`` limits the ids."""
    images = captions.images_in_splits(store, [split]).select(["id", "content_hash"]).to_pylist()
    chosen = [image for image in images if image["content_hash"] and (keep is None or image["id"] in keep)]
    hashes = [image["content_hash"] for image in chosen]
    found = vectors.load(store, workspace.vectors, encoder=encoder, kind="image", hashes=hashes)
    there = [image for image, encoded in zip(chosen, found.found, strict=True) if encoded]
    ids, contents = [image["id"] for image in there], [image["content_hash"] for image in there]
    return Images(ids, contents, found.rows[found.found])
