-- The calendar store of many sedi, shared by many studios.
--
-- Three kinds of tables, so that they can be distributed over several servers without another schema:
--   the sede's      ticket, appointment, place, carriage, taken …: their keys lead with a sede. It is the one where the row
--                   came into being and never changes; which sede is competent now, the body says.
--   the studio's    attempt, upload, seen, delegation …: their keys lead with the studio.
--   registers       sede, topic, point, company, position, studio: few and read by all, a copy on every server.
--
-- Bodies are the domain's own types as JSON, read as they were written. Beside a body stand only the columns that a query or
-- a constraint needs. What a booking writes has no foreign keys: it names rows that the same transaction has read, and
-- nothing that can be named is ever deleted (R15).
--
-- A counter for each stream of the feed (one of the offering, one of each sede, one of each studio) is locked by whoever
-- writes into the stream until he commits: numbers become visible in their order. The same locks order the writers. They
-- are taken in one order: `life`, then studios by code, then sedi by code.

CREATE EXTENSION IF NOT EXISTS btree_gist;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sede_server') THEN
        CREATE ROLE sede_server NOLOGIN;
    END IF;
EXCEPTION
    -- Roles are the cluster's: another database's installation made it at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

-- One row: this life of the store.
CREATE TABLE life (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    epoch    uuid NOT NULL,
    limits   json NOT NULL,
    head     bigint NOT NULL DEFAULT 0 -- counter of the offering's stream
);

COMMENT ON TABLE life IS 'Agenda Sede';

CREATE TABLE studio (
    code text PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE studio_stream (
    studio text PRIMARY KEY REFERENCES studio,
    head   bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- What a sede offers. `at` is the number in the offering's stream -----------------------------------------------------

CREATE TABLE sede (
    code text PRIMARY KEY,
    body json NOT NULL,
    at   bigint NOT NULL
);

CREATE TABLE sede_stream (
    sede   text PRIMARY KEY REFERENCES sede,
    head   bigint NOT NULL DEFAULT 0,
    booked bigint NOT NULL DEFAULT 0 -- number in the code of the appointment booked last
) WITH (fillfactor = 50);

CREATE TABLE topic (
    code text PRIMARY KEY,
    body json NOT NULL,
    at   bigint NOT NULL
);

CREATE TABLE point (
    code   text PRIMARY KEY,
    sede   text NOT NULL REFERENCES sede, -- where its places are kept
    desks  integer NOT NULL,
    body   json NOT NULL,
    at     bigint NOT NULL
);

-- Who may act for whom -----------------------------------------------------------------------------------------------

CREATE TABLE company (
    code text PRIMARY KEY,
    body json NOT NULL
);

CREATE TABLE position (
    matricola text PRIMARY KEY,
    company   text NOT NULL REFERENCES company,
    sede      text NOT NULL REFERENCES sede,
    body      json NOT NULL
);

-- The positions of a company that changed.
CREATE INDEX position_of_company ON position (company);

-- R2, R18. `phase` is what the feed has told the studio so far:
--   new        nothing yet
--   announced  it begins on a day to come: the position, no tickets
--   active     everything, and everything new
--   held       over, but the studio still has a live appointment for the position: it keeps what it has, as it was
--   gone       over, and told so
CREATE TABLE delegation (
    studio     text NOT NULL REFERENCES studio,
    position   text NOT NULL REFERENCES position,
    from_day   date NOT NULL,
    until_day  date,
    body       json NOT NULL,
    phase      text NOT NULL DEFAULT 'new' CHECK (phase IN ('new', 'announced', 'active', 'held', 'gone')),
    settles_at timestamptz, -- when the phase must be looked at again
    PRIMARY KEY (studio, position)
);

-- Who sees a ticket: asked at every change of one.
CREATE INDEX delegation_for_position ON delegation (position, phase);
-- Whether a day that passed ended or began a delegation: asked at every call.
CREATE INDEX delegation_to_settle ON delegation (settles_at) WHERE settles_at IS NOT NULL;

-- The sedi whose taken places a studio is told of: those it has ever dealt with.
CREATE TABLE dealing (
    studio text NOT NULL REFERENCES studio,
    sede   text NOT NULL REFERENCES sede,
    PRIMARY KEY (studio, sede)
);

CREATE TABLE ticket (
    sede     text NOT NULL REFERENCES sede,
    code     text NOT NULL,
    position text NOT NULL REFERENCES position,
    topic    text NOT NULL REFERENCES topic,
    body     json NOT NULL,
    PRIMARY KEY (sede, code)
);

-- The contract names tickets by their codes alone.
CREATE INDEX ticket_of_code ON ticket (code);
-- The tickets of a position whose delegation begins or ends.
CREATE INDEX ticket_of_position ON ticket (position);

-- R3: a studio's judgement on the reply that stood when it judged. Another studio does not see it.
CREATE TABLE judgement (
    sede   text NOT NULL,
    ticket text NOT NULL,
    studio text NOT NULL,
    body   json NOT NULL,
    PRIMARY KEY (sede, ticket, studio)
);

-- Appointments -------------------------------------------------------------------------------------------------------

CREATE TABLE appointment (
    sede      text NOT NULL, -- where it was booked
    id        uuid NOT NULL,
    code      text NOT NULL,
    studio    text NOT NULL,
    positions text[] NOT NULL,
    -- Where it stands, also when it has given its place back.
    point     text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL,
    body      json NOT NULL,
    PRIMARY KEY (sede, id)
);

-- The contract names appointments by their ids alone.
CREATE INDEX appointment_of_id ON appointment (id);
-- The sede's operators name them by their codes, and read a day or a page of them in the order of their beginning.
CREATE INDEX appointment_of_code ON appointment (code);
CREATE INDEX appointment_in_order ON appointment (starts_at, code);

-- R11, promise 1: each live appointment has a desk of its own for as long as it lasts, wherever it takes place now.
CREATE TABLE place (
    sede        text NOT NULL, -- that of the point
    point       text NOT NULL,
    desk        integer NOT NULL CHECK (desk >= 1),
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL CHECK (ends_at > starts_at),
    appointment uuid NOT NULL,
    CONSTRAINT one_place_per_appointment PRIMARY KEY (sede, appointment),
    -- Never two at one desk in any part of the same time, even against a bug; and the desks that are taken, asked at every
    -- booking.
    CONSTRAINT one_appointment_per_desk EXCLUDE USING gist
        (sede WITH =, point WITH =, desk WITH =, tstzrange(starts_at, ends_at) WITH &&)
);

-- What the exclusion can't say: no desk beyond the point's.
CREATE FUNCTION place_has_a_desk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.desk > (SELECT desks FROM point WHERE code = NEW.point AND sede = NEW.sede) IS NOT FALSE THEN
        RAISE EXCEPTION 'no such desk' USING ERRCODE = 'check_violation', CONSTRAINT = 'no_desk_beyond_the_point_s';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER place_has_a_desk BEFORE INSERT OR UPDATE ON place FOR EACH ROW EXECUTE FUNCTION place_has_a_desk();

-- R5: which appointment carries which ticket now. It ends with the appointment's cancelling or resolving; one whose end has
-- passed gives way to the next, since time alone changes no row.
CREATE TABLE carriage (
    sede        text NOT NULL, -- that of the ticket
    ticket      text NOT NULL,
    appointment uuid NOT NULL,
    ends_at     timestamptz NOT NULL,
    -- Never two live appointments for one ticket, even against a bug.
    CONSTRAINT one_live_appointment_per_ticket PRIMARY KEY (sede, ticket)
);

-- Promise 2: how many places are held, never by whom: what everybody pulls, and what the rules are asked with.
CREATE TABLE taken (
    sede      text NOT NULL,
    point     text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL,
    count     integer NOT NULL CONSTRAINT no_fewer_than_no_place CHECK (count >= 0),
    at        bigint NOT NULL, -- in the stream of the sede
    PRIMARY KEY (sede, point, starts_at, ends_at)
);

-- A page of the sede's stream.
CREATE INDEX taken_in_order ON taken (sede, at);

-- What a studio has asked --------------------------------------------------------------------------------------------

-- One outcome for one attempt.
CREATE TABLE attempt (
    studio   text NOT NULL,
    decision uuid NOT NULL,
    number   bigint NOT NULL,
    digest   bytea NOT NULL,
    outcome  json NOT NULL,
    granted  boolean NOT NULL, -- whether this attempt booked an appointment
    CONSTRAINT one_outcome_per_attempt PRIMARY KEY (studio, decision, number)
);

-- One appointment for one decision, even against a bug.
CREATE UNIQUE INDEX one_appointment_per_decision ON attempt (studio, decision) WHERE granted;

-- R10: files, each studio's own: that another studio has sent the same file is nobody's business.
CREATE TABLE upload (
    studio     text NOT NULL REFERENCES studio,
    hash       bytea NOT NULL,
    bytes      bigint NOT NULL,
    kind       text NOT NULL,
    received   bigint NOT NULL,
    complete   boolean NOT NULL,
    touched_at timestamptz NOT NULL,
    PRIMARY KEY (studio, hash)
);

-- Uploads that nobody finished.
CREATE INDEX upload_unfinished ON upload (touched_at) WHERE NOT complete;

-- Its bytes, piece by piece in order.
CREATE TABLE piece (
    studio text NOT NULL,
    hash   bytea NOT NULL,
    at     bigint NOT NULL,
    bytes  bytea NOT NULL,
    PRIMARY KEY (studio, hash, at),
    FOREIGN KEY (studio, hash) REFERENCES upload ON DELETE CASCADE
);

-- A compressed file does not become smaller.
ALTER TABLE piece ALTER bytes SET STORAGE EXTERNAL;

-- The feed -----------------------------------------------------------------------------------------------------------

-- What a studio alone sees: one row for an entity, however often it changed. Every change gives it the next number.
CREATE TABLE seen (
    studio   text NOT NULL,
    kind     text NOT NULL CHECK (kind IN ('company', 'position', 'delegation', 'ticket', 'appointment')),
    sede     text NOT NULL, -- with `key`, what names the entity's row; empty for what has no sede in its key
    key      text NOT NULL,
    at       bigint NOT NULL,
    gone     boolean NOT NULL DEFAULT false,
    snapshot json,          -- R18: a ticket as it was when the studio's delegation ended
    PRIMARY KEY (studio, kind, sede, key)
);

-- A page of the studio's stream.
CREATE INDEX seen_in_order ON seen (studio, at);

-- The server's role: it owns nothing, and can do nothing but this. ---------------------------------------------------

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO sede_server;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO sede_server;
GRANT UPDATE (epoch, limits, head) ON life TO sede_server;
GRANT INSERT, UPDATE ON
    studio, studio_stream, sede, sede_stream, topic, point, company, position, delegation, ticket, judgement,
    appointment, place, carriage, taken, upload, seen
    TO sede_server;
GRANT INSERT ON dealing, attempt, piece TO sede_server;
-- Claims that are given back, files that are not kept, and what a studio was told of a delegation that is over.
GRANT DELETE ON place, carriage, upload, piece, seen TO sede_server;
