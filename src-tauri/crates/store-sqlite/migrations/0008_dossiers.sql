-- What the people of a studio keep among themselves about a ticket or an appointment. No statement of the sede's reads it.
CREATE TABLE dossier (
    id      INTEGER PRIMARY KEY,
    studio  INTEGER NOT NULL REFERENCES studio (id),
    subject TEXT NOT NULL, -- `ticket:CODE` or `appointment:UUID`
    body    TEXT NOT NULL,
    UNIQUE (studio, subject)
) STRICT;

-- R15: all that was entered, in its order; a dossier shows what stands of it.
CREATE TABLE dossier_entry (
    dossier    INTEGER NOT NULL REFERENCES dossier (id),
    number     INTEGER NOT NULL,
    entered_at INTEGER NOT NULL,
    person     TEXT,
    body       TEXT NOT NULL,
    PRIMARY KEY (dossier, number)
) STRICT, WITHOUT ROWID;

-- The feed shows them to their studio. Which kinds there are is said once, in the program. Its numbers go on where they
-- were.
CREATE TABLE feed_of_any_kind (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    stream   INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    entity   INTEGER NOT NULL, -- id in the table of that name
    gone     INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
    snapshot TEXT,             -- R18: a ticket as it was when the studio's delegation ended
    UNIQUE (stream, kind, entity)
) STRICT;
INSERT INTO feed_of_any_kind (seq, stream, kind, entity, gone, snapshot)
SELECT seq, stream, kind, entity, gone, snapshot FROM feed ORDER BY seq;
INSERT INTO sqlite_sequence (name, seq)
SELECT 'feed_of_any_kind', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'feed_of_any_kind');
UPDATE sqlite_sequence SET seq = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'feed'), 0)
WHERE name = 'feed_of_any_kind';
DROP TABLE feed;
ALTER TABLE feed_of_any_kind RENAME TO feed;
CREATE INDEX feed_of_stream ON feed (stream);
