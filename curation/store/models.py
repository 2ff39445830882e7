"""Models of coarse captions: the judged texts they are fitted to, and every model that ever ordered the queue."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from curation.store.connection import Connection, Store, to_json

FIRST_VERDICTS = 20
"""Below so many verdicts the shipped prior orders the queue."""


def remember(store: Store) -> int:
    """Keep the signals of every judged text that is scored; return how many were new.

    Called before captions are scored anew: a caption that was judged coarse and then rewritten has other signals.
    """

    def write(connection: Connection) -> int:
        rows = connection.execute(
            """INSERT INTO coarse_example SELECT s.caption_id, s.revision_id, s.parts
            FROM item t JOIN decision d ON d.id = t.decision_id
            JOIN score s ON s.kind = 'coarse' AND s.caption_id = t.caption_id AND s.revision_id = d.revision_id
            WHERE t.queue = 'coarse' AND t.verdict IN ('fine', 'coarse') AND NOT EXISTS (SELECT 1
                FROM coarse_example e WHERE e.caption_id = s.caption_id AND e.revision_id = s.revision_id)"""
        ).fetchall()
        return int(rows[0][0])

    return store.write(write)


def examples(store: Store, splits: Sequence[str], pipeline: str = "") -> Any:
    """Return what curators called the texts that they judged, with the signals of those texts.

    Arrow columns ``caption_id, image_id, text, grammar, parts, coarse, seq`` in order of the caption: the verdict that
    stands now, on the text that it was given for; the grammar as ``pipeline`` found it, "" where it did not. Verdicts
    other than fine and coarse say nothing of coarseness.
    """
    return store.arrow(
        """SELECT t.caption_id, c.image_id, r.text, coalesce(a.body->>'$.grammar', '') AS grammar,
            e.parts::TEXT AS parts, t.verdict = 'coarse' AS coarse, d.seq
        FROM item t JOIN decision d ON d.id = t.decision_id
        JOIN coarse_example e ON e.caption_id = t.caption_id AND e.revision_id = d.revision_id
        JOIN revision r ON r.id = d.revision_id AND r.caption_id = t.caption_id
        JOIN caption c ON c.id = t.caption_id
        LEFT JOIN analysis a ON a.text_hash = r.text_hash AND a.pipeline = ?
        WHERE t.queue = 'coarse' AND t.status = 'done' AND t.verdict IN ('fine', 'coarse')
        AND list_contains(?::TEXT[], c.split) ORDER BY t.caption_id""",
        [pipeline, list(splits)],
    )


def scored(store: Store, splits: Sequence[str], pipeline: str = "") -> Any:
    """Return the signals of every scored caption, so that none is computed anew.

    Arrow columns ``caption_id, image_id, text, grammar, parts`` (JSON text: signal values by name), scores of earlier
    texts left out, in order of the caption; the grammar as ``pipeline`` found it, "" where it did not.
    """
    return store.arrow(
        """SELECT c.id AS caption_id, c.image_id, c.text, coalesce(a.body->>'$.grammar', '') AS grammar,
            s.parts::TEXT AS parts
        FROM score s JOIN caption c ON c.id = s.caption_id AND c.revision_id = s.revision_id
        LEFT JOIN analysis a ON a.text_hash = c.text_hash AND a.pipeline = ?
        WHERE s.kind = 'coarse' AND list_contains(?::TEXT[], c.split) ORDER BY c.id""",
        [pipeline, list(splits)],
    )


def ready_to_learn(store: Store) -> bool:
    """Whether there are so many new verdicts that a new model would differ: the first 20, then a fifth more each time.

    Fine and coarse verdicts after the last one that a model has seen count.
    """
    seen, new = store.rows(
        """SELECT count(*) FILTER (d.seq <= m.up_to), count(*) FILTER (d.seq > m.up_to)
        FROM item t JOIN decision d ON d.id = t.decision_id,
            (SELECT coalesce(max(up_to), 0) AS up_to FROM coarse_model) m
        WHERE t.queue = 'coarse' AND t.status = 'done' AND t.verdict IN ('fine', 'coarse')"""
    )[0]
    return bool(new >= max(FIRST_VERDICTS, seen / 5))


def put(store: Store, model_id: str, up_to: int, body: dict[str, Any]) -> None:
    """Keep a model under the id of its content; one that is there already stays as it is."""

    def write(connection: Connection) -> None:
        connection.execute(
            """INSERT INTO coarse_model SELECT ?, ?, ?, now()::TIMESTAMP
            WHERE NOT EXISTS (SELECT 1 FROM coarse_model WHERE id = ?)""",
            [model_id, up_to, to_json(body), model_id],
        )

    store.write(write)


def get(store: Store, model_id: str) -> dict[str, Any] | None:
    """Return a model as it was kept, or None."""
    body = store.value("SELECT max(body::TEXT) FROM coarse_model WHERE id = ?", [model_id])
    return None if body is None else dict(json.loads(body))


def latest(store: Store) -> dict[str, Any] | None:
    """Return the model fitted to the most recent decisions, or None where there is only the shipped prior."""
    rows = store.rows("SELECT body::TEXT FROM coarse_model ORDER BY up_to DESC, made_at DESC, id LIMIT 1")
    return dict(json.loads(rows[0][0])) if rows else None


def listed(store: Store) -> list[dict[str, Any]]:
    """Return ``id, up_to, made_at`` of every model, newest first."""
    return store.records("SELECT id, up_to, made_at FROM coarse_model ORDER BY made_at DESC, id")
