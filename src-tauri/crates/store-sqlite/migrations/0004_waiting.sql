-- The tickets that are not closed, by code: what the sede's operators look for all day. They are few and the newest, at the
-- end of the index of all codes.
CREATE INDEX ticket_waiting ON ticket (code) WHERE body ->> '$.status.status' <> 'closed';
