"""What a person reads beside a caption to judge it: a few reads for a handful of captions, not a few for each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from curation.store.connection import Store

Row = dict[str, Any]

_ASKED = "IN (SELECT unnest(?::TEXT[]))"


@dataclass(slots=True)
class Brief:
    """Everything computed or decided about one caption, as far as it was asked for.

    ``score`` and ``rivals`` carry ``stale`` where the text has changed since; ``suggestions`` are those on the
    current revision, best first; ``history`` is newest first; ``candidates`` are by image id.
    """

    score: Row | None = None
    rivals: Row | None = None
    suggestions: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)
    candidates: dict[str, Row] = field(default_factory=dict)


def of(
    store: Store,
    caption_ids: Sequence[str],
    *,
    score: Literal["coarse", "noise"],
    suggestions: Literal["rewrite", "attribute"] | None = None,
    candidates: bool = False,
) -> dict[str, Brief]:
    """Return the brief of every caption asked for."""
    ids = sorted(set(caption_ids))
    found = {caption_id: Brief() for caption_id in ids}
    asked = f"IN ({', '.join('?' * len(ids))})"
    current: dict[str, str] = (
        dict(store.rows(f"SELECT id, revision_id FROM caption WHERE id {asked}", ids)) if ids else {}
    )
    for row in _computed(store, "score", f"kind = '{score}' AND caption_id {_ASKED}", ids, current):
        found[row["caption_id"]].score = row | {name: json.loads(row[name]) for name in ("reasons", "parts")}
    for row in _computed(store, "rival", f"caption_id {_ASKED}", ids, current):
        found[row["caption_id"]].rivals = row
    for row in _suggestions(store, ids, suggestions) if suggestions else []:
        found[row["caption_id"]].suggestions.append(row)
    for row in _history(store, ids):
        found[row["caption_id"]].history.append(row)
    if candidates:
        for row in store.records(f"SELECT * FROM candidate WHERE caption_id {_ASKED}", [ids]):
            found[row["caption_id"]].candidates[row["image_id"]] = row
    return found


def _computed(store: Store, table: str, where: str, ids: list[str], current: dict[str, str]) -> list[Row]:
    """Return what was computed on captions; ``stale`` is looked at here, since a join costs twice as much."""
    rows = store.records(f"SELECT * FROM {table} WHERE {where}", [ids])
    return [
        row | {"stale": row["revision_id"] != current[row["caption_id"]]}
        for row in rows
        if row["caption_id"] in current
    ]


def _suggestions(store: Store, ids: list[str], kind: str) -> list[Row]:
    rows = store.records(
        f"""SELECT s.* FROM suggestion s JOIN caption c ON c.id = s.caption_id AND c.revision_id = s.revision_id
        WHERE s.kind = ? AND s.caption_id {_ASKED} ORDER BY s.n""",
        [kind, ids],
    )
    return [row | {"spans": json.loads(row["spans"]), "evidence": json.loads(row["evidence"])} for row in rows]


def _history(store: Store, ids: list[str]) -> list[Row]:
    """Return what was decided, newest first, with the text that came of it; most decisions made none."""
    rows = store.records(
        f"""SELECT d.caption_id, d.id, d.made_at, d.person, d.queue, d.image_id, d.verdict, d.reason, d.applied,
            d.message, d.undoes, d.suggestion_source, d.made_revision_id
        FROM decision d WHERE d.caption_id {_ASKED} ORDER BY d.seq DESC""",
        [ids],
    )
    made = [row["made_revision_id"] for row in rows if row["made_revision_id"]]
    texts: dict[str, str] = dict(store.rows(f"SELECT id, text FROM revision WHERE id {_ASKED}", [made])) if made else {}
    return [row | {"text": texts.get(row.pop("made_revision_id"))} for row in rows]
