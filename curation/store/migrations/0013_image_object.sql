-- Things that an imported detection names in a picture, with what it says of each (a list of words).
CREATE TABLE image_object (image_id TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, attributes TEXT[] NOT NULL);
