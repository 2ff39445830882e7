"""Versions: frozen states of the benchmark. A frozen version names revisions, so later edits cannot alter it."""

from __future__ import annotations

import json
import uuid
from typing import Any

from curation.records import Benchmark, BenchmarkCaption, BenchmarkImage, Qrel, RegrainError
from curation.store import settings
from curation.store.connection import Connection, Store, to_json
from curation.store.verdicts import EXCLUDED

ORIGINAL = "original"
"""Name of the version that holds the benchmark as it was imported."""


def freeze(store: Store, name: str, *, person: str, pool: str = "judged", original: bool = False) -> str:
    """Freeze the present state under a new name and return the version's id.

    A version holds the captions of every split but the pool, each at its current revision;
    reviewed pairs that were judged wrong are left out unless their text was repaired since. Distractors are
    the judged pool candidates (``pool="judged"``), those and the unjudged (``"candidates"``) or none
    (``"none"``); pictures judged the same as their target are never distractors. ``original`` freezes the
    first imported revisions and no pool instead. Raises ``RegrainError`` where the name is empty or taken,
    or where there is nothing to freeze.
    """
    name = name.strip()
    if not name:
        raise RegrainError("a version needs a name: e.g. 2026-11 fine text")
    if pool not in ("judged", "candidates", "none"):
        raise RegrainError(f"pool is {pool!r}: use judged, candidates or none")

    def write(connection: Connection) -> str:
        if connection.execute("SELECT 1 FROM version WHERE name = ?", [name]).fetchone():
            raise RegrainError(f"a version called {name!r} exists: versions are never altered, choose another name")
        version = uuid.uuid4().hex[:12]
        _freeze_captions(connection, version, original)
        _freeze_images(connection, version, "none" if original else pool)
        _freeze_qrels(connection, version)
        facts = _facts(connection, version, name, pool, original)
        if not facts["captions"]:
            raise RegrainError("there is nothing to freeze: import captions first")
        connection.execute(
            "INSERT INTO version VALUES (?, ?, ?, now()::TIMESTAMP, nextval('event_seq'), ?)",
            [version, name, person, to_json(facts)],
        )
        return version

    return store.write(write)


def listed(store: Store) -> list[dict[str, Any]]:
    """Return the versions, newest first, with their facts."""
    rows = store.records("SELECT id, name, person, frozen_at, facts FROM version ORDER BY seq DESC")
    return [row | {"facts": json.loads(row["facts"])} for row in rows]


def find(store: Store, name: str) -> dict[str, Any]:
    """Return a version by name or id; an unknown one raises ``RegrainError`` with the names there are."""
    versions = listed(store)
    for version in versions:
        if name in (version["name"], version["id"]):
            return version
    known = ", ".join(repr(version["name"]) for version in versions) or "none yet"
    raise RegrainError(f"no version is called {name!r} (there are: {known})")


def benchmark(store: Store, version_id: str) -> Benchmark:
    """Return a whole version in export order: what exporters write."""
    version = find(store, version_id)
    images = store.rows(
        "SELECT image_id, split, role, file FROM version_image WHERE version_id = ? ORDER BY ordinal",
        [version["id"]],
    )
    captions = store.rows(
        """SELECT v.caption_id, v.image_id, v.i, r.text, v.split, v.revision_id, r.source, o.text, v.generated,
            r.decision_id FROM version_caption v JOIN revision r ON r.id = v.revision_id
        JOIN revision o ON o.caption_id = v.caption_id AND o.n = 1
        WHERE v.version_id = ? ORDER BY v.ordinal""",
        [version["id"]],
    )
    qrels = store.rows(
        "SELECT caption_id, image_id, grade, decision_id FROM version_qrel WHERE version_id = ? ORDER BY ordinal",
        [version["id"]],
    )
    facts = version["facts"] | {
        "person": version["person"],
        "frozen_at": version["frozen_at"].isoformat() + "Z",
    }
    return Benchmark(
        name=version["name"],
        images=tuple(BenchmarkImage(*row) for row in images),
        captions=tuple(BenchmarkCaption(*row) for row in captions),
        qrels=tuple(Qrel(*row) for row in qrels),
        facts=facts,
    )


def diff(store: Store, old: str, new: str) -> dict[str, Any]:
    """Return what changed between two versions: counts, and the changed captions with both texts."""
    before, after = find(store, old)["id"], find(store, new)["id"]
    changed = store.records(
        """SELECT a.caption_id, ra.text AS old, rb.text AS new, rb.source, rb.person
        FROM version_caption a JOIN version_caption b ON b.caption_id = a.caption_id AND b.version_id = ?
        JOIN revision ra ON ra.id = a.revision_id JOIN revision rb ON rb.id = b.revision_id
        WHERE a.version_id = ? AND ra.text <> rb.text ORDER BY b.ordinal""",
        [after, before],
    )
    counted = {
        f"{what}_{direction}": store.value(
            f"""SELECT count(*) FROM version_{what} a WHERE a.version_id = ? AND NOT EXISTS (
            SELECT 1 FROM version_{what} b WHERE b.version_id = ? AND b.{what}_id = a.{what}_id)""",
            [here, there],
        )
        for what in ("caption", "image")
        for direction, here, there in (("removed", before, after), ("added", after, before))
    }
    return {"changed": changed, **counted}


def record_release(store: Store, version_id: str, *, folder: str, manifest: dict[str, Any], person: str) -> None:
    """Remember that a version was written to a folder, with the manifest that was written there."""
    store.write(
        lambda connection: connection.execute(
            "INSERT INTO release VALUES (?, ?, ?, ?, now()::TIMESTAMP)",
            [version_id, folder, to_json(manifest), person],
        )
    )


def releases(store: Store, version_id: str) -> list[dict[str, Any]]:
    """Return where a version was written, newest first."""
    rows = store.records("SELECT * FROM release WHERE version_id = ? ORDER BY released_at DESC", [version_id])
    return [row | {"manifest": json.loads(row["manifest"])} for row in rows]


def pending(store: Store) -> dict[str, int]:
    """Return what a version frozen now would hold beyond the imported texts: counts for the screen."""
    row = store.rows(
        f"""SELECT (SELECT count(*) FROM caption c JOIN revision r ON r.caption_id = c.id AND r.n = 1
                WHERE c.text <> r.text),
            (SELECT count(*) FROM ({_EXCLUDED_PAIRS})),
            (SELECT count(*) FROM item WHERE queue = 'pool' AND status = 'done'),
            (SELECT count(*) FROM item WHERE queue = 'pool' AND verdict = 'yes')""",
        [list(EXCLUDED)],
    )[0]
    return {
        "captions_changed": row[0],
        "pairs_excluded": row[1],
        "candidates_judged": row[2],
        "positives_added": row[3],
    }


_EXCLUDED_PAIRS = """SELECT t.caption_id FROM item t JOIN decision d ON d.id = t.decision_id
JOIN caption c ON c.id = t.caption_id
WHERE t.queue = 'noise' AND list_contains(?::TEXT[], t.verdict) AND d.revision_id = c.revision_id"""


def _freeze_captions(connection: Connection, version: str, original: bool) -> None:
    revision = "c.id || '@1'" if original else "c.revision_id"
    leave_out = "" if original else f"AND c.id NOT IN ({_EXCLUDED_PAIRS})"
    connection.execute(
        f"""INSERT INTO version_caption
        SELECT ?, row_number() OVER (ORDER BY c.image_id, c.i), c.id, c.image_id, c.i, c.split, {revision}, c.generated
        FROM caption c WHERE c.split <> 'pool' {leave_out}""",
        [version, *([] if original else [list(EXCLUDED)])],
    )


# An image that is only named is released under that name, where it is the name of a file.
_NAMED_FILE = r"CASE WHEN regexp_matches(lower(i.name), '\.(jpe?g|png|webp|bmp|gif|tiff?)$') THEN i.name END"


def _freeze_images(connection: Connection, version: str, pool: str) -> None:
    """Targets are the images with captions; distractors the candidates that are no copy of a target."""
    wanted = {
        "none": "SELECT image_id FROM item WHERE false",
        "judged": "SELECT image_id FROM item WHERE queue = 'pool' AND status = 'done'",
        "candidates": "SELECT image_id FROM candidate WHERE image_id NOT IN (\
SELECT image_id FROM candidate WHERE duplicate)",
    }[pool]
    connection.execute(
        f"""INSERT INTO version_image
        WITH target AS (SELECT DISTINCT image_id AS id FROM version_caption WHERE version_id = ?),
        distractor AS (
            SELECT DISTINCT w.image_id AS id FROM ({wanted}) w
            WHERE w.image_id NOT IN (SELECT id FROM target) AND w.image_id NOT IN (
                SELECT image_id FROM item WHERE queue = 'pool' AND verdict = 'same')),
        chosen AS (SELECT id, 'target' AS role FROM target UNION ALL SELECT id, 'distractor' FROM distractor)
        SELECT ?, row_number() OVER (ORDER BY k.role DESC, i.id), i.id, i.split, k.role, coalesce(i.file, {_NAMED_FILE})
        FROM chosen k JOIN image i ON i.id = k.id""",
        [version, version],
    )


def _freeze_qrels(connection: Connection, version: str) -> None:
    """Judged pairs whose caption and image are both in the version; a judgement on an older text is left out."""
    grades = "CASE t.verdict WHEN 'no' THEN 0 WHEN 'partly' THEN 1 WHEN 'yes' THEN 2 END"
    connection.execute(
        f"""INSERT INTO version_qrel
        SELECT ?, row_number() OVER (ORDER BY t.caption_id, t.image_id), t.caption_id, t.image_id, {grades},
            t.decision_id
        FROM item t JOIN decision d ON d.id = t.decision_id
        JOIN version_caption v ON v.version_id = ? AND v.caption_id = t.caption_id AND v.revision_id = d.revision_id
        JOIN version_image g ON g.version_id = ? AND g.image_id = t.image_id
        WHERE t.queue = 'pool' AND t.verdict IN ('no', 'partly', 'yes')""",
        [version, version, version],
    )


def _facts(connection: Connection, version: str, name: str, pool: str, original: bool) -> dict[str, Any]:
    def counted(sql: str) -> dict[str, int]:
        return dict(connection.execute(sql, [version]).fetchall())

    images = counted("SELECT split, count(*) FROM version_image WHERE version_id = ? GROUP BY split ORDER BY split")
    captions = counted("SELECT split, count(*) FROM version_caption WHERE version_id = ? GROUP BY split ORDER BY split")
    changed = connection.execute(
        """SELECT count(*) FROM version_caption v JOIN revision r ON r.id = v.revision_id
        JOIN revision o ON o.caption_id = v.caption_id AND o.n = 1 WHERE v.version_id = ? AND r.text <> o.text""",
        [version],
    ).fetchone()
    decided = connection.execute(
        "SELECT queue, verdict, count(*) FROM item WHERE verdict IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    decisions: dict[str, dict[str, int]] = {}
    for queue, verdict, number in decided:
        decisions.setdefault(queue, {})[verdict] = number
    return {
        "name": name,
        "pool": "none" if original else pool,
        "original": original,
        "images": images,
        "captions": captions,
        "roles": counted("SELECT role, count(*) FROM version_image WHERE version_id = ? GROUP BY role ORDER BY role"),
        "captions_changed": changed[0] if changed else 0,
        "qrels": counted(
            "SELECT grade::TEXT, count(*) FROM version_qrel WHERE version_id = ? GROUP BY grade ORDER BY grade"
        ),
        "decisions": {} if original else decisions,
        "encoder": settings.get_in(connection, "encoder"),
        "settings": {key: settings.get_in(connection, key) for key in sorted(settings.DEFAULTS)},
    }
