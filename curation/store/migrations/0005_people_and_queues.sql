-- Several people at one set of queues: who they are, what each holds, and what a verdict was given for.
-- `id` is the name under which decisions are logged: the verified e-mail address where sign-in is on, else the name.
CREATE TABLE person (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, state TEXT NOT NULL,
    added_by TEXT NOT NULL, added_at TIMESTAMP NOT NULL, settings JSON NOT NULL
);

-- Whose turn it is: one caption in one pair of hands, whatever the queue. Leases end by themselves.
CREATE TABLE lease (caption_id TEXT NOT NULL, person TEXT NOT NULL, queue TEXT NOT NULL, until TIMESTAMP NOT NULL);

-- Items whose right verdict is known. Answers to them are logged apart and change nothing.
CREATE TABLE gold (
    queue TEXT NOT NULL, item_id TEXT NOT NULL, caption_id TEXT NOT NULL, image_id TEXT NOT NULL,
    revision_id TEXT NOT NULL, verdict TEXT NOT NULL, note TEXT NOT NULL, person TEXT NOT NULL, made_at TIMESTAMP NOT NULL
);

-- `purpose` is work, gold or adjudication; `aided` says that scores and suggestions were shown; `basis` is the decision
-- that the item rested on when it was shown ('' for none, NULL where nobody told); `batch_id` ties a bulk verdict together.
ALTER TABLE decision ADD COLUMN purpose TEXT DEFAULT 'work';
ALTER TABLE decision ADD COLUMN aided BOOLEAN DEFAULT true;
ALTER TABLE decision ADD COLUMN basis TEXT;
ALTER TABLE decision ADD COLUMN batch_id TEXT;

-- Answers of an item so far, of how many different people it needs them, and whose they are. `passed` are the people
-- who skipped it or were unsure since somebody answered.
ALTER TABLE item ADD COLUMN answers INTEGER DEFAULT 0;
ALTER TABLE item ADD COLUMN needed INTEGER DEFAULT 1;
ALTER TABLE item ADD COLUMN answered_by TEXT[] DEFAULT [];
ALTER TABLE item ADD COLUMN passed TEXT[] DEFAULT [];
UPDATE item SET answers = 1, answered_by = [person] WHERE decision_id IS NOT NULL AND status = 'done' AND person IS NOT NULL;
UPDATE item SET passed = [person] WHERE decision_id IS NOT NULL AND status IN ('skipped', 'unsure') AND person IS NOT NULL;

-- How many items stand where, kept with every change so that a screen never counts a million rows: `what` is a status,
-- or `by:` and a person for the items that this person has judged.
CREATE TABLE tally (queue TEXT NOT NULL, what TEXT NOT NULL, n BIGINT NOT NULL);
INSERT INTO tally SELECT queue, status, count(*) FROM item GROUP BY ALL;
INSERT INTO tally SELECT queue, 'by:' || person, count(*) FROM item WHERE decision_id IS NOT NULL AND person IS NOT NULL GROUP BY ALL;
