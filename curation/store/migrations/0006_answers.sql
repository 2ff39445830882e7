-- How many different people an item needs is settled by its first answer and kept in the log, so that a rebuild under
-- other settings gives the same state. `bucket` is a caption's place in [0, 1000), by which shares of a queue are dealt.
ALTER TABLE decision ADD COLUMN needed INTEGER DEFAULT 1;
ALTER TABLE item ADD COLUMN bucket INTEGER;
UPDATE item SET bucket = ('0x' || left(md5(caption_id), 8))::BIGINT % 1000;
-- A verdict looks up its caption's items and decisions: without these, each reads a million rows.
CREATE INDEX decision_of_caption ON decision (caption_id);
