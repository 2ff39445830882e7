"""Clusters of captions that say nearly the same: what a job found, and what of each is still to be judged."""

from __future__ import annotations

from typing import Any, NamedTuple

from curation.records import Queue
from curation.store import hands
from curation.store.connection import Connection, Store
from curation.store.filters import Filter

STANDING = "caption_cluster m JOIN caption c ON c.id = m.caption_id AND c.revision_id = m.revision_id"
"""SQL: the members ``m`` of clusters whose texts ``c`` are still those that were compared."""


class Key(NamedTuple):
    """Where a page of clusters ended: how many open captions its last cluster has, and its id."""

    number: int
    cluster: str


def put(store: Store, table: Any) -> None:
    """Replace all clusters by an Arrow table with the columns of ``caption_cluster``."""

    def write(connection: Connection) -> None:
        connection.register("found", table)
        connection.execute("DELETE FROM caption_cluster")
        connection.execute("INSERT INTO caption_cluster BY NAME SELECT * FROM found")
        connection.unregister("found")

    store.write(write)


def number(store: Store) -> int:
    """Return how many clusters there are, judged or not."""
    return int(store.value("SELECT count(DISTINCT cluster) FROM caption_cluster") or 0)


def page(
    store: Store, queue: Queue, person: str, n: int, *, narrow: Filter, after: Key | None = None
) -> list[dict[str, Any]]:
    """Return the next ``n`` clusters of which a person has still to judge two captions or more, the largest first.

    Each has ``cluster``, ``number`` of captions to judge, ``size`` with the judged ones, ``text`` of the one that
    comes first, and ``items``, the first of their ids.
    """
    with store.reading() as cursor:
        reach = hands.ahead(cursor, queue, person, narrow)
        beyond = "" if after is None else "AND (count(*) < ? OR count(*) = ? AND m.cluster > ?)"
        keyed = [] if after is None else [after.number, after.number, after.cluster]
        rows = cursor.execute(
            f"""SELECT m.cluster, count(*), first(c.text ORDER BY m.n), list(t.id ORDER BY m.n)[:8]
            FROM {STANDING} JOIN item t ON t.caption_id = m.caption_id WHERE {reach.sql}
            GROUP BY m.cluster HAVING count(*) >= 2 {beyond} ORDER BY count(*) DESC, m.cluster LIMIT ?""",
            [*reach.parameters, *keyed, n],
        ).fetchall()
    sizes: dict[str, int] = dict(
        store.rows(
            "SELECT cluster, count(*) FROM caption_cluster WHERE list_contains(?::TEXT[], cluster) GROUP BY cluster",
            [[row[0] for row in rows]],
        )
    )
    names = ("cluster", "number", "text", "items")
    return [dict(zip(names, row, strict=True)) | {"size": sizes[row[0]]} for row in rows]


def still_open(store: Store, queue: Queue, person: str, names: list[str], *, narrow: Filter) -> dict[str, int]:
    """Return how many captions of some clusters a person has still to judge; clusters with none are left out."""
    with store.reading() as cursor:
        reach = hands.ahead(cursor, queue, person, narrow)
        rows = cursor.execute(
            f"""WITH m AS (SELECT * FROM caption_cluster WHERE list_contains(?::TEXT[], cluster))
            SELECT m.cluster, count(*) FROM m JOIN caption c ON c.id = m.caption_id AND c.revision_id = m.revision_id
            JOIN item t ON t.caption_id = m.caption_id WHERE {reach.sql} GROUP BY m.cluster""",
            [names, *reach.parameters],
        ).fetchall()
    return dict(rows)


def contents(store: Store, splits: list[str]) -> str:
    """Return a checksum of the captions of some splits and of what they say."""
    return str(
        store.value(
            "SELECT count(*) || '/' || bit_xor(hash(id, text_hash)) FROM caption WHERE list_contains(?::TEXT[], split)",
            [splits],
        )
    )
