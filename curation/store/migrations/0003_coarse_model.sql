-- Models of coarse captions, by the id that their content gives them. Rows are never altered: an order of the
-- queue that named a model can be computed again.
CREATE TABLE coarse_model (id TEXT NOT NULL, up_to BIGINT NOT NULL, body JSON NOT NULL, made_at TIMESTAMP NOT NULL);

-- The signals of judged texts, kept because a rewritten caption is scored anew and would lose what was judged.
CREATE TABLE coarse_example (caption_id TEXT NOT NULL, revision_id TEXT NOT NULL, parts JSON NOT NULL);
