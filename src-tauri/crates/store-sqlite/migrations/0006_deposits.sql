-- Promise 4: bookings that lie here until their tickets are ripe, or a place comes free. `id` is the order of deposit. Nothing
-- is deleted (R15): what became of one is the outcome of its attempt.
CREATE TABLE deposit (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    studio       INTEGER NOT NULL REFERENCES studio (id),
    decision     BLOB NOT NULL,
    number       INTEGER NOT NULL, -- of the attempt
    digest       BLOB NOT NULL,
    point        INTEGER NOT NULL REFERENCES point (id),
    booking      TEXT NOT NULL,
    body         TEXT NOT NULL,    -- as its studio sees it
    waits        INTEGER NOT NULL CHECK (waits IN (0, 1)),         -- whether it waits for a place too
    for_a_place  INTEGER NOT NULL CHECK (for_a_place IN (0, 1)),   -- whether that is what it waits for now
    due_at       INTEGER NOT NULL, -- when it is decided at the latest
    deposited_at INTEGER NOT NULL,
    ended_at     INTEGER,
    UNIQUE (studio, decision, number)
) STRICT;

-- One attempt of a decision lies here at a time, even against a bug.
CREATE UNIQUE INDEX deposit_of_decision ON deposit (studio, decision) WHERE ended_at IS NULL;
-- What is due: asked at every call.
CREATE INDEX deposit_due ON deposit (due_at) WHERE ended_at IS NULL;
-- Who waits for a place that came free.
CREATE INDEX deposit_for_a_place ON deposit (point) WHERE for_a_place = 1 AND ended_at IS NULL;

-- The deposits of a ticket that something happened to.
CREATE TABLE deposit_ticket (
    ticket  INTEGER NOT NULL REFERENCES ticket (id),
    deposit INTEGER NOT NULL REFERENCES deposit (id),
    PRIMARY KEY (ticket, deposit)
) STRICT, WITHOUT ROWID;

-- The feed shows them to their studio. Its numbers go on where they were.
CREATE TABLE feed_with_deposits (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    stream   INTEGER NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN
        ('sede', 'topic', 'point', 'taken', 'company', 'position', 'delegation', 'ticket', 'appointment', 'deposit')),
    entity   INTEGER NOT NULL, -- id in the table of that name
    gone     INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
    snapshot TEXT,             -- R18: a ticket as it was when the studio's delegation ended
    UNIQUE (stream, kind, entity)
) STRICT;
INSERT INTO feed_with_deposits (seq, stream, kind, entity, gone, snapshot)
SELECT seq, stream, kind, entity, gone, snapshot FROM feed ORDER BY seq;
INSERT INTO sqlite_sequence (name, seq)
SELECT 'feed_with_deposits', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'feed_with_deposits');
UPDATE sqlite_sequence SET seq = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'feed'), 0)
WHERE name = 'feed_with_deposits';
DROP TABLE feed;
ALTER TABLE feed_with_deposits RENAME TO feed;
CREATE INDEX feed_of_stream ON feed (stream);
