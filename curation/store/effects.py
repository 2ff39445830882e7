"""What a decision changes: its item, the caption's current revision, and other queues. Inside a write."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from curation.records import Decision, Outcome, Queue, RegrainError
from curation.store import items, verdicts
from curation.store.connection import Connection
from curation.store.verdicts import Verdict

MAX_TEXT = 10_000
"""Longest caption in characters that an edit may leave."""


class Moment(NamedTuple):
    """An event's number in the workspace and its time (UTC)."""

    seq: int
    at: datetime


def apply(connection: Connection, decision: Decision, current_text: str, moment: Moment) -> Outcome:
    """Apply a verdict that was given on the current revision, whose text is ``current_text``."""
    verdict = verdicts.find(decision.queue, decision.verdict)
    revision_id = None
    if verdict.text:
        text = " ".join((decision.text or "").split())
        problem = _text_problem(text)
        if problem:
            return Outcome(decision.id, False, problem)
        if text != current_text:
            revision_id = _add_revision(connection, decision, text, moment)
    _settle(connection, decision, verdict, moment)
    for queue in verdict.opens:
        _open(connection, queue, decision)
    if revision_id:
        _supersede(connection, decision, moment)
    return Outcome(decision.id, True, "", revision_id)


def current(connection: Connection, caption_id: str) -> tuple[str, str]:
    """Return a caption's current revision id and text; an unknown caption raises ``RegrainError``."""
    row = connection.execute("SELECT revision_id, text FROM caption WHERE id = ?", [caption_id]).fetchone()
    if row is None:
        raise RegrainError(f"no caption has the id {caption_id!r}: it may have come from another workspace")
    return row[0], row[1]


def item_id(decision: Decision) -> str:
    """Return the id of the item that a decision is about."""
    return f"{decision.caption_id}|{decision.image_id}" if decision.queue == "pool" else decision.caption_id


def point_to(connection: Connection, caption_id: str, revision_id: str) -> None:
    """Make a revision the current one of its caption."""
    connection.execute(
        """UPDATE caption SET revision_id = r.id, text = r.text, text_hash = r.text_hash
        FROM revision r WHERE r.id = ? AND caption.id = ?""",
        [revision_id, caption_id],
    )


def _text_problem(text: str) -> str:
    if not text:
        return "the text is empty: write a caption, or reject it"
    if "\x00" in text:
        return "the text holds a NUL character: remove it"
    if len(text) > MAX_TEXT:
        return f"the text has {len(text):,} characters; at most {MAX_TEXT:,} are kept: shorten it"
    return ""


def _add_revision(connection: Connection, decision: Decision, text: str, moment: Moment) -> str:
    """Append a revision; its source is the suggestion's where the text is the suggestion's, word for word."""
    row = connection.execute(
        "SELECT max(n) + 1 FROM revision WHERE caption_id = ? AND seq < ?", [decision.caption_id, moment.seq]
    ).fetchone()
    assert row is not None
    revision_id = f"{decision.caption_id}@{row[0]}"
    by_hand = "repair" if decision.queue == "noise" else "edit"
    connection.execute(
        """INSERT INTO revision VALUES (?, ?, ?, ?, ?, left(sha256(?), 32), coalesce(
            (SELECT source FROM suggestion WHERE id = ? AND text = ? LIMIT 1), ?), ?, ?, ?, ?)""",
        [
            revision_id, decision.caption_id, row[0], decision.revision_id, text, text,
            decision.suggestion_id, text, by_hand, decision.person, decision.id, *moment,
        ],
    )  # fmt: skip
    point_to(connection, decision.caption_id, revision_id)
    return revision_id


def _settle(connection: Connection, decision: Decision, verdict: Verdict, moment: Moment) -> None:
    item = item_id(decision)
    connection.execute(
        """INSERT INTO item (queue, id, caption_id, image_id, priority, status)
        SELECT ?, ?, ?, ?, 0, 'todo' WHERE NOT EXISTS (SELECT 1 FROM item WHERE queue = ? AND id = ?)""",
        [decision.queue, item, decision.caption_id, decision.image_id, decision.queue, item],
    )
    connection.execute(
        """UPDATE item SET status = ?, verdict = ?, person = ?, decision_id = ?, decided_at = ?
        WHERE queue = ? AND id = ?""",
        [verdict.status, decision.verdict, decision.person, decision.id, moment.at, decision.queue, item],
    )


def _open(connection: Connection, queue: Queue, decision: Decision) -> None:
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
        """UPDATE item SET status = 'done', verdict = 'superseded', person = ?, decision_id = ?, decided_at = ?
        WHERE caption_id = ? AND queue IN ('rewrites', 'attributes') AND queue <> ? AND decision_id IS NULL""",
        [decision.person, decision.id, moment.at, decision.caption_id, decision.queue],
    )
