"""What comes into whose hands next: the order of a queue, leases, assignment, overlap and gold together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from curation.records import Queue
from curation.store import assignments, filters, gold, leases, queues, settings
from curation.store.connection import Connection, Store
from curation.store.filters import EVERYTHING, Clause, Filter

# What nobody passed over comes first; then what others passed over; what this person passed over comes last. The first
# turn is read in two parts, since nearly all items are in the one that needs none of the costly lists of people.
_MINE = "list_contains(t.answered_by, ?)"
_FRESH = "t.status = 'todo' AND t.answers = 0"
_BEGUN = f"t.status = 'todo' AND t.answers > 0 AND NOT {_MINE} AND NOT list_contains(t.passed, ?)"
_PASSED = f"t.status IN ('skipped', 'unsure', 'todo') AND NOT {_MINE}"
_TURNS: tuple[tuple[str, ...], ...] = (
    (_FRESH, _BEGUN),
    (f"{_PASSED} AND t.status <> 'todo' AND NOT list_contains(t.passed, ?)",),
    (f"{_PASSED} AND list_contains(t.passed, ?)",),
)


@dataclass(frozen=True, slots=True)
class Hand:
    """What a person gets to judge next.

    ``rows`` are in order, as ``queues.item`` gives them, with ``dealt``: ``work``, ``blind`` (others have answered,
    which stays hidden) or ``gold`` (shown as if nobody had judged it). ``standing`` is the person's qualification:
    while it is not passed only gold comes, and nothing once it was failed.
    """

    rows: list[dict[str, Any]]
    standing: gold.Standing


def deal(
    store: Store, queue: Queue, person: str, n: int, *, narrow: Filter = EVERYTHING, skip: Sequence[str] = ()
) -> Hand:
    """Give a person the next ``n`` items to judge, and keep their captions for this person for a while.

    Highest priority first, without the ids in ``skip``, what others hold, what the person has answered, and what is
    assigned to others. Captions that the person holds already for long enough cost no write.
    """
    standing = gold.standing(store, queue, person)
    if standing.passed is not True:
        return Hand(_qualifying(store, queue, person, n) if standing.passed is None else [], standing)
    with store.reading() as cursor:
        chosen, held = _choose(cursor, queue, person, n, narrow, skip)
    if not held:
        chosen = store.write(lambda connection: _take(connection, queue, person, n, narrow, skip))
    return Hand(_mixed(store, queue, person, n, _rows(store, queue, chosen)), standing)


def next_items(store: Store, queue: Queue, n: int, *, search: str = "", person: str = "") -> list[dict[str, Any]]:
    """Return the next ``n`` items of a queue without taking them into anybody's hands: to look at."""
    with store.reading() as cursor:
        chosen, _ = _choose(cursor, queue, person, n, Filter(text=search), ())
    return _rows(store, queue, chosen)


def within_reach(connection: Connection, queue: Queue, person: str, narrow: Filter) -> Clause:
    """Return which items a person may judge now, over ``item t``: open, not answered by them, not assigned to others,
    in nobody else's hands, and left by the filter.
    """
    free, others = _free(connection, queue, person, narrow), leases.of_others(connection, person)
    if others:
        held = f" AND t.caption_id NOT IN ({', '.join('?' * len(others))})"
        free = Clause(free.sql + held, [*free.parameters, *others])
    answered = "(t.answers = 0 OR NOT list_contains(t.answered_by, ?))"
    return Clause(f"{queues.OPEN} AND {answered} AND {free.sql}", [person, *free.parameters])


def ahead(connection: Connection, queue: Queue, person: str, narrow: Filter) -> Clause:
    """Return the same without what this person has passed over: what they have still to look at."""
    reach = within_reach(connection, queue, person, narrow)
    return Clause(
        f"{reach.sql} AND (t.status = 'todo' AND t.answers = 0 OR NOT list_contains(t.passed, ?))",
        [*reach.parameters, person],
    )


def of_these(store: Store, queue: Queue, person: str, caption_ids: Sequence[str]) -> dict[str, bool]:
    """Return which items of some captions a person may judge now, and whether they have still to look at each."""
    if not caption_ids:
        return {}
    with store.reading() as cursor:
        reach = within_reach(cursor, queue, person, EVERYTHING)
        rows = cursor.execute(  # looked up by id first: with other conditions beside it the index is not used
            f"""WITH these AS MATERIALIZED (
                SELECT * FROM item i WHERE i.caption_id IN ({", ".join("?" * len(caption_ids))}))
            SELECT t.id, NOT list_contains(t.passed, ?) FROM these t WHERE {reach.sql}""",
            [*sorted(caption_ids), person, *reach.parameters],
        ).fetchall()
    return dict(rows)


def _free(connection: Connection, queue: Queue, person: str, narrow: Filter) -> Clause:
    """Return the items of a queue that are not assigned to others, and left by the filter."""
    clause, mine = filters.where(narrow), assignments.where(connection, queue, person)
    return Clause(
        f"t.queue = ? AND ({clause.sql}) AND ({mine.sql})",
        [queue, *clause.parameters, *mine.parameters],
    )


def page(
    store: Store, queue: Queue, person: str, n: int, *, narrow: Filter = EVERYTHING, after: queues.Key | None = None
) -> list[dict[str, Any]]:
    """Return one page of what a person may judge, in the filter's order; takes nothing into their hands."""
    order = filters.order(narrow, judged=False)
    beyond = Clause(order.after, [after.value, after.id, after.value]) if after else Clause("true", [])
    with store.reading() as cursor:
        reach = within_reach(cursor, queue, person, narrow)
        rows = cursor.execute(
            f"SELECT t.id FROM item t WHERE {reach.sql} AND {beyond.sql} ORDER BY {order.by} LIMIT ?",
            [*reach.parameters, *beyond.parameters, n],
        ).fetchall()
    return _rows(store, queue, [row[0] for row in rows])


def again(store: Store, queue: Queue, item_id: str, *, gold: bool) -> dict[str, Any] | None:
    """Return an item that a person has judged, to be judged anew; a gold one as it was shown. None where it is gone."""
    rows = _gold_rows(store, queue, [item_id]) if gold else _rows(store, queue, [item_id])
    return rows[0] if rows else None


def _take(connection: Connection, queue: Queue, person: str, n: int, narrow: Filter, skip: Sequence[str]) -> list[str]:
    """Choose the next items and lease their captions, and as many again, so that not every verdict needs a lease."""
    leases.sweep(connection)
    ahead = _chosen(connection, queue, person, 2 * n, narrow, skip)
    leases.hold(connection, person, queue, [caption for _, caption in ahead])
    return [item for item, _ in ahead[:n]]


def _choose(
    connection: Connection, queue: Queue, person: str, n: int, narrow: Filter, skip: Sequence[str]
) -> tuple[list[str], bool]:
    """Return the ids of the next items, and whether the person holds all their captions for half a lease or more."""
    chosen = _chosen(connection, queue, person, n, narrow, skip)
    held = leases.held_well(connection, person)
    return [item for item, _ in chosen], all(caption in held for _, caption in chosen)


def _chosen(
    connection: Connection, queue: Queue, person: str, n: int, narrow: Filter, skip: Sequence[str]
) -> list[tuple[str, str]]:
    """Return the next items with their captions, turn by turn; the first turn nearly always suffices."""
    free = _free(connection, queue, person, narrow)
    order = filters.order(narrow, judged=False)
    held, away = set(leases.of_others(connection, person)), set(skip)
    chosen: list[tuple[str, str]] = []
    for turn in _TURNS:
        if len(chosen) >= n:
            break
        rows: list[tuple[Any, ...]] = []
        for part in turn:
            asked = Clause(f"{free.sql} AND {part}", [*free.parameters, *[person] * part.count("?")])
            rows += _first(connection, asked, order, n - len(chosen), held, away)
        rows.sort(key=lambda row: row[0])
        rows.sort(key=lambda row: row[2], reverse=order.descending)
        chosen += [row[:2] for row in rows[: n - len(chosen)]]
        away.update(item for item, _ in chosen)
    return chosen


def _first(
    connection: Connection, clause: Clause, order: filters.Order, n: int, held: Collection[str], away: Collection[str]
) -> list[tuple[Any, ...]]:
    """Return the first ``n`` items of an order without captions that are ``held`` and items that are ``away``.

    So many more are read as may have to be left out, and again eight times as many where that was not enough: to ask
    for what is in nobody's hands costs three times as much over a million items.
    """
    limit = n + len(held) + len(away)
    while True:
        rows = connection.execute(
            f"SELECT t.id, t.caption_id, {order.sql} FROM item t WHERE {clause.sql} ORDER BY {order.by} LIMIT ?",
            [*clause.parameters, limit],
        ).fetchall()
        left = [row for row in rows if row[1] not in held and row[0] not in away]
        if len(left) >= n or len(rows) < limit:
            return left[:n]
        limit *= 8


def _rows(store: Store, queue: Queue, ids: Sequence[str]) -> list[dict[str, Any]]:
    found = queues.of_ids(store, queue, ids)
    return [row | {"dealt": "blind" if row["answers"] else "work"} for row in found]


def _mixed(store: Store, queue: Queue, person: str, n: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put gold items among the items to judge, at places that cannot be foreseen."""
    rate = float(settings.get(store, "gold_rate").get(queue, 0))
    if not rate or not rows:
        return rows
    with store.reading() as cursor:
        begun = cursor.execute(
            "SELECT count(*) FROM decision WHERE person = ? AND queue = ? AND applied AND undoes IS NULL",
            [person, queue],
        ).fetchone()
        due = gold.due(cursor, queue, person, begun[0] if begun else 0, n, rate)
    mixed = list(rows)
    for at, row in zip(sorted(due), _gold_rows(store, queue, [due[at] for at in sorted(due)]), strict=False):
        mixed.insert(at, row)
    return mixed[:n]


def _qualifying(store: Store, queue: Queue, person: str, n: int) -> list[dict[str, Any]]:
    with store.reading() as cursor:
        ids = gold.unknown(cursor, queue, person, n)
    return _gold_rows(store, queue, ids)


def _gold_rows(store: Store, queue: Queue, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return gold items as they were when they became gold: unjudged, with the text that the verdict was about."""
    texts = {row["item_id"]: row["text"] for row in gold.listed(store, queue) if row["item_id"] in set(ids)}
    clean = {
        "status": "todo",
        "verdict": None,
        "person": None,
        "decision_id": None,
        "decided_at": None,
        "dealt": "gold",
    }
    return [row | clean | {"text": texts[row["id"]]} for row in _rows(store, queue, ids) if row["id"] in texts]
