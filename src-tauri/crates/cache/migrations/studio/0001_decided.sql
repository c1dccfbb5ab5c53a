-- What exists nowhere else: drafts, decisions on their way, judgements, settings. Instants are microseconds since 1970 in UTC.

CREATE TABLE draft (
    n INTEGER PRIMARY KEY NOT NULL,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('editing', 'queued', 'sending', 'booked', 'needs_attention', 'discarded')),
    company TEXT NOT NULL,
    point TEXT NOT NULL,
    wishes TEXT NOT NULL,
    notes TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    decision TEXT UNIQUE,        -- made when it was first sent; the same for ever after
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER,
    attention TEXT,              -- kept while discarded: what to restore to
    appointment TEXT,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    CHECK ((state = 'booked') = (appointment IS NOT NULL)),
    CHECK (state <> 'needs_attention' OR attention IS NOT NULL),
    CHECK (state NOT IN ('queued', 'sending', 'booked', 'needs_attention') OR decision IS NOT NULL)
);
CREATE INDEX draft_by_state ON draft (state, changed_at);

CREATE TABLE draft_ticket (
    draft INTEGER NOT NULL REFERENCES draft (n),
    place INTEGER NOT NULL,
    ticket TEXT NOT NULL,
    judgement TEXT,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    PRIMARY KEY (draft, place)
) WITHOUT ROWID;
-- A ticket stands in one live draft at most.
CREATE UNIQUE INDEX draft_ticket_live ON draft_ticket (ticket) WHERE live = 1;

CREATE TABLE draft_attachment (
    draft INTEGER NOT NULL REFERENCES draft (n),
    hash TEXT NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (draft, hash)
) WITHOUT ROWID;
CREATE INDEX draft_attachment_by_hash ON draft_attachment (hash);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    decision TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('book', 'cancel', 'assess', 'acknowledge')),
    about TEXT NOT NULL,         -- draft, appointment, ticket or communication
    work TEXT NOT NULL,
    subjects TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'done', 'refused', 'recalled')),
    not_before INTEGER,
    tries INTEGER NOT NULL,
    decided_at INTEGER NOT NULL,
    last_attempt INTEGER,
    next_attempt INTEGER,
    UNIQUE (decision, attempt)
);
CREATE INDEX outbox_pending ON outbox (id) WHERE state IN ('waiting', 'sending');
CREATE UNIQUE INDEX outbox_one_under_way ON outbox (kind, about)
    WHERE state IN ('waiting', 'sending') AND kind IN ('book', 'cancel', 'acknowledge');

-- The studio's judgements until the store has told them back.
CREATE TABLE judgement (
    ticket TEXT PRIMARY KEY NOT NULL,
    judgement TEXT NOT NULL,
    told INTEGER NOT NULL CHECK (told IN (0, 1))
) WITHOUT ROWID;

CREATE TABLE setting (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) WITHOUT ROWID;
