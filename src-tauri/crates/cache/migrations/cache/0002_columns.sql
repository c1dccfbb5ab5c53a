-- Lists are opened from columns in memory: no order of theirs needs an index any more.
DROP INDEX ticket_sorted_code;
DROP INDEX ticket_sorted_company;
DROP INDEX ticket_sorted_topic;
DROP INDEX ticket_sorted_opened;
DROP INDEX ticket_sorted_status;
DROP INDEX ticket_sorted_bookable;

-- Another number after every transaction that touches tickets, companies or topics: which columns are of which state.
ALTER TABLE feed ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
