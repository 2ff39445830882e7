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
    by_queue: dict[str, dict[str, int]] = {}
    for (queue, what), n in difference.items():
        if n:
            by_queue.setdefault(queue, {})[what] = n
    for queue, changed in by_queue.items():
        _add(connection, queue, changed)


def _add(connection: Connection, queue: str, changed: dict[str, int]) -> None:
    """Add to some counts of a queue. A sum of cases costs half of what a join with the changes does."""
    cases = " ".join(["WHEN ? THEN ?::BIGINT"] * len(changed))
    there = connection.execute(
        f"""UPDATE tally SET n = n + CASE what {cases} END
        WHERE queue = ? AND what IN ({", ".join("?" * len(changed))}) RETURNING what""",
        [*(value for pair in changed.items() for value in pair), queue, *changed],
    ).fetchall()
    for what in changed.keys() - {row[0] for row in there}:
        connection.execute("INSERT INTO tally VALUES (?, ?, ?)", [queue, what, changed[what]])


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
