-- Requests that studios wrote here: what came with a ticket, for the sede to read. That a decision opens one ticket at most,
-- `one_appointment_per_decision` says: one attempt of a decision is granted.
CREATE TABLE request (
    sede   text NOT NULL,
    ticket text NOT NULL,
    studio text NOT NULL,
    body   json NOT NULL,
    PRIMARY KEY (sede, ticket)
);

GRANT SELECT, INSERT ON request TO sede_server;
