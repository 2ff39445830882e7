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


def may_be(queue: Queue, verdict: str | None) -> bool:
    """Say whether an item with this verdict can be gold: not one that was answered with a text, or by a text."""
    return any(one.name == verdict and one.status == "done" and not one.text for one in verdicts.VERDICTS[queue])


def remove(store: Store, queue: Queue, item_id: str) -> bool:
    """Take an item out of the gold, and say whether it was there; answers to it stay in the log."""

    def write(connection: Connection) -> bool:
        found = connection.execute(
            "DELETE FROM gold WHERE queue = ? AND item_id = ? RETURNING item_id", [queue, item_id]
        ).fetchall()
        return bool(found)

    return store.write(write)


def listed(store: Store, queue: Queue) -> list[Row]:
    """Return the gold items of a queue with their texts as they were judged, in the order they were made."""
    return store.records(
        """SELECT g.item_id, g.caption_id, g.image_id, g.verdict, g.note, g.person, g.made_at, r.text
        FROM gold g JOIN revision r ON r.id = g.revision_id AND r.caption_id = g.caption_id
        WHERE g.queue = ? ORDER BY g.made_at, g.item_id""",
        [queue],
    )


def with_answers(store: Store, queue: Queue) -> list[Row]:
    """Return the same with how many people have answered each (``answered``, the latest answer of each person) and
    how many of them rightly (``right``).
    """
    rows = store.rows(
        f"""WITH latest AS (
            SELECT d.item_id, d.verdict FROM decision d WHERE d.queue = ? AND d.purpose = 'gold' AND {STANDING}
            AND d.verdict NOT IN ('skip', 'unsure')
            QUALIFY row_number() OVER (PARTITION BY d.item_id, d.person ORDER BY d.seq DESC) = 1)
        SELECT g.item_id, count(*), count(*) FILTER (a.verdict = g.verdict)
        FROM gold g JOIN latest a ON a.item_id = g.item_id WHERE g.queue = ? GROUP BY g.item_id""",
        [queue, queue],
    )
    found = {item: (answered, right) for item, answered, right in rows}
    counts = [(row, *found.get(row["item_id"], (0, 0))) for row in listed(store, queue)]
    return [row | {"answered": answered, "right": right} for row, answered, right in counts]


def standing(store: Store, queue: Queue, person: str) -> Standing:
    """Return how a person stands with the qualification of a queue.

    No more is asked than there are gold items that the person has not judged in their work.
    """
    rule = settings.get(store, "qualification").get(queue)
    row = store.rows("SELECT role, settings::TEXT FROM person WHERE id = ?", [person])
    if not rule or not row or row[0][0] != "annotator" or _waived(row[0][1], queue):
        return Standing(0, 0, 0, True)
    answers = answered(store, queue, person)[: rule["items"]]
    right = sum(one["right"] for one in answers)
    with store.reading() as cursor:
        coming = unknown(cursor, queue, person, int(rule["items"]))
    asked = min(int(rule["items"]), len(answers) + len(coming))
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
    """Return up to ``n`` gold items that a person has not answered, in an order of the person's own.

    Those that they skipped or were unsure of come again, last.
    """
    rows = connection.execute(
        f"""WITH known AS (
            SELECT d.item_id, bool_or(d.verdict NOT IN ('skip', 'unsure')) AS answered FROM decision d
            WHERE d.queue = ? AND d.person = ? AND d.item_id IN (SELECT item_id FROM gold WHERE queue = ?)
            AND {STANDING}
            AND d.seq > coalesce((SELECT (settings->'anew'->>?)::BIGINT FROM person WHERE id = d.person), 0)
            GROUP BY d.item_id)
        SELECT k.item_id IS NOT NULL, g.item_id FROM gold g JOIN item t ON t.queue = g.queue AND t.id = g.item_id
        LEFT JOIN known k ON k.item_id = g.item_id
        WHERE g.queue = ? AND g.person <> ? AND t.status = 'done' AND NOT list_contains(t.answered_by, ?)
        AND NOT coalesce(k.answered, false)""",
        [queue, person, queue, queue, queue, person, person],
    ).fetchall()
    rows.sort(key=lambda row: (row[0], place("gold", person, row[1])))
    return [item for _, item in rows[:n]]


def try_anew(store: Store, queue: Queue, person: str) -> None:
    """Let a person go through the qualification of a queue once more."""
    _note(store, person, "anew", queue, "(SELECT coalesce(max(seq), 0) FROM decision)")


def waive(store: Store, queue: Queue, person: str, *, waived: bool = True) -> None:
    """Let a person work in a queue without its qualification, or no longer."""
    _note(store, person, "waived", queue, "true" if waived else "false")


def waived(store: Store, queue: Queue) -> set[str]:
    """Return who works in a queue without its qualification."""
    return {person for person, wishes in store.rows("SELECT id, settings::TEXT FROM person") if _waived(wishes, queue)}


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
