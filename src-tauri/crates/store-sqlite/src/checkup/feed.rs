//! Promises 2 and 3: that whatever a studio may see is in its stream or in everybody's, and nothing else is.

use sqlx::SqliteConnection;
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

pub(super) async fn look(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    everybody_sees(snapshot, inspection).await?;
    positions_are_seen(snapshot, inspection).await?;
    tickets_are_seen(snapshot, inspection).await?;
    appointments_are_seen(snapshot, inspection).await?;
    deposits_are_seen(snapshot, inspection).await?;
    dossiers_are_seen(snapshot, inspection).await?;
    nothing_else_is_seen(snapshot, inspection).await
}

async fn everybody_sees(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let all = sqlx::query_scalar!(
        r#"SELECT (SELECT count(*) FROM sede) + (SELECT count(*) FROM topic) + (SELECT count(*) FROM point)
                + (SELECT count(*) FROM taken) AS "count!: i64""#
    )
    .fetch_one(&mut *snapshot)
    .await?;
    let missing = sqlx::query_scalar!(
        r#"SELECT seen.kind || ' ' || seen.code AS "subject!: String"
           FROM (SELECT 'sede' AS kind, id, code FROM sede
                 UNION ALL SELECT 'topic', id, code FROM topic
                 UNION ALL SELECT 'point', id, code FROM point
                 UNION ALL SELECT 'taken', taken.id, point.code || ' ' || datetime(taken.starts_at, 'unixepoch')
                           FROM taken JOIN point ON point.id = taken.point) AS seen
           WHERE NOT EXISTS (SELECT 1 FROM feed
                             WHERE stream = 0 AND feed.kind = seen.kind AND entity = seen.id AND gone = 0)"#
    )
    .fetch_all(snapshot)
    .await?;
    note(inspection, Checked::FeedShowsEverything, all, missing);
    Ok(())
}

/// A studio sees a position as soon as its delegation is announced, with its company and the delegation itself.
async fn positions_are_seen(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let all = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!: i64" FROM delegation WHERE phase IN ('announced', 'active', 'held')"#
    )
    .fetch_one(&mut *snapshot)
    .await?;
    let missing = sqlx::query_scalar!(
        r#"SELECT studio.code || ' ' || p.matricola AS "subject!: String"
           FROM delegation AS d JOIN studio ON studio.id = d.studio JOIN position AS p ON p.id = d.position
           WHERE d.phase IN ('announced', 'active', 'held') AND (
               NOT EXISTS (SELECT 1 FROM feed
                           WHERE stream = d.studio AND kind = 'position' AND entity = d.position AND gone = 0)
               OR NOT EXISTS (SELECT 1 FROM feed
                              WHERE stream = d.studio AND kind = 'company' AND entity = p.company AND gone = 0)
               OR NOT EXISTS (SELECT 1 FROM feed
                              WHERE stream = d.studio AND kind = 'delegation' AND entity = d.id AND gone = 0))"#
    )
    .fetch_all(snapshot)
    .await?;
    note(inspection, Checked::FeedShowsEverything, all, missing);
    Ok(())
}

async fn tickets_are_seen(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let all = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!: i64"
           FROM delegation AS d JOIN ticket AS t ON t.position = d.position WHERE d.phase = 'active'"#
    )
    .fetch_one(&mut *snapshot)
    .await?;
    let missing = sqlx::query_scalar!(
        r#"SELECT studio.code || ' ' || t.code AS "subject!: String"
           FROM delegation AS d JOIN studio ON studio.id = d.studio JOIN ticket AS t ON t.position = d.position
           WHERE d.phase = 'active'
             AND NOT EXISTS (SELECT 1 FROM feed
                             WHERE stream = d.studio AND kind = 'ticket' AND entity = t.id AND gone = 0)"#
    )
    .fetch_all(snapshot)
    .await?;
    note(inspection, Checked::FeedShowsEverything, all, missing);
    Ok(())
}

/// A studio sees its appointments as long as it acts for one of their positions, or holds it only for them (R18).
async fn appointments_are_seen(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let all = sqlx::query_scalar!(r#"SELECT count(*) AS "count!: i64" FROM appointment"#)
        .fetch_one(&mut *snapshot)
        .await?;
    let missing = sqlx::query_scalar!(
        r#"SELECT studio.code || ' ' || a.code AS "subject!: String"
           FROM appointment AS a JOIN studio ON studio.id = a.studio
           WHERE EXISTS (SELECT 1 FROM carriage AS c JOIN ticket AS t ON t.id = c.ticket
                         JOIN delegation AS d ON d.position = t.position AND d.studio = a.studio
                         WHERE c.appointment = a.id AND d.phase IN ('active', 'held'))
             AND NOT EXISTS (SELECT 1 FROM feed
                             WHERE stream = a.studio AND kind = 'appointment' AND entity = a.id AND gone = 0)"#
    )
    .fetch_all(snapshot)
    .await?;
    note(inspection, Checked::FeedShowsEverything, all, missing);
    Ok(())
}

/// Promise 4: a studio sees what lies here for it, as long as it does.
async fn deposits_are_seen(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let all = sqlx::query_scalar!(r#"SELECT count(*) AS "count!: i64" FROM deposit WHERE ended_at IS NULL"#)
        .fetch_one(&mut *snapshot)
        .await?;
    let missing = sqlx::query_scalar!(
        r#"SELECT studio.code || ' deposit number ' || d.id AS "subject!: String"
           FROM deposit AS d JOIN studio ON studio.id = d.studio
           WHERE d.ended_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM feed
                             WHERE stream = d.studio AND kind = 'deposit' AND entity = d.id AND gone = 0)"#
    )
    .fetch_all(snapshot)
    .await?;
    note(inspection, Checked::FeedShowsEverything, all, missing);
    Ok(())
}

/// A studio sees what its people keep.
async fn dossiers_are_seen(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let all = sqlx::query_scalar!(r#"SELECT count(*) AS "count!: i64" FROM dossier"#)
        .fetch_one(&mut *snapshot)
        .await?;
    let missing = sqlx::query_scalar!(
        r#"SELECT studio.code || ' dossier of ' || d.subject AS "subject!: String"
           FROM dossier AS d JOIN studio ON studio.id = d.studio
           WHERE NOT EXISTS (SELECT 1 FROM feed
                             WHERE stream = d.studio AND kind = 'dossier' AND entity = d.id AND gone = 0)"#
    )
    .fetch_all(snapshot)
    .await?;
    note(inspection, Checked::FeedShowsEverything, all, missing);
    Ok(())
}

async fn nothing_else_is_seen(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let all = sqlx::query_scalar!(r#"SELECT count(*) AS "count!: i64" FROM feed WHERE stream <> 0 AND gone = 0"#)
        .fetch_one(&mut *snapshot)
        .await?;
    let wrong = sqlx::query_scalar!(
        r#"SELECT coalesce((SELECT code FROM studio WHERE id = f.stream), 'no studio') || ' ' || f.kind || ' '
                  || CASE f.kind WHEN 'ticket' THEN (SELECT code FROM ticket WHERE id = f.entity)
                                 WHEN 'appointment' THEN (SELECT code FROM appointment WHERE id = f.entity)
                                 WHEN 'deposit' THEN (SELECT 'number ' || id FROM deposit WHERE id = f.entity)
                                 ELSE 'in row ' || f.entity END AS "subject!: String"
           FROM feed AS f WHERE f.stream <> 0 AND f.gone = 0 AND NOT CASE f.kind
               WHEN 'ticket' THEN EXISTS (
                   SELECT 1 FROM ticket AS t JOIN delegation AS d ON d.position = t.position
                   WHERE t.id = f.entity AND d.studio = f.stream AND d.phase IN ('active', 'held'))
               WHEN 'appointment' THEN EXISTS (
                   SELECT 1 FROM appointment AS a WHERE a.id = f.entity AND a.studio = f.stream)
               WHEN 'deposit' THEN EXISTS (
                   SELECT 1 FROM deposit AS d WHERE d.id = f.entity AND d.studio = f.stream AND d.ended_at IS NULL)
               WHEN 'dossier' THEN EXISTS (SELECT 1 FROM dossier AS d WHERE d.id = f.entity AND d.studio = f.stream)
               WHEN 'delegation' THEN EXISTS (
                   SELECT 1 FROM delegation AS d
                   WHERE d.id = f.entity AND d.studio = f.stream AND d.phase IN ('announced', 'active', 'held'))
               WHEN 'position' THEN EXISTS (
                   SELECT 1 FROM delegation AS d
                   WHERE d.position = f.entity AND d.studio = f.stream AND d.phase IN ('announced', 'active', 'held'))
               WHEN 'company' THEN EXISTS (
                   SELECT 1 FROM position AS p JOIN delegation AS d ON d.position = p.id
                   WHERE p.company = f.entity AND d.studio = f.stream AND d.phase IN ('announced', 'active', 'held'))
               ELSE 0 END"#
    )
    .fetch_all(snapshot)
    .await?;
    note(inspection, Checked::FeedShowsNothingElse, all, wrong);
    Ok(())
}
