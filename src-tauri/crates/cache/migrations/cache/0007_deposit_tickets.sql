-- Which of those that lie with the store are of a ticket: asked for each window of a list.
CREATE TABLE deposit_ticket (
    ticket TEXT NOT NULL,
    decision TEXT NOT NULL,
    PRIMARY KEY (ticket, decision)
) WITHOUT ROWID;
CREATE INDEX deposit_ticket_by_decision ON deposit_ticket (decision);
INSERT INTO deposit_ticket (ticket, decision)
SELECT DISTINCT t.value, d.decision FROM deposit d, json_each(d.body, '$.tickets') t;
