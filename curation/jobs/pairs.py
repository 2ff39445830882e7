"""The captions of a split with their vectors and the gallery of their images: what most jobs compute on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.store import Store, captions, vectors
from curation.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """n captions of one split and the g images that have a caption there and a vector.

    ``captions`` is the Arrow table of ``store.captions.in_splits``; ``texts`` (n, d) are unit rows, zero where
    ``text_found`` (n,) is False; ``gallery`` (g, d) belongs to ``gallery_ids``; ``own`` (n,) is the gallery row
    of each caption's image, -1 where that image has no vector.
    """

    split: str
    captions: Any
    texts: NDArray[np.float32]
    text_found: NDArray[np.bool_]
    gallery_ids: list[str]
    gallery: NDArray[np.float32]
    own: NDArray[np.int64]

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Which captions have both their own vector and that of their image (n,)."""
        return np.asarray(self.text_found & (self.own >= 0))

    @property
    def gallery_key(self) -> str:
        """A short key of what the gallery holds: results against another gallery are other results."""
        return hashlib.sha256("\n".join(self.gallery_ids).encode()).hexdigest()[:12]


def pairs_of(store: Store, workspace: Workspace, encoder: str, split: str) -> Pairs:
    """Return the captions of a split and their vectors, as far as they are encoded."""
    table = captions.in_splits(store, [split])
    hashes = table["text_hash"].to_pylist()
    texts = vectors.load(store, workspace.vectors, encoder=encoder, kind="text", hashes=hashes)
    image_ids = table["image_id"].to_pylist()
    gallery_ids, gallery = image_vectors(store, workspace, encoder, split, keep=set(image_ids))
    place = {image_id: row for row, image_id in enumerate(gallery_ids)}
    own = np.array([place.get(image_id, -1) for image_id in image_ids], dtype=np.int64)
    return Pairs(split, table, texts.rows, texts.found, gallery_ids, gallery, own)


def image_vectors(
    store: Store, workspace: Workspace, encoder: str, split: str, *, keep: set[str] | None = None
) -> tuple[list[str], NDArray[np.float32]]:
    """Return the ids and the vectors (g, d) of the images of a split that are encoded; ``keep`` limits the ids."""
    images = captions.images_in_splits(store, [split]).select(["id", "content_hash"]).to_pylist()
    chosen = [image for image in images if image["content_hash"] and (keep is None or image["id"] in keep)]
    hashes = [image["content_hash"] for image in chosen]
    found = vectors.load(store, workspace.vectors, encoder=encoder, kind="image", hashes=hashes)
    ids = [image["id"] for image, there in zip(chosen, found.found, strict=True) if there]
    return ids, found.rows[found.found]
