"""Reading the queues: what is open, what was judged, how much is left. Who gets what next is in ``hands``."""

from __future__ import annotations

from collections.abc import Sequence
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


_COLUMNS = """t.queue, t.id, t.caption_id, t.image_id AS other_image_id, t.priority, t.status, t.verdict, t.person,
    t.decision_id, t.decided_at, t.answers, t.needed, t.answered_by, t.passed,
    c.text, c.revision_id, c.image_id, c.i, c.split, c.generated, i.root, i.file"""

OPEN = "t.status IN ('todo', 'skipped', 'unsure')"
"""SQL over ``item t``: somebody is still to judge it."""


def item(store: Store, queue: Queue, item_id: str) -> dict[str, Any] | None:
    """Return one item by id, judged or not, or None."""
    rows = of_ids(store, queue, [item_id])
    return rows[0] if rows else None


def of_ids(store: Store, queue: Queue, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return items by id, in the order of the ids; unknown ids are left out."""
    if not ids:
        return []
    captions = sorted({caption for one in ids for caption in _captions_of(one)})
    rows = _first(
        store, "t.queue = ? AND list_contains(?::TEXT[], t.id)", [queue, list(ids)], order="t.id", n=len(ids),
        among="SELECT * FROM item WHERE caption_id IN (SELECT unnest(?::TEXT[]))", of=[captions],
    )  # fmt: skip
    found = {row["id"]: row for row in rows}
    return [found[one] for one in ids if one in found]


def _captions_of(item_id: str) -> list[str]:
    """Return the captions that an item may be about: its own id, or what stands before a bar."""
    return [item_id, *(item_id[:at] for at, character in enumerate(item_id) if character == "|")]


def next_disputed(
    store: Store, queue: Queue, person: str, n: int, *, narrow: Filter = EVERYTHING, skip: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Return disputed items that this person did not answer, the longest disputed first: an adjudicator's queue."""
    clause = filters.where(narrow)
    where = f"""t.queue = ? AND t.status = 'disputed' AND NOT list_contains(t.answered_by, ?)
        AND NOT list_contains(?::TEXT[], t.id) AND {clause.sql}"""
    parameters = [queue, person, list(skip), *clause.parameters]
    return _first(store, where, parameters, order="t.decided_at, t.id", n=n)


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
        parameters += [person, person]
    if after is not None:
        where += f" AND {sort.after}"
        parameters += [after.value, after.id, after.value]
    return _first(store, where, parameters, order=sort.by, n=n)


_TABS: dict[Tab, str] = {
    "todo": OPEN,
    "mine": "t.decision_id IS NOT NULL AND (list_contains(t.answered_by, ?) OR list_contains(t.passed, ?))",
    "disputed": "t.status = 'disputed'",
    "done": "t.status = 'done'",
}


def _first(
    store: Store, where: str, parameters: Sequence[Any], *, order: str, n: int, among: str = "", of: Sequence[Any] = ()
) -> list[dict[str, Any]]:
    """Return the first items of an order. They are chosen before texts and images are joined to them, which makes
    a page of a queue of 600,000 items several times faster; ``among`` is SQL, with the parameters ``of``, of the
    items that come into question. An index finds them where it asks for captions alone, and the limit keeps the
    other conditions out of it.
    """
    asked = f"asked AS MATERIALIZED ({among} LIMIT 1000000)," if among else ""
    return store.records(
        f"""WITH {asked} chosen AS MATERIALIZED (
            SELECT t.* FROM {"asked" if among else "item"} t WHERE {where} ORDER BY {order} LIMIT ?)
        SELECT {_COLUMNS} FROM chosen t JOIN caption c ON c.id = t.caption_id JOIN image i ON i.id = c.image_id
        ORDER BY {order}""",
        [*of, *parameters, n],
    )


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
    rows = store.rows(
        f"""SELECT count(*) FILTER ({OPEN}), count(*) FILTER (t.status = 'disputed'),
            count(*) FILTER (t.status = 'done'), count(*) FILTER (t.decision_id IS NOT NULL
                AND (list_contains(t.answered_by, ?) OR list_contains(t.passed, ?)))
        FROM item t WHERE t.queue = ? AND ({clause.sql})""",
        [person, person, queue, *clause.parameters],
    )
    return dict(zip(("todo", "disputed", "done", "mine"), rows[0], strict=True))


def pace(store: Store, person: str, queue: Queue) -> float | None:
    """Return a person's verdicts per hour of work in the last hour, or None below 5 verdicts.

    A gap of more than two minutes is a pause, not work.
    """
    rows = store.rows(
        """WITH gap AS (SELECT epoch(made_at - lag(made_at) OVER (ORDER BY seq)) AS seconds FROM decision
            WHERE person = ? AND queue = ? AND applied AND made_at > now()::TIMESTAMP - INTERVAL 60 MINUTE)
        SELECT count(*), sum(seconds) FROM gap WHERE seconds BETWEEN 0 AND 120""",
        [person, queue],
    )
    number, seconds = rows[0]
    return 3600 * number / seconds if number >= 4 and seconds else None
