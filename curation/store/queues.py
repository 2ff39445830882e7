"""Reading the queues: what is open, what was judged, how much is left. Who gets what next is in ``hands``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from curation.records import QUEUES, Queue
from curation.store import filters, tally
from curation.store.connection import Store
from curation.store.filters import EVERYTHING, Filter

Tab = Literal["todo", "mine", "disputed", "done"]
TABS: tuple[Tab, ...] = ("todo", "mine", "disputed", "done")


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended: the sort key of its last row, with the id as last tie-break."""

    value: Any
    id: str


_ITEM = """t.queue, t.id, t.caption_id, t.image_id AS other_image_id, t.priority, t.status, t.verdict, t.person,
    t.decision_id, t.decided_at, t.answers, t.needed, t.answered_by, t.passed"""
_CAPTION = "c.id, c.text, c.revision_id, c.image_id, c.i, c.split, c.generated"
_IMAGE = "i.id, i.root, i.file"

OPEN = "t.status IN ('todo', 'skipped', 'unsure')"
"""SQL over ``item t``: somebody is still to judge it."""


MINE = """(t.person = ? AND t.verdict IS NOT NULL OR (t.needed > 1 OR t.status IN ('skipped', 'unsure'))
    AND (list_contains(t.answered_by, ?) OR list_contains(t.passed, ?)))"""
"""SQL over ``item t`` that takes a person three times: they answered it or passed over it."""


def item(store: Store, queue: Queue, item_id: str) -> dict[str, Any] | None:
    """Return one item by id, judged or not, or None."""
    rows = of_ids(store, queue, [item_id])
    return rows[0] if rows else None


def of_ids(store: Store, queue: Queue, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return items by id with text and image, in the order of the ids; unknown ids are left out."""
    captions = {caption for one in ids for caption in _captions_of(queue, one)}
    items = {
        row["id"]: row for row in _by_id(store, _ITEM, "item t", "t.caption_id", captions) if row["queue"] == queue
    }
    found = [items[one] for one in ids if one in items]
    texts = _keyed(store, _CAPTION, "caption c", "c.id", {row["caption_id"] for row in found})
    images = _keyed(store, _IMAGE, "image i", "i.id", {text["image_id"] for text in texts.values()})
    rows = [(row, texts[row["caption_id"]]) for row in found if row["caption_id"] in texts]
    return [row | text | images[text["image_id"]] for row, text in rows if text["image_id"] in images]


def _captions_of(queue: Queue, item_id: str) -> list[str]:
    """Return the captions that an id may be about: a pair's id is two ids with a bar between, and ids may hold bars."""
    if queue != "pool":
        return [item_id]
    return [item_id[:at] for at, character in enumerate(item_id) if character == "|"]


def _by_id(store: Store, columns: str, table: str, key: str, ids: Collection[str]) -> list[dict[str, Any]]:
    """Look rows up by id. Nothing else may stand in the condition, else the index is not used."""
    if not ids:
        return []
    return store.records(f"SELECT {columns} FROM {table} WHERE {key} IN ({', '.join('?' * len(ids))})", sorted(ids))


def _keyed(store: Store, columns: str, table: str, key: str, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    return {row.pop("id"): row for row in _by_id(store, columns, table, key, ids)}


def next_disputed(
    store: Store, queue: Queue, person: str, n: int, *, narrow: Filter = EVERYTHING, skip: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Return disputed items that this person did not answer, the longest disputed first: an adjudicator's queue."""
    clause = filters.where(narrow)
    where = f"""t.queue = ? AND t.status = 'disputed' AND NOT list_contains(t.answered_by, ?)
        AND NOT list_contains(?::TEXT[], t.id) AND {clause.sql}"""
    parameters = [queue, person, list(skip), *clause.parameters]
    return _first(store, queue, where, parameters, order="t.decided_at, t.id", n=n)


def listed(
    store: Store,
    queue: Queue,
    tab: Tab,
    *,
    person: str,
    after: Key | None = None,
    n: int = 50,
    narrow: Filter = EVERYTHING,
) -> list[dict[str, Any]]:
    """Return one page of a tab in the filter's order; ``after`` is the last row's key.

    Without an order of its own, open items come by priority and judged ones newest first.
    """
    sort = filters.order(narrow, judged=tab != "todo")
    clause = filters.where(narrow)
    where, parameters = f"t.queue = ? AND ({clause.sql}) AND {_TABS[tab]}", [queue, *clause.parameters]
    if tab == "mine":
        parameters += [person, person, person]
    if after is not None:
        where += f" AND {sort.after}"
        parameters += [after.value, after.id, after.value]
    return _first(store, queue, where, parameters, order=sort.by, n=n)


_TABS: dict[Tab, str] = {
    "todo": OPEN,
    "mine": MINE,
    "disputed": "t.status = 'disputed'",
    "done": "t.status = 'done'",
}


def _first(
    store: Store, queue: Queue, where: str, parameters: Sequence[Any], *, order: str, n: int
) -> list[dict[str, Any]]:
    """Return the first items of an order. They are chosen by few columns, and everything else is looked up by id:
    together that is several times faster over 600,000 items than one query.
    """
    chosen = store.rows(f"SELECT t.id FROM item t WHERE {where} ORDER BY {order} LIMIT ?", [*parameters, n])
    return of_ids(store, queue, [row[0] for row in chosen])


def key_of(row: dict[str, Any], tab: Tab, narrow: Filter = EVERYTHING) -> Key:
    """Return the paging key of a row that ``listed`` gave."""
    sort = filters.order(narrow, judged=tab != "todo")
    return Key(row[sort.sql.removeprefix("t.")], row["id"])


def counts(store: Store, person: str = "") -> dict[Queue, dict[str, int]]:
    """Return the items of every queue that are ``todo`` (open, unsure and skipped included), ``disputed``, ``done``
    and ``mine`` (answered or passed over by this person).
    """
    found = tally.read(store)
    return {
        queue: {
            "todo": sum(found.get((queue, status), 0) for status in ("todo", "skipped", "unsure")),
            "disputed": found.get((queue, "disputed"), 0),
            "done": found.get((queue, "done"), 0),
            "mine": found.get((queue, f"by:{person}"), 0),
        }
        for queue in QUEUES
    }


def counts_within(store: Store, queue: Queue, person: str, narrow: Filter) -> dict[str, int]:
    """The same for one queue and the items that a filter leaves."""
    clause = filters.where(narrow)
    counted: dict[str, int] = dict(
        store.rows(
            f"SELECT t.status, count(*) FROM item t WHERE t.queue = ? AND ({clause.sql}) GROUP BY t.status",
            [queue, *clause.parameters],
        )
    )
    mine = store.value(
        f"SELECT count(*) FROM item t WHERE t.queue = ? AND {MINE} AND ({clause.sql})",
        [queue, person, person, person, *clause.parameters],
    )
    todo = sum(counted.get(status, 0) for status in ("todo", "skipped", "unsure"))
    return {"todo": todo, "disputed": counted.get("disputed", 0), "done": counted.get("done", 0), "mine": int(mine)}


def pace(store: Store, person: str, queue: Queue) -> float | None:
    """Return a person's verdicts per hour of work in the last hour, or None below 5 verdicts.

    A gap of more than two minutes is a pause, not work. What was judged in bulk, and undo, say nothing about pace.
    """
    rows = store.rows(
        """WITH gap AS (SELECT epoch(made_at - lag(made_at) OVER (ORDER BY seq)) AS seconds,
                batch_id IS NULL AND undoes IS NULL AS works FROM decision
            WHERE person = ? AND queue = ? AND applied AND made_at > now()::TIMESTAMP - INTERVAL 60 MINUTE)
        SELECT count(*), sum(seconds) FROM gap WHERE works AND seconds BETWEEN 0 AND 120""",
        [person, queue],
    )
    number, seconds = rows[0]
    return 3600 * number / seconds if number >= 4 and seconds else None
