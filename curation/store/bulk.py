"""One verdict for everything that a filter leaves: many decisions under one batch, made and undone as one.

Each item still gets a decision of its own in the log. What can be done for all at once is: untouched items that are
asked of one person; the others go the way of single verdicts. Either way the state is what a rebuild gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from curation.records import Decision, Outcome, Queue, RegrainError
from curation.store import circumstances, dealing, decisions, hands, settings, tally, undoing
from curation.store import verdicts as verdict_table
from curation.store.connection import Connection, Store
from curation.store.deriving import STANDING, derive
from curation.store.filters import Filter
from curation.store.items import OPENED, note_facts

LARGEST = 50_000
"""Most items of one bulk verdict: as many as a transaction settles in about a second."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """What a bulk verdict came to: how many items were judged, and how many were not, with the reasons in words."""

    batch_id: str
    judged: int
    refused: int
    messages: tuple[str, ...] = ()


def count(store: Store, queue: Queue, person: str, narrow: Filter, ids: Sequence[str] | None = None) -> int:
    """Return how many open items a bulk verdict would judge now: those of the filter, or of the ids alone."""
    with store.reading() as cursor:
        return len(_chosen(cursor, queue, person, narrow, ids))


def decide(
    store: Store,
    queue: Queue,
    verdict: str,
    *,
    person: str,
    batch_id: str,
    narrow: Filter,
    ids: Sequence[str] | None = None,
    reason: str = "",
) -> Bulk:
    """Give one verdict to every open item that the filter leaves (or to ``ids`` of them), in one transaction.

    Items in other people's hands, assigned to others or answered by this person are left out. Sending the same
    ``batch_id`` again changes nothing. Raises ``RegrainError`` for verdicts that carry a text, for more than
    ``LARGEST`` items, and for people who no longer work here.
    """
    found = verdict_table.find(queue, verdict)
    if found.text:
        raise RegrainError(f"{found.label} carries a text of its own: it is given item by item")
    asked = _Asked(queue, found, person, batch_id, reason)
    return store.write(lambda connection: _decide(connection, asked, narrow, ids))


def undo(store: Store, batch_id: str, *, person: str, undo_id: str) -> Bulk:
    """Take back what of a batch still stands, in one transaction; what others have built on stays and is counted."""
    return store.write(lambda connection: _undo(connection, batch_id, person, undo_id))


def apply(store: Store, made: Sequence[Decision]) -> list[Outcome]:
    """Append and apply decisions as ``decisions.decide`` does; to undo one of a batch takes the whole batch back."""
    return store.write(lambda connection: [_applied(connection, decision) for decision in made])


def _applied(connection: Connection, decision: Decision) -> Outcome:
    batch = undoing.batch_of(connection, decision) if decision.verdict == "undo" else None
    if batch is None:
        return decisions.log(connection, decision)
    sent = connection.execute("SELECT 1 FROM decision WHERE id = ?", [f"{decision.id}:{decision.undoes}"]).fetchone()
    if sent:
        return Outcome(decision.id, True)
    taken = _undo(connection, batch, decision.person, decision.id)
    left = f"{taken.refused} of the batch stay: {taken.messages[0]}" if taken.messages else ""
    return Outcome(decision.id, taken.judged > 0, left)


@dataclass(frozen=True, slots=True)
class _Asked:
    queue: Queue
    verdict: verdict_table.Verdict
    person: str
    batch_id: str
    reason: str


def _decide(connection: Connection, asked: _Asked, narrow: Filter, ids: Sequence[str] | None) -> Bulk:
    circumstances.person_of(connection, asked.person)
    done = connection.execute(
        "SELECT count(*) FROM decision WHERE batch_id = ? AND person = ? AND applied", [asked.batch_id, asked.person]
    ).fetchone()
    if done and done[0]:
        return Bulk(asked.batch_id, done[0], 0)
    rows = _chosen(connection, asked.queue, asked.person, narrow, ids)
    if len(rows) > LARGEST:
        raise RegrainError(f"{len(rows):,} items are more than the {LARGEST:,} of one bulk verdict: narrow the filter")
    rules = settings.some_in(connection, "overlap", "unaided_share")
    together: list[tuple[Any, ...]] = []
    apart: list[tuple[Any, ...]] = []
    for row in rows:
        alone = row[4] and dealing.needed(rules["overlap"], asked.queue, row[0]) == 1
        (together if alone else apart).append(row)
    _together(connection, asked, together, rules["unaided_share"])
    outcomes = [decisions.log(connection, _decision(asked, row)) for row in apart]
    tally.recount(connection)
    return _bulk(asked.batch_id, len(together), outcomes)


def _chosen(
    connection: Connection, queue: Queue, person: str, narrow: Filter, ids: Sequence[str] | None
) -> list[tuple[Any, ...]]:
    """Return ``item id, caption id, image id, revision id, whether untouched`` of the open items meant."""
    reach = hands.within_reach(connection, queue, person, narrow)
    only = "true" if ids is None else "list_contains(?::TEXT[], t.id)"
    return connection.execute(
        f"""SELECT t.id, t.caption_id, t.image_id, c.revision_id, t.decision_id IS NULL AND t.answers = 0
        FROM item t JOIN caption c ON c.id = t.caption_id
        WHERE {reach.sql} AND {only} ORDER BY t.priority DESC, t.id""",
        [*reach.parameters, *([] if ids is None else [list(ids)])],
    ).fetchall()


def _together(connection: Connection, asked: _Asked, rows: list[tuple[Any, ...]], unaided: dict[str, float]) -> None:
    """Log and settle untouched items at once."""
    import pyarrow as pa

    if not rows:
        return
    aided = [dealing.is_aided(unaided, asked.queue, row[0]) for row in rows]
    names = ("item_id", "caption_id", "image_id", "revision_id")
    columns = {name: [row[n] for row in rows] for n, name in enumerate(names)}
    columns |= {"id": [f"{asked.batch_id}:{row[0]}" for row in rows]}
    connection.register("meant", pa.table(columns | {"aided": aided}))
    connection.execute(
        """INSERT INTO decision (id, seq, made_at, person, queue, item_id, caption_id, image_id, revision_id, verdict,
            reason, applied, message, basis, batch_id, purpose, aided, needed)
        SELECT id, nextval('event_seq'), now()::TIMESTAMP, ?, ?, item_id, caption_id, image_id, revision_id, ?, ?,
            true, '', '', ?, 'work', aided, 1 FROM meant""",
        [asked.person, asked.queue, asked.verdict.name, asked.reason, asked.batch_id],
    )
    answers = asked.verdict.status == "done"
    connection.execute(
        """UPDATE item SET status = ?, verdict = ?, person = ?, decision_id = m.id, decided_at = now()::TIMESTAMP,
            answers = ?, answered_by = ?, passed = ? FROM meant m
        WHERE item.queue = ? AND item.id = m.item_id AND item.caption_id = m.caption_id""",
        [
            asked.verdict.status, asked.verdict.name, asked.person, int(answers), [asked.person] if answers else [],
            [] if answers else [asked.person], asked.queue,
        ],
    )  # fmt: skip
    for queue in asked.verdict.opens:
        _open(connection, queue)
    connection.execute(
        "DELETE FROM lease WHERE person = ? AND caption_id IN (SELECT caption_id FROM meant)", [asked.person]
    )
    connection.unregister("meant")


def _open(connection: Connection, queue: str) -> None:
    """Put the captions of ``meant`` into another queue, as ``deriving`` does for one."""
    priority = str(OPENED) if queue == "noise" else f"coalesce(k.priority, {OPENED})"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE opening AS SELECT m.id, m.caption_id, {priority} AS priority
        FROM meant m LEFT JOIN item k ON k.queue = 'coarse' AND k.id = m.caption_id"""
    )
    connection.execute(
        """UPDATE item SET opened_by = o.id, priority = o.priority FROM opening o
        WHERE item.queue = ? AND item.id = o.caption_id AND item.decision_id IS NULL AND item.opened_by IS NULL""",
        [queue],
    )
    connection.execute(
        f"""INSERT INTO item (queue, id, caption_id, image_id, priority, status, opened_by, by_score, bucket)
        SELECT ?, caption_id, caption_id, '', priority, 'todo', id, false, {dealing.BUCKET} FROM opening o
        WHERE NOT EXISTS (SELECT 1 FROM item t WHERE t.queue = ? AND t.id = o.caption_id)""",
        [queue, queue],
    )
    note_facts(connection)
    reopened = connection.execute(  # judged on another text than the bulk verdict saw: asked again, one by one
        """SELECT DISTINCT o.caption_id FROM opening o JOIN item t ON t.queue = ? AND t.id = o.caption_id
        JOIN decision d ON d.id = t.decision_id JOIN caption c ON c.id = o.caption_id
        WHERE d.revision_id <> c.revision_id""",
        [queue],
    ).fetchall()
    for (caption,) in reopened:
        derive(connection, caption)


def _undo(connection: Connection, batch_id: str, person: str, undo_id: str) -> Bulk:
    standing = connection.execute(
        f"""SELECT id, queue, caption_id, image_id, revision_id FROM decision d
        WHERE batch_id = ? AND person = ? AND {STANDING} ORDER BY seq DESC""",
        [batch_id, person],
    ).fetchall()
    if not standing:
        return Bulk(batch_id, 0, 0, ("there is nothing left of it to undo",))
    easy = {
        row[0]
        for row in connection.execute(
            f"""SELECT caption_id FROM decision d WHERE {STANDING} AND caption_id IN (
                SELECT caption_id FROM decision WHERE batch_id = ?)
            GROUP BY caption_id HAVING count(*) = 1 AND count(made_revision_id) = 0 AND max(needed) = 1""",
            [batch_id],
        ).fetchall()
    }
    together = [row for row in standing if row[2] in easy]
    apart = [row for row in standing if row[2] not in easy]
    _undo_together(connection, together, batch_id, person, undo_id)
    outcomes = [
        decisions.log(
            connection,
            Decision(f"{undo_id}:{row[0]}", person, row[1], row[2], row[4], "undo", image_id=row[3], undoes=row[0]),
        )
        for row in apart
    ]
    tally.recount(connection)
    return _bulk(batch_id, len(together), outcomes)


def _undo_together(
    connection: Connection, rows: list[tuple[Any, ...]], batch_id: str, person: str, undo_id: str
) -> None:
    """Take back verdicts that are the only ones on their captions: their items are as untouched again."""
    import pyarrow as pa

    if not rows:
        return
    connection.register("taken", pa.table({"id": [row[0] for row in rows], "caption_id": [row[2] for row in rows]}))
    connection.execute(
        """INSERT INTO decision (id, seq, made_at, person, queue, item_id, caption_id, image_id, revision_id, verdict,
            reason, applied, message, undoes, purpose)
        SELECT ? || ':' || d.id, nextval('event_seq'), now()::TIMESTAMP, d.person, d.queue, d.item_id, d.caption_id,
            d.image_id, d.revision_id, 'undo', '', true, '', d.id, d.purpose
        FROM decision d JOIN taken t ON t.id = d.id""",
        [undo_id],
    )
    connection.execute(
        """DELETE FROM item WHERE NOT by_score AND (
            opened_by IN (SELECT id FROM taken) OR decision_id IN (SELECT id FROM taken))"""
    )
    connection.execute(
        """UPDATE item SET opened_by = NULL, priority = CASE WHEN queue = 'noise' THEN coalesce((SELECT max(s.value)
            FROM score s WHERE s.kind = 'noise' AND s.caption_id = item.caption_id), 0) ELSE priority END
        WHERE opened_by IN (SELECT id FROM taken)"""
    )
    connection.execute(
        """UPDATE item SET status = 'todo', verdict = NULL, person = NULL, decision_id = NULL, decided_at = NULL,
            answers = 0, answered_by = [], passed = [] WHERE decision_id IN (SELECT id FROM taken)"""
    )
    connection.unregister("taken")


def _decision(asked: _Asked, row: tuple[Any, ...]) -> Decision:
    item_id, caption_id, image_id, revision_id, _ = row
    made = Decision(
        f"{asked.batch_id}:{item_id}", asked.person, asked.queue, caption_id, revision_id, asked.verdict.name,
        reason=asked.reason, image_id=image_id,
    )  # fmt: skip
    return replace(made, basis="", batch_id=asked.batch_id)


def _bulk(batch_id: str, together: int, outcomes: Sequence[Outcome]) -> Bulk:
    refused = [outcome.message for outcome in outcomes if not outcome.applied]
    return Bulk(batch_id, together + len(outcomes) - len(refused), len(refused), tuple(dict.fromkeys(refused)))
