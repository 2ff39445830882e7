"""What follows from the log: a caption's items and current revision as a fold over its standing decisions.

A decision stands where it was applied and not undone; answers to gold items stand apart and change nothing. Applying,
undoing and rebuilding all end here, so that they cannot disagree. Inside a write.

An item is settled by the latest answer, or, where several people are asked, once so many of them have said the same
(``done``); where they differ it is ``disputed`` until an adjudicator settles it. Only what settles an item makes its
text the caption's current one and opens other queues.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from curation.store import dealing, tally, verdicts
from curation.store.connection import Connection
from curation.store.items import OPENED

STANDING = (
    "d.applied AND d.undoes IS NULL AND NOT EXISTS ("
    "SELECT 1 FROM decision u WHERE u.undoes = d.id AND u.caption_id = d.caption_id AND u.applied)"
)
"""SQL over ``decision d``: it was applied, is no undo, and was not undone."""

COUNTING = f"{STANDING} AND d.purpose <> 'gold'"
"""SQL over ``decision d``: it stands and says something of its item."""


@dataclass(frozen=True, slots=True)
class _Standing:
    id: str
    queue: Any
    item: str
    image_id: str
    verdict: str
    person: str
    made_at: Any
    revision_id: str
    made: str | None
    text: str | None
    purpose: str
    needed: int


@dataclass(frozen=True, slots=True)
class _Item:
    queue: Any
    id: str
    image_id: str
    priority: float
    by_score: bool
    status: str = "todo"
    verdict: str | None = None
    person: str | None = None
    decision_id: str | None = None
    decided_at: Any = None
    opened_by: str | None = None
    needed: int = 1
    answers: tuple[_Standing, ...] = ()  # one for each person, the latest last
    passed: tuple[str, ...] = ()  # who skipped it or was unsure
    revision_id: str | None = None  # the revision that was judged; not stored with the item
    scored: float = 0.0  # its priority where nobody doubts it; not stored with the item
    adjudicated: bool = False  # not stored with the item

    @property
    def key(self) -> tuple[str, str]:
        return self.queue, self.id

    @property
    def people(self) -> list[str]:
        return [answer.person for answer in self.answers]


_State = dict[tuple[str, str], _Item]


def derive(connection: Connection, caption_id: str) -> None:
    """Bring a caption's current revision and its items in line with its standing decisions."""
    rows = connection.execute(
        """SELECT id, queue, item_id, image_id, verdict, person, made_at, revision_id, made_revision_id, text,
            purpose, needed, applied, undoes FROM decision WHERE caption_id = ? ORDER BY seq""",
        [caption_id],
    ).fetchall()
    # `COUNTING` in words of Python: as a column of a large log, beside rows of this transaction, it ends DuckDB 2.0.
    undone = {undoes for *_, applied, undoes in rows if applied}
    counting = [row[:-2] for row in rows if row[-2] and not row[-1] and row[0] not in undone and row[10] != "gold"]
    gone = connection.execute(
        """DELETE FROM item WHERE caption_id = ?
        RETURNING queue, id, image_id, priority, by_score, status, list_concat(answered_by, passed),
            split, language, generated, coarse""",
        [caption_id],
    ).fetchall()
    state = _untouched(connection, caption_id, [row[:5] for row in gone if row[4]])
    adopted: dict[str, str] = {}
    for decision in (_Standing(*row) for row in counting):
        _follow(state, adopted, decision, caption_id)
    if any(row[8] for row in rows):  # without a text of anybody's the caption reads as it was imported
        _point(connection, caption_id, list(adopted.values()))
    _reopen_outdated(state, connection, caption_id)
    _write(connection, caption_id, state, gone[0][-4:] if gone else _facts(connection, caption_id))
    tally.change(
        connection,
        [key for queue, _, _, _, _, status, people, *_ in gone for key in tally.keys(queue, status, people)],
        [key for item in state.values() for key in tally.keys(item.queue, item.status, [*item.people, *item.passed])],
    )


def _point(connection: Connection, caption_id: str, adopted: list[str]) -> None:
    """Make the latest revision that was imported or whose decision settled its item the current one."""
    connection.execute(
        """UPDATE caption SET revision_id = r.id, text = r.text, text_hash = r.text_hash FROM (
            SELECT * FROM revision v WHERE caption_id = ? AND (decision_id IS NULL OR list_contains(?::TEXT[], id))
            ORDER BY seq DESC LIMIT 1) r
        WHERE caption.id = ? AND caption.revision_id <> r.id""",
        [caption_id, adopted, caption_id],
    )


def _untouched(connection: Connection, caption_id: str, rows: list[tuple[Any, ...]]) -> _State:
    """Return the items that scores and candidates put there, as if nobody had judged them."""
    items = {item.key: item for item in (replace(_Item(*row), scored=row[3]) for row in rows)}
    noise = items.get(("noise", caption_id))
    if noise:  # a person's doubt may have put it at the head of its queue
        found = connection.execute(
            "SELECT max(value) FROM score WHERE kind = 'noise' AND caption_id = ?", [caption_id]
        ).fetchone()
        score = (found and found[0]) or 0.0
        items[noise.key] = replace(noise, priority=score, scored=score)
    return items


def _follow(state: _State, adopted: dict[str, str], decision: _Standing, caption_id: str) -> None:
    """Apply one standing decision to the items, and note in ``adopted`` whose revisions became current texts."""
    key = (decision.queue, decision.item)
    before = state.get(key) or _Item(decision.queue, decision.item, decision.image_id, 0.0, by_score=False)
    after = state[key] = _answered(before, decision)
    if before.decision_id and before.decision_id != after.decision_id:
        _close(state, before.decision_id)  # a person who thinks again takes back what the first verdict opened
        if after.verdict is None:
            adopted.pop(before.decision_id, None)  # what several had agreed on is in dispute again
    if after.decision_id != decision.id or after.verdict is None:
        return
    for queue in verdicts.find(decision.queue, decision.verdict).opens:
        opened = state.get((queue, caption_id))
        if opened is None or _may_reopen(opened, decision):
            state[(queue, caption_id)] = _opened(state, queue, caption_id, decision.id, opened)
    if decision.made:
        adopted[decision.id] = decision.made
        _supersede(state, decision, caption_id)


def _supersede(state: _State, decision: _Standing, caption_id: str) -> None:
    """A caption that got a new text needs no second rewrite."""
    for queue in ("rewrites", "attributes"):
        waiting = state.get((queue, caption_id))
        if waiting and queue != decision.queue and (waiting.decision_id is None or waiting.verdict is None):
            state[waiting.key] = _judged(waiting, decision, "done", "superseded")


def _answered(item: _Item, decision: _Standing) -> _Item:
    """Return an item as it stands after one more decision on it."""
    status = verdicts.find(decision.queue, decision.verdict).status
    needed = item.needed if item.answers or item.passed else decision.needed
    if decision.purpose == "adjudication":
        return replace(_judged(item, decision, status, decision.verdict), adjudicated=True)
    others = tuple(answer for answer in item.answers if answer.person != decision.person)
    passed = tuple(person for person in item.passed if person != decision.person)
    if status != "done":
        passed = (*passed, decision.person)
        item = replace(item, needed=needed, answers=others if needed > 1 else (), passed=passed)
        if others and needed > 1:
            return _between(item, decision)
        return _judged(item, decision, status, decision.verdict)
    if needed == 1:
        item = replace(item, needed=1, answers=(decision,), passed=())
        return _judged(item, decision, status, decision.verdict)
    return _between(replace(item, needed=needed, answers=(*others, decision), passed=passed), decision)


def _between(item: _Item, decision: _Standing) -> _Item:
    """Return an item that several people answer: waiting, disputed, or settled by the last who said the same."""
    if item.adjudicated:
        return item
    if len(item.answers) < item.needed:
        return replace(_judged(item, decision, "todo", None), person=None)
    last = item.answers[-1]
    agreed = len({_said(answer) for answer in item.answers}) == 1
    return _judged(item, last, "done" if agreed else "disputed", last.verdict if agreed else None)


def _said(answer: _Standing) -> tuple[str, str]:
    """Return what an answer comes to: the same text is the same answer, accepted or typed."""
    if verdicts.find(answer.queue, answer.verdict).text:
        return "text", " ".join((answer.text or "").split())
    return "verdict", answer.verdict


def _judged(item: _Item, decision: _Standing, status: str, verdict: str | None) -> _Item:
    return replace(
        item,
        status=status,
        verdict=verdict,
        person=decision.person,
        decision_id=decision.id,
        decided_at=decision.made_at,
        revision_id=decision.revision_id,
    )


def _may_reopen(item: _Item, decision: _Standing) -> bool:
    """Say whether an item waits unopened, or was judged on another text than this decision saw."""
    if item.decision_id is None:
        return item.opened_by is None
    return item.revision_id != decision.revision_id


def _opened(state: _State, queue: str, caption_id: str, decision_id: str, item: _Item | None) -> _Item:
    """Return an item that waits because a person said so: noise at the head, texts in the order of coarseness."""
    coarse = state.get(("coarse", caption_id))
    priority = OPENED if queue == "noise" or coarse is None else coarse.priority
    by_score, scored = (item.by_score, item.scored) if item else (False, 0.0)
    return _Item(queue, caption_id, "", priority, by_score, opened_by=decision_id, scored=scored)


def _close(state: _State, decision_id: str) -> None:
    """Take back what a decision opened, where nobody has judged it since."""
    for item in [one for one in state.values() if one.opened_by == decision_id and one.decision_id is None]:
        if item.by_score:
            state[item.key] = replace(item, opened_by=None, priority=item.scored)
        else:
            del state[item.key]


def _reopen_outdated(state: _State, connection: Connection, caption_id: str) -> None:
    """Ask again about pool images that were judged on another text than the current one."""
    if not any(item.queue == "pool" and item.decision_id for item in state.values()):
        return
    row = connection.execute("SELECT revision_id FROM caption WHERE id = ?", [caption_id]).fetchone()
    for item in list(state.values()):
        if item.queue == "pool" and item.decision_id and row and item.revision_id != row[0]:
            del state[item.key]
            if item.by_score:
                state[item.key] = _Item(item.queue, item.id, item.image_id, item.priority, by_score=True)


def _facts(connection: Connection, caption_id: str) -> tuple[Any, ...]:
    """Return what lists are filtered by, as ``items.note_facts`` notes it."""
    row = connection.execute(
        """SELECT c.split, c.language, coalesce(c.generated, false), s.value FROM caption c
        LEFT JOIN score s ON s.kind = 'coarse' AND s.caption_id = c.id WHERE c.id = ?""",
        [caption_id],
    ).fetchone()
    return row or ("", "", False, None)


def _write(connection: Connection, caption_id: str, state: _State, facts: tuple[Any, ...]) -> None:
    if state:
        rows = ", ".join([f"({', '.join(['?'] * 21)})"] * len(state))
        connection.execute(
            f"""INSERT INTO item (queue, id, caption_id, image_id, priority, status, verdict, person, decision_id,
                decided_at, opened_by, by_score, answers, needed, answered_by, passed, bucket, split, language,
                generated, coarse)
            VALUES {rows}""",
            [value for item in state.values() for value in (*_row(item, caption_id), *facts)],
        )


def _row(item: _Item, caption_id: str) -> list[Any]:
    return [
        item.queue, item.id, caption_id, item.image_id, item.priority, item.status, item.verdict, item.person,
        item.decision_id, item.decided_at, item.opened_by, item.by_score, len(item.answers), item.needed,
        item.people, list(item.passed), dealing.bucket(caption_id),
    ]  # fmt: skip
