"""Scores, rivals and suggestions: what jobs computed, each naming revision, encoder and settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from curation.records import Suggestion
from curation.store import items
from curation.store import settings as workspace_settings
from curation.store.connection import Connection, Store, to_json

ScoreKind = Literal["coarse", "noise"]


def settings_key(settings: dict[str, Any]) -> str:
    """Return a short stable key for settings, under which results are kept."""
    return hashlib.sha256(to_json(settings).encode()).hexdigest()[:12]


def put_scores(store: Store, kind: ScoreKind, table: Any) -> int:
    """Replace the scores of the captions in an Arrow table and reorder the queue of that kind.

    Columns: ``caption_id, revision_id, encoder, settings, value, reasons, parts`` (the last two JSON text).
    """

    def write(connection: Connection) -> int:
        connection.register("fresh", table)
        connection.execute("DELETE FROM score WHERE kind = ? AND caption_id IN (SELECT caption_id FROM fresh)", [kind])
        connection.execute(
            """INSERT INTO score
            SELECT ?, caption_id, revision_id, encoder, settings, value, reasons, parts FROM fresh""",
            [kind],
        )
        connection.unregister("fresh")
        items.rank_coarse(connection) if kind == "coarse" else items.rank_noise(connection)
        return int(table.num_rows)

    return store.write(write)


def of_caption(store: Store, kind: ScoreKind, caption_id: str) -> dict[str, Any] | None:
    """Return the score of a caption with ``reasons`` and ``parts``; ``stale`` says that the text has changed since."""
    rows = store.records(
        """SELECT s.*, s.revision_id <> c.revision_id AS stale FROM score s JOIN caption c ON c.id = s.caption_id
        WHERE s.kind = ? AND s.caption_id = ?""",
        [kind, caption_id],
    )
    if not rows:
        return None
    return rows[0] | {"reasons": json.loads(rows[0]["reasons"]), "parts": json.loads(rows[0]["parts"])}


def of_captions(store: Store, kind: ScoreKind, caption_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return ``value, reasons, revision_id`` of some captions' scores, by caption; without a score it is left out."""
    rows = store.records(
        """SELECT caption_id, value, reasons, revision_id FROM score
        WHERE kind = ? AND caption_id IN (SELECT unnest(?::TEXT[]))""",
        [kind, list(caption_ids)],
    )
    return {row["caption_id"]: row | {"reasons": json.loads(row["reasons"])} for row in rows}


def keys(store: Store, kind: ScoreKind) -> dict[str, tuple[str, str, str]]:
    """Return for each scored caption the ``(revision_id, encoder, settings)`` that its score was computed on."""
    rows = store.rows("SELECT caption_id, revision_id, encoder, settings FROM score WHERE kind = ?", [kind])
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def coarse_ahead(store: Store) -> Any:
    """Return the captions still to judge in the queue's order.

    Arrow columns ``value``, the coarse score in [0, 1], and ``priority``, the place in the order: high comes first. A
    text that changed counts with the score of the earlier one until it is scored anew.
    """
    return store.arrow(
        """SELECT s.value, t.priority FROM item t JOIN score s ON s.kind = 'coarse' AND s.caption_id = t.caption_id
        WHERE t.queue = 'coarse' AND t.status <> 'done' ORDER BY t.priority DESC, s.value DESC"""
    )


def found_coarse(store: Store) -> int:
    """Return how many captions were judged coarse so far."""
    found = store.value("SELECT count(*) FROM item WHERE queue = 'coarse' AND status = 'done' AND verdict = 'coarse'")
    return int(found or 0)


def coarse_spread(store: Store, bins: int) -> dict[int, dict[str, int]]:
    """Return by bin of the coarse score, from 0, how many captions are ``open`` and how many have which verdict.

    A bin holds its lower end, the last one 1 as well. Captions whose judged text is no longer the scored one are
    counted as ``rewritten``.
    """
    found: dict[int, dict[str, int]] = {bin: {} for bin in range(bins)}
    for bin, verdict, number in store.rows(
        """SELECT least(floor(s.value * ?)::INTEGER, ? - 1) AS bin, CASE WHEN t.status <> 'done' THEN 'open'
            WHEN r.made_at >= t.decided_at THEN 'rewritten' ELSE t.verdict END AS verdict, count(*)
        FROM item t JOIN score s ON s.kind = 'coarse' AND s.caption_id = t.caption_id
        LEFT JOIN (SELECT id, made_at FROM revision WHERE n > 1) r ON r.id = s.revision_id
        WHERE t.queue = 'coarse' GROUP BY ALL""",
        [bins, bins],
    ):
        found[bin][verdict] = number
    return found


def put_rivals(store: Store, table: Any) -> int:
    """Replace the rivals of the captions in an Arrow table with the columns of the table ``rival``."""
    return _replace(store, "rival", table, ["caption_id"])


def rivals(store: Store, caption_id: str) -> dict[str, Any] | None:
    """Return the rivals of a caption's current revision, best first, or None where none are computed."""
    rows = store.records(
        """SELECT v.*, v.revision_id <> c.revision_id AS stale FROM rival v JOIN caption c ON c.id = v.caption_id
        WHERE v.caption_id = ?""",
        [caption_id],
    )
    return rows[0] if rows else None


def suggestion_id(revision_id: str, suggestion: Suggestion) -> str:
    """Return an id that the same suggestion on the same revision always has."""
    body = "\n".join((revision_id, suggestion.kind, suggestion.source, suggestion.text))
    return hashlib.sha256(body.encode()).hexdigest()[:20]


def put_suggestions(
    store: Store,
    found: Sequence[tuple[str, str, Sequence[Suggestion]]],
    *,
    encoder: str,
    settings: str,
    kept_back: Mapping[str, Sequence[tuple[str, str, int]]] | None = None,
) -> int:
    """Replace the suggestions of captions: ``(caption_id, revision_id, best first)`` each; return how many there are.

    A caption with an empty list is remembered as sought, so that it is not sought again. ``kept_back`` says by caption
    what nobody may see of what was found: reason, sensitive word or '', number.
    """
    import pyarrow as pa

    rows = [
        {
            "id": suggestion_id(revision, one), "caption_id": caption, "revision_id": revision, "kind": one.kind,
            "n": n, "text": one.text, "source": one.source, "spans": to_json(one.spans),
            "evidence": to_json(one.evidence),
        }
        for caption, revision, suggestions in found
        for n, one in enumerate(suggestions, start=1)
    ]  # fmt: skip
    names = ("id", "caption_id", "revision_id", "kind", "n", "text", "source", "spans", "evidence")
    schema = pa.schema([(name, pa.int32() if name == "n" else pa.string()) for name in names])
    sought = pa.table({"caption_id": [one[0] for one in found], "revision_id": [one[1] for one in found]})
    dropped = [(caption, *one) for caption, _, _ in found for one in (kept_back or {}).get(caption, ())]

    def write(connection: Connection) -> int:
        connection.register("fresh", pa.Table.from_pylist(rows, schema=schema))
        connection.register("sought", sought)
        for table in ("suggestion", "suggested", "kept_back"):
            connection.execute(f"DELETE FROM {table} WHERE caption_id IN (SELECT caption_id FROM sought)")
        connection.execute("INSERT INTO suggestion SELECT *, ?, ?, now()::TIMESTAMP FROM fresh", [encoder, settings])
        connection.execute("INSERT INTO suggested SELECT *, ?, ? FROM sought", [encoder, settings])
        connection.unregister("fresh")
        connection.unregister("sought")
        if dropped:
            values = ", ".join(["(?, ?, ?, ?)"] * len(dropped))
            connection.execute(f"INSERT INTO kept_back VALUES {values}", [part for one in dropped for part in one])
        return len(rows)

    return store.write(write)


def suggestions(store: Store, caption_id: str, kind: str | None = None) -> list[dict[str, Any]]:
    """Return the suggestions on a caption's current revision, best first, with ``spans`` and ``evidence``."""
    rows = store.records(
        """SELECT s.* FROM suggestion s JOIN caption c ON c.id = s.caption_id AND c.revision_id = s.revision_id
        WHERE s.caption_id = ? AND (?::TEXT IS NULL OR s.kind = ?) ORDER BY s.n""",
        [caption_id, kind, kind],
    )
    return [row | {"spans": json.loads(row["spans"]), "evidence": json.loads(row["evidence"])} for row in rows]


def sought(store: Store) -> dict[str, tuple[str, str, str]]:
    """Return for each caption the ``(revision_id, encoder, settings)`` for which suggestions were last sought."""
    rows = store.rows("SELECT caption_id, revision_id, encoder, settings FROM suggested")
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def sought_for(store: Store, caption_ids: Sequence[str]) -> dict[str, tuple[str, str, str]]:
    """Return the same for some captions."""
    rows = store.rows(
        """SELECT caption_id, revision_id, encoder, settings FROM suggested
        WHERE caption_id IN (SELECT unnest(?::TEXT[]))""",
        [list(caption_ids)],
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def to_suggest_for(store: Store, splits: Sequence[str], ahead: int) -> Any:
    """Return the captions for which suggestions are of use, the most urgent first, with their rivals.

    Those that wait in the rewrites or attributes queue come first, then the ``ahead`` likeliest coarse ones that
    nobody has judged. Arrow columns: ``id, revision_id, image_id, i, split, text_hash, rivals``.
    """
    return store.arrow(
        """WITH waiting AS (
            SELECT caption_id, max(priority) + 1e6 AS urgency FROM item
            WHERE queue IN ('rewrites', 'attributes') AND status <> 'done' GROUP BY caption_id),
        likely AS (
            SELECT t.caption_id, t.priority AS urgency FROM item t
            WHERE t.queue = 'coarse' AND t.status <> 'done' AND t.caption_id NOT IN (SELECT caption_id FROM waiting)
            ORDER BY t.priority DESC, t.caption_id LIMIT ?),
        chosen AS (SELECT * FROM waiting UNION ALL SELECT * FROM likely)
        SELECT c.id, c.revision_id, c.image_id, c.i, c.split, c.text_hash,
            coalesce(v.image_ids, []::TEXT[]) AS rivals
        FROM chosen k JOIN caption c ON c.id = k.caption_id LEFT JOIN rival v ON v.caption_id = c.id
        WHERE list_contains(?::TEXT[], c.split) ORDER BY k.urgency DESC, c.id""",
        [ahead, list(splits)],
    )


def stale(store: Store, encoder: str) -> dict[str, int]:
    """Count the captions in review whose score, rivals or suggestions are older than their text.

    Captions of other splits are not counted: no job computes anything for them.
    """
    row = store.rows(
        """WITH reviewed AS (SELECT id, revision_id FROM caption WHERE list_contains(?::TEXT[], split)) SELECT
            (SELECT count(*) FROM reviewed c JOIN score s ON s.caption_id = c.id AND s.kind = 'coarse'
                WHERE s.revision_id <> c.revision_id),
            (SELECT count(*) FROM reviewed c JOIN rival v ON v.caption_id = c.id
                WHERE v.revision_id <> c.revision_id AND v.encoder = ?),
            (SELECT count(DISTINCT t.caption_id) FROM item t JOIN reviewed c ON c.id = t.caption_id
                WHERE t.queue IN ('rewrites', 'attributes') AND t.status <> 'done' AND NOT EXISTS (
                SELECT 1 FROM suggested s WHERE s.caption_id = c.id AND s.revision_id = c.revision_id))""",
        [workspace_settings.get(store, "review_splits"), encoder],
    )[0]
    return {"scores": row[0], "rivals": row[1], "suggestions": row[2]}


def lacking_ahead(store: Store) -> tuple[int, int]:
    """Return how many of the next captions of the coarse queue lack suggestions, and how many were looked at.

    That is half of what ``suggest_ahead`` asks for, so that the search runs on before people come to its end; none
    where suggestions were never sought.
    """
    ahead = int(workspace_settings.get(store, "suggest_ahead"))
    row = store.rows(
        """WITH next AS (
            SELECT caption_id FROM item WHERE queue = 'coarse' AND status <> 'done' AND EXISTS (SELECT 1 FROM suggested)
            ORDER BY priority DESC, caption_id LIMIT ?)
        SELECT count(*) FILTER (WHERE s.caption_id IS NULL), count(*)
        FROM next n LEFT JOIN suggested s ON s.caption_id = n.caption_id""",
        [ahead // 2],
    )[0]
    return row[0], row[1]


def _replace(store: Store, name: str, table: Any, keys: Sequence[str]) -> int:
    """Delete the rows of ``name`` whose keys stand in ``table`` and insert the table's rows by column name."""
    matches = " AND ".join(f"{name}.{key} = fresh.{key}" for key in keys)

    def write(connection: Connection) -> int:
        connection.register("fresh", table)
        connection.execute(f"DELETE FROM {name} WHERE EXISTS (SELECT 1 FROM fresh WHERE {matches})")
        connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM fresh")
        connection.unregister("fresh")
        return int(table.num_rows)

    return store.write(write)
