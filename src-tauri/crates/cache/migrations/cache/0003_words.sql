-- The words of tickets, in blocks of 4,096 ids: a word that every other ticket has is as quickly found as a rare one.
-- Company and topic are not among them: what these are called is found in memory.
DROP TABLE ticket_words;

-- A word of up to three letters stands for all that begin with it. The block comes first, so that a first pull only ever
-- writes at the end.
CREATE TABLE word (
    block INTEGER NOT NULL, -- id / 4096
    word TEXT NOT NULL,
    ids BLOB NOT NULL,      -- see index.rs
    PRIMARY KEY (block, word)
) WITHOUT ROWID;

-- Tickets up to this id stand there, later ones not yet.
ALTER TABLE feed ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
