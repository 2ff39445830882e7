"""Which items stand in which queue: set-based upkeep of the ``item`` table, inside a write.

Items follow from captions, scores and candidates; ``decisions`` fills in who judged what.
"""

from __future__ import annotations

from curation.store import settings
from curation.store.connection import Connection

OPENED = 2.0
"""Priority of an item that a person's verdict opened: above every score, since scores end at 1."""


def open_coarse(connection: Connection) -> None:
    """Give every caption of the reviewed splits one item in the coarse queue."""
    connection.execute(
        """INSERT INTO item (queue, id, caption_id, image_id, priority, status)
        SELECT 'coarse', c.id, c.id, '', 0, 'todo' FROM caption c
        WHERE list_contains(?::TEXT[], c.split)
        AND NOT EXISTS (SELECT 1 FROM item t WHERE t.queue = 'coarse' AND t.id = c.id)""",
        [settings.get_in(connection, "review_splits")],
    )


def close_unreviewed(connection: Connection) -> None:
    """Take out unjudged items of splits that are no longer reviewed, but not what a person's verdict opened."""
    connection.execute(
        """DELETE FROM item WHERE decision_id IS NULL AND opened_by IS NULL AND caption_id IN (
            SELECT id FROM caption WHERE NOT list_contains(?::TEXT[], split))""",
        [settings.get_in(connection, "review_splits")],
    )


def rank_coarse(connection: Connection) -> None:
    """Order the coarse queue by the score of each caption's current revision, high first."""
    connection.execute(
        """UPDATE item SET priority = s.value FROM score s JOIN caption c
        ON c.id = s.caption_id AND c.revision_id = s.revision_id
        WHERE s.kind = 'coarse' AND item.queue = 'coarse' AND item.caption_id = c.id"""
    )
    rank_opened(connection)


def rank_opened(connection: Connection, caption_id: str | None = None) -> None:
    """Order the rewrites and attributes queues as the coarse queue is ordered."""
    connection.execute(
        """UPDATE item SET priority = p.priority FROM item p
        WHERE p.queue = 'coarse' AND item.queue IN ('rewrites', 'attributes') AND p.caption_id = item.caption_id
        AND (?::TEXT IS NULL OR item.caption_id = ?)""",
        [caption_id, caption_id],
    )


def close_opened(connection: Connection, decision_id: str) -> None:
    """Take back what a decision opened: items that a score put there stay, at the score's place."""
    connection.execute(
        """UPDATE item SET opened_by = NULL, priority = coalesce((SELECT max(s.value) FROM score s
            WHERE s.kind = item.queue AND s.caption_id = item.caption_id), 0)
        WHERE opened_by = ? AND decision_id IS NULL AND by_score""",
        [decision_id],
    )
    connection.execute("DELETE FROM item WHERE opened_by = ? AND decision_id IS NULL", [decision_id])


def rank_noise(connection: Connection) -> None:
    """Put the most suspicious share of the reviewed pairs into the noise queue, high first.

    Items that a verdict elsewhere opened keep their place at the head.
    """
    share, splits = settings.get_in(connection, "noise_share"), settings.get_in(connection, "review_splits")
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE suspicious AS
        SELECT s.caption_id, s.value FROM score s JOIN caption c
        ON c.id = s.caption_id AND c.revision_id = s.revision_id
        WHERE s.kind = 'noise' AND list_contains(?::TEXT[], c.split)
        QUALIFY row_number() OVER (ORDER BY s.value DESC, s.caption_id) <= ceil(? * count(*) OVER ())""",
        [splits, share],
    )
    connection.execute(
        """DELETE FROM item WHERE queue = 'noise' AND decision_id IS NULL AND opened_by IS NULL AND by_score
        AND caption_id NOT IN (SELECT caption_id FROM suspicious)"""
    )
    connection.execute(
        """UPDATE item SET priority = s.value FROM suspicious s
        WHERE item.queue = 'noise' AND item.caption_id = s.caption_id AND item.opened_by IS NULL"""
    )
    connection.execute(
        """INSERT INTO item (queue, id, caption_id, image_id, priority, status, by_score)
        SELECT 'noise', caption_id, caption_id, '', value, 'todo', true FROM suspicious
        WHERE caption_id NOT IN (SELECT caption_id FROM item WHERE queue = 'noise')"""
    )


def open_candidates(connection: Connection) -> None:
    """Give every candidate that is no near duplicate an item in the pool queue, the riskiest first."""
    connection.execute(
        """DELETE FROM item WHERE queue = 'pool' AND decision_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM candidate k WHERE k.caption_id = item.caption_id AND k.image_id = item.image_id
            AND NOT k.duplicate)"""
    )
    connection.execute(
        """UPDATE item SET priority = k.risk FROM candidate k
        WHERE item.queue = 'pool' AND k.caption_id = item.caption_id AND k.image_id = item.image_id"""
    )
    connection.execute(
        """INSERT INTO item (queue, id, caption_id, image_id, priority, status)
        SELECT 'pool', k.caption_id || '|' || k.image_id, k.caption_id, k.image_id, k.risk, 'todo'
        FROM candidate k JOIN caption c ON c.id = k.caption_id AND list_contains(?::TEXT[], c.split)
        WHERE NOT k.duplicate AND NOT EXISTS (SELECT 1 FROM item t
            WHERE t.queue = 'pool' AND t.caption_id = k.caption_id AND t.image_id = k.image_id)""",
        [settings.get_in(connection, "review_splits")],
    )
