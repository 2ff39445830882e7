"""Leases: a caption is in one pair of hands at a time, whatever the queue. They end by themselves.

A lease keeps two people from judging the same item at once; it is not what keeps their verdicts apart (that is what a
decision rests on, see ``deriving``), so that a lease that ran out costs nobody an answer. Inside a write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from curation.records import Queue
from curation.store import settings
from curation.store.connection import Connection, Store

HELD = "l.until > now()::TIMESTAMP AND l.until <= now()::TIMESTAMP + to_minutes(CAST(? AS INTEGER))"
"""SQL over ``lease l`` that takes the minutes of a lease: it runs. One that ends later than any lease can, because the
clock went back, does not."""


def minutes(connection: Connection) -> int:
    """Return how long a lease is."""
    return int(settings.get_in(connection, "lease_minutes"))


def hold(connection: Connection, person: str, queue: Queue, caption_ids: Iterable[str]) -> None:
    """Give captions into a person's hands, for a whole lease from now."""
    captions = sorted(set(caption_ids))
    if not captions:
        return
    length = minutes(connection)
    connection.execute(
        f"""DELETE FROM lease l WHERE list_contains(?::TEXT[], caption_id) AND (person = ? OR NOT ({HELD}))""",
        [captions, person, length],
    )
    connection.execute(
        """INSERT INTO lease SELECT c, ?, ?, now()::TIMESTAMP + to_minutes(CAST(? AS INTEGER))
        FROM unnest(?::TEXT[]) AS asked(c) WHERE c NOT IN (SELECT caption_id FROM lease)""",
        [person, queue, length, captions],
    )


def release(connection: Connection, person: str, caption_ids: Sequence[str]) -> None:
    """Take captions out of a person's hands: they have answered."""
    asked = ", ".join("?" * len(caption_ids))
    connection.execute(f"DELETE FROM lease WHERE person = ? AND caption_id IN ({asked})", [person, *caption_ids])


def sweep(connection: Connection) -> None:
    """Remove leases that have ended."""
    connection.execute(f"DELETE FROM lease l WHERE NOT ({HELD})", [minutes(connection)])


def of_others(connection: Connection, person: str) -> list[str]:
    """Return the captions that others hold now."""
    rows = connection.execute(
        f"SELECT DISTINCT caption_id FROM lease l WHERE person <> ? AND {HELD}", [person, minutes(connection)]
    ).fetchall()
    return [row[0] for row in rows]


def held_well(connection: Connection, person: str) -> set[str]:
    """Return the captions that a person holds for half a lease or more from now."""
    rows = connection.execute(
        """SELECT caption_id FROM lease
        WHERE person = ? AND until > now()::TIMESTAMP + to_minutes(CAST(? AS INTEGER)) / 2""",
        [person, minutes(connection)],
    ).fetchall()
    return {row[0] for row in rows}


def holder(store: Store, caption_id: str) -> str | None:
    """Return who holds a caption now, or None."""
    found = store.value(
        f"SELECT person FROM lease l WHERE caption_id = ? AND {HELD}",
        [caption_id, settings.get(store, "lease_minutes")],
    )
    return None if found is None else str(found)


def running(store: Store) -> dict[str, int]:
    """Return how many captions each person holds now."""
    rows = store.rows(
        f"SELECT person, count(*) FROM lease l WHERE {HELD} GROUP BY person ORDER BY person",
        [settings.get(store, "lease_minutes")],
    )
    return dict(rows)
