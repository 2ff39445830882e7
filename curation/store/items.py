"""Which items stand in which queue: set-based upkeep of the ``item`` table, inside a write.

Items follow from captions, scores and candidates; ``decisions`` fills in who judged what.
"""

from __future__ import annotations

from curation.store import dealing, settings, tally
from curation.store.connection import Connection
from curation.store.verdicts import EXCLUDED

COARSE = 0.5
"""Coarse score from which a caption is taken for coarse until a person has said otherwise."""

OPENED = 2.0
"""Priority of a pair that a person doubts: above every score, since scores end at 1."""


def open_coarse(connection: Connection) -> None:
    """Give every caption of the reviewed splits one item in the coarse queue."""
    connection.execute(
        f"""INSERT INTO item (queue, id, caption_id, image_id, priority, status, by_score, bucket)
        SELECT 'coarse', c.id, c.id AS caption_id, '', 0, 'todo', true, {dealing.BUCKET} FROM caption c
        WHERE list_contains(?::TEXT[], c.split)
        AND NOT EXISTS (SELECT 1 FROM item t WHERE t.queue = 'coarse' AND t.id = c.id)""",
        [settings.get_in(connection, "review_splits")],
    )
    note_facts(connection)
    tally.recount(connection)


def note_facts(connection: Connection) -> None:
    """Note with new items what lists are filtered by: facts of their captions, and the coarse score."""
    connection.execute(
        """UPDATE item SET split = c.split, language = c.language, generated = coalesce(c.generated, false),
            coarse = s.value FROM caption c
        LEFT JOIN score s ON s.kind = 'coarse' AND s.caption_id = c.id
        WHERE c.id = item.caption_id AND item.split = ''"""
    )


def close_unreviewed(connection: Connection) -> None:
    """Take out unjudged items of splits that are no longer reviewed, but not what a person's verdict opened."""
    connection.execute(
        """DELETE FROM item WHERE decision_id IS NULL AND opened_by IS NULL AND caption_id IN (
            SELECT id FROM caption WHERE NOT list_contains(?::TEXT[], split))""",
        [settings.get_in(connection, "review_splits")],
    )


def rank_coarse(connection: Connection) -> None:
    """Order the coarse queue by the scores of the captions' current revisions: the likeliest, the uncertain mixed in.

    The order is that of ``curation.coarse.choosing.mixed_order``; it follows from the scores, which name their model,
    and from the setting ``informative_share`` alone. What stands at place k takes the k-th highest score as its
    priority, so that with a share of 0 every priority is the caption's own score.
    """
    connection.execute(
        """WITH scored AS (
            SELECT t.id, s.value FROM item t JOIN caption c ON c.id = t.caption_id
            JOIN score s ON s.kind = 'coarse' AND s.caption_id = c.id AND s.revision_id = c.revision_id
            WHERE t.queue = 'coarse'),
        ranked AS (
            SELECT id, value, row_number() OVER (ORDER BY value DESC, id) AS likeliest,
                row_number() OVER (ORDER BY abs(value - 0.5), id) AS uncertain FROM scored),
        placed AS (
            SELECT r.id, row_number() OVER (ORDER BY least(likeliest * k.share, uncertain * (1 - k.share)),
                CASE WHEN k.share = 1 THEN uncertain ELSE likeliest END) AS place
            FROM ranked r, (SELECT ?::DOUBLE AS share) k)
        UPDATE item SET priority = v.value FROM placed p JOIN ranked v ON v.likeliest = p.place
        WHERE item.queue = 'coarse' AND item.id = p.id""",
        [settings.get_in(connection, "informative_share")],
    )
    connection.execute(
        """UPDATE item SET coarse = s.value FROM score s
        WHERE s.kind = 'coarse' AND s.caption_id = item.caption_id AND item.coarse IS DISTINCT FROM s.value"""
    )
    _rank_texts(connection)
    open_candidates(connection)


def _rank_texts(connection: Connection) -> None:
    """Order the rewrites and attributes queues as the coarse queue is ordered."""
    connection.execute(
        """UPDATE item SET priority = p.priority FROM item p
        WHERE p.queue = 'coarse' AND item.queue IN ('rewrites', 'attributes') AND p.caption_id = item.caption_id"""
    )


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
        f"""INSERT INTO item (queue, id, caption_id, image_id, priority, status, by_score, bucket)
        SELECT 'noise', caption_id, caption_id, '', value, 'todo', true, {dealing.BUCKET} FROM suspicious
        WHERE caption_id NOT IN (SELECT caption_id FROM item WHERE queue = 'noise')"""
    )
    open_candidates(connection)


def open_candidates(connection: Connection) -> None:
    """Put the likeliest false negatives into the pool queue: a few pool images per target, the riskiest first.

    A pool image is asked about with that caption of the target which it fits best. Captions that are coarse or
    in doubt as a pair are left out: nearly every image fits them, so they are rewritten or repaired first.
    """
    connection.execute(_AT_RISK, [settings.get_in(connection, "review_splits"), list(EXCLUDED), COARSE])
    connection.execute(
        """DELETE FROM at_risk WHERE (caption_id, image_id) NOT IN (SELECT (caption_id, image_id) FROM at_risk
        QUALIFY row_number() OVER (PARTITION BY target_id ORDER BY risk DESC, caption_id, image_id) <= ?)""",
        [settings.get_in(connection, "pool_per_target")],
    )
    connection.execute(
        """DELETE FROM item WHERE queue = 'pool' AND decision_id IS NULL
        AND (caption_id, image_id) NOT IN (SELECT (caption_id, image_id) FROM at_risk)"""
    )
    connection.execute(
        """UPDATE item SET priority = k.risk FROM candidate k
        WHERE item.queue = 'pool' AND k.caption_id = item.caption_id AND k.image_id = item.image_id"""
    )
    connection.execute(
        f"""INSERT INTO item (queue, id, caption_id, image_id, priority, status, by_score, bucket)
        SELECT 'pool', k.caption_id || '|' || k.image_id, k.caption_id, k.image_id, k.risk, 'todo', true,
            {dealing.BUCKET} FROM at_risk k WHERE NOT EXISTS (SELECT 1 FROM item t
            WHERE t.queue = 'pool' AND t.caption_id = k.caption_id AND t.image_id = k.image_id)"""
    )
    connection.execute("DROP TABLE at_risk")
    note_facts(connection)
    tally.recount(connection)


_AT_RISK = """CREATE OR REPLACE TEMP TABLE at_risk AS
SELECT k.caption_id, k.image_id, k.target_id, k.risk FROM candidate k
JOIN caption c ON c.id = k.caption_id AND list_contains(?::TEXT[], c.split)
LEFT JOIN item judged ON judged.queue = 'coarse' AND judged.id = k.caption_id
LEFT JOIN item doubted ON doubted.queue = 'noise' AND doubted.id = k.caption_id
LEFT JOIN score s ON s.kind = 'coarse' AND s.caption_id = k.caption_id AND s.revision_id = c.revision_id
WHERE NOT k.duplicate
AND (doubted.id IS NULL OR (doubted.status = 'done' AND NOT list_contains(?::TEXT[], doubted.verdict)))
AND (coalesce(judged.verdict, '') = 'fine' OR coalesce(s.value, 0) < ?)
QUALIFY row_number() OVER (PARTITION BY k.target_id, k.image_id ORDER BY k.risk DESC, k.caption_id) = 1"""
