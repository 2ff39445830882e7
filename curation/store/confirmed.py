"""Insertions that a person has confirmed as true: suggestions of some source, accepted word for word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curation.store.connection import Store
from curation.store.deriving import COUNTING


def insertions(store: Store, sources: Sequence[str]) -> list[dict[str, Any]]:
    """Return accepted suggestions of ``sources`` with both texts, by image and caption.

    Each with ``caption_id, image_id, i, split, original, original_hash, modified, modified_hash, person, decision_id``.
    One that was taken back does not count, nor one that the person changed: that is a text of their own.
    """
    return store.records(
        f"""SELECT c.id AS caption_id, c.image_id, c.i, c.split, p.text AS original, p.text_hash AS original_hash,
            r.text AS modified, r.text_hash AS modified_hash, r.person, d.id AS decision_id
        FROM revision r JOIN revision p ON p.id = r.parent_id AND p.caption_id = r.caption_id
        JOIN caption c ON c.id = r.caption_id JOIN decision d ON d.id = r.decision_id
        WHERE list_contains(?::TEXT[], r.source) AND {COUNTING} ORDER BY c.image_id, c.i, r.n""",
        [list(sources)],
    )


def examples(store: Store, number: int) -> list[tuple[str, str]]:
    """Return the latest captions with the finer wording that a person accepted or wrote, the latest first."""
    return [
        (before, after)
        for before, after in store.rows(
            f"""SELECT p.text, r.text FROM decision d JOIN revision r ON r.decision_id = d.id
            JOIN revision p ON p.id = r.parent_id AND p.caption_id = r.caption_id
            WHERE d.queue IN ('rewrites', 'attributes') AND r.source <> 'stress_words' AND {COUNTING}
            ORDER BY d.seq DESC LIMIT ?""",
            [number],
        )
    ]
