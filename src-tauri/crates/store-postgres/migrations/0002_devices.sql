-- Who is asking: the devices of the studios, and the invitations that admitted them. Of what opens the door only hashes
-- are here. Nothing is deleted (R15): who was admitted, and until when, stays to be read.

ALTER TABLE studio ADD COLUMN suspended_since timestamptz;

CREATE TABLE invitation (
    code_hash  bytea PRIMARY KEY, -- asked when somebody redeems it
    studio     text NOT NULL REFERENCES studio,
    person     text NOT NULL,
    invited_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

-- An invitation admits one device, and a token is one device's, even against a bug.
CREATE TABLE device (
    id          uuid PRIMARY KEY, -- of version 7: they sort by their admission
    invitation  bytea NOT NULL CONSTRAINT one_device_per_invitation UNIQUE REFERENCES invitation,
    token_hash  bytea NOT NULL CONSTRAINT one_device_per_token UNIQUE, -- asked with every request
    name        text NOT NULL,
    admitted_at timestamptz NOT NULL,
    revoked_at  timestamptz
);

-- The invitations, and through them the devices, of a studio: listed and counted.
CREATE INDEX invitation_of_studio ON invitation (studio);

GRANT SELECT, INSERT ON invitation, device TO sede_server;
GRANT UPDATE (revoked_at) ON device TO sede_server;
-- To wait for its turn, an invitation is locked.
GRANT UPDATE (expires_at) ON invitation TO sede_server;
