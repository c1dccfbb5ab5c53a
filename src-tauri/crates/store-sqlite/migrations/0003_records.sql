-- Appointments in the order of their beginning, a day or a page of them: what the sede's operators read. A place keeps its
-- interval when it is given back.
CREATE INDEX place_by_time ON place (starts_at);
