"""Gold: items whose right verdict is known, mixed into everybody's work and asked first of those who are new.

An answer to a gold item is logged with the purpose ``gold`` and changes nothing of the item. Whether an item is gold
does not leave the server before it is answered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from curation.records import Queue, RegrainError
from curation.store import settings, verdicts
from curation.store.connection import Connection, Store
from curation.store.dealing import place
from curation.store.deriving import STANDING

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands with a queue's qualification: ``answered`` of ``asked`` gold items, ``right`` of them.

    ``passed`` is None while answers are due. ``asked`` is 0 where the queue has no qualification or it is waived.
    """

    asked: int
    answered: int
    right: int
    passed: bool | None


def add(store: Store, queue: Queue, item_id: str, *, person: str, note: str = "") -> Row:
    """Make a settled item gold, with the verdict that stands; raises ``RegrainError`` where there is none."""

    def write(connection: Connection) -> Row:
        row = connection.execute(
            """SELECT t.caption_id, t.image_id, d.revision_id, t.verdict FROM item t
            JOIN decision d ON d.id = t.decision_id
            WHERE t.queue = ? AND t.id = ? AND t.status = 'done' AND t.verdict <> 'superseded'""",
            [queue, item_id],
        ).fetchone()
        if row is None:
            raise RegrainError(f"{item_id} has no verdict in {queue}: judge it first, then make it gold")
        if verdicts.find(queue, row[3]).text:
            raise RegrainError(f"{item_id} was answered with a text: only a verdict without one can be gold")
        connection.execute("DELETE FROM gold WHERE queue = ? AND item_id = ?", [queue, item_id])
        connection.execute(
            "INSERT INTO gold VALUES (?, ?, ?, ?, ?, ?, ?, ?, now()::TIMESTAMP)", [queue, item_id, *row, note, person]
        )
        return {"queue": queue, "item_id": item_id, "verdict": row[3], "note": note}

    return store.write(write)


def remove(store: Store, queue: Queue, item_id: str) -> None:
    """Take an item out of the gold; answers to it stay in the log."""
    store.write(lambda c: c.execute("DELETE FROM gold WHERE queue = ? AND item_id = ?", [queue, item_id]))


def listed(store: Store, queue: Queue) -> list[Row]:
    """Return the gold items of a queue with their texts as they were judged, in the order they were made."""
    return store.records(
        """SELECT g.item_id, g.caption_id, g.image_id, g.verdict, g.note, g.person, g.made_at, r.text
        FROM gold g JOIN revision r ON r.id = g.revision_id AND r.caption_id = g.caption_id
        WHERE g.queue = ? ORDER BY g.made_at, g.item_id""",
        [queue],
    )


def standing(store: Store, queue: Queue, person: str) -> Standing:
    """Return how a person stands with the qualification of a queue."""
    rule = settings.get(store, "qualification").get(queue)
    row = store.rows("SELECT role, settings::TEXT FROM person WHERE id = ?", [person])
    if not rule or not row or row[0][0] != "annotator" or _waived(row[0][1], queue):
        return Standing(0, 0, 0, True)
    answers = answered(store, queue, person)[: rule["items"]]
    right = sum(one["right"] for one in answers)
    there = int(store.value("SELECT count(*) FROM gold WHERE queue = ?", [queue]))
    asked = min(int(rule["items"]), there)
    done = len(answers) >= asked
    return Standing(asked, len(answers), right, right >= rule["pass"] * asked if done else None)


def answered(store: Store, queue: Queue, person: str) -> list[Row]:
    """Return a person's standing answers to gold items, oldest first, each with the right verdict and whether it is.

    Counted from the last time that an owner let them try anew.
    """
    return store.records(
        f"""SELECT d.item_id, d.verdict, g.verdict AS gold, d.verdict = g.verdict AS right, g.note, d.seq
        FROM decision d JOIN gold g ON g.queue = d.queue AND g.item_id = d.item_id
        WHERE d.person = ? AND d.queue = ? AND d.purpose = 'gold' AND {STANDING}
        AND d.verdict NOT IN ('skip', 'unsure')
        AND d.seq > coalesce((SELECT (settings->'anew'->>?)::BIGINT FROM person WHERE id = d.person), 0)
        ORDER BY d.seq""",
        [person, queue, queue],
    )


def due(connection: Connection, queue: Queue, person: str, begun: int, ahead: int, rate: float) -> dict[int, str]:
    """Return at which of the next ``ahead`` places which gold items come, by place.

    ``begun`` is how many items of the queue the person has judged: of every ``1 / rate`` of them one is gold, at a
    place that cannot be foreseen. Items that the person knows (judged, made gold, answered as gold) do not come.
    """
    if rate <= 0:
        return {}
    size = max(1, round(1 / rate))
    coming = [divmod(begun + n, size) for n in range(ahead)]
    places = [n for n, (turn, at) in enumerate(coming) if at == int(place("gold", queue, person, str(turn)) * size)]
    return dict(zip(places, unknown(connection, queue, person, len(places)), strict=False)) if places else {}


def unknown(connection: Connection, queue: Queue, person: str, n: int) -> list[str]:
    """Return up to ``n`` gold items that a person does not know, in an order of the person's own."""
    rows = connection.execute(
        """SELECT g.item_id FROM gold g JOIN item t ON t.queue = g.queue AND t.id = g.item_id
        WHERE g.queue = ? AND g.person <> ? AND t.status = 'done' AND NOT list_contains(t.answered_by, ?)
        AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.queue = g.queue AND d.item_id = g.item_id AND d.person = ?
            AND d.applied AND d.undoes IS NULL AND d.seq > coalesce(
                (SELECT (settings->'anew'->>?)::BIGINT FROM person WHERE id = d.person), 0))""",
        [queue, person, person, person, queue],
    ).fetchall()
    return sorted((row[0] for row in rows), key=lambda item: place("gold", person, item))[:n]


def try_anew(store: Store, queue: Queue, person: str) -> None:
    """Let a person go through the qualification of a queue once more."""
    _note(store, person, "anew", queue, "(SELECT coalesce(max(seq), 0) FROM decision)")


def waive(store: Store, queue: Queue, person: str) -> None:
    """Let a person work in a queue without its qualification."""
    _note(store, person, "waived", queue, "true")


def _note(store: Store, person: str, name: str, queue: str, value: str) -> None:
    def write(connection: Connection) -> None:
        found = connection.execute(
            f"""UPDATE person SET settings = json_merge_patch(settings, json_object(?, json_object(?, {value})))
            WHERE id = ? RETURNING id""",
            [name, queue, person],
        ).fetchall()
        if not found:
            raise RegrainError(f"nobody here is called {person!r}")

    store.write(write)


def _waived(preferences: str, queue: str) -> bool:
    found: Mapping[str, Any] = json.loads(preferences)
    return bool(found.get("waived", {}).get(queue))
