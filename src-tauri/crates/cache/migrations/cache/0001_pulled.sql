-- What was pulled from the store, and what lists and search need of it. Disposable: pulled and projected again at will.
-- Instants are seconds since 1970 in UTC, civil days are days since 1 January of the year 1 (chrono's), bodies are the
-- domain's JSON. No foreign keys: an entity may come before those that it names.

CREATE TABLE feed (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT,
    cursor TEXT,
    read_at TEXT,    -- when the store was last read to its end
    welcome TEXT     -- what the store said at the last session
);
INSERT INTO feed (one) VALUES (1);

CREATE TABLE sede (
    code TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL
) WITHOUT ROWID;

-- `known` is 0 for one that a ticket names and that has not been pulled (yet).
CREATE TABLE topic (
    id INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    area TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    label_key TEXT NOT NULL,
    threshold INTEGER,
    known INTEGER NOT NULL
);
CREATE INDEX topic_by_label ON topic (label_key, id);

CREATE TABLE point (
    code TEXT PRIMARY KEY NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE taken (
    point TEXT NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    places INTEGER NOT NULL,
    PRIMARY KEY (point, starts, ends)
) WITHOUT ROWID;

CREATE TABLE company (
    id INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    known INTEGER NOT NULL
);
CREATE INDEX company_by_name ON company (name_key, id);

CREATE TABLE position (
    matricola TEXT PRIMARY KEY NOT NULL,
    company TEXT NOT NULL,
    sede TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX position_by_company ON position (company);

CREATE TABLE delegation (
    position TEXT PRIMARY KEY NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT
) WITHOUT ROWID;

-- An id is never given twice: a snapshot of ids never shows another ticket in the place of one that is gone.
CREATE TABLE ticket (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    company_id INTEGER NOT NULL,
    topic_id INTEGER NOT NULL,
    position TEXT NOT NULL,
    sede TEXT NOT NULL,
    status INTEGER NOT NULL,     -- 0 open, 1 in progress, 2 closed ok, 3 closed ko, 4 withdrawn
    closed_at TEXT,
    assessment INTEGER NOT NULL, -- 0 unassessed, 1 satisfactory, 2 unsatisfactory; with what was not told yet
    opened_day INTEGER NOT NULL, -- from which R4 counts
    carried INTEGER,             -- R5: end of the appointment that carries it
    has_point INTEGER NOT NULL,  -- R5: whether a point answers its topic
    bookable_from INTEGER        -- R3–R5: the forecast; nothing means never. Midnight does not make it false.
);
-- One index for each order, each with all that lists filter by: a list is one walk along one of them.
CREATE INDEX ticket_sorted_code ON ticket (code, id, company_id, topic_id, status, opened_day, carried, bookable_from);
CREATE INDEX ticket_sorted_company ON ticket (company_id, id, topic_id, status, opened_day, carried, bookable_from);
CREATE INDEX ticket_sorted_topic ON ticket (topic_id, id, company_id, status, opened_day, carried, bookable_from);
CREATE INDEX ticket_sorted_opened ON ticket (opened_day, id, company_id, topic_id, status, carried, bookable_from);
CREATE INDEX ticket_sorted_status ON ticket (status, id, company_id, topic_id, opened_day, carried, bookable_from);
CREATE INDEX ticket_sorted_bookable ON ticket (bookable_from, id, company_id, topic_id, status, opened_day, carried);

-- Apart from `ticket`, so that a window of a list reads few pages.
CREATE TABLE ticket_body (
    id INTEGER PRIMARY KEY NOT NULL,
    body TEXT NOT NULL
);

-- Words are folded in Rust (case, accents, separators) for the index and for what is looked for alike; `ascii` then takes
-- them as they are.
CREATE VIRTUAL TABLE ticket_words USING fts5 (
    words,
    content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '1 2 3'
);

-- The studio's judgements that the store has not told back yet, as the projection knows them.
CREATE TABLE overlay (
    ticket TEXT PRIMARY KEY NOT NULL,
    judgement TEXT NOT NULL,
    told INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE appointment (
    id TEXT PRIMARY KEY NOT NULL,
    decision TEXT NOT NULL,
    company TEXT NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX appointment_by_start ON appointment (starts, id);
CREATE INDEX appointment_by_end ON appointment (ends, id);
CREATE INDEX appointment_by_company ON appointment (company, starts);
CREATE INDEX appointment_by_decision ON appointment (decision);

CREATE TABLE appointment_ticket (
    appointment TEXT NOT NULL,
    ticket TEXT NOT NULL,
    PRIMARY KEY (ticket, appointment)
) WITHOUT ROWID;
CREATE INDEX appointment_ticket_by_appointment ON appointment_ticket (appointment);

-- Communications not acknowledged yet.
CREATE TABLE unread (
    communication TEXT PRIMARY KEY NOT NULL,
    appointment TEXT NOT NULL,
    said_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX unread_by_appointment ON unread (appointment);
