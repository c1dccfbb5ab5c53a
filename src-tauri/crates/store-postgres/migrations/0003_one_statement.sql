-- A booking is written by one statement, without a transaction around it: what must not be committed, the statement itself
-- refuses, under the name of the promise that it would break.

CREATE FUNCTION refuse(promise text) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation', CONSTRAINT = promise;
END
$$;
