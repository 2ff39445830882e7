"""What people were offered and what became of it: the counts by which sources of suggestions are ordered."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from curation.records import Decision, detail_type
from curation.store.connection import Connection, Store, to_json
from curation.store.deriving import COUNTING
from curation.store.verdicts import REASONS

AGAINST = tuple(reason for reason in REASONS if reason not in ("wrong image", "other"))
"""Reasons of a rejection that speak of the suggestion; a wrong pair is no fault of a source."""

Cell = tuple[str, str]
"""A source and a type of detail."""


@dataclass(slots=True)
class Fates:
    """What became of the suggestions of one source and type. Each counts once for each person and item.

    ``accepted`` as they stood, ``edited`` and then saved, ``passed`` over for another one or for words of the person's
    own, ``rejected`` for a reason that speaks of them. The others say nothing about the source: ``below`` the one that
    was taken, so perhaps unread, and ``other``: the caption was fine, the pair was wrong, or another noun got a word.
    ``reasons`` counts the reasons of edits and rejections, ``{"attribute": 3}``.
    """

    accepted: int = 0
    edited: int = 0
    passed: int = 0
    rejected: int = 0
    below: int = 0
    other: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: Fates) -> Fates:
        """Return the counts of both together."""
        names = ("accepted", "edited", "passed", "rejected", "below", "other")
        numbers = {name: getattr(self, name) + getattr(other, name) for name in names}
        return Fates(**numbers, reasons=dict(Counter(self.reasons) + Counter(other.reasons)))

    @property
    def shown(self) -> int:
        return self.judged + self.below + self.other

    @property
    def taken(self) -> int:
        return self.accepted + self.edited

    @property
    def judged(self) -> int:
        """How many say something about the source: those taken, passed over and rejected."""
        return self.taken + self.passed + self.rejected


def told(connection: Connection, decision: Decision) -> tuple[str | None, str | None]:
    """Return what is logged of suggestions with a decision: the source of the one it names, and as JSON those that were
    on the screen, in their order. Ids that are no suggestions of the caption are left out.
    """
    if not decision.offered:
        found = connection.execute("SELECT source FROM suggestion WHERE id = ? LIMIT 1", [decision.suggestion_id])
        row = found.fetchone() if decision.suggestion_id else None
        return (row[0] if row else None), None
    rows = connection.execute(
        "SELECT id, source, kind, evidence FROM suggestion WHERE caption_id = ?", [decision.caption_id]
    ).fetchall()
    known = {id: (source, kind, evidence) for id, source, kind, evidence in rows}
    taken = {*decision.taken} or {decision.suggestion_id or ""}
    shown = [_line(id, *known[id], taken=id in taken) for id in dict.fromkeys(decision.offered) if id in known]
    source = known[decision.suggestion_id][0] if decision.suggestion_id in known else None
    return source, to_json(shown) if shown else None


def _line(id: str, source: str, kind: str, body: str, *, taken: bool) -> dict[str, Any]:
    evidence = json.loads(body)
    slot = str(evidence.get("slot_span", "")) if kind == "attribute" else ""
    return {"slot": slot, "id": id, "source": source, "type": detail_type(evidence), "taken": taken}


def fates(store: Store) -> dict[Cell, Fates]:
    """Return what became of suggestions by source and type, over the standing answers to rewrites and attributes.

    Of each person the latest answer to an item counts; answers to gold items, skips and doubts do not. Below the one
    that was taken nothing is passed over, since people read from the top (the cascade model: Craswell et al., WSDM
    2008): what is shown last would be counted down for its place.
    """
    found: dict[Cell, Fates] = {}
    for source, kind, fate, reason, number in store.rows(
        f"""WITH answer AS (
            SELECT d.id AS decision, d.verdict, d.reason, d.offered FROM decision d
            WHERE d.queue IN ('rewrites', 'attributes') AND d.verdict IN ('accept', 'edit', 'reject', 'fine')
                AND {COUNTING}
            QUALIFY row_number() OVER (PARTITION BY d.queue, d.item_id, d.person ORDER BY d.seq DESC) = 1),
        line AS (
            SELECT decision, verdict, reason, unnest(offered, recursive := true), generate_subscripts(offered, 1) AS n
            FROM answer),
        shown AS (
            SELECT source, type, taken, n, verdict, reason,
                min(CASE WHEN taken THEN n END) OVER (PARTITION BY decision, slot) AS first_taken,
                bool_or(taken) OVER (PARTITION BY decision) AS any_taken
            FROM line)
        SELECT source, type, CASE
            WHEN taken THEN CASE verdict WHEN 'accept' THEN 'accepted' WHEN 'edit' THEN 'edited' ELSE 'other' END
            WHEN verdict = 'reject' THEN CASE WHEN list_contains(?::TEXT[], reason) THEN 'rejected' ELSE 'other' END
            WHEN verdict = 'fine' THEN 'other'
            WHEN n < first_taken OR NOT any_taken THEN 'passed'
            WHEN first_taken IS NOT NULL THEN 'below' ELSE 'other' END AS fate,
            CASE WHEN verdict = 'reject' OR (taken AND verdict = 'edit') THEN reason ELSE '' END AS why, count(*)
        FROM shown GROUP BY ALL ORDER BY ALL""",
        [list(AGAINST)],
    ):
        one = found.setdefault((source, kind), Fates())
        setattr(one, fate, getattr(one, fate) + number)
        if reason:
            one.reasons[reason] = one.reasons.get(reason, 0) + number
    return found


def standing(store: Store) -> dict[str, int]:
    """Return how many suggestions stand on current texts, by source."""
    return dict(
        store.rows(
            """SELECT s.source, count(*) FROM suggestion s
            JOIN caption c ON c.id = s.caption_id AND c.revision_id = s.revision_id GROUP BY ALL ORDER BY ALL"""
        )
    )


def kept_back(store: Store) -> list[tuple[str, str, int]]:
    """Return what the gates kept back on current texts: reason, sensitive word ('' else), number; the most first."""
    return store.rows(
        """SELECT k.reason, k.word, sum(k.n)::BIGINT AS number FROM kept_back k
        JOIN caption c ON c.id = k.caption_id JOIN suggested s ON s.caption_id = c.id AND s.revision_id = c.revision_id
        GROUP BY ALL ORDER BY number DESC, k.reason, k.word"""
    )
