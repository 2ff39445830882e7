"""How many items stand where, kept with every change: a screen reads a few numbers instead of a million rows.

``what`` is an item's status, or ``by:`` and a person for the items that this person has answered or passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from curation.store.connection import Connection, Store

Key = tuple[str, str]


def keys(queue: str, status: str, people: Iterable[str]) -> list[Key]:
    """Return what one item is counted under."""
    return [(queue, status), *((queue, f"by:{person}") for person in people)]


def change(connection: Connection, gone: Iterable[Key], come: Iterable[Key]) -> None:
    """Bring the counts in line with items that were counted under ``gone`` and are now under ``come``."""
    difference = Counter(come)
    difference.subtract(Counter(gone))
    changed = {key: n for key, n in difference.items() if n}
    if not changed:
        return
    rows = ", ".join(["(?, ?, ?::BIGINT)"] * len(changed))
    there = connection.execute(
        f"""UPDATE tally SET n = tally.n + v.n FROM (VALUES {rows}) v(queue, what, n)
        WHERE tally.queue = v.queue AND tally.what = v.what RETURNING tally.queue, tally.what""",
        [value for (queue, what), n in changed.items() for value in (queue, what, n)],
    ).fetchall()
    for queue, what in changed.keys() - set(there):
        connection.execute("INSERT INTO tally VALUES (?, ?, ?)", [queue, what, changed[queue, what]])


def recount(connection: Connection) -> None:
    """Count all items anew: after changes that are made to many of them at once."""
    connection.execute("DELETE FROM tally")
    connection.execute(
        """INSERT INTO tally SELECT queue, status, count(*) FROM item GROUP BY ALL
        UNION ALL SELECT queue, 'by:' || who, count(*) FROM (
            SELECT queue, unnest(list_concat(answered_by, passed)) AS who FROM item
            WHERE decision_id IS NOT NULL) GROUP BY ALL"""
    )


def read(store: Store) -> dict[Key, int]:
    """Return every count by (queue, what)."""
    return {(queue, what): n for queue, what, n in store.rows("SELECT queue, what, n FROM tally")}
