"""Reading the queues: what to judge next, what was judged, how much is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from curation.records import QUEUES, Queue
from curation.store.connection import Store

Tab = Literal["todo", "mine", "done"]
TABS: tuple[Tab, ...] = ("todo", "mine", "done")


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended: the sort key of its last row, with the id as last tie-break."""

    value: Any
    id: str


_COLUMNS = """t.queue, t.id, t.caption_id, t.image_id AS other_image_id, t.priority, t.status, t.verdict, t.person,
    t.decision_id, t.decided_at, c.text, c.revision_id, c.image_id, c.i, c.split, c.generated, i.root, i.file"""

# Skipped and unsure items come back after everything that nobody has seen yet.
_OPEN = "t.queue = ? AND (t.status = 'todo' OR (t.status IN ('skipped', 'unsure') AND NOT EXISTS (\
SELECT 1 FROM item u WHERE u.queue = t.queue AND u.status = 'todo')))"


def next_items(
    store: Store, queue: Queue, n: int, *, skip: Sequence[str] = (), search: str = ""
) -> list[dict[str, Any]]:
    """Return the next ``n`` items to judge, highest priority first, without those whose ids are in ``skip``."""
    where = f"{_OPEN} AND NOT list_contains(?::TEXT[], t.id)"
    order = "t.status = 'todo' DESC, t.priority DESC, t.id"
    return _first(store, where, [queue, list(skip)], order=order, n=n, search=search)


def item(store: Store, queue: Queue, item_id: str) -> dict[str, Any] | None:
    """Return one item by id, judged or not, or None."""
    rows = _first(store, "t.queue = ? AND t.id = ?", [queue, item_id], order="t.id", n=1)
    return rows[0] if rows else None


def listed(
    store: Store,
    queue: Queue,
    tab: Tab,
    *,
    person: str,
    after: Key | None = None,
    n: int = 50,
    search: str = "",
) -> list[dict[str, Any]]:
    """Return one page of a tab: open items by priority, judged ones newest first; ``after`` is the last row's key."""
    sort = "t.priority" if tab == "todo" else "t.decided_at"
    where = "t.queue = ?"
    parameters: list[Any] = [queue]
    if tab == "mine":
        where += " AND t.decision_id IS NOT NULL AND t.person = ?"
        parameters = [queue, person]
    else:
        where += " AND t.status <> 'done'" if tab == "todo" else " AND t.status = 'done'"
    if after is not None:
        where += f" AND (CASE WHEN {sort} = ? THEN t.id > ? ELSE {sort} < ? END)"
        parameters += [after.value, after.id, after.value]
    return _first(store, where, parameters, order=f"{sort} DESC, t.id", n=n, search=search)


def _first(
    store: Store, where: str, parameters: Sequence[Any], *, order: str, n: int, search: str = ""
) -> list[dict[str, Any]]:
    """Return the first items of an order. They are chosen before texts and images are joined to them, which makes
    a page of a queue of 600,000 items several times faster.
    """
    texts, words = "", []
    if search:
        texts = "JOIN caption s ON s.id = t.caption_id AND (contains(lower(s.text), lower(?)) OR s.id = ?)"
        words = [search, search]
    return store.records(
        f"""WITH chosen AS MATERIALIZED (SELECT t.* FROM item t {texts} WHERE {where} ORDER BY {order} LIMIT ?)
        SELECT {_COLUMNS} FROM chosen t JOIN caption c ON c.id = t.caption_id JOIN image i ON i.id = c.image_id
        ORDER BY {order}""",
        [*words, *parameters, n],
    )


def key_of(row: dict[str, Any], tab: Tab) -> Key:
    """Return the paging key of a row that ``listed`` gave."""
    return Key(row["priority"] if tab == "todo" else row["decided_at"], row["id"])


def counts(store: Store, person: str = "") -> dict[Queue, dict[str, int]]:
    """Return the items of every queue that are ``todo`` (seen by nobody, unsure or skipped), ``done`` and ``mine``."""
    found: dict[Queue, dict[str, int]] = {queue: {"todo": 0, "done": 0, "mine": 0} for queue in QUEUES}
    rows = store.rows(
        """SELECT queue, count(*) FILTER (status <> 'done'), count(*) FILTER (status = 'done'),
            count(*) FILTER (decision_id IS NOT NULL AND person = ?) FROM item GROUP BY queue""",
        [person],
    )
    for queue, todo, done, mine in rows:
        found[queue] = {"todo": todo, "done": done, "mine": mine}
    return found


def pace(store: Store, person: str, queue: Queue) -> float | None:
    """Return a person's verdicts per hour of work in the last hour, or None below 5 verdicts.

    A gap of more than two minutes is a pause, not work.
    """
    rows = store.rows(
        """WITH gap AS (SELECT epoch(made_at - lag(made_at) OVER (ORDER BY seq)) AS seconds FROM decision
            WHERE person = ? AND queue = ? AND applied AND made_at > now()::TIMESTAMP - INTERVAL 60 MINUTE)
        SELECT count(*), sum(seconds) FROM gap WHERE seconds <= 120""",
        [person, queue],
    )
    number, seconds = rows[0]
    return 3600 * number / seconds if number >= 4 and seconds else None
