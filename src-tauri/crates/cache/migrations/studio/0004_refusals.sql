-- Cancellations and entries of dossiers that the store would not take, until the person has read why.
CREATE TABLE refused_decision (
    decision TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,         -- appointment or dossier
    work TEXT NOT NULL,          -- what was asked, whole
    why TEXT NOT NULL,
    refused_at INTEGER NOT NULL
) WITHOUT ROWID;
