-- What a person was offered when they gave a verdict, in the order shown: part of the log, appended with the decision,
-- since suggestions are sought anew and are then others. `slot` is the noun of a single attribute, '' of a rewrite;
-- `type` is the kind of detail.
CREATE TABLE offered (
    decision_id TEXT NOT NULL, n INTEGER NOT NULL, slot TEXT NOT NULL, suggestion_id TEXT NOT NULL, source TEXT NOT NULL,
    type TEXT NOT NULL, taken BOOLEAN NOT NULL
);
-- What the gates kept back when suggestions for a caption were last sought; `word` is the sensitive word, '' of other reasons.
CREATE TABLE kept_back (caption_id TEXT NOT NULL, reason TEXT NOT NULL, word TEXT NOT NULL, n INTEGER NOT NULL);
