-- What the sede would not take as a reminder (S5), until the person has read why.
CREATE TABLE refused_reminder (
    ticket TEXT PRIMARY KEY NOT NULL,
    words TEXT NOT NULL,
    why TEXT NOT NULL,
    refused_at INTEGER NOT NULL
) WITHOUT ROWID;

-- One reminder of a ticket is under way at a time.
DROP INDEX outbox_one_under_way;
CREATE UNIQUE INDEX outbox_one_under_way ON outbox (kind, about)
    WHERE state IN ('waiting', 'sending') AND kind IN ('book', 'change', 'cancel', 'acknowledge', 'remind');
