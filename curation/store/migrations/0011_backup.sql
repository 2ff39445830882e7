-- Where copies of this file were put, so that a screen can say how old the last one is. `seq` is the latest event in it.
CREATE TABLE backup (
    folder TEXT NOT NULL, seq BIGINT NOT NULL, counts JSON NOT NULL, bytes BIGINT NOT NULL, person TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL
);
