-- Lists are filtered by what is known of an item's caption: its split, its language, whether a model wrote it, and its
-- coarse score whatever the queue's order. They stand with the item, since to look them up for 600,000 items is what a filtered list would wait for.
DROP INDEX item_of_caption;
ALTER TABLE item ADD COLUMN split TEXT DEFAULT '';
ALTER TABLE item ADD COLUMN language TEXT DEFAULT '';
ALTER TABLE item ADD COLUMN generated BOOLEAN DEFAULT false;
ALTER TABLE item ADD COLUMN coarse DOUBLE;
UPDATE item SET split = c.split, language = c.language, generated = coalesce(c.generated, false) FROM caption c WHERE c.id = item.caption_id;
UPDATE item SET coarse = s.value FROM score s WHERE s.kind = 'coarse' AND s.caption_id = item.caption_id;
CREATE INDEX item_of_caption ON item (caption_id);
