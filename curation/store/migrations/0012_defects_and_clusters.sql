-- Text defects by the revision that has them, with the half-open range of characters and what should stand there (NULL
-- where only a person can tell). Of an image that was searched, `key` names the revisions of all its captions: some
-- defects show only beside the image's other captions.
CREATE TABLE text_defect (
    caption_id TEXT NOT NULL, revision_id TEXT NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    wrong TEXT NOT NULL, repair TEXT
);
CREATE TABLE defect_search (image_id TEXT NOT NULL, key TEXT NOT NULL);
-- Captions that say nearly the same. A member whose text has changed since is one no longer. `n` is the place in its
-- cluster, 0 the centre.
CREATE TABLE caption_cluster (cluster TEXT NOT NULL, n INTEGER NOT NULL, caption_id TEXT NOT NULL, revision_id TEXT NOT NULL);
