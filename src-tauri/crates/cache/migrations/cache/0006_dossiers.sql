-- What the people of the studio keep among themselves: as the store tells it, and as it is shown, with what is still on its
-- way there.
CREATE TABLE dossier (
    subject    TEXT PRIMARY KEY NOT NULL, -- `ticket:CODE` or `appointment:UUID`
    body       TEXT,                      -- nothing where only what is on its way is known
    on_the_way TEXT NOT NULL,             -- entries, in the order of deciding
    shown      TEXT NOT NULL,
    ticket     TEXT,
    in_charge  TEXT                       -- as shown
) WITHOUT ROWID;
-- The tickets that a person is in charge of: asked by lists that are filtered by it.
CREATE INDEX dossier_in_charge ON dossier (in_charge, ticket) WHERE in_charge IS NOT NULL;
