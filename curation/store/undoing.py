"""Undo: a new decision that takes another back, unless somebody has built on it. Inside a write."""

from __future__ import annotations

from typing import Any, NamedTuple

from curation.records import Decision, Outcome
from curation.store import effects, items, verdicts
from curation.store.connection import Connection

STANDING = (
    "d.applied AND d.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id AND u.applied)"
)
"""SQL over ``decision d``: it was applied, is no undo, and was not undone."""


class _Undone(NamedTuple):
    id: str
    seq: int
    person: str
    queue: Any
    item: str
    caption: str
    made: str | None
    applied: bool
    standing: bool


def undo(connection: Connection, decision: Decision) -> Outcome:
    """Take back the decision that ``decision.undoes`` names; refused, with the reason, where that cannot be.

    The caption points to the revision it had, the item gets the verdict it had, and what the decision opened
    in other queues is closed. Revisions stay in the chain, and frozen versions name them still.
    """
    row = connection.execute(
        f"""SELECT id, seq, person, queue, item_id, caption_id, made_revision_id, applied AND undoes IS NULL, {STANDING}
        FROM decision d WHERE id = ?""",
        [decision.undoes],
    ).fetchone()
    undone = _Undone(*row) if row else None
    problem = _problem(connection, decision, undone)
    if problem or undone is None:
        return Outcome(decision.id, False, problem)
    if undone.made:
        parent = connection.execute("SELECT parent_id FROM revision WHERE id = ?", [undone.made]).fetchone()
        assert parent is not None
        effects.point_to(connection, undone.caption, parent[0])
    _take_back(connection, undone)
    return Outcome(decision.id, True)


def _problem(connection: Connection, decision: Decision, undone: _Undone | None) -> str:
    """Say why a decision cannot be undone, or return the empty text."""
    if undone is None or not undone.applied:
        return "there is no such decision to undo"
    if not undone.standing:
        return "it is already undone"
    if undone.person != decision.person:
        return f"this decision is {undone.person}'s: only they can undo it; decide anew instead"
    later = connection.execute(
        f"""SELECT d.person, d.queue FROM decision d WHERE d.seq > ? AND {STANDING} AND (
            (d.queue = ? AND d.item_id = ?) OR d.revision_id = ?
            OR (d.queue, d.item_id) IN (SELECT queue, id FROM item WHERE opened_by = ?)) ORDER BY d.seq LIMIT 1""",
        [undone.seq, undone.queue, undone.item, undone.made, undone.id],
    ).fetchone()
    if later:
        return f"{later[0]} has built on it since (in {later[1]}): undo that first"
    if undone.made and effects.current(connection, undone.caption)[0] != undone.made:
        return "the caption has a newer text: edit it instead"
    return ""


def _take_back(connection: Connection, undone: _Undone) -> None:
    """Give the item the verdict it had before, and close what the decision opened or superseded."""
    items.close_opened(connection, undone.id)
    connection.execute(
        """UPDATE item SET status = 'todo', verdict = NULL, person = NULL, decision_id = NULL, decided_at = NULL
        WHERE decision_id = ?""",
        [undone.id],
    )
    before = connection.execute(
        f"""SELECT d.verdict, d.person, d.id, d.made_at FROM decision d
        WHERE d.queue = ? AND d.item_id = ? AND d.seq < ? AND {STANDING} ORDER BY d.seq DESC LIMIT 1""",
        [undone.queue, undone.item, undone.seq],
    ).fetchone()
    if before:
        connection.execute(
            """UPDATE item SET status = ?, verdict = ?, person = ?, decision_id = ?, decided_at = ?
            WHERE queue = ? AND id = ?""",
            [verdicts.find(undone.queue, before[0]).status, *before, undone.queue, undone.item],
        )
    else:  # a pair that only the decision itself had put there goes again
        connection.execute(
            """DELETE FROM item WHERE queue = 'pool' AND id = ? AND decision_id IS NULL AND NOT EXISTS (
                SELECT 1 FROM candidate k WHERE k.caption_id = item.caption_id AND k.image_id = item.image_id)""",
            [undone.item],
        )
