-- Bookings of the studio's that lie with the store: its own and those of colleagues.
CREATE TABLE deposit (
    decision TEXT PRIMARY KEY NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
