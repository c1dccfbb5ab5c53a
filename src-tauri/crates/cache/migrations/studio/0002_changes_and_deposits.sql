-- A draft may change an appointment that stands; a decision may lie deposited at the store, or take one back.

ALTER TABLE draft ADD COLUMN changes TEXT;   -- the appointment that it changes
ALTER TABLE draft ADD COLUMN seen TEXT;      -- what stood there when the person decided
ALTER TABLE draft ADD COLUMN waits INTEGER NOT NULL DEFAULT 0 CHECK (waits IN (0, 1)); -- for a place, where all are taken
ALTER TABLE draft_ticket ADD COLUMN read INTEGER;  -- entries of the conversation that were known when it was sent
-- An appointment is changed by one draft at a time.
CREATE UNIQUE INDEX draft_changes_once ON draft (changes)
    WHERE changes IS NOT NULL AND state IN ('editing', 'queued', 'sending', 'needs_attention');

-- Which kinds there are is said once, in the program.
CREATE TABLE outbox_of_any_kind (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    decision TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,         -- draft, appointment, ticket or communication
    work TEXT NOT NULL,
    subjects TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'done', 'refused', 'recalled')),
    not_before INTEGER,
    tries INTEGER NOT NULL,
    decided_at INTEGER NOT NULL,
    last_attempt INTEGER,
    next_attempt INTEGER,
    deposit TEXT,                -- as it lies with the store, which lets it go out by itself
    UNIQUE (decision, attempt)
);
INSERT INTO outbox_of_any_kind (id, decision, attempt, kind, about, work, subjects, state, not_before, tries, decided_at,
    last_attempt, next_attempt)
SELECT id, decision, attempt, kind, about, work, subjects, state, not_before, tries, decided_at, last_attempt, next_attempt
FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_of_any_kind RENAME TO outbox;
-- What is on its way; what lies with the store is asked for when its moment comes, however many these are.
CREATE INDEX outbox_pending ON outbox (id) WHERE state IN ('waiting', 'sending') AND deposit IS NULL;
CREATE INDEX outbox_deposited ON outbox (not_before) WHERE state IN ('waiting', 'sending') AND deposit IS NOT NULL;
CREATE UNIQUE INDEX outbox_one_under_way ON outbox (kind, about)
    WHERE state IN ('waiting', 'sending') AND kind IN ('book', 'change', 'cancel', 'acknowledge');
