"""The server's end of the outbox: read what the browser sent, apply each decision once, acknowledge.

The browser sends its whole list of unacknowledged decisions each time, under one ``stream`` name with numbers
that grow. The server hands new ones to the store (which knows decisions by id, so that a resend after a restart
is harmless) and acknowledges the highest number. Nothing is acknowledged that the store has not answered for.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from curation.records import Decision, Outcome, Queue, RegrainError
from curation.ui.reviewer.screenful import Review
from curation.ui.reviewer.settings import OnSettings, read_settings

OnDecisions = Callable[[list[Decision], int], Sequence[Outcome]]
"""Apply new decisions, in order; the second argument counts key presses that were ignored since the last call."""

OnLook = Callable[[str], None]
"""Make the item of this id, as it stands now, the first of the next run's items."""

KEPT_REFUSALS = 20


class Desk(Protocol):
    """Whose outbox it is, for which queue: what the server knows by itself of every decision in it."""

    @property
    def session(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def queue(self) -> Queue: ...


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A decision that was not applied: the person is told why, with what they had written."""

    number: int
    decision_id: str
    item_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the outbox: the decision, its number, its item, and the presses ignored before it."""

    number: int
    item_id: str
    ignored: int
    decision: Decision


@dataclass(slots=True)
class Ledger:
    """What one browser tab has had acknowledged. It lives as long as the tab's Streamlit session: a new ``id`` tells
    the browser that the server has forgotten, and that what is open must be sent again.
    """

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    stream: str = ""
    acked: int = 0
    refused: list[Refusal] = field(default_factory=list)
    error: str = ""
    settings_error: str = ""
    settled: str = ""
    looked: str = ""

    def take(self, raw: object, review: Desk, on_decisions: OnDecisions) -> None:
        """Apply what is new in an outbox and acknowledge it; errors become ``error``, and nothing is acknowledged."""
        try:
            stream, entries = read_outbox(raw, review)
            if stream != self.stream:
                self.stream, self.acked, self.refused = stream, 0, []
            fresh = [entry for entry in entries if entry.number > self.acked]
            self.refused = [*self.refused, *apply_entries(fresh, on_decisions)][-KEPT_REFUSALS:]
            self.acked = max([self.acked, *(entry.number for entry in fresh)])
            self.error = ""
        except Exception as problem:  # an exception in a callback would take the component off the page
            log.exception("decisions were not saved")
            self.error = str(problem) if isinstance(problem, RegrainError) else f"{type(problem).__name__}: {problem}"

    def settle(self, raw: object, review: Review, on_settings: OnSettings | None) -> None:
        """Keep how the person wants the keys; what is wrong with them becomes ``settings_error``.

        ``settled`` names the change that was looked at last: an earlier one does not take back what was set since.
        """
        try:
            self.settled = str(raw.get("change", "")) if isinstance(raw, Mapping) else ""
            made = read_settings(raw, review)
            if on_settings is not None:
                on_settings(made)
            self.settings_error = ""
        except Exception as problem:  # as above
            log.info("keys were not kept: %s", problem)
            self.settings_error = str(problem)

    def look(self, raw: object, review: Review, on_look: OnLook | None) -> None:
        """Ask for one item as it stands now; ``looked`` says which one was asked for last."""
        try:
            if on_look is None or not isinstance(raw, Mapping) or raw.get("session") != review.session:
                return
            on_look(_text(raw, "item_id"))
            self.looked = _text(raw, "asked")
        except Exception:  # as above
            log.exception("an item was not fetched")


def apply_entries(entries: Sequence[Entry], on_decisions: OnDecisions) -> list[Refusal]:
    """Apply entries of an outbox, and return which of them were not applied, and why.

    They are applied together; where one of them is impossible, one by one, so that it blocks no other.
    """
    return [
        Refusal(entry.number, entry.decision.id, entry.item_id, outcome.message or "not applied")
        for entry, outcome in _answered(entries, on_decisions)
        if not outcome.applied
    ]


def _answered(entries: Sequence[Entry], on_decisions: OnDecisions) -> list[tuple[Entry, Outcome]]:
    if not entries:
        return []
    ignored = sum(entry.ignored for entry in entries)
    try:
        outcomes = on_decisions([entry.decision for entry in entries], ignored)
    except RegrainError as problem:
        if len(entries) == 1:
            return [(entries[0], Outcome(entries[0].decision.id, False, str(problem)))]
        return [pair for entry in entries for pair in _answered([entry], on_decisions)]
    found = {outcome.decision_id: outcome for outcome in outcomes}
    return [(entry, found[entry.decision.id]) for entry in entries]


def read_outbox(raw: object, review: Desk) -> tuple[str, list[Entry]]:
    """Return the stream's name and its entries by number. Person and queue are the server's, not the browser's.

    Raises ``ValueError`` where the outbox is malformed or was filled under another session.
    """
    if not isinstance(raw, Mapping):
        raise ValueError("the outbox is not an object")
    if raw.get("session") != review.session:
        raise ValueError("the outbox belongs to another person or workspace: reload the page")
    rows = raw.get("decisions")
    if not isinstance(rows, list):
        raise ValueError("the outbox holds no list of decisions")
    entries = [_entry(row, review) for row in rows]
    return _text(raw, "stream"), sorted(entries, key=lambda entry: entry.number)


def _entry(row: object, review: Desk) -> Entry:
    if not isinstance(row, Mapping):
        raise ValueError("a decision is not an object")
    shown = row.get("shown_ms")
    decision = Decision(
        id=_text(row, "id"),
        person=review.person,
        queue=review.queue,
        caption_id=_text(row, "caption_id"),
        revision_id=_text(row, "revision_id"),
        verdict=_text(row, "verdict"),
        reason=_optional(row, "reason") or "",
        text=_optional(row, "text"),
        image_id=_optional(row, "image_id") or "",
        suggestion_id=_optional(row, "suggestion_id"),
        undoes=_optional(row, "undoes"),
        basis=_optional(row, "basis"),
        offered=_names(row, "offered"),
        taken=_names(row, "taken"),
        shown_ms=min(int(shown), 2**31 - 1) if isinstance(shown, int | float) and shown >= 0 else None,
    )
    return Entry(_whole(row, "number"), _optional(row, "item_id") or "", _whole(row, "ignored"), decision)


def _text(row: Mapping[Any, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"`{name}` of a decision is missing")
    return value


def _names(row: Mapping[Any, Any], name: str) -> tuple[str, ...]:
    """Return a list of ids; what an earlier version of the page sent has none."""
    value = row.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"`{name}` of a decision is no list of ids")
    return tuple(value)


def _optional(row: Mapping[Any, Any], name: str) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"`{name}` of a decision is not text")
    return value


def _whole(row: Mapping[Any, Any], name: str) -> int:
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"`{name}` of a decision is not a whole number")
    return value
