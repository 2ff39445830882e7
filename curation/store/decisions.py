"""The log of decisions and what follows from it, in the same transaction.

A decision is appended once under the id its client made; what it changes (the item, the caption's current
revision, other queues) can be rebuilt from the log at any time with ``rebuild``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curation.records import Decision, Outcome, RegrainError
from curation.store import items, verdicts
from curation.store.connection import Connection, Store
from curation.store.verdicts import Verdict

Moment = tuple[int, Any]
"""An event's number and time."""

NOW: Moment = (-1, None)
"""Asks for the next number and the transaction's time; a replay gives those of the log."""

MAX_TEXT = 10_000
"""Longest caption in characters that an edit may leave."""


def decide(store: Store, decisions: Sequence[Decision]) -> list[Outcome]:
    """Append decisions and apply them, in order; the outcomes are durable when this returns.

    A decision whose id is already in the log is not applied again: its first outcome is returned. One that
    cannot be applied (the revision has changed, an undo that somebody has built on) is logged as refused and
    its outcome says why. An unknown verdict or caption raises ``RegrainError`` and logs nothing.
    """
    return store.write(lambda connection: [_decide_one(connection, decision) for decision in decisions])


def history(store: Store, caption_id: str) -> list[dict[str, Any]]:
    """Return every decision on a caption, newest first, with the text it made."""
    return store.records(
        """SELECT d.id, d.made_at, d.person, d.queue, d.verdict, d.reason, d.applied, d.message, d.undoes,
            d.suggestion_source, r.text FROM decision d LEFT JOIN revision r ON r.id = d.made_revision_id
        WHERE d.caption_id = ? ORDER BY d.seq DESC""",
        [caption_id],
    )


def last_of(store: Store, person: str, queue: str | None = None) -> dict[str, Any] | None:
    """Return the latest decision of a person that still stands, or None: what undo takes back next."""
    rows = store.records(
        """SELECT * FROM decision d WHERE person = ? AND applied AND undoes IS NULL AND (?::TEXT IS NULL OR queue = ?)
        AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id AND u.applied)
        ORDER BY seq DESC LIMIT 1""",
        [person, queue, queue],
    )
    return rows[0] if rows else None


def counts(store: Store) -> dict[str, dict[str, int]]:
    """Return how many standing decisions there are, by queue and verdict."""
    found: dict[str, dict[str, int]] = {}
    for queue, verdict, number in store.rows(
        "SELECT queue, verdict, count(*) FROM item WHERE verdict IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ):
        found.setdefault(queue, {})[verdict] = number
    return found


def rebuild(store: Store) -> int:
    """Derive items and current revisions anew from the imports and the log; return the decisions replayed."""
    return store.write(_rebuild)


def _decide_one(connection: Connection, decision: Decision, replayed: Moment = NOW) -> Outcome:
    known = connection.execute(
        "SELECT applied, message, made_revision_id FROM decision WHERE id = ?", [decision.id]
    ).fetchone()
    if known:
        return Outcome(decision.id, bool(known[0]), known[1], known[2])
    if decision.verdict != "undo":
        verdicts.find(decision.queue, decision.verdict)
    _current(connection, decision.caption_id)
    moment = _moment(connection) if replayed is NOW else replayed
    outcome = _apply(connection, decision, moment)
    connection.execute(
        """INSERT INTO decision SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
            (SELECT source FROM suggestion WHERE id = ? LIMIT 1), ?, ?, ?, ?, ?""",
        [
            decision.id, *moment, decision.person, decision.queue, item_id(decision), decision.caption_id,
            decision.image_id, decision.revision_id, decision.verdict, decision.reason, decision.text,
            decision.suggestion_id, decision.suggestion_id, decision.undoes, decision.shown_ms,
            outcome.applied, outcome.message, outcome.revision_id,
        ],
    )  # fmt: skip
    return outcome


def item_id(decision: Decision) -> str:
    """Return the id of the item that a decision is about."""
    return f"{decision.caption_id}|{decision.image_id}" if decision.queue == "pool" else decision.caption_id


def _apply(connection: Connection, decision: Decision, moment: Moment) -> Outcome:
    if decision.verdict == "undo":
        return _undo(connection, decision)
    current, current_text = _current(connection, decision.caption_id)
    if decision.revision_id != current:
        return _refused(decision, f"the caption has changed since you saw it; it now reads: {current_text}")
    verdict = verdicts.find(decision.queue, decision.verdict)
    revision_id = None
    if verdict.text:
        text = " ".join((decision.text or "").split())
        problem = _text_problem(text)
        if problem:
            return _refused(decision, problem)
        if text != current_text:
            revision_id = _add_revision(connection, decision, text, moment)
    _settle(connection, decision, verdict, moment)
    for queue in verdict.opens:
        _open(connection, queue, decision)
    if revision_id:
        _supersede(connection, decision, moment)
    return Outcome(decision.id, True, "", revision_id)


def _text_problem(text: str) -> str:
    if not text:
        return "the text is empty: write a caption, or reject it"
    if "\x00" in text:
        return "the text holds a NUL character: remove it"
    if len(text) > MAX_TEXT:
        return f"the text has {len(text):,} characters; at most {MAX_TEXT:,} are kept: shorten it"
    return ""


def _current(connection: Connection, caption_id: str) -> tuple[str, str]:
    row = connection.execute("SELECT revision_id, text FROM caption WHERE id = ?", [caption_id]).fetchone()
    if row is None:
        raise RegrainError(f"no caption has the id {caption_id!r}: it may have come from another workspace")
    return row[0], row[1]


def _add_revision(connection: Connection, decision: Decision, text: str, moment: Moment) -> str:
    row = connection.execute(
        "SELECT max(n) + 1 FROM revision WHERE caption_id = ? AND seq < ?", [decision.caption_id, moment[0]]
    ).fetchone()
    assert row is not None
    revision_id = f"{decision.caption_id}@{row[0]}"
    connection.execute(
        """INSERT INTO revision VALUES (?, ?, ?, ?, ?, left(sha256(?), 32), coalesce(
            (SELECT source FROM suggestion WHERE id = ? AND text = ? LIMIT 1), ?), ?, ?, ?, ?)""",
        [
            revision_id, decision.caption_id, row[0], decision.revision_id, text, text,
            decision.suggestion_id, text, "repair" if decision.queue == "noise" else "edit",
            decision.person, decision.id, *moment,
        ],
    )  # fmt: skip
    _point_to(connection, decision.caption_id, revision_id)
    return revision_id


def _point_to(connection: Connection, caption_id: str, revision_id: str) -> None:
    connection.execute(
        """UPDATE caption SET revision_id = r.id, text = r.text, text_hash = r.text_hash
        FROM revision r WHERE r.id = ? AND caption.id = ?""",
        [revision_id, caption_id],
    )


def _settle(connection: Connection, decision: Decision, verdict: Verdict, moment: Moment) -> None:
    found = connection.execute(
        "SELECT 1 FROM item WHERE queue = ? AND id = ?", [decision.queue, item_id(decision)]
    ).fetchone()
    if not found:
        connection.execute(
            "INSERT INTO item (queue, id, caption_id, image_id, priority, status) VALUES (?, ?, ?, ?, 0, 'todo')",
            [decision.queue, item_id(decision), decision.caption_id, decision.image_id],
        )
    connection.execute(
        """UPDATE item SET status = ?, verdict = ?, person = ?, decision_id = ?, decided_at = ?
        WHERE queue = ? AND id = ?""",
        [
            verdict.status, decision.verdict, decision.person, decision.id, moment[1],
            decision.queue, item_id(decision),
        ],
    )  # fmt: skip


def _open(connection: Connection, queue: str, decision: Decision) -> None:
    """Put a caption into another queue unless it was judged there; a person's word goes before any score."""
    connection.execute(
        """UPDATE item SET priority = ?, opened_by = ?
        WHERE queue = ? AND id = ? AND decision_id IS NULL AND opened_by IS NULL""",
        [items.OPENED, decision.id, queue, decision.caption_id],
    )
    connection.execute(
        """INSERT INTO item (queue, id, caption_id, image_id, priority, status, opened_by)
        SELECT ?, c.id, c.id, '', ?, 'todo', ? FROM caption c
        WHERE c.id = ? AND NOT EXISTS (SELECT 1 FROM item t WHERE t.queue = ? AND t.id = c.id)""",
        [queue, items.OPENED, decision.id, decision.caption_id, queue],
    )
    items.rank_opened(connection, decision.caption_id)


def _supersede(connection: Connection, decision: Decision, moment: Moment) -> None:
    """A caption that got a new text needs no second rewrite: its other waiting text items are settled."""
    connection.execute(
        """UPDATE item SET status = 'done', verdict = 'superseded', person = ?, decision_id = ?,
            decided_at = ?
        WHERE caption_id = ? AND queue IN ('rewrites', 'attributes') AND queue <> ? AND decision_id IS NULL""",
        [decision.person, decision.id, moment[1], decision.caption_id, decision.queue],
    )


def _refused(decision: Decision, message: str) -> Outcome:
    return Outcome(decision.id, False, message)


def _undo(connection: Connection, undo: Decision) -> Outcome:
    row = connection.execute(
        """SELECT person, queue, item_id, caption_id, made_revision_id, applied, seq,
            EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id AND u.applied) FROM decision d WHERE id = ?""",
        [undo.undoes],
    ).fetchone()
    if row is None or not row[5]:
        return _refused(undo, "there is no such decision to undo")
    person, queue, item, caption, made, _, seq, undone = row
    if undone:
        return _refused(undo, "it is already undone")
    if person != undo.person:
        return _refused(undo, f"this decision is {person}'s: only they can undo it; decide anew instead")
    builder = _built_on(connection, undo.undoes or "", queue, item, caption, made, seq)
    if builder:
        return _refused(undo, builder)
    if made:
        parent = connection.execute("SELECT parent_id FROM revision WHERE id = ?", [made]).fetchone()
        assert parent is not None
        _point_to(connection, caption, parent[0])
    _take_back(connection, undo.undoes or "", queue, item, seq)
    return Outcome(undo.id, True, "", None)


_STANDING = "d.applied AND d.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id AND u.applied)"


def _built_on(
    connection: Connection, decision_id: str, queue: str, item: str, caption: str, made: str | None, seq: int
) -> str:
    """Say who has built on a decision, or return the empty text."""
    later = connection.execute(
        f"""SELECT d.person, d.queue FROM decision d WHERE d.seq > ? AND {_STANDING} AND (
            (d.queue = ? AND d.item_id = ?) OR d.revision_id = ?
            OR (d.queue, d.item_id) IN (SELECT queue, id FROM item WHERE opened_by = ?)) ORDER BY d.seq LIMIT 1""",
        [seq, queue, item, made, decision_id],
    ).fetchone()
    if later:
        return f"{later[0]} has decided on it since (in {later[1]}): undo that first"
    if made:
        row = connection.execute("SELECT revision_id FROM caption WHERE id = ?", [caption]).fetchone()
        if row and row[0] != made:
            return "the caption has a newer text: edit it instead"
    return ""


def _take_back(connection: Connection, decision_id: str, queue: str, item: str, seq: int) -> None:
    """Give the item the verdict it had before, and close what the decision opened or superseded."""
    items.close_opened(connection, decision_id)
    connection.execute(
        """UPDATE item SET status = 'todo', verdict = NULL, person = NULL, decision_id = NULL, decided_at = NULL
        WHERE decision_id = ?""",
        [decision_id],
    )
    before = connection.execute(
        f"""SELECT d.id, d.verdict, d.person, d.made_at FROM decision d
        WHERE d.queue = ? AND d.item_id = ? AND d.seq < ? AND {_STANDING} ORDER BY d.seq DESC LIMIT 1""",
        [queue, item, seq],
    ).fetchone()
    if before:
        status = verdicts.find(queue, before[1]).status  # type: ignore[arg-type]
        connection.execute(
            """UPDATE item SET status = ?, verdict = ?, person = ?, decision_id = ?, decided_at = ?
            WHERE queue = ? AND id = ?""",
            [status, before[1], before[2], before[0], before[3], queue, item],
        )


def _rebuild(connection: Connection) -> int:
    log = connection.execute("SELECT * FROM decision ORDER BY seq").fetchall()
    names = [column[0] for column in connection.description or []]
    imports = connection.execute(
        "SELECT id, caption_id, seq FROM revision WHERE decision_id IS NULL ORDER BY seq"
    ).fetchall()
    connection.execute("DELETE FROM revision WHERE decision_id IS NOT NULL")
    connection.execute("DELETE FROM decision")
    connection.execute("DELETE FROM item")
    for fill in (items.open_coarse, items.rank_coarse, items.rank_noise, items.open_candidates):
        fill(connection)
    events = sorted(
        [(seq, "import", (revision, caption)) for revision, caption, seq in imports]
        + [(row[1], "decision", dict(zip(names, row, strict=True))) for row in log],
        key=lambda event: event[0],
    )
    for _, what, body in events:
        if what == "import":
            _point_to(connection, body[1], body[0])
        else:
            _replay(connection, body)
    return len(log)


def _replay(connection: Connection, row: dict[str, Any]) -> None:
    """Apply a logged decision again under its own number and time."""
    fields = {name: row[name] for name in Decision.__dataclass_fields__}
    outcome = _decide_one(connection, Decision(**fields), (row["seq"], row["made_at"]))
    if outcome.applied != row["applied"] or outcome.revision_id != row["made_revision_id"]:
        raise RegrainError(f"decision {row['id']} replays otherwise than it was logged: the log was altered")


def _moment(connection: Connection) -> Moment:
    row = connection.execute("SELECT nextval('event_seq'), now()::TIMESTAMP").fetchone()
    assert row is not None
    return row[0], row[1]
