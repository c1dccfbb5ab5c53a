-- What the people of a studio keep among themselves about a ticket or an appointment. No statement of the sede's reads it.
CREATE TABLE dossier (
    studio  text NOT NULL,
    subject text NOT NULL, -- `ticket:CODE` or `appointment:UUID`
    body    json NOT NULL,
    PRIMARY KEY (studio, subject)
);

-- R15: all that was entered, in its order; a dossier shows what stands of it.
CREATE TABLE dossier_entry (
    studio     text NOT NULL,
    subject    text NOT NULL,
    number     bigint NOT NULL,
    entered_at timestamptz NOT NULL,
    person     text,
    body       json NOT NULL,
    PRIMARY KEY (studio, subject, number)
);

GRANT SELECT, INSERT, UPDATE ON dossier TO sede_server;
GRANT SELECT, INSERT ON dossier_entry TO sede_server;

-- The feed shows them to their studio. Which kinds there are is said once, in the program.
ALTER TABLE seen DROP CONSTRAINT seen_kind_check;
