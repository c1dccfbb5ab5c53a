-- Who is asking: the devices of the studios, and the invitations that admitted them. Of what opens the door only hashes
-- are here. Nothing is deleted (R15): who was admitted, and until when, stays to be read.

ALTER TABLE studio ADD COLUMN suspended_since INTEGER;

CREATE TABLE invitation (
    id         INTEGER PRIMARY KEY,
    code_hash  BLOB NOT NULL UNIQUE, -- asked when somebody redeems it
    studio     INTEGER NOT NULL REFERENCES studio (id),
    person     TEXT NOT NULL,
    invited_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- An invitation admits one device, and a token is one device's, even against a bug.
CREATE TABLE device (
    id          INTEGER PRIMARY KEY,
    uuid        BLOB NOT NULL UNIQUE,
    invitation  INTEGER NOT NULL UNIQUE REFERENCES invitation (id),
    token_hash  BLOB NOT NULL UNIQUE, -- asked with every request
    name        TEXT NOT NULL,
    admitted_at INTEGER NOT NULL,
    revoked_at  INTEGER
) STRICT;

-- The invitations, and through them the devices, of a studio: listed and counted.
CREATE INDEX invitation_of_studio ON invitation (studio);
