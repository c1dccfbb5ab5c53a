-- A file that an appointment names is claimed, in the transaction of the booking, and kept; the others are forgotten after a
-- while.
ALTER TABLE upload ADD claimed boolean NOT NULL DEFAULT false;

UPDATE upload SET claimed = true
FROM appointment AS a, json_array_elements(a.body -> 'content' -> 'attachments') AS file
WHERE upload.studio = a.studio AND upload.hash = decode(file ->> 'hash', 'hex');

-- Those that are forgotten after a while.
CREATE INDEX upload_unclaimed ON upload (touched_at) WHERE NOT claimed;
DROP INDEX upload_unfinished;
