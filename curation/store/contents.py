"""The contents that vectors are of: image files by the hash of their bytes, texts by their own hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curation.records import RegrainError
from curation.store.connection import Connection, Store
from curation.store.vectors import Kind


def held_images(store: Store, encoder: str) -> list[dict[str, Any]]:
    """Return every held image with its content as last seen; ``encoded`` says that a vector of it is there."""
    return store.records(
        """SELECT i.id, i.root, i.file, i.content_hash, i.bytes, i.mtime_ns, i.problem,
            v.content_hash IS NOT NULL AS encoded
        FROM image i LEFT JOIN (
            SELECT DISTINCT content_hash FROM vector_row WHERE encoder = ? AND kind = 'image') v
        ON v.content_hash = i.content_hash WHERE i.file IS NOT NULL ORDER BY i.id""",
        [encoder],
    )


def texts_without_vector(store: Store, encoder: str) -> Any:
    """Return an Arrow table ``text_hash, text`` of the current captions that have no vector, each text once."""
    return store.arrow(
        """SELECT text_hash, min(text) AS text FROM caption WHERE text_hash NOT IN (
            SELECT content_hash FROM vector_row WHERE encoder = ? AND kind = 'text')
        GROUP BY text_hash ORDER BY text_hash""",
        [encoder],
    )


def note(store: Store, table: Any) -> None:
    """Keep what was seen of image files: Arrow columns ``id, content_hash, bytes, mtime_ns, problem``."""

    def write(connection: Connection) -> None:
        connection.register("seen", table)
        connection.execute(
            """UPDATE image SET content_hash = s.content_hash, bytes = s.bytes, mtime_ns = s.mtime_ns,
                problem = s.problem FROM seen s WHERE s.id = image.id"""
        )
        connection.unregister("seen")

    store.write(write)


def of_item(store: Store, kind: Kind, item_id: str) -> str:
    """Return the content of an image or of a caption's current text, "" where the image's file was not read.

    An unknown id raises ``RegrainError``.
    """
    table, column = _HOLDERS[kind]
    rows = store.rows(f"SELECT coalesce({column}, '') FROM {table} WHERE id = ?", [item_id])
    if not rows:
        raise RegrainError(f"no {table} has the id {item_id!r}")
    return str(rows[0][0])


def holders(
    store: Store, kind: Kind, hashes: Sequence[str], splits: Sequence[str] | None = None
) -> dict[str, list[str]]:
    """Return the images, or the captions, that hold each content now, by content; ``splits`` None takes all."""
    table, column = _HOLDERS[kind]
    rows = store.rows(
        f"""SELECT {column}, list(id ORDER BY id) FROM {table} WHERE {column} IN (SELECT unnest(?::TEXT[]))
            AND (?::TEXT[] IS NULL OR list_contains(?::TEXT[], split)) GROUP BY {column}""",
        [list(hashes), splits and list(splits), splits and list(splits)],
    )
    return dict(rows)


_HOLDERS: dict[Kind, tuple[str, str]] = {"image": ("image", "content_hash"), "text": ("caption", "text_hash")}
