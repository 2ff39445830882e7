-- On what the pool was last searched for each caption, also where nothing was found.
CREATE TABLE searched (
    caption_id TEXT NOT NULL, target_id TEXT NOT NULL, revision_id TEXT NOT NULL, encoder TEXT NOT NULL,
    settings TEXT NOT NULL
);
INSERT INTO searched SELECT DISTINCT caption_id, target_id, revision_id, encoder, settings FROM candidate;
