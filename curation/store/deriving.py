"""What follows from the log: a caption's items and current revision as a fold over its standing decisions.

A decision stands where it was applied and not undone. Applying, undoing and rebuilding all end here, so that they
cannot disagree. Inside a write.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from curation.store import verdicts
from curation.store.connection import Connection
from curation.store.items import OPENED

STANDING = (
    "d.applied AND d.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id AND u.applied)"
)
"""SQL over ``decision d``: it was applied, is no undo, and was not undone."""


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
    revision_id: str | None = None  # the revision that was judged; not stored with the item

    @property
    def key(self) -> tuple[str, str]:
        return self.queue, self.id


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


_State = dict[tuple[str, str], _Item]


def derive(connection: Connection, caption_id: str) -> None:
    """Bring a caption's current revision and its items in line with its standing decisions."""
    _point(connection, caption_id)
    standing = [
        _Standing(*row)
        for row in connection.execute(
            f"""SELECT id, queue, item_id, image_id, verdict, person, made_at, revision_id, made_revision_id
            FROM decision d WHERE caption_id = ? AND {STANDING} ORDER BY seq""",
            [caption_id],
        ).fetchall()
    ]
    state = _untouched(connection, caption_id)
    for decision in standing:
        _follow(state, decision, caption_id)
    _reopen_outdated(state, connection, caption_id)
    _write(connection, caption_id, state)


def _point(connection: Connection, caption_id: str) -> None:
    """Make the latest revision that was imported or made by a standing decision the current one."""
    connection.execute(
        f"""UPDATE caption SET revision_id = r.id, text = r.text, text_hash = r.text_hash FROM (
            SELECT * FROM revision v WHERE caption_id = ? AND (decision_id IS NULL OR decision_id IN (
                SELECT d.id FROM decision d WHERE d.caption_id = ? AND {STANDING}))
            ORDER BY seq DESC LIMIT 1) r
        WHERE caption.id = r.caption_id""",
        [caption_id, caption_id],
    )


def _untouched(connection: Connection, caption_id: str) -> _State:
    """Return the items that scores and candidates put there, as if nobody had judged them."""
    rows = connection.execute(
        """SELECT queue, id, image_id, CASE WHEN queue = 'noise' THEN coalesce((
            SELECT max(s.value) FROM score s WHERE s.kind = 'noise' AND s.caption_id = item.caption_id), 0)
            ELSE priority END, true FROM item WHERE caption_id = ? AND by_score""",
        [caption_id],
    ).fetchall()
    return {item.key: item for item in (_Item(*row) for row in rows)}


def _follow(state: _State, decision: _Standing, caption_id: str) -> None:
    """Apply one standing decision to the items."""
    key = (decision.queue, decision.item)
    before = state.get(key) or _Item(decision.queue, decision.item, decision.image_id, 0.0, by_score=False)
    if before.decision_id:
        _close(state, before.decision_id)  # a person who thinks again takes back what the first verdict opened
    verdict = verdicts.find(decision.queue, decision.verdict)
    state[key] = _judged(before, decision, verdict.status, decision.verdict)
    for queue in verdict.opens:
        opened = state.get((queue, caption_id))
        if opened is None or _may_reopen(opened, decision):
            state[(queue, caption_id)] = _opened(state, queue, caption_id, decision.id, opened)
    if decision.made:  # a caption that got a new text needs no second rewrite
        for queue in ("rewrites", "attributes"):
            waiting = state.get((queue, caption_id))
            if waiting and queue != decision.queue and waiting.decision_id is None:
                state[waiting.key] = _judged(waiting, decision, "done", "superseded")


def _judged(item: _Item, decision: _Standing, status: str, verdict: str) -> _Item:
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
    by_score = item.by_score if item else False
    return _Item(queue, caption_id, "", priority, by_score, opened_by=decision_id)


def _close(state: _State, decision_id: str) -> None:
    """Take back what a decision opened, where nobody has judged it since."""
    for item in [one for one in state.values() if one.opened_by == decision_id and one.decision_id is None]:
        if item.by_score:
            state[item.key] = replace(item, opened_by=None)
        else:
            del state[item.key]


def _reopen_outdated(state: _State, connection: Connection, caption_id: str) -> None:
    """Ask again about pool images that were judged on another text than the current one."""
    row = connection.execute("SELECT revision_id FROM caption WHERE id = ?", [caption_id]).fetchone()
    for item in list(state.values()):
        if item.queue == "pool" and item.decision_id and row and item.revision_id != row[0]:
            del state[item.key]
            if item.by_score:
                state[item.key] = _Item(item.queue, item.id, item.image_id, item.priority, by_score=True)


def _write(connection: Connection, caption_id: str, state: _State) -> None:
    connection.execute("DELETE FROM item WHERE caption_id = ?", [caption_id])
    for item in state.values():
        connection.execute(
            """INSERT INTO item (queue, id, caption_id, image_id, priority, status, verdict, person, decision_id,
                decided_at, opened_by, by_score) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [
                item.queue, item.id, caption_id, item.image_id, item.priority, item.status, item.verdict,
                item.person, item.decision_id, item.decided_at, item.opened_by, item.by_score,
            ],
        )  # fmt: skip
