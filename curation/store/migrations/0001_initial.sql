-- The first schema. No primary keys on large or hot tables: one writer keeps them unique, and ART
-- indexes slow bulk imports without making the queue reads faster. Decision ids are the exception,
-- since every retry asks for one.

CREATE SEQUENCE event_seq;

CREATE TABLE setting (key TEXT PRIMARY KEY, value JSON NOT NULL);

CREATE TABLE dataset (
    id TEXT NOT NULL, name TEXT NOT NULL, importer TEXT NOT NULL, source TEXT NOT NULL,
    counts JSON NOT NULL, person TEXT NOT NULL, imported_at TIMESTAMP NOT NULL
);

CREATE TABLE image (
    id TEXT NOT NULL, name TEXT NOT NULL, split TEXT NOT NULL, root TEXT, file TEXT, dataset_id TEXT NOT NULL,
    content_hash TEXT, bytes BIGINT, mtime_ns BIGINT, problem TEXT
);

-- A caption is a chain of revisions; revision_id and text are those of the current one.
CREATE TABLE caption (
    id TEXT NOT NULL, image_id TEXT NOT NULL, i INTEGER NOT NULL, split TEXT NOT NULL,
    language TEXT NOT NULL, generated BOOLEAN, source_id TEXT, dataset_id TEXT NOT NULL,
    revision_id TEXT NOT NULL, text TEXT NOT NULL, text_hash TEXT NOT NULL
);

CREATE TABLE revision (
    id TEXT NOT NULL, caption_id TEXT NOT NULL, n INTEGER NOT NULL, parent_id TEXT, text TEXT NOT NULL,
    text_hash TEXT NOT NULL, source TEXT NOT NULL, person TEXT NOT NULL, decision_id TEXT,
    seq BIGINT NOT NULL, made_at TIMESTAMP NOT NULL
);

-- The log. Rows are appended and never altered; everything below 'item' follows from it.
CREATE TABLE decision (
    id TEXT PRIMARY KEY, seq BIGINT NOT NULL, made_at TIMESTAMP NOT NULL, person TEXT NOT NULL,
    queue TEXT NOT NULL, item_id TEXT NOT NULL, caption_id TEXT NOT NULL, image_id TEXT NOT NULL,
    revision_id TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, text TEXT,
    suggestion_id TEXT, suggestion_source TEXT, undoes TEXT, shown_ms INTEGER,
    applied BOOLEAN NOT NULL, message TEXT NOT NULL, made_revision_id TEXT
);

-- What the queues show: one row per item, derived from scores and from the log.
CREATE TABLE item (
    queue TEXT NOT NULL, id TEXT NOT NULL, caption_id TEXT NOT NULL, image_id TEXT NOT NULL,
    priority DOUBLE NOT NULL, status TEXT NOT NULL, verdict TEXT, person TEXT, decision_id TEXT,
    decided_at TIMESTAMP, opened_by TEXT, by_score BOOLEAN NOT NULL DEFAULT false
);

CREATE TABLE vector_shard (
    id TEXT NOT NULL, encoder TEXT NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL,
    row_count BIGINT NOT NULL, dim INTEGER NOT NULL, sha256 TEXT NOT NULL, made_at TIMESTAMP NOT NULL
);
CREATE TABLE vector_row (
    encoder TEXT NOT NULL, kind TEXT NOT NULL, content_hash TEXT NOT NULL, shard_id TEXT NOT NULL,
    row_number INTEGER NOT NULL
);

CREATE TABLE analysis (text_hash TEXT NOT NULL, pipeline TEXT NOT NULL, body JSON NOT NULL);

CREATE TABLE score (
    kind TEXT NOT NULL, caption_id TEXT NOT NULL, revision_id TEXT NOT NULL, encoder TEXT NOT NULL,
    settings TEXT NOT NULL, value DOUBLE NOT NULL, reasons JSON NOT NULL, parts JSON NOT NULL
);

CREATE TABLE suggestion (
    id TEXT NOT NULL, caption_id TEXT NOT NULL, revision_id TEXT NOT NULL, kind TEXT NOT NULL,
    n INTEGER NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL, spans JSON NOT NULL,
    evidence JSON NOT NULL, encoder TEXT NOT NULL, settings TEXT NOT NULL, made_at TIMESTAMP NOT NULL
);
-- A caption for which suggestions were sought, so that "none found" differs from "not yet sought".
CREATE TABLE suggested (
    caption_id TEXT NOT NULL, revision_id TEXT NOT NULL, encoder TEXT NOT NULL, settings TEXT NOT NULL
);

-- The images nearest to a caption among all images of its split: its rivals, best first.
CREATE TABLE rival (
    caption_id TEXT NOT NULL, revision_id TEXT NOT NULL, encoder TEXT NOT NULL, image_ids TEXT[] NOT NULL,
    scores FLOAT[] NOT NULL, own_rank INTEGER NOT NULL, own_score FLOAT NOT NULL, gallery INTEGER NOT NULL
);

CREATE TABLE candidate (
    caption_id TEXT NOT NULL, image_id TEXT NOT NULL, target_id TEXT NOT NULL, via TEXT NOT NULL,
    score DOUBLE NOT NULL, risk DOUBLE NOT NULL, duplicate BOOLEAN NOT NULL, revision_id TEXT NOT NULL,
    encoder TEXT NOT NULL, settings TEXT NOT NULL
);

CREATE TABLE version (
    id TEXT NOT NULL, name TEXT NOT NULL, person TEXT NOT NULL, frozen_at TIMESTAMP NOT NULL, seq BIGINT NOT NULL,
    facts JSON NOT NULL
);
CREATE TABLE version_image (
    version_id TEXT NOT NULL, ordinal INTEGER NOT NULL, image_id TEXT NOT NULL, split TEXT NOT NULL,
    role TEXT NOT NULL, file TEXT
);
CREATE TABLE version_caption (
    version_id TEXT NOT NULL, ordinal INTEGER NOT NULL, caption_id TEXT NOT NULL, image_id TEXT NOT NULL,
    i INTEGER NOT NULL, split TEXT NOT NULL, revision_id TEXT NOT NULL, generated BOOLEAN
);
CREATE TABLE version_qrel (
    version_id TEXT NOT NULL, ordinal INTEGER NOT NULL, caption_id TEXT NOT NULL, image_id TEXT NOT NULL,
    grade INTEGER NOT NULL, decision_id TEXT
);
CREATE TABLE release (
    version_id TEXT NOT NULL, folder TEXT NOT NULL, manifest JSON NOT NULL, person TEXT NOT NULL,
    released_at TIMESTAMP NOT NULL
);

CREATE TABLE job (
    id TEXT NOT NULL, kind TEXT NOT NULL, args JSON NOT NULL, state TEXT NOT NULL, done BIGINT NOT NULL,
    total BIGINT NOT NULL, rate DOUBLE NOT NULL, note TEXT NOT NULL, error TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL, started_at TIMESTAMP, finished_at TIMESTAMP
);
CREATE TABLE job_shard (job_id TEXT NOT NULL, shard TEXT NOT NULL, committed_at TIMESTAMP NOT NULL);
CREATE TABLE bad_item (job_id TEXT NOT NULL, item TEXT NOT NULL, error TEXT NOT NULL);
