-- A file that an appointment names is claimed, in the transaction of the booking, and kept; the others are forgotten after a
-- while.
ALTER TABLE upload ADD claimed INTEGER NOT NULL DEFAULT 0 CHECK (claimed IN (0, 1));

UPDATE upload SET claimed = 1
WHERE (studio, hash) IN (
    SELECT a.studio, file.value ->> 'hash'
    FROM appointment AS a, json_each(a.body, '$.content.attachments') AS file);

-- Those that are forgotten after a while.
CREATE INDEX upload_unclaimed ON upload (touched_at) WHERE claimed = 0;
DROP INDEX upload_unfinished;
