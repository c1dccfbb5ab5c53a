-- Promise 4: bookings that lie here until their tickets are ripe, or a place comes free. `number` is the order of deposit: it
-- is given while it is the sede's turn. Nothing is deleted (R15): what became of one is the outcome of its attempt.
CREATE TABLE deposit (
    sede         text NOT NULL, -- that of the point
    number       bigint GENERATED ALWAYS AS IDENTITY,
    studio       text NOT NULL,
    decision     uuid NOT NULL,
    attempt      bigint NOT NULL,
    digest       bytea NOT NULL,
    point        text NOT NULL,
    tickets      text[] NOT NULL,
    booking      json NOT NULL,
    body         json NOT NULL,    -- as its studio sees it
    waits        boolean NOT NULL, -- whether it waits for a place too
    for_a_place  boolean NOT NULL, -- whether that is what it waits for now
    due_at       timestamptz NOT NULL, -- when it is decided at the latest
    deposited_at timestamptz NOT NULL,
    ended_at     timestamptz,
    PRIMARY KEY (sede, number)
);

-- One attempt of a decision lies here at a time, even against a bug; and what a studio asks for by its decision.
CREATE UNIQUE INDEX one_deposit_per_decision ON deposit (sede, studio, decision) WHERE ended_at IS NULL;
-- What is due at a point, before anybody books there.
CREATE INDEX deposit_due_at_point ON deposit (sede, point, due_at) WHERE ended_at IS NULL;
-- What is due, of whomever: asked by the server as time passes, and by a studio that pulls.
CREATE INDEX deposit_due ON deposit (due_at) WHERE ended_at IS NULL;
CREATE INDEX deposit_due_of_studio ON deposit (studio, due_at) WHERE ended_at IS NULL;
-- Who waits for a place that came free.
CREATE INDEX deposit_for_a_place ON deposit (sede, point) WHERE for_a_place AND ended_at IS NULL;
-- The deposits of a ticket that something happened to.
CREATE INDEX deposit_of_ticket ON deposit USING gin (tickets) WHERE ended_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON deposit TO sede_server;

-- The feed shows them to their studio.
ALTER TABLE seen DROP CONSTRAINT seen_kind_check;
ALTER TABLE seen ADD CONSTRAINT seen_kind_check
    CHECK (kind IN ('company', 'position', 'delegation', 'ticket', 'appointment', 'deposit'));
