-- R16: what stands on the INPS portal alone, as people brought lists of it. It never reaches a store. Bodies are the domain's
-- JSON. Nothing is ever deleted (R15).

-- Grows with each change of what follows: `cache.db` projects what has a later number than it knows.
CREATE TABLE portal (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL
);
INSERT INTO portal (one, revision) VALUES (1, 0);

CREATE TABLE portal_ticket (
    code TEXT PRIMARY KEY NOT NULL,
    position TEXT NOT NULL,
    body TEXT NOT NULL,
    at_store INTEGER NOT NULL DEFAULT 0 CHECK (at_store IN (0, 1)), -- the store has it by now, and what it says counts
    revision INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX portal_ticket_by_revision ON portal_ticket (revision);
CREATE INDEX portal_ticket_by_position ON portal_ticket (position);

-- What was held of a ticket until a list, or the studio, told something else.
CREATE TABLE portal_ticket_before (
    n INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL,
    until INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX portal_ticket_before_by_code ON portal_ticket_before (code);

-- What lists said last of a position, whichever ticket they said it with.
CREATE TABLE portal_position (
    matricola TEXT PRIMARY KEY NOT NULL,
    company TEXT,
    company_name TEXT,
    sede TEXT
) WITHOUT ROWID;

CREATE TABLE registered_appointment (
    id TEXT PRIMARY KEY NOT NULL,
    draft TEXT UNIQUE,           -- which it was prepared with
    body TEXT NOT NULL,
    ends INTEGER NOT NULL,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    revision INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX registered_appointment_by_revision ON registered_appointment (revision);

CREATE TABLE registered_ticket (
    appointment TEXT NOT NULL REFERENCES registered_appointment (id),
    ticket TEXT NOT NULL,
    PRIMARY KEY (ticket, appointment)
) WITHOUT ROWID;

-- What the people of the studio keep about these: it stays on this computer.
CREATE TABLE portal_entry (
    n INTEGER PRIMARY KEY NOT NULL,
    entry TEXT NOT NULL,
    at INTEGER NOT NULL
);

-- How the columns of a list were matched by hand, by the list's own header.
CREATE TABLE column_mapping (
    header TEXT PRIMARY KEY NOT NULL,
    mapping TEXT NOT NULL,
    used_at INTEGER NOT NULL
) WITHOUT ROWID;
