"""What a verdict is given for, and whether somebody has settled the item since it was shown. Inside a write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from curation.records import Decision, RegrainError
from curation.store import dealing, effects, settings, verdicts
from curation.store.connection import Connection
from curation.store.people import Person

Purpose = Literal["work", "gold", "adjudication"]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The server's own knowledge of a verdict, logged with it. ``refusal`` says why it cannot be applied, or is empty.

    ``aided`` is whether scores and suggestions were shown, ``needed`` how many people the item is asked of.
    """

    purpose: Purpose = "work"
    aided: bool = True
    needed: int = 1
    refusal: str = ""


class _Item(NamedTuple):
    status: str
    verdict: str | None
    decision_id: str | None
    person: str | None
    needed: int
    answered_by: list[str]


def of(connection: Connection, decision: Decision) -> Circumstances:
    """Return what a verdict is given for; raises ``RegrainError`` where its person may not work here any more."""
    person = person_of(connection, decision.person)
    item_id = effects.item_id(decision)
    row = connection.execute(  # the caption alone first, behind a limit: what else is asked would shut out its index
        """WITH asked AS MATERIALIZED (SELECT * FROM item WHERE caption_id = ? LIMIT 1000000)
        SELECT status, verdict, decision_id, person, needed, answered_by FROM asked WHERE queue = ? AND id = ?""",
        [decision.caption_id, decision.queue, item_id],
    ).fetchone()
    rules = settings.some_in(connection, "overlap", "unaided_share")
    aided = dealing.is_aided(rules["unaided_share"], decision.queue, item_id)
    fresh = dealing.needed(rules["overlap"], decision.queue, item_id)
    if row is None:
        return Circumstances("work", aided, fresh)
    item = _Item(*row)
    if _is_gold(connection, decision, item, item_id):
        return Circumstances("gold", aided, 1)
    needed = fresh if item.decision_id is None else item.needed
    blind = item.needed > 1 and bool(item.answered_by) and decision.person not in item.answered_by
    if blind and item.status == "todo":
        return Circumstances("work", False, needed)
    if item.status not in ("done", "disputed"):
        return Circumstances("work", aided, needed)
    return _settled(decision, item, person, aided, needed, _purpose(connection, item))


def _purpose(connection: Connection, item: _Item) -> str:
    row = connection.execute("SELECT purpose FROM decision WHERE id = ?", [item.decision_id]).fetchone()
    return str(row[0]) if row else "work"


def _settled(
    decision: Decision, item: _Item, person: Person | None, aided: bool, needed: int, purpose: str
) -> Circumstances:
    """Return the circumstances of a verdict on an item that may have been settled meanwhile, for ``purpose``."""
    adjudicated = purpose == "adjudication"
    judges = person is None or (person.may("adjudicator") and decision.person not in item.answered_by)
    if adjudicated or item.status == "disputed":
        if judges and decision.basis in (None, item.decision_id):
            return Circumstances("adjudication", aided, needed)
        if decision.person not in item.answered_by or adjudicated:
            return Circumstances("work", aided, needed, _closed(item, decision, adjudicated))
        return Circumstances("work", aided, needed)
    seen = decision.basis is None or decision.basis == item.decision_id
    mine = decision.person == item.person or decision.person in item.answered_by
    if seen or mine or item.verdict == "superseded":
        return Circumstances("work", aided, needed)
    return Circumstances("work", aided, needed, _closed(item, decision, adjudicated))


def _closed(item: _Item, decision: Decision, adjudicated: bool) -> str:
    """Return in words what became of an item while a person had it on the screen."""
    if adjudicated:
        return (
            f"the answers differed and {item.person} has decided: only an adjudicator who did not answer decides anew"
        )
    if item.status == "disputed":
        return f"it has its {item.needed} answers, and they differ: an adjudicator who did not answer decides"
    if item.needed > 1:
        return f"it has its {item.needed} answers already: yours came after the time that it was kept for you"
    label = next((one.label for one in verdicts.VERDICTS[decision.queue] if one.name == item.verdict), "")
    return f"{item.person} has judged it meanwhile ({label}): look at it again to answer anew"


def _is_gold(connection: Connection, decision: Decision, item: _Item, item_id: str) -> bool:
    """Say whether this is an answer to a gold item: one that was shown as if nobody had judged it."""
    if decision.basis or decision.person in item.answered_by or item.status not in ("done", "disputed"):
        return False
    known = connection.execute(
        "SELECT 1 FROM gold WHERE queue = ? AND item_id = ? AND person <> ?",
        [decision.queue, item_id, decision.person],
    ).fetchone()
    return known is not None and decision.basis is not None


def person_of(connection: Connection, person_id: str) -> Person | None:
    """Return a person who is known here, else None; raises ``RegrainError`` where they may not work here any more."""
    row: Any = connection.execute("SELECT id, name, role, state FROM person WHERE id = ?", [person_id]).fetchone()
    if row is None:
        return None
    person = Person(*row)
    if person.state == "inactive":
        raise RegrainError(f"{person_id} no longer works here: ask an owner. Nothing was stored")
    return person
