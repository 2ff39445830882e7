-- Captions are looked up by their image: beside an item stand those of its image and of its rivals.
CREATE INDEX caption_by_image ON caption (image_id);
