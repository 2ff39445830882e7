-- What changed about whom: the log of invitations, roles and states. `what` is `role`, `state` or `added`.
CREATE SEQUENCE person_change_number;
CREATE TABLE person_change (
    number BIGINT PRIMARY KEY DEFAULT nextval('person_change_number'), person TEXT NOT NULL, what TEXT NOT NULL,
    old TEXT NOT NULL, new TEXT NOT NULL, changed_by TEXT NOT NULL, changed_at TIMESTAMP NOT NULL
);
