"""The log of decisions and what follows from it, in the same transaction.

A decision is appended once under the id its client made; what it changes (the item, the caption's current
revision, other queues) can be rebuilt from the log at any time with ``rebuild``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curation.records import Decision, Outcome, RegrainError
from curation.store import effects, items, undoing, verdicts
from curation.store.connection import Connection, Store
from curation.store.effects import Moment


def decide(store: Store, decisions: Sequence[Decision]) -> list[Outcome]:
    """Append decisions and apply them, in order; the outcomes are durable when this returns.

    A decision whose id is already in the log is not applied again: its first outcome is returned. One that
    cannot be applied (the revision has changed, an undo that somebody has built on) is logged as refused and
    its outcome says why. An unknown verdict or caption raises ``RegrainError`` and logs nothing.
    """
    return store.write(lambda connection: [_log(connection, decision) for decision in decisions])


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
    rows = store.records(
        f"""SELECT * FROM decision d WHERE person = ? AND {undoing.STANDING}
        AND (?::TEXT IS NULL OR queue = ?) ORDER BY seq DESC LIMIT 1""",
        [person, queue, queue],
    )
    return rows[0] if rows else None


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
    """Derive items and current revisions anew from the imports and the log; return the decisions replayed.

    Raises ``RegrainError``, and changes nothing, where the log does not replay as it was written.
    """
    return store.write(_rebuild)


def _log(connection: Connection, decision: Decision, moment: Moment | None = None) -> Outcome:
    """Append and apply one decision; ``moment`` is given when the log is replayed."""
    known = connection.execute(
        "SELECT applied, message, made_revision_id FROM decision WHERE id = ?", [decision.id]
    ).fetchone()
    if known:
        return Outcome(decision.id, bool(known[0]), known[1], known[2])
    current, text = effects.current(connection, decision.caption_id)
    moment = moment or _now(connection)
    if decision.verdict == "undo":
        outcome = undoing.undo(connection, decision)
    elif decision.revision_id != current:
        verdicts.find(decision.queue, decision.verdict)
        outcome = Outcome(decision.id, False, f"the caption has changed since you saw it; it now reads: {text}")
    else:
        outcome = effects.apply(connection, decision, text, moment)
    connection.execute(
        """INSERT INTO decision SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
            (SELECT source FROM suggestion WHERE id = ? LIMIT 1), ?, ?, ?, ?, ?""",
        [
            decision.id, *moment, decision.person, decision.queue, effects.item_id(decision), decision.caption_id,
            decision.image_id, decision.revision_id, decision.verdict, decision.reason, decision.text,
            decision.suggestion_id, decision.suggestion_id, decision.undoes, decision.shown_ms,
            outcome.applied, outcome.message, outcome.revision_id,
        ],
    )  # fmt: skip
    return outcome


def _now(connection: Connection) -> Moment:
    row = connection.execute("SELECT nextval('event_seq'), now()::TIMESTAMP").fetchone()
    assert row is not None
    return Moment(row[0], row[1])


def _rebuild(connection: Connection) -> int:
    logged = connection.execute("SELECT * FROM decision ORDER BY seq")
    names = [column[0] for column in logged.description or []]
    decisions = [dict(zip(names, row, strict=True)) for row in logged.fetchall()]
    imported = connection.execute(
        "SELECT seq, caption_id, id FROM revision WHERE decision_id IS NULL ORDER BY seq"
    ).fetchall()
    connection.execute("DELETE FROM revision WHERE decision_id IS NOT NULL")
    connection.execute("DELETE FROM decision")
    connection.execute("DELETE FROM item")
    for fill in (items.open_coarse, items.rank_coarse, items.rank_noise):
        fill(connection)
    waiting = iter(imported)
    following = next(waiting, None)
    for decision in decisions:
        while following is not None and following[0] < decision["seq"]:
            effects.point_to(connection, following[1], following[2])
            following = next(waiting, None)
        _replay(connection, decision)
    while following is not None:
        effects.point_to(connection, following[1], following[2])
        following = next(waiting, None)
    items.open_candidates(connection)  # last: which captions are asked about follows from verdicts elsewhere
    return len(decisions)


def _replay(connection: Connection, row: dict[str, Any]) -> None:
    """Apply a logged decision again under its own number and time."""
    decision = Decision(**{name: row[name] for name in Decision.__dataclass_fields__})
    outcome = _log(connection, decision, Moment(row["seq"], row["made_at"]))
    if (outcome.applied, outcome.revision_id) != (row["applied"], row["made_revision_id"]):
        raise RegrainError(f"decision {row['id']} replays otherwise than it was logged: the log was altered")
