-- Figures that took a while to compute, kept under a key of everything they were computed on.
CREATE TABLE report (kind TEXT NOT NULL, key TEXT NOT NULL, body JSON NOT NULL, made_at TIMESTAMP NOT NULL);
