"""Pool candidates: which images may match a caption as well, and for which captions they were looked for."""

from __future__ import annotations

from typing import Any

from curation.store import items
from curation.store.connection import Connection, Store

SEARCHED = ("caption_id", "target_id", "revision_id", "encoder", "settings")
"""The columns that say for which caption the pool was searched, and on what."""


def put(store: Store, table: Any, searched: Any | None = None) -> int:
    """Replace the pool candidates of targets and open the pool queue for them, in one write.

    ``table`` has the columns of the table ``candidate``, ``searched`` those of ``SEARCHED``: one row per caption,
    also where nothing was found for it, so that it is not searched again; by default those with candidates.
    """
    if searched is None:
        names = list(SEARCHED)
        searched = table.select(names).group_by(names).aggregate([])

    def write(connection: Connection) -> int:
        connection.register("searched_now", searched)
        for name in ("candidate", "searched"):
            connection.execute(f"DELETE FROM {name} WHERE target_id IN (SELECT target_id FROM searched_now)")
        connection.execute("INSERT INTO searched BY NAME SELECT * FROM searched_now")
        connection.unregister("searched_now")
        connection.register("fresh", table)
        connection.execute("INSERT INTO candidate BY NAME SELECT * FROM fresh")
        connection.unregister("fresh")
        items.open_candidates(connection)
        return int(table.num_rows)

    return store.write(write)


def searched(store: Store) -> dict[str, tuple[str, str, str]]:
    """Return for each caption the ``(revision_id, encoder, settings)`` on which the pool was last searched."""
    rows = store.rows("SELECT caption_id, revision_id, encoder, settings FROM searched")
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def found(store: Store, caption_id: str, image_id: str) -> dict[str, Any] | None:
    """Return how a candidate was found, or None."""
    rows = store.records("SELECT * FROM candidate WHERE caption_id = ? AND image_id = ?", [caption_id, image_id])
    return rows[0] if rows else None
