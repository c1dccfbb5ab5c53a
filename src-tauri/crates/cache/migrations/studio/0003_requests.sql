-- What the sede would not take as a reminder (S5), until the person has read why.
CREATE TABLE refused_reminder (
    ticket TEXT PRIMARY KEY NOT NULL,
    words TEXT NOT NULL,
    why TEXT NOT NULL,
    refused_at INTEGER NOT NULL
) WITHOUT ROWID;

-- One reminder of a ticket is under way at a time.
DROP INDEX outbox_one_under_way;
CREATE UNIQUE INDEX outbox_one_under_way ON outbox (kind, about)
    WHERE state IN ('waiting', 'sending') AND kind IN ('book', 'change', 'cancel', 'acknowledge', 'remind', 'open_ticket');

-- Requests to the sede that the studio is writing (S2): what they ask stands whole in `content`, the files' records with it.
CREATE TABLE request_draft (
    n INTEGER PRIMARY KEY NOT NULL,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('editing', 'queued', 'sending', 'opened', 'needs_attention', 'discarded')),
    position TEXT,
    topic TEXT,
    content TEXT NOT NULL,
    decision TEXT UNIQUE,        -- made when it was first sent; the same for ever after
    attempts INTEGER NOT NULL DEFAULT 0,
    attention TEXT,              -- kept while discarded: what to restore to
    ticket TEXT,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    CHECK ((state = 'opened') = (ticket IS NOT NULL)),
    CHECK (state <> 'needs_attention' OR attention IS NOT NULL),
    CHECK (state NOT IN ('queued', 'sending', 'opened', 'needs_attention') OR decision IS NOT NULL)
);
CREATE INDEX request_draft_by_state ON request_draft (state, changed_at);
