"""A workspace of any size with a long log, made in seconds: what a lab has after a year of judging.

The tables are filled by SQL instead of a million calls, in the very state that the real functions would have left
behind: a test holds a small one against ``decisions.rebuild``. The log: about two thirds of the captions were judged
as coarse or not, one to four times by twenty people; some verdicts were taken back, some passed over, some captions
edited; what those verdicts opened was judged in part, and so was the pool.
"""

from __future__ import annotations

from curation.store import Store, items, settings, tally
from curation.store.connection import Connection
from curation.store.dealing import BUCKET

PEOPLE = 20
PER_IMAGE = 5
TEXT_SHARE = 0.06
"""Share of the captions that were edited."""

_WORDS = {
    "who": "man woman child girl boy dog cat horse crowd couple player rider cyclist surfer vendor runner",
    "how": "small young old tall striped spotted wet muddy smiling tired barefoot masked bearded lonely",
    "does": "runs jumps sits stands waits sleeps climbs swims throws_a_ball rides_a_bike looks_up dances",
    "where": "street beach field park kitchen river bridge station market mountain pool stage garden pier",
    "dress": "red blue green yellow black white orange purple grey brown pink plaid",
}


def fill(store: Store, *, images: int, pool: int | None = None) -> None:
    """Fill an empty store with ``images`` test images of five captions each, ``pool`` pool images, and the log."""
    store.write(lambda connection: _fill(connection, images, images // 10 if pool is None else pool))


def _fill(connection: Connection, images: int, pool: int) -> None:
    connection.execute("CREATE OR REPLACE TEMP MACRO dice(a, b) AS (hash(a || '/' || b) % 1000000) / 1000000.0")
    for name, listed_words in _WORDS.items():
        words = listed_words.split()
        listed = ", ".join(f"'{word.replace('_', ' ')}'" for word in words)
        pick = f"([{listed}])[1 + (hash(k || '{name}') % {len(words)})::INTEGER]"
        connection.execute(f"CREATE OR REPLACE TEMP MACRO word_{name}(k) AS {pick}")
    settings.put_in(connection, {"name": "A year of judging"})
    _captions(connection, images, pool)
    _scores(connection, pool)
    items.open_coarse(connection)
    items.rank_coarse(connection)
    items.rank_noise(connection)
    _people(connection)
    _coarse_log(connection)
    _opened_log(connection)
    _pool_log(connection)
    _append(connection)
    _edits(connection)
    _settle(connection)
    items.open_candidates(connection)
    items.note_facts(connection)
    tally.recount(connection)


def _captions(connection: Connection, images: int, pool: int) -> None:
    connection.execute(
        f"""INSERT INTO image (id, name, split, root, file, dataset_id)
        SELECT printf('img-%06d', n), printf('img-%06d.jpg', n), 'test', 'images', printf('img-%06d.jpg', n), 'big'
        FROM range({images}) t(n)
        UNION ALL SELECT printf('pool-%06d', n), printf('pool-%06d.jpg', n), 'pool', 'images',
            printf('pool-%06d.jpg', n), 'big' FROM range({pool}) t(n)"""
    )
    connection.execute(
        f"""INSERT INTO caption
        SELECT id, image_id, i, 'test', 'en', dice(id, 'g') < 0.1, NULL, 'big', id || '@1', text, left(sha256(text), 32)
        FROM (SELECT *, concat('A ', word_how(id), ' ', word_who(id), ' in ', word_dress(id), ' ', word_does(id),
                ' near the ', word_where(id), ', number ', image_id[5:], '.') AS text
            FROM (SELECT id || '#' || i AS id, id AS image_id, i::INTEGER AS i
                FROM image, range({PER_IMAGE}) t(i) WHERE split = 'test'))"""
    )
    connection.execute(
        """INSERT INTO revision SELECT revision_id, id, 1, NULL, text, text_hash, 'import', 'import', NULL,
            0, TIMESTAMP '2026-01-01' FROM caption"""
    )


def _scores(connection: Connection, pool: int) -> None:
    for kind in ("coarse", "noise"):
        connection.execute(
            f"""INSERT INTO score SELECT '{kind}', id, revision_id, 'made-up', 's', dice(id, '{kind}'), '[]', '{{}}'
            FROM caption"""
        )
    connection.execute(
        f"""INSERT INTO candidate SELECT id, printf('pool-%06d', (hash(id || n) % {max(1, pool)})::BIGINT), image_id,
            'image', 0.4, dice(id, 'risk' || n) - 0.5, false, revision_id, 'made-up', 's'
        FROM caption, range(3) t(n) WHERE i = 0 AND {pool} > 0 AND dice(id, 'pool') < 0.15
        QUALIFY row_number() OVER (PARTITION BY id, (hash(id || n) % {max(1, pool)})) = 1"""
    )


def _people(connection: Connection) -> None:
    connection.execute(
        f"""INSERT INTO person (id, name, role, state, added_by, added_at, settings)
        SELECT printf('annotator %02d', n), printf('Annotator %02d', n), 'annotator', 'active', 'owner',
            TIMESTAMP '2026-01-01', '{{}}' FROM range({PEOPLE}) t(n)"""
    )


def _coarse_log(connection: Connection) -> None:
    """Rounds 1 to 4: verdicts, passes and undos of the verdict before; the last one may be an edit."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE planned AS
        WITH judged AS (SELECT id, 1 + (hash(id || 'n') % 4)::INTEGER AS n, dice(id, 'edit') < {TEXT_SHARE} AS edited
            FROM caption WHERE dice(id, 'judged') < 0.65),
        rounds AS (SELECT id, r::INTEGER AS r, n, edited, dice(id, 'v' || r) AS v,
                r > 1 AND dice(id, 'undo' || r) < 0.08 AND NOT (r > 2 AND dice(id, 'undo' || (r - 1)) < 0.08)
                    AND NOT (edited AND r = n) AS undo
            FROM judged, range(1, 5) t(r) WHERE r <= n)
        SELECT 'coarse' AS queue, id AS caption_id, '' AS image_id, r, 'c' || r || '/' || id AS decision_id,
            CASE WHEN undo THEN 'undo' WHEN edited AND r = n THEN 'edit' WHEN v < 0.45 THEN 'fine'
                WHEN v < 0.80 THEN 'coarse' WHEN v < 0.85 THEN 'wrong' WHEN v < 0.93 THEN 'unsure' ELSE 'skip' END
                AS verdict,
            printf('annotator %02d', (hash(id || 'p' || (CASE WHEN undo THEN r - 1 ELSE r END)) % {PEOPLE})::INTEGER)
                AS person,
            CASE WHEN undo THEN 'c' || (r - 1) || '/' || id END AS undoes
        FROM rounds"""
    )


_LAST = """SELECT p.* FROM planned p WHERE p.queue = 'coarse' AND p.undoes IS NULL
    AND NOT EXISTS (SELECT 1 FROM planned u WHERE u.undoes = p.decision_id)
    QUALIFY row_number() OVER (PARTITION BY p.caption_id ORDER BY p.r DESC) = 1"""
"""The standing coarse decision of every caption that has one."""


def _opened_log(connection: Connection) -> None:
    """Round 9: a third of what the last coarse verdict opened was judged, without a new text."""
    for verdict, queue, choices in (
        ("coarse", "rewrites", ("fine", "reject")),
        ("coarse", "attributes", ("fine", "unsure")),
        ("wrong", "noise", ("match", "mismatch")),
    ):
        connection.execute(
            f"""INSERT INTO planned SELECT '{queue}', caption_id, '', 9, '{queue}/' || caption_id,
                CASE WHEN dice(caption_id, '{queue}') < 0.15 THEN '{choices[0]}' ELSE '{choices[1]}' END,
                printf('annotator %02d', (hash(caption_id || '{queue}') % {PEOPLE})::INTEGER), NULL
            FROM ({_LAST}) WHERE verdict = '{verdict}' AND dice(caption_id, '{queue}') < 0.3"""
        )


def _pool_log(connection: Connection) -> None:
    """Round 9 too: half of the candidates that stand in the queue, of captions that were not edited."""
    connection.execute(
        f"""INSERT INTO planned SELECT 'pool', caption_id, image_id, 9, 'pool/' || id,
            CASE WHEN dice(id, 'v') < 0.8 THEN 'no' ELSE 'yes' END,
            printf('annotator %02d', (hash(id) % {PEOPLE})::INTEGER), NULL
        FROM item WHERE queue = 'pool' AND dice(id, 'pool') < 0.5
        AND caption_id NOT IN (SELECT caption_id FROM planned WHERE verdict = 'edit')"""
    )


def _append(connection: Connection) -> None:
    """Number the plan: round after round, over the last sixty days up to now."""
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE numbered AS
        SELECT *, row_number() OVER (ORDER BY r, hash(caption_id), queue, image_id) AS seq FROM planned"""
    )
    connection.execute(
        """INSERT INTO decision (id, seq, made_at, person, queue, item_id, caption_id, image_id, revision_id, verdict,
            reason, text, undoes, shown_ms, applied, message, made_revision_id, purpose, aided, needed)
        SELECT decision_id, seq, now()::TIMESTAMP - to_seconds(5184000 * (1 - seq / max(seq) OVER ())), person, queue,
            CASE WHEN queue = 'pool' THEN caption_id || '|' || image_id ELSE caption_id END, caption_id, image_id,
            caption_id || '@1', verdict, '', CASE WHEN verdict = 'edit' THEN caption_id || ' says more now' END,
            undoes, 900, true, '', CASE WHEN verdict = 'edit' THEN caption_id || '@2' END, 'work', true, 1
        FROM numbered ORDER BY seq"""
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE last_seq AS SELECT max(seq) AS seq FROM numbered")


def _edits(connection: Connection) -> None:
    connection.execute(
        """INSERT INTO revision SELECT made_revision_id, caption_id, 2, revision_id, text, left(sha256(text), 32),
            'edit', person, id, seq, made_at FROM decision WHERE verdict = 'edit'"""
    )
    connection.execute(
        """UPDATE caption SET revision_id = r.id, text = r.text, text_hash = r.text_hash FROM revision r
        WHERE r.n = 2 AND r.caption_id = caption.id"""
    )
    connection.execute(  # edited captions were scored anew, to the same value
        """UPDATE score SET revision_id = c.revision_id FROM caption c
        WHERE c.id = score.caption_id AND c.revision_id <> score.revision_id"""
    )
    row = connection.execute("SELECT seq FROM last_seq").fetchone()
    assert row is not None
    connection.execute(f"CREATE OR REPLACE SEQUENCE event_seq START {row[0] + 1}")


def _settle(connection: Connection) -> None:
    """Give the items what the log comes to, and add those that verdicts opened."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE opened AS
        SELECT q.queue, l.caption_id, l.decision_id FROM ({_LAST}) l JOIN (VALUES
            ('coarse', 'rewrites'), ('coarse', 'attributes'), ('wrong', 'noise')) q(verdict, queue)
        ON q.verdict = l.verdict"""
    )
    connection.execute(
        f"""INSERT INTO item (queue, id, caption_id, image_id, priority, status, by_score, bucket)
        SELECT o.queue, o.caption_id, caption_id, '', 0, 'todo', false, {BUCKET} FROM opened o
        WHERE NOT EXISTS (SELECT 1 FROM item t WHERE t.queue = o.queue AND t.id = o.caption_id)"""
    )
    connection.execute(
        f"""UPDATE item SET opened_by = o.decision_id,
            priority = CASE WHEN item.queue = 'noise' THEN {items.OPENED} ELSE p.priority END
        FROM opened o JOIN item p ON p.queue = 'coarse' AND p.caption_id = o.caption_id
        WHERE o.queue = item.queue AND o.caption_id = item.caption_id"""
    )
    connection.execute(_STANDING_STATE)
    connection.execute(
        """UPDATE item SET status = s.status, verdict = s.verdict, person = s.person, decision_id = s.id,
            decided_at = s.made_at, answers = s.answers, answered_by = s.answered_by, passed = s.passed
        FROM standing_state s WHERE s.queue = item.queue AND s.item_id = item.id"""
    )


_STANDING_STATE = """CREATE OR REPLACE TEMP TABLE standing_state AS
WITH standing AS (
    SELECT d.*, CASE d.verdict WHEN 'unsure' THEN 'unsure' WHEN 'skip' THEN 'skipped' ELSE 'done' END AS status
    FROM decision d WHERE d.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)),
marked AS (
    SELECT *, coalesce(max(CASE WHEN status = 'done' THEN seq END) OVER item, 0) AS answered,
        max(seq) OVER item AS last_seq, max(seq) OVER (PARTITION BY queue, item_id, person) AS own
    FROM standing WINDOW item AS (PARTITION BY queue, item_id)),
people AS (
    SELECT queue, item_id, coalesce(list(person ORDER BY seq) FILTER (seq > answered AND seq = own), []) AS passed
    FROM marked GROUP BY ALL)
SELECT m.id, m.queue, m.item_id, m.status, m.verdict, m.person, m.made_at, (m.status = 'done')::INTEGER AS answers,
    CASE WHEN m.status = 'done' THEN [m.person] ELSE [] END AS answered_by, p.passed
FROM marked m JOIN people p USING (queue, item_id) WHERE m.seq = m.last_seq"""
