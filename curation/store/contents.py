"""The contents that vectors are of: image files by the hash of their bytes, texts by their own hash."""

from __future__ import annotations

from typing import Any

from curation.store.connection import Connection, Store


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
