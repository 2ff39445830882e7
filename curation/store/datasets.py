"""Imports: what a staged set would change, and changing it in one transaction.

A staged set is three Arrow tables (see ``curation.importers``):
``images(id, name, file, split, status)``, ``captions(image_id, i, text, language, generated, source_id)`` and
``revisions(image_id, i, text)``; ``on_difference`` says what another text of a known caption means, and
``normalised`` that the set is written without case and punctuation. A second import of the same files changes nothing.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

from curation.records import RegrainError
from curation.store import items
from curation.store.connection import Connection, Store, to_json

OnDifference = Literal["keep", "revise"]


class StagedTables(Protocol):
    """The part of a staged import that the store reads."""

    @property
    def images(self) -> Any: ...
    @property
    def captions(self) -> Any: ...
    @property
    def revisions(self) -> Any: ...
    @property
    def on_difference(self) -> OnDifference: ...
    @property
    def normalised(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import adds, finds already there, or leaves alone. Every staged row is counted once.

    ``revisions_kept_out`` counts new texts of captions that a person has edited since: the person's text stays.
    """

    images_added: int
    images_there: int
    images_completed: int
    captions_added: int
    captions_there: int
    captions_differ: int
    revisions_added: int
    revisions_there: int
    revisions_without_caption: int
    revisions_kept_out: int

    @property
    def nothing(self) -> bool:
        """Say whether the import would change nothing at all."""
        return not (self.images_added or self.images_completed or self.captions_added or self.revisions_added)


# The FG layout's normalisation with split possessives rejoined: `curation.text.normalise` says the same in Python.
_PLAIN_MACRO = r"""CREATE OR REPLACE TEMP MACRO plain(t) AS regexp_replace(trim(regexp_replace(
    replace(replace(replace(regexp_replace(
        regexp_replace(lower(t), '([a-z])\s+''s\b', '\1''s', 'g'), '[,.''!?"()*#:;~]', '', 'g'),
        '-', ' '), '/', ' '), '<person>', 'person'),
    '\s+', ' ', 'g')), '\b([a-z]+) s\b', '\1s', 'g')"""

_STAGE_CAPTIONS = """CREATE OR REPLACE TEMP TABLE staged_caption AS
SELECT s.image_id || '#' || s.i AS id, s.image_id, s.i::INTEGER AS i, s.text, left(sha256(s.text), 32) AS text_hash,
    s.language, s.generated, s.source_id, c.id IS NOT NULL AS known,
    c.id IS NOT NULL AND (c.text = s.text OR ($normalised AND plain(c.text) = plain(s.text)) OR EXISTS (
        SELECT 1 FROM revision r WHERE r.caption_id = c.id AND r.text = s.text AND r.decision_id IS NULL)) AS same
FROM staged_captions s LEFT JOIN caption c ON c.image_id = s.image_id AND c.i = s.i"""

_STAGE_REVISIONS = """CREATE OR REPLACE TEMP TABLE staged_revision AS
SELECT r.image_id || '#' || r.i AS caption_id, r.text, left(sha256(r.text), 32) AS text_hash
FROM staged_revisions r
UNION ALL
SELECT id, text, text_hash FROM staged_caption WHERE known AND NOT same AND $revise"""

_STAGE_IMAGES = """CREATE OR REPLACE TEMP TABLE staged_image AS
SELECT s.id, s.name, s.file, s.split, i.id IS NOT NULL AS known,
    i.id IS NOT NULL AND i.file IS NULL AND s.file IS NOT NULL AS completes
FROM staged_images s LEFT JOIN image i ON i.id = s.id"""


def plan(store: Store, staged: StagedTables) -> Changes:
    """Count what ``add`` would do with this set, and write nothing."""

    def counted(connection: Connection) -> Changes:
        _stage(connection, staged)
        changes = _count(connection)
        _unstage(connection)
        return changes

    return store.write(counted)


def add(
    store: Store,
    staged: StagedTables,
    *,
    name: str,
    importer: str,
    source: str,
    root: str | None = None,
    person: str = "import",
) -> Changes:
    """Add a staged set in one transaction and return what changed, reconciled against the tables.

    ``root`` is the image folder as ``Workspace.stored_root`` gives it. Where the set says ``revise``, a caption
    that is there with another text gets the staged text as a new revision with source ``import``.
    """

    def write(connection: Connection) -> Changes:
        _stage(connection, staged)
        changes = _count(connection)
        before = _totals(connection)
        dataset = uuid.uuid4().hex[:12]
        _insert_images(connection, dataset, root)
        _insert_captions(connection, dataset, person)
        _insert_revisions(connection, person)
        _reconcile(before, _totals(connection), changes)
        if not changes.nothing:
            connection.execute(
                "INSERT INTO dataset VALUES (?, ?, ?, ?, ?, ?, now()::TIMESTAMP)",
                [dataset, name, importer, source, to_json(asdict(changes)), person],
            )
            items.open_coarse(connection)
        _unstage(connection)
        return changes

    return store.write(write)


def imports(store: Store) -> list[dict[str, Any]]:
    """Return the imports so far, newest first, with their counts."""
    rows = store.records("SELECT * FROM dataset ORDER BY imported_at DESC, id")
    return [row | {"counts": json.loads(row["counts"])} for row in rows]


def totals(store: Store) -> dict[str, Any]:
    """Return image and caption counts by split, and how many images are held as files."""
    splits = store.rows(
        """SELECT split, count(*), count(file), (SELECT count(*) FROM caption c WHERE c.split = image.split)
        FROM image GROUP BY split ORDER BY split"""
    )
    return {
        "images": sum(row[1] for row in splits),
        "held": sum(row[2] for row in splits),
        "captions": sum(row[3] for row in splits),
        "splits": {row[0]: {"images": row[1], "held": row[2], "captions": row[3]} for row in splits},
    }


def is_unused(store: Store) -> bool:
    """Say whether nobody ever did anything here: no import, setting, decision, version, backup or change of people."""
    tables = ("setting", "dataset", "image", "decision", "version", "backup", "person_change")
    return not any(store.rows(f"SELECT 1 FROM {table} LIMIT 1") for table in tables)


def image_folders(store: Store) -> list[dict[str, Any]]:
    """Return the image folders as they are stored, each with the number of images held in it."""
    return store.records(
        "SELECT root AS folder, count(*) AS images FROM image WHERE root IS NOT NULL GROUP BY root ORDER BY root"
    )


def _stage(connection: Connection, staged: StagedTables) -> None:
    """Lay the set beside the tables: every staged row learns whether it is known."""
    for name in ("images", "captions", "revisions"):
        connection.register(f"staged_{name}", getattr(staged, name))
    connection.execute(_PLAIN_MACRO)
    connection.execute(_STAGE_CAPTIONS, {"normalised": staged.normalised})
    connection.execute(_STAGE_REVISIONS, {"revise": staged.on_difference == "revise"})
    connection.execute(_STAGE_IMAGES)
    for name in ("images", "captions", "revisions"):
        connection.unregister(f"staged_{name}")
    _mark_revisions(connection)


def _mark_revisions(connection: Connection) -> None:
    """Mark each staged revision as new, already in the chain, without a caption, or on a text that a person wrote."""
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE staged_step AS
        SELECT s.*, c.id IS NULL AND NOT coalesce(n.fresh, false) AS orphan,
            coalesce(c.text = s.text OR n.text = s.text OR EXISTS (
                SELECT 1 FROM revision r WHERE r.caption_id = s.caption_id AND r.text = s.text
                AND r.decision_id IS NULL), false) AS there,
            e.decision_id IS NOT NULL AS edited
        FROM staged_revision s LEFT JOIN caption c ON c.id = s.caption_id
        LEFT JOIN revision e ON e.id = c.revision_id
        LEFT JOIN (SELECT id, text, true AS fresh FROM staged_caption WHERE NOT known) n ON n.id = s.caption_id"""
    )


def _unstage(connection: Connection) -> None:
    """Give back the memory of the staged rows."""
    for name in ("staged_caption", "staged_revision", "staged_image", "staged_step", "staged_next"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def _count(connection: Connection) -> Changes:
    images = _one(
        connection,
        "SELECT count(*) FILTER (NOT known), count(*) FILTER (known AND NOT completes), count(*) FILTER (completes) "
        "FROM staged_image",
    )
    differ = "count(*) FILTER (known AND NOT same AND id NOT IN (SELECT caption_id FROM staged_revision))"
    captions = _one(
        connection,
        f"SELECT count(*) FILTER (NOT known), count(*) FILTER (same), {differ} FROM staged_caption",
    )
    steps = _one(
        connection,
        "SELECT count(*) FILTER (NOT there AND NOT orphan AND NOT edited), count(*) FILTER (there), "
        "count(*) FILTER (orphan AND NOT there), count(*) FILTER (edited AND NOT there) FROM staged_step",
    )
    return Changes(*images, *captions, *steps)


def _insert_images(connection: Connection, dataset: str, root: str | None) -> None:
    connection.execute(
        """UPDATE image SET file = s.file, root = ?, problem = NULL FROM staged_image s
        WHERE s.id = image.id AND s.completes""",
        [root],
    )
    connection.execute(
        """INSERT INTO image (id, name, split, root, file, dataset_id)
        SELECT id, name, split, CASE WHEN file IS NULL THEN NULL ELSE ? END, file, ?
        FROM staged_image WHERE NOT known""",
        [root, dataset],
    )


def _insert_captions(connection: Connection, dataset: str, person: str) -> None:
    connection.execute(
        """INSERT INTO caption
        SELECT s.id, s.image_id, s.i, i.split, s.language, s.generated, s.source_id, ?, s.id || '@1', s.text,
            s.text_hash
        FROM staged_caption s JOIN image i ON i.id = s.image_id WHERE NOT s.known ORDER BY s.image_id, s.i""",
        [dataset],
    )
    connection.execute(
        """INSERT INTO revision
        SELECT id || '@1', id, 1, NULL, text, text_hash, 'import', ?, NULL, nextval('event_seq'), now()::TIMESTAMP
        FROM staged_caption WHERE NOT known ORDER BY image_id, i""",
        [person],
    )


def _insert_revisions(connection: Connection, person: str) -> None:
    """Append the new revisions to their chains and make them current."""
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE staged_next AS
        SELECT s.caption_id, s.text, s.text_hash, c.revision_id AS parent_id,
            (SELECT max(n) FROM revision r WHERE r.caption_id = s.caption_id) + 1 AS n
        FROM staged_step s JOIN caption c ON c.id = s.caption_id WHERE NOT s.there AND NOT s.edited""",
    )
    connection.execute(
        """INSERT INTO revision
        SELECT caption_id || '@' || n, caption_id, n, parent_id, text, text_hash, 'import', ?, NULL,
            nextval('event_seq'), now()::TIMESTAMP FROM staged_next ORDER BY caption_id""",
        [person],
    )
    connection.execute(
        """UPDATE caption SET revision_id = s.caption_id || '@' || s.n, text = s.text, text_hash = s.text_hash
        FROM staged_next s WHERE s.caption_id = caption.id"""
    )


def _totals(connection: Connection) -> tuple[int, ...]:
    return _one(
        connection,
        "SELECT (SELECT count(*) FROM image), (SELECT count(*) FROM caption), (SELECT count(*) FROM revision)",
    )


def _reconcile(before: tuple[int, ...], after: tuple[int, ...], changes: Changes) -> None:
    """Refuse an import whose tables grew by other counts than the report says."""
    added = (changes.images_added, changes.captions_added, changes.captions_added + changes.revisions_added)
    grown = tuple(b - a for a, b in zip(before, after, strict=True))
    if grown != added:
        raise RegrainError(
            f"the import was undone: images, captions and revisions grew by {grown}, the report says {added} "
            "(a caption names an image that is not in the set, or a key stands twice)"
        )


def _one(connection: Connection, sql: str) -> tuple[int, ...]:
    row = connection.execute(sql).fetchone()
    assert row is not None  # aggregates without GROUP BY always give one row
    return tuple(int(value) for value in row)
