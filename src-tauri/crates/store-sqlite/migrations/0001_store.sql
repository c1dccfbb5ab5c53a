-- The calendar store of one sede or more, in one file.
--
-- Bodies are the domain's own types as JSON: what a studio pulls is read as it was written, a page in one query. Beside a
-- body stand only the columns that a query or a constraint needs. Instants in columns are seconds since 1970 (slots begin
-- and end on whole seconds), days are `YYYY-MM-DD`. In one file the sede is no leading key: the contract names tickets,
-- positions and points by codes that are unique across sedi; what is claimed leads with its point, and so with a sede.

PRAGMA application_id = 1095193412; -- "AGSD": a file of this program

-- One row: this life of the store.
CREATE TABLE life (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    epoch    TEXT NOT NULL,
    limits   TEXT NOT NULL CHECK (json_valid(limits))
) STRICT;

CREATE TABLE studio (
    id   INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
) STRICT;

-- What a sede offers -------------------------------------------------------------------------------------------------

CREATE TABLE sede (
    id               INTEGER PRIMARY KEY,
    code             TEXT NOT NULL UNIQUE,
    body             TEXT NOT NULL,
    last_appointment INTEGER NOT NULL DEFAULT 0 -- number in the code of the appointment booked last
) STRICT;

CREATE TABLE topic (
    id   INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE point (
    id    INTEGER PRIMARY KEY,
    code  TEXT NOT NULL UNIQUE,
    sede  INTEGER NOT NULL REFERENCES sede (id),
    desks INTEGER NOT NULL,
    body  TEXT NOT NULL
) STRICT;

-- Who may act for whom -----------------------------------------------------------------------------------------------

CREATE TABLE company (
    id   INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE position (
    id        INTEGER PRIMARY KEY,
    matricola TEXT NOT NULL UNIQUE,
    company   INTEGER NOT NULL REFERENCES company (id),
    sede      INTEGER NOT NULL REFERENCES sede (id),
    body      TEXT NOT NULL
) STRICT;

-- The positions of a company that changed.
CREATE INDEX position_of_company ON position (company);

-- R2, R18. `phase` is what the feed has told the studio so far:
--   new        nothing yet
--   announced  it begins on a day to come: the position, no tickets
--   active     everything, and everything new
--   held       over, but the studio still has a live appointment for the position: it keeps what it has, as it was
--   gone       over, and told so
CREATE TABLE delegation (
    id         INTEGER PRIMARY KEY,
    studio     INTEGER NOT NULL REFERENCES studio (id),
    position   INTEGER NOT NULL REFERENCES position (id),
    from_day   TEXT NOT NULL,
    until_day  TEXT,
    body       TEXT NOT NULL,
    phase      TEXT NOT NULL DEFAULT 'new' CHECK (phase IN ('new', 'announced', 'active', 'held', 'gone')),
    settles_at INTEGER, -- when the phase must be looked at again
    UNIQUE (studio, position)
) STRICT;

-- Who sees a ticket: asked at every change of one.
CREATE INDEX delegation_for_position ON delegation (position, phase);
-- Whether a day that passed ended or began a delegation: asked at every pull.
CREATE INDEX delegation_to_settle ON delegation (settles_at) WHERE settles_at IS NOT NULL;

CREATE TABLE ticket (
    id       INTEGER PRIMARY KEY,
    code     TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL REFERENCES position (id),
    topic    INTEGER NOT NULL REFERENCES topic (id),
    body     TEXT NOT NULL
) STRICT;

-- The tickets of a position whose delegation begins or ends.
CREATE INDEX ticket_of_position ON ticket (position);

-- R3: a studio's judgement on the reply that stood when it judged. Another studio does not see it.
CREATE TABLE judgement (
    studio INTEGER NOT NULL REFERENCES studio (id),
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    body   TEXT NOT NULL,
    PRIMARY KEY (studio, ticket)
) STRICT, WITHOUT ROWID;

-- Appointments -------------------------------------------------------------------------------------------------------

CREATE TABLE appointment (
    id       INTEGER PRIMARY KEY,
    uuid     BLOB NOT NULL UNIQUE,
    code     TEXT NOT NULL UNIQUE,
    studio   INTEGER NOT NULL REFERENCES studio (id),
    decision BLOB NOT NULL,
    attempt  INTEGER NOT NULL, -- number of the attempt that booked it
    body     TEXT NOT NULL,
    CONSTRAINT one_appointment_per_decision UNIQUE (studio, decision)
) STRICT;

-- R11, promise 1: each live appointment has a desk of its own for as long as it lasts. `released` when it was cancelled
-- or resolved.
CREATE TABLE place (
    appointment INTEGER PRIMARY KEY REFERENCES appointment (id),
    point       INTEGER NOT NULL REFERENCES point (id),
    starts_at   INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL CHECK (ends_at > starts_at),
    desk        INTEGER NOT NULL CHECK (desk >= 1),
    released    INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1))
) STRICT;

-- Never two at one desk, even against a bug; and the desks that are taken, asked at every booking.
CREATE UNIQUE INDEX place_live ON place (point, starts_at, desk) WHERE released = 0;

-- What the unique index can't say: no desk beyond the point's, none held in part of the same time (hours may have changed
-- since). An interval is at most a day long, so a window of a day finds all that may overlap.
CREATE TRIGGER place_is_free_on_insert BEFORE INSERT ON place WHEN NEW.released = 0
BEGIN
    SELECT RAISE(ABORT, 'place_beyond_desks') FROM point WHERE id = NEW.point AND desks < NEW.desk;
    SELECT RAISE(ABORT, 'place_overlaps') FROM place
    WHERE point = NEW.point AND desk = NEW.desk AND released = 0
      AND starts_at > NEW.starts_at - 86400 AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at;
END;
CREATE TRIGGER place_is_free_on_update BEFORE UPDATE OF point, starts_at, ends_at, desk ON place WHEN NEW.released = 0
BEGIN
    SELECT RAISE(ABORT, 'place_beyond_desks') FROM point WHERE id = NEW.point AND desks < NEW.desk;
    SELECT RAISE(ABORT, 'place_overlaps') FROM place
    WHERE point = NEW.point AND desk = NEW.desk AND released = 0 AND appointment <> NEW.appointment
      AND starts_at > NEW.starts_at - 86400 AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at;
END;

-- R5: which appointment carries which ticket. `released` when the appointment was cancelled or resolved, or when a later
-- booking found its end passed: time alone changes no row.
CREATE TABLE carriage (
    appointment INTEGER NOT NULL REFERENCES appointment (id),
    ticket      INTEGER NOT NULL REFERENCES ticket (id),
    ends_at     INTEGER NOT NULL,
    released    INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)),
    PRIMARY KEY (appointment, ticket)
) STRICT, WITHOUT ROWID;

-- Never two live appointments for one ticket, even against a bug; and who carries a ticket, asked with every ticket read.
CREATE UNIQUE INDEX carriage_live ON carriage (ticket) WHERE released = 0;
-- The appointments of a position that a studio gets back or loses with its delegation.
CREATE INDEX carriage_of_ticket ON carriage (ticket);

-- Promise 2: how many places are held, never by whom: what everybody pulls, and what the rules are asked with.
CREATE TABLE taken (
    id        INTEGER PRIMARY KEY,
    point     INTEGER NOT NULL REFERENCES point (id),
    starts_at INTEGER NOT NULL,
    ends_at   INTEGER NOT NULL,
    count     INTEGER NOT NULL CHECK (count >= 0),
    UNIQUE (point, starts_at, ends_at)
) STRICT;

-- What a studio has asked --------------------------------------------------------------------------------------------

-- One outcome for one attempt.
CREATE TABLE attempt (
    studio   INTEGER NOT NULL REFERENCES studio (id),
    decision BLOB NOT NULL,
    number   INTEGER NOT NULL,
    digest   BLOB NOT NULL,
    outcome  TEXT NOT NULL,
    PRIMARY KEY (studio, decision, number)
) STRICT, WITHOUT ROWID;

-- R10: files, each studio's own: that another studio has sent the same file is nobody's business.
CREATE TABLE upload (
    id         INTEGER PRIMARY KEY,
    studio     INTEGER NOT NULL REFERENCES studio (id),
    hash       TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    received   INTEGER NOT NULL,
    complete   INTEGER NOT NULL CHECK (complete IN (0, 1)),
    touched_at INTEGER NOT NULL,
    UNIQUE (studio, hash)
) STRICT;

-- Uploads that nobody finished.
CREATE INDEX upload_unfinished ON upload (touched_at) WHERE complete = 0;

-- Its bytes, piece by piece in order; one piece once it is complete.
CREATE TABLE piece (
    upload INTEGER NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
    at     INTEGER NOT NULL,
    bytes  BLOB NOT NULL,
    PRIMARY KEY (upload, at)
) STRICT;

-- The feed -----------------------------------------------------------------------------------------------------------

-- One row for an entity in a stream, however often it changed: a change takes the row out and puts it in again at the
-- end. SQLite has one writer, so `seq` grows in the order of commits, and AUTOINCREMENT never gives a number twice.
-- Stream 0 is everybody's; every other is that of the studio with this id.
CREATE TABLE feed (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    stream   INTEGER NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN
        ('sede', 'topic', 'point', 'taken', 'company', 'position', 'delegation', 'ticket', 'appointment')),
    entity   INTEGER NOT NULL, -- id in the table of that name
    gone     INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
    snapshot TEXT,             -- R18: a ticket as it was when the studio's delegation ended
    UNIQUE (stream, kind, entity)
) STRICT;

-- A page: the rows of a stream after a position, in order. Every index of SQLite ends with the row's own number, `seq`.
CREATE INDEX feed_of_stream ON feed (stream);
