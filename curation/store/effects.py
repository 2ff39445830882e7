"""What a decision needs to be applied, and the revision that it makes. Inside a write."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import NamedTuple

from curation.records import Decision, Outcome, RegrainError
from curation.store import verdicts
from curation.store.connection import Connection

MAX_TEXT = 10_000
"""Longest caption in characters that an edit may leave."""

INVISIBLE = frozenset({"Cf", "Zs", "Zl", "Zp", "Mn", "Me"})
"""Unicode categories that show nothing on their own."""


class Moment(NamedTuple):
    """An event's number in the workspace and its time (UTC)."""

    seq: int
    at: datetime


def apply(connection: Connection, decision: Decision, current_text: str, moment: Moment) -> Outcome:
    """Check a verdict that was given on the current revision, whose text is ``current_text``, and add its text."""
    verdict = verdicts.find(decision.queue, decision.verdict)
    text = " ".join((decision.text or "").split())
    problem = _pair_problem(connection, decision) or (_text_problem(text) if verdict.text else "")
    if problem:
        return Outcome(decision.id, False, problem)
    made = _add_revision(connection, decision, text, moment) if verdict.text and text != current_text else None
    return Outcome(decision.id, True, "", made)


def current(connection: Connection, caption_id: str) -> tuple[str, str]:
    """Return a caption's current revision id and text; an unknown caption raises ``RegrainError``."""
    row = connection.execute("SELECT revision_id, text FROM caption WHERE id = ?", [caption_id]).fetchone()
    if row is None:
        raise RegrainError(f"no caption has the id {caption_id!r}: it may have come from another workspace")
    return row[0], row[1]


def item_id(decision: Decision) -> str:
    """Return the id of the item that a decision is about."""
    return f"{decision.caption_id}|{decision.image_id}" if decision.queue == "pool" else decision.caption_id


def _text_problem(text: str) -> str:
    kinds = {unicodedata.category(character) for character in text}
    if not kinds - INVISIBLE:
        return "the text is empty: write a caption, or reject it"
    if "Cs" in kinds:
        return "the text holds half a character (a lone surrogate): type it again"
    if "Cc" in kinds:
        return "the text holds a control character: remove it"
    if len(text) > MAX_TEXT:
        return f"the text has {len(text):,} characters; at most {MAX_TEXT:,} are kept: shorten it"
    return ""


def _pair_problem(connection: Connection, decision: Decision) -> str:
    """Say why a pool verdict names no pair that can be judged, or return the empty text."""
    if decision.queue != "pool":
        return ""
    if not decision.image_id:
        return "a pool verdict needs the image that was compared"
    row = connection.execute("SELECT split FROM image WHERE id = ?", [decision.image_id]).fetchone()
    if row is None:
        return f"no image has the id {decision.image_id!r}"
    return "" if row[0] == "pool" else f"{decision.image_id} is in the split {row[0]}, not in the pool"


def _add_revision(connection: Connection, decision: Decision, text: str, moment: Moment) -> str:
    """Append a revision; its source is the suggestion's where the text is the suggestion's, word for word."""
    row = connection.execute("SELECT max(n) + 1 FROM revision WHERE caption_id = ?", [decision.caption_id]).fetchone()
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
    return revision_id
