"""Computed figures, kept under a key of everything that they were computed on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from curation.store.connection import Connection, Store, to_json


def put(store: Store, kind: str, key: str, body: dict[str, Any]) -> None:
    """Keep a report; an earlier one of the same kind and key is replaced."""

    def write(connection: Connection) -> None:
        connection.execute("DELETE FROM report WHERE kind = ? AND key = ?", [kind, key])
        connection.execute("INSERT INTO report VALUES (?, ?, ?, now()::TIMESTAMP)", [kind, key, to_json(body)])

    store.write(write)


def get(store: Store, kind: str, key: str) -> dict[str, Any] | None:
    """Return a report, or None where none was made on exactly these contents."""
    body = store.value("SELECT body FROM report WHERE kind = ? AND key = ?", [kind, key])
    return None if body is None else dict(json.loads(body))


def encoded(store: Store, splits: Sequence[str], encoder: str, *, captioned: bool = True) -> dict[str, Any]:
    """Return how many captions and images of some splits have vectors, with a checksum of their contents.

    Images count where they have captions; without ``captioned``, all of them (the pool).
    """
    texts = store.rows(
        """SELECT count(*), bit_xor(hash(c.id, c.text_hash))::TEXT FROM caption c
        WHERE list_contains(?::TEXT[], c.split) AND c.text_hash IN (
            SELECT content_hash FROM vector_row WHERE encoder = ? AND kind = 'text')""",
        [list(splits), encoder],
    )[0]
    images = store.rows(
        """SELECT count(*), bit_xor(hash(i.id, i.content_hash))::TEXT FROM image i
        WHERE list_contains(?::TEXT[], i.split) AND i.content_hash IN (
            SELECT content_hash FROM vector_row WHERE encoder = ? AND kind = 'image')
        AND (NOT ?::BOOLEAN OR i.id IN (SELECT image_id FROM caption))""",
        [list(splits), encoder, captioned],
    )[0]
    return {"captions": texts[0], "images": images[0], "contents": f"{texts[1]}/{images[1]}"}
