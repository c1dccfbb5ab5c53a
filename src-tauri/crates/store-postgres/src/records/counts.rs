//! How much there is.

use domain::time::Now;
use sqlx::PgConnection;
use store::Counts;

use crate::failure::Failure;

pub(crate) async fn counts(connection: &mut PgConnection, now: Now) -> Result<Counts, Failure> {
    let row = sqlx::query!(
        r#"SELECT
               (SELECT count(*) FROM studio) AS "studios!",
               (SELECT count(*) FROM sede) AS "sedi!",
               (SELECT count(*) FROM topic) AS "topics!",
               (SELECT count(*) FROM point) AS "points!",
               (SELECT count(*) FROM company) AS "companies!",
               (SELECT count(*) FROM position) AS "positions!",
               (SELECT count(*) FROM delegation) AS "delegations!",
               (SELECT count(*) FROM ticket) AS "tickets!",
               (SELECT count(*) FROM appointment) AS "appointments!",
               (SELECT count(*) FROM place WHERE ends_at > $1) AS "live!",
               (SELECT coalesce(sum(json_array_length(body -> 'communications')), 0)::bigint FROM appointment)
                   AS "communications!",
               (SELECT count(*) FROM upload WHERE complete) AS "attachments!",
               (SELECT coalesce(sum(bytes), 0)::bigint FROM upload WHERE complete) AS "attachment_bytes!",
               (SELECT count(*) FROM attempt) AS "outcomes!""#,
        now.instant()
    )
    .fetch_one(connection)
    .await?;
    let count = |rows: i64| u64::try_from(rows).unwrap_or(0);
    Ok(Counts {
        studios: count(row.studios),
        sedi: count(row.sedi),
        topics: count(row.topics),
        points: count(row.points),
        companies: count(row.companies),
        positions: count(row.positions),
        delegations: count(row.delegations),
        tickets: count(row.tickets),
        appointments: count(row.appointments),
        live_appointments: count(row.live),
        communications: count(row.communications),
        attachments: count(row.attachments),
        attachment_bytes: count(row.attachment_bytes),
        outcomes: count(row.outcomes),
    })
}
