-- Requests that studios wrote here: which decision opened which ticket, and what came with it, for the sede to read.
CREATE TABLE request (
    ticket   INTEGER PRIMARY KEY REFERENCES ticket (id),
    studio   INTEGER NOT NULL REFERENCES studio (id),
    decision BLOB NOT NULL,
    attempt  INTEGER NOT NULL, -- number of the attempt that opened it
    body     TEXT NOT NULL,
    CONSTRAINT one_ticket_per_decision UNIQUE (studio, decision)
) STRICT;
