-- A screen reads its five items by id, and a verdict its caption: without these each reads tables of 600,000 rows. They
-- are used where an id is all that a read asks for: what else it asks must come after (see `queues.of_ids`).
CREATE INDEX caption_of_id ON caption (id);
CREATE INDEX image_of_id ON image (id);
CREATE INDEX item_of_caption ON item (caption_id);
