"""When a decision may be undone. Undo is a decision too: it is logged, and the fold leaves out what it names."""

from __future__ import annotations

from typing import Any, NamedTuple

from curation.records import Decision
from curation.store import effects
from curation.store.connection import Connection
from curation.store.deriving import COUNTING, STANDING


class Undone(NamedTuple):
    """The decision that an undo takes back."""

    id: str
    seq: int
    person: str
    queue: Any
    item: str
    caption: str
    image: str
    made: str | None
    applied: bool
    purpose: Any
    batch: str | None
    standing: bool


def find(connection: Connection, decision_id: str | None) -> Undone | None:
    """Return the decision of an id as undo needs it, or None."""
    row = connection.execute(
        f"""SELECT id, seq, person, queue, item_id, caption_id, image_id, made_revision_id,
            applied AND undoes IS NULL, purpose, batch_id, {STANDING} FROM decision d WHERE id = ?""",
        [decision_id],
    ).fetchone()
    return Undone(*row) if row else None


def batch_of(connection: Connection, decision: Decision) -> str | None:
    """Return the batch of the decision that an undo names, where it was made with others and is this person's."""
    row = connection.execute(
        "SELECT batch_id FROM decision WHERE id = ? AND person = ? AND applied", [decision.undoes, decision.person]
    ).fetchone()
    return row[0] if row else None


def problem(connection: Connection, decision: Decision, undone: Undone | None) -> str:
    """Say why ``decision`` may not take ``undone`` back, or return the empty text.

    Only one's own decisions are undone, and none on which somebody has built: by a later verdict on the same item,
    on the text that it made, or in a queue that it opened. An answer given without seeing it builds on nothing.
    """
    if undone is None or not undone.applied:
        return "there is no such decision to undo"
    if not undone.standing:
        return "it is already undone"
    if undone.person != decision.person:
        return f"this decision is {undone.person}'s: only they can undo it; decide anew instead"
    later = connection.execute(
        f"""SELECT d.person, d.queue FROM decision d WHERE d.seq > ? AND d.caption_id = ? AND {COUNTING} AND (
            (d.queue = ? AND d.item_id = ? AND (coalesce(d.basis, 'any') <> '' OR d.purpose = 'adjudication'))
            OR d.revision_id = ?
            OR d.id IN (SELECT decision_id FROM item WHERE opened_by = ?)) ORDER BY d.seq LIMIT 1""",
        [undone.seq, undone.caption, undone.queue, undone.item, undone.made, undone.id],
    ).fetchone()
    if later:
        return f"{later[0]} has built on it since (in {later[1]}): undo that first"
    if undone.made and effects.current(connection, undone.caption)[0] != undone.made:
        return "the caption has a newer text: edit it instead"
    return ""
