//! Promises 2 and 3: that whatever a studio may see is in its stream, that nothing else is, and that no row has a number
//! which its stream has not given yet.

use sqlx::PgConnection;
use store::Checked;
use store::checkup::Inspection;

use crate::failure::Failure;

/// Notes what is `wrong` among so many.
fn note(inspection: &mut Inspection, checked: Checked, looked_at: i64, wrong: Vec<String>) {
    let kept = u64::try_from(looked_at).unwrap_or(0);
    inspection.note_kept(checked, kept.saturating_sub(u64::try_from(wrong.len()).unwrap_or(0)));
    for subject in wrong {
        inspection.note(checked, false, || subject);
    }
}

pub(super) async fn look(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    numbers_are_given(snapshot, inspection).await?;
    everything_is_seen(snapshot, inspection).await?;
    nothing_else_is_seen(snapshot, inspection).await
}

/// What everybody sees is its own row with its number: it can be missing only where that is beyond the stream's.
async fn numbers_are_given(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let all = sqlx::query_scalar!(
        r#"SELECT (SELECT count(*) FROM sede) + (SELECT count(*) FROM topic) + (SELECT count(*) FROM point)
               + (SELECT count(*) FROM taken) + (SELECT count(*) FROM seen) AS "count!""#
    )
    .fetch_one(&mut *snapshot)
    .await?;
    let wrong = sqlx::query_scalar!(
        r#"SELECT 'sede ' || code AS "subject!" FROM sede WHERE at > (SELECT head FROM life)
           UNION ALL SELECT 'topic ' || code FROM topic WHERE at > (SELECT head FROM life)
           UNION ALL SELECT 'point ' || code FROM point WHERE at > (SELECT head FROM life)
           UNION ALL SELECT 'taken ' || t.point || ' ' || t.starts_at FROM taken AS t
               WHERE NOT EXISTS (SELECT FROM sede_stream AS s WHERE s.sede = t.sede AND s.head >= t.at)
           UNION ALL SELECT s.studio || ' ' || s.kind || ' ' || s.at FROM seen AS s
               WHERE NOT EXISTS (SELECT FROM studio_stream AS t WHERE t.studio = s.studio AND t.head >= s.at)"#
    )
    .fetch_all(snapshot)
    .await?;
    note(inspection, Checked::FeedShowsEverything, all, wrong);
    Ok(())
}

async fn everything_is_seen(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let all = sqlx::query_scalar!(
        r#"SELECT (SELECT count(*) FROM delegation WHERE phase IN ('announced', 'active', 'held'))
               + (SELECT count(*) FROM delegation AS d JOIN ticket AS t ON t.position = d.position
                  WHERE d.phase = 'active')
               + (SELECT count(*) FROM appointment)
               + (SELECT count(*) FROM deposit WHERE ended_at IS NULL)
               + (SELECT count(*) FROM dossier) AS "count!""#
    )
    .fetch_one(&mut *snapshot)
    .await?;
    // A position with its company and delegation as soon as that is announced; tickets while it is active; appointments as
    // long as one of their positions is the studio's, or is held only for them (R18).
    let missing = sqlx::query_scalar!(
        r#"WITH may_see AS (
               SELECT d.studio, 'position' AS kind, '' AS sede, d.position AS key FROM delegation AS d
               WHERE d.phase IN ('announced', 'active', 'held')
               UNION ALL
               SELECT d.studio, 'delegation', '', d.position FROM delegation AS d
               WHERE d.phase IN ('announced', 'active', 'held')
               UNION ALL
               SELECT d.studio, 'company', '', p.company FROM delegation AS d JOIN position AS p ON p.matricola = d.position
               WHERE d.phase IN ('announced', 'active', 'held')
               UNION ALL
               SELECT d.studio, 'ticket', t.sede, t.code FROM delegation AS d JOIN ticket AS t ON t.position = d.position
               WHERE d.phase = 'active'
               UNION ALL
               SELECT a.studio, 'appointment', a.sede, a.id::text FROM appointment AS a
               WHERE EXISTS (SELECT FROM delegation AS d WHERE d.studio = a.studio AND d.position = ANY (a.positions)
                                 AND d.phase IN ('active', 'held'))
               UNION ALL
               SELECT d.studio, 'deposit', d.sede, d.decision::text FROM deposit AS d WHERE d.ended_at IS NULL
               UNION ALL
               SELECT d.studio, 'dossier', '', d.subject FROM dossier AS d
           )
           SELECT m.studio || ' ' || m.kind || CASE m.kind WHEN 'company' THEN '' ELSE ' ' || m.key END AS "subject!"
           FROM may_see AS m
           WHERE NOT EXISTS (SELECT FROM seen AS s WHERE s.studio = m.studio AND s.kind = m.kind AND s.sede = m.sede
                                 AND s.key = m.key AND NOT s.gone)
           UNION ALL
           SELECT d.studio || ' taken at ' || p.sede FROM delegation AS d JOIN position AS p ON p.matricola = d.position
           WHERE d.phase IN ('announced', 'active', 'held')
               AND NOT EXISTS (SELECT FROM dealing WHERE dealing.studio = d.studio AND dealing.sede = p.sede)"#
    )
    .fetch_all(snapshot)
    .await?;
    note(inspection, Checked::FeedShowsEverything, all, missing);
    Ok(())
}

async fn nothing_else_is_seen(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let all = sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM seen WHERE NOT gone"#)
        .fetch_one(&mut *snapshot)
        .await?;
    let wrong = sqlx::query_scalar!(
        r#"SELECT s.studio || ' ' || s.kind || CASE s.kind WHEN 'company' THEN '' ELSE ' ' || s.key END AS "subject!"
           FROM seen AS s WHERE NOT s.gone AND NOT CASE s.kind
               WHEN 'ticket' THEN EXISTS (
                   SELECT FROM ticket AS t JOIN delegation AS d ON d.position = t.position
                   WHERE t.sede = s.sede AND t.code = s.key AND d.studio = s.studio AND d.phase IN ('active', 'held'))
               WHEN 'appointment' THEN EXISTS (
                   SELECT FROM appointment AS a WHERE a.sede = s.sede AND a.id = s.key::uuid AND a.studio = s.studio)
               WHEN 'deposit' THEN EXISTS (
                   SELECT FROM deposit AS d WHERE d.sede = s.sede AND d.decision = s.key::uuid AND d.studio = s.studio
                       AND d.ended_at IS NULL)
               WHEN 'dossier' THEN EXISTS (
                   SELECT FROM dossier AS d WHERE d.studio = s.studio AND d.subject = s.key)
               WHEN 'company' THEN EXISTS (
                   SELECT FROM position AS p JOIN delegation AS d ON d.position = p.matricola
                   WHERE p.company = s.key AND d.studio = s.studio AND d.phase IN ('announced', 'active', 'held'))
               ELSE EXISTS (
                   SELECT FROM delegation AS d
                   WHERE d.position = s.key AND d.studio = s.studio AND d.phase IN ('announced', 'active', 'held'))
           END"#
    )
    .fetch_all(snapshot)
    .await?;
    note(inspection, Checked::FeedShowsNothingElse, all, wrong);
    Ok(())
}
