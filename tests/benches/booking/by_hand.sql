-- A booking as somebody would write it who trusts the client: the same rows as ours, in one statement, nothing checked.
\set n :n + 1
\set sede (:n * 7919 + :client_id * 104729) % :sedi
\set slot :n / :sedi * :studios + :client_id
\set day :slot / :slots_of_a_day
\set days :day + (:day + 1) / 5 * 2
\set minutes :slot % :slots_of_a_day * 15
WITH asked AS MATERIALIZED (
    SELECT
        'S' || :sede::integer AS sede,
        'S' || :sede::integer || '-AZIENDE' AS point,
        'STUDIO-' || :client_id::integer AS studio,
        'T-' || :client_id::integer || '-' || :n::integer AS ticket,
        timestamptz '2026-11-24 07:00:00+00' + make_interval(days => :days::integer, mins => :minutes::integer) AS starts_at,
        timestamptz '2026-11-24 07:15:00+00' + make_interval(days => :days::integer, mins => :minutes::integer) AS ends_at,
        gen_random_uuid() AS id,
        gen_random_uuid() AS decision
),
studio AS (
    UPDATE studio_stream AS s SET head = s.head + 2 FROM asked WHERE s.studio = asked.studio RETURNING s.head
),
sede AS (
    UPDATE sede_stream AS s SET head = s.head + 1, booked = s.booked + 1 FROM asked WHERE s.sede = asked.sede
    RETURNING s.head, s.booked
),
placed AS (
    INSERT INTO place (sede, point, desk, starts_at, ends_at, appointment)
    SELECT sede, point, 1, starts_at, ends_at, id FROM asked
),
counted AS (
    INSERT INTO taken (sede, point, starts_at, ends_at, count, at)
    SELECT asked.sede, point, starts_at, ends_at, 1, head FROM asked, sede
    ON CONFLICT (sede, point, starts_at, ends_at) DO UPDATE SET count = taken.count + 1, at = excluded.at
),
appointed AS (
    INSERT INTO appointment (sede, id, code, studio, positions, point, starts_at, ends_at, body)
    SELECT
        asked.sede, id, asked.sede || '-A-' || booked, studio, ARRAY['4600000000'], point, starts_at, ends_at, :body::json
    FROM asked, sede
),
remembered AS (
    INSERT INTO attempt (studio, decision, number, digest, outcome, granted)
    SELECT studio, decision, 1, sha256(decision::text::bytea), :outcome::json, true FROM asked
),
carried AS (
    INSERT INTO carriage (sede, ticket, appointment, ends_at) SELECT sede, ticket, id, ends_at FROM asked
),
told AS (
    INSERT INTO seen (studio, kind, sede, key, at)
    SELECT asked.studio, kind, asked.sede, CASE kind WHEN 'ticket' THEN ticket ELSE id::text END, head
    FROM asked, studio, (VALUES ('ticket'), ('appointment')) AS told (kind)
    ON CONFLICT (studio, kind, sede, key) DO UPDATE SET at = excluded.at, gone = false, snapshot = NULL
)
SELECT 1 FROM sede, studio;
