"""What the text pipeline found in each text, kept once per text and pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curation.store.connection import Connection, Store


def missing(store: Store, splits: Sequence[str], pipeline: str, language: str = "en") -> Any:
    """Return an Arrow table ``text_hash, text`` of the current captions that are not analysed, each text once."""
    return store.arrow(
        """SELECT text_hash, min(text) AS text FROM caption
        WHERE list_contains(?::TEXT[], split) AND language = ? AND text_hash NOT IN (
            SELECT text_hash FROM analysis WHERE pipeline = ?)
        GROUP BY text_hash ORDER BY text_hash""",
        [list(splits), language, pipeline],
    )


def put(store: Store, pipeline: str, table: Any) -> None:
    """Add analyses: Arrow columns ``text_hash, body`` (JSON text). A text that is there already is left alone."""

    def write(connection: Connection) -> None:
        connection.register("fresh", table)
        connection.execute(
            """INSERT INTO analysis SELECT text_hash, ?, body FROM fresh WHERE text_hash NOT IN (
                SELECT text_hash FROM analysis WHERE pipeline = ?)""",
            [pipeline, pipeline],
        )
        connection.unregister("fresh")

    store.write(write)


def of_splits(store: Store, splits: Sequence[str], pipeline: str) -> Any:
    """Return an Arrow table ``text_hash, body`` of the analysed current captions of some splits."""
    return store.arrow(
        """SELECT text_hash, body::TEXT AS body FROM analysis WHERE pipeline = ? AND text_hash IN (
            SELECT text_hash FROM caption WHERE list_contains(?::TEXT[], split))""",
        [pipeline, list(splits)],
    )
