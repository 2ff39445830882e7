"""The log of decisions and what follows from it, in the same transaction.

A decision is appended once under the id its client made; what it changes (the item, the caption's current
revision, other queues) can be rebuilt from the log at any time with ``rebuild``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from curation.records import Decision, Outcome, Queue
from curation.store import circumstances, deriving, effects, items, leases, offered, tally, undoing, verdicts
from curation.store.circumstances import Circumstances
from curation.store.connection import Connection, Store
from curation.store.effects import Moment

LOOKED_BACK = 30
"""Decisions of a person among which the latest standing one is sought first."""


def decide(store: Store, decisions: Sequence[Decision]) -> list[Outcome]:
    """Append decisions and apply them, in order; the outcomes are durable when this returns.

    A decision whose id is already in the log is not applied again: its first outcome is returned. One that
    cannot be applied (the revision has changed, an undo that somebody has built on) is logged as refused and
    its outcome says why. An unknown verdict or caption raises ``RegrainError`` and logs nothing.
    """
    return store.write(lambda connection: [log(connection, decision) for decision in decisions])


def history(store: Store, caption_id: str) -> list[dict[str, Any]]:
    """Return every decision on a caption, newest first, with the text it made."""
    return store.records(
        """SELECT d.id, d.made_at, d.person, d.queue, d.image_id, d.verdict, d.reason, d.applied, d.message, d.undoes,
            d.suggestion_source, r.text FROM decision d LEFT JOIN revision r ON r.id = d.made_revision_id
        WHERE d.caption_id = ? ORDER BY d.seq DESC""",
        [caption_id],
    )


def last_of(store: Store, person: str, queue: str | None = None) -> dict[str, Any] | None:
    """Return the latest decision of a person that still stands, or None: what undo takes back next."""
    for number in (LOOKED_BACK, None):  # of a long log all is read only where the latest were all taken back
        rows = store.records(
            """WITH mine AS MATERIALIZED (SELECT id FROM decision WHERE person = ? AND applied AND undoes IS NULL
                AND (?::TEXT IS NULL OR queue = ?) ORDER BY seq DESC LIMIT ?)
            SELECT * FROM decision WHERE id IN (SELECT id FROM mine EXCEPT SELECT undoes FROM decision
                WHERE undoes IN (SELECT id FROM mine) AND applied) ORDER BY seq DESC LIMIT 1""",
            [person, queue, queue, number],
        )
        if rows:
            return rows[0]
    return None


def last_on(store: Store, person: str, queue: str, item_id: str) -> str | None:
    """Return the id of what a person decided last on an item, be it an undo, or None."""
    return store.value(  # type: ignore[no-any-return]
        "SELECT id FROM decision WHERE item_id = ? AND queue = ? AND person = ? AND applied ORDER BY seq DESC LIMIT 1",
        [item_id, queue, person],
    )


def get(store: Store, decision_id: str) -> dict[str, Any] | None:
    """Return one decision as it was logged, or None."""
    rows = store.records("SELECT * FROM decision WHERE id = ?", [decision_id])
    return rows[0] if rows else None


def standing_of_batch(store: Store, batch_id: str) -> int:
    """Return how many decisions of a bulk verdict still stand."""
    return int(store.value(f"SELECT count(*) FROM decision d WHERE batch_id = ? AND {deriving.STANDING}", [batch_id]))


def own_verdicts(store: Store, queue: str, person: str, caption_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return a person's own standing verdicts on captions of a queue, by item: ``verdict, person, decided_at``."""
    rows = store.records(
        f"""SELECT item_id, verdict, person, made_at AS decided_at FROM decision d
        WHERE caption_id IN (SELECT unnest(?::TEXT[])) AND queue = ? AND person = ? AND {deriving.COUNTING}
        ORDER BY seq""",
        [sorted(set(caption_ids)), queue, person],
    )
    return {row.pop("item_id"): row for row in rows}


def answers_to(store: Store, queue: Queue, item_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what different people answered to items, one standing answer each, in the order they were given.

    Each with ``person, verdict, reason, text, decided_at``. Skips and doubts are no answers.
    """
    rows = store.records(
        f"""SELECT item_id, person, verdict, reason, text, made_at AS decided_at FROM decision d
        WHERE queue = ? AND item_id IN (SELECT unnest(?::TEXT[])) AND purpose = 'work' AND {deriving.STANDING}
        QUALIFY row_number() OVER (PARTITION BY item_id, person ORDER BY seq DESC) = 1 ORDER BY item_id, seq""",
        [queue, sorted(set(item_ids))],
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if verdicts.find(queue, row["verdict"]).status == "done":
            found.setdefault(row["item_id"], []).append(row)
    return found


def applied(store: Store, ids: Sequence[str]) -> set[str]:
    """Return those of some decisions' ids that are in the log and were applied."""
    rows = store.rows("SELECT id FROM decision WHERE applied AND list_contains(?::TEXT[], id)", [list(ids)])
    return {id for (id,) in rows}


def latest(store: Store) -> int:
    """Return the number of the latest logged event, 0 where there is none: it rises with every decision."""
    return int(store.value("SELECT coalesce(max(seq), 0) FROM decision"))


def counts(store: Store) -> dict[str, dict[str, int]]:
    """Return how many items hold each verdict, by queue."""
    found: dict[str, dict[str, int]] = {}
    for queue, verdict, number in store.rows(
        "SELECT queue, verdict, count(*) FROM item WHERE verdict IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ):
        found.setdefault(queue, {})[verdict] = number
    return found


def rebuild(store: Store) -> int:
    """Derive items and current revisions anew from imports, scores and the log; return the decisions there are.

    The log, the revisions and the frozen versions are only read.
    """
    return store.write(_rebuild)


def log(connection: Connection, decision: Decision) -> Outcome:
    """Append one decision, and derive what follows from it."""
    known = connection.execute(
        "SELECT applied, message, made_revision_id FROM decision WHERE id = ?", [decision.id]
    ).fetchone()
    if known:
        return Outcome(decision.id, bool(known[0]), known[1], known[2])
    moment = _now(connection)
    if decision.verdict == "undo":
        decision, around, outcome = _undone(connection, decision)
    else:
        around = circumstances.of(connection, decision)
        outcome = _judged(connection, decision, around, moment)
    _append(connection, decision, around, outcome, moment)
    if outcome.applied and around.purpose != "gold":
        deriving.derive(connection, decision.caption_id)
    if outcome.applied:
        leases.release(connection, decision.person, [decision.caption_id])
    return outcome


def _append(
    connection: Connection, decision: Decision, around: Circumstances, outcome: Outcome, moment: Moment
) -> None:
    source, shown = offered.told(connection, decision)
    connection.execute(
        """INSERT INTO decision (id, seq, made_at, person, queue, item_id, caption_id, image_id, revision_id, verdict,
            reason, text, suggestion_id, suggestion_source, undoes, shown_ms, applied, message, made_revision_id, basis,
            batch_id, purpose, aided, needed, offered)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
            ?::JSON::STRUCT(slot TEXT, id TEXT, source TEXT, type TEXT, taken BOOLEAN)[])""",
        [
            decision.id, *moment, decision.person, decision.queue, effects.item_id(decision), decision.caption_id,
            decision.image_id, decision.revision_id, decision.verdict, _storable(decision.reason),
            _storable(decision.text), decision.suggestion_id, source, decision.undoes,
            decision.shown_ms, outcome.applied, outcome.message, outcome.revision_id, decision.basis,
            decision.batch_id, around.purpose, around.aided, around.needed,
            shown if outcome.applied else None,
        ],
    )  # fmt: skip


def _judged(connection: Connection, decision: Decision, around: Circumstances, moment: Moment) -> Outcome:
    verdicts.find(decision.queue, decision.verdict)
    current, text = effects.current(connection, decision.caption_id)
    if around.purpose == "gold":  # its text may have changed since it became gold: nothing rests on the answer
        return Outcome(decision.id, True)
    if decision.revision_id != current:
        return Outcome(decision.id, False, f"the caption has changed since you saw it; it now reads: {text}")
    if around.refusal:
        return Outcome(decision.id, False, around.refusal)
    return effects.apply(connection, decision, text, moment)


def _undone(connection: Connection, decision: Decision) -> tuple[Decision, Circumstances, Outcome]:
    """Return the undo as it is logged, on the item of the decision that it names, and its outcome."""
    undone = undoing.find(connection, decision.undoes)
    around = Circumstances()
    if undone is not None:
        decision = replace(decision, queue=undone.queue, caption_id=undone.caption, image_id=undone.image)
        around = Circumstances(purpose=undone.purpose)
    effects.current(connection, decision.caption_id)  # an unknown caption is an error, not a refusal
    why = undoing.problem(connection, decision, undone)
    return decision, around, Outcome(decision.id, not why, why)


def _storable(text: str | None) -> str | None:
    """Return a text as UTF-8 can hold it: what a browser sent is logged even where it was refused."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")


def _now(connection: Connection) -> Moment:
    row = connection.execute("SELECT nextval('event_seq'), now()::TIMESTAMP").fetchone()
    assert row is not None
    return Moment(row[0], row[1])


def _rebuild(connection: Connection) -> int:
    connection.execute("DELETE FROM item")
    for fill in (items.open_coarse, items.rank_coarse, items.rank_noise):
        fill(connection)
    judged = connection.execute("SELECT caption_id, count(*) FROM decision GROUP BY caption_id ORDER BY 1").fetchall()
    for caption_id, _ in judged:
        deriving.derive(connection, caption_id)
    items.open_candidates(connection)  # last: which captions are asked about follows from verdicts elsewhere
    tally.recount(connection)
    return sum(number for _, number in judged)
