"""Captions, their chains of revisions, and the images they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curation.records import RegrainError
from curation.store.connection import Store


def of_images(store: Store, image_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the captions of each image in order, each with ``id, i, text, revision_id, text_hash``."""
    found: dict[str, list[dict[str, Any]]] = {image_id: [] for image_id in image_ids}
    if not found:
        return found
    asked = ", ".join("?" * len(found))
    rows = store.records(  # the image alone is asked for: anything else would shut out its index
        f"SELECT id, image_id, i, text, revision_id, text_hash FROM caption WHERE image_id IN ({asked})", list(found)
    )
    for row in sorted(rows, key=lambda row: row["i"]):
        found[row["image_id"]].append(row)
    return found


def get(store: Store, caption_id: str) -> dict[str, Any]:
    """Return one caption with its current text; an unknown id raises ``RegrainError``."""
    rows = store.records("SELECT * FROM caption WHERE id = ?", [caption_id])
    if not rows:
        raise RegrainError(f"no caption has the id {caption_id!r}: ids look like IMAGE#0")
    return rows[0]


def revisions(store: Store, caption_id: str) -> list[dict[str, Any]]:
    """Return the whole chain of a caption, oldest first, undone revisions included."""
    return store.records(
        """SELECT r.id, r.n, r.parent_id, r.text, r.source, r.person, r.decision_id, r.made_at,
            r.id = c.revision_id AS current FROM revision r JOIN caption c ON c.id = r.caption_id
        WHERE r.caption_id = ? ORDER BY r.seq""",
        [caption_id],
    )


def in_splits(store: Store, splits: Sequence[str]) -> Any:
    """Return an Arrow table ``id, image_id, i, text, revision_id, text_hash, language, split`` in stable order."""
    return store.arrow(
        """SELECT id, image_id, i, text, revision_id, text_hash, language, split FROM caption
        WHERE list_contains(?::TEXT[], split) ORDER BY image_id, i""",
        [list(splits)],
    )


def words(store: Store) -> list[str]:
    """Return every word that the current captions hold, lower case, in alphabetical order."""
    rows = store.rows(
        "SELECT DISTINCT unnest(regexp_extract_all(lower(text), '[a-z0-9]+')) AS word FROM caption ORDER BY word"
    )
    return [row[0] for row in rows]


def images_in_splits(store: Store, splits: Sequence[str]) -> Any:
    """Return an Arrow table ``id, split, root, file, content_hash, problem`` in stable order."""
    return store.arrow(
        """SELECT id, split, root, file, content_hash, problem FROM image
        WHERE list_contains(?::TEXT[], split) ORDER BY id""",
        [list(splits)],
    )


def image(store: Store, image_id: str) -> dict[str, Any]:
    """Return one image; an unknown id raises ``RegrainError``."""
    rows = store.records("SELECT * FROM image WHERE id = ?", [image_id])
    if not rows:
        raise RegrainError(f"no image has the id {image_id!r}: ids are file names without folder and suffix")
    return rows[0]


def images(store: Store, image_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return images by id; ids that are not there are left out."""
    rows = store.records("SELECT * FROM image WHERE list_contains(?::TEXT[], id)", [list(image_ids)])
    return {row["id"]: row for row in rows}
