"""Text defects of captions: which images are still to be searched, what was found, and how many wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curation.store.connection import Connection, Store
from curation.store.queues import OPEN

STANDING = "text_defect d JOIN caption c ON c.id = d.caption_id AND c.revision_id = d.revision_id"
"""SQL: the defects ``d`` of current texts ``c``; those of earlier texts are gone with the text."""


def to_search(store: Store, splits: Sequence[str], pipeline: str, detectors: str) -> Any:
    """Return the captions of every image that changed since it was searched for defects, or never was.

    ``detectors`` names what searches: another name, and every image is searched anew. Arrow columns ``caption_id,
    image_id, key, revision_id, text, language, body`` in order; ``body`` is the analysis as JSON text. Images with
    English captions that are not analysed yet are left out.
    """
    return store.arrow(
        """WITH reviewed AS (
            SELECT c.*, a.body::TEXT AS body FROM caption c
            LEFT JOIN analysis a ON a.text_hash = c.text_hash AND a.pipeline = ?
            WHERE list_contains(?::TEXT[], c.split)),
        keyed AS (
            SELECT image_id, md5(? || string_agg(revision_id, ' ' ORDER BY i)) AS key FROM reviewed GROUP BY image_id
            HAVING bool_and(body IS NOT NULL OR language <> 'en'))
        SELECT r.id AS caption_id, r.image_id, k.key, r.revision_id, r.text, r.language, r.body
        FROM reviewed r JOIN keyed k USING (image_id)
        WHERE (r.image_id, k.key) NOT IN (SELECT (image_id, key) FROM defect_search) ORDER BY r.image_id, r.i""",
        [pipeline, list(splits), detectors],
    )


def put(store: Store, found: Any, searched: Any) -> None:
    """Replace the defects of images: Arrow tables with the columns of ``text_defect`` and of ``defect_search``."""

    def write(connection: Connection) -> None:
        connection.register("found", found)
        connection.register("searched_now", searched)
        connection.execute(
            """DELETE FROM text_defect WHERE caption_id IN (
                SELECT id FROM caption WHERE image_id IN (SELECT image_id FROM searched_now))"""
        )
        connection.execute("DELETE FROM defect_search WHERE image_id IN (SELECT image_id FROM searched_now)")
        connection.execute("INSERT INTO text_defect BY NAME SELECT * FROM found")
        connection.execute("INSERT INTO defect_search BY NAME SELECT * FROM searched_now")
        connection.unregister("found")
        connection.unregister("searched_now")

    store.write(write)


def of_captions(store: Store, caption_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the defects of the captions' current texts, ``kind, start, stop, wrong, repair``, by position."""
    found: dict[str, list[dict[str, Any]]] = {caption_id: [] for caption_id in caption_ids}
    for row in store.records(
        f"""SELECT d.caption_id, d.kind, d.start, d.stop, d.wrong, d.repair FROM {STANDING}
        WHERE d.caption_id IN (SELECT unnest(?::TEXT[])) ORDER BY d.start, d.stop, d.kind""",
        [list(caption_ids)],
    ):
        found[row.pop("caption_id")].append(row)
    return found


def waiting(store: Store) -> dict[str, int]:
    """Return by kind how many captions with such a defect the coarse queue still holds, most first; ``any`` for all."""
    rows = store.rows(
        f"""WITH waits AS (SELECT DISTINCT d.caption_id, d.kind FROM {STANDING}
            JOIN item t ON t.queue = 'coarse' AND t.id = d.caption_id WHERE {OPEN})
        SELECT kind, count(*) AS n FROM waits GROUP BY kind
        UNION ALL SELECT 'any', count(DISTINCT caption_id) FROM waits ORDER BY n DESC, kind"""
    )
    return dict(rows)
