//! How much there is.

use domain::time::Now;
use sqlx::SqliteConnection;
use store::Counts;

use crate::failure::Failure;
use crate::reach::seconds;

pub(crate) async fn counts(connection: &mut SqliteConnection, now: Now) -> Result<Counts, Failure> {
    let now = seconds(now.instant());
    let row = sqlx::query!(
        r#"SELECT
               (SELECT count(*) FROM studio) AS "studios!: i64",
               (SELECT count(*) FROM sede) AS "sedi!: i64",
               (SELECT count(*) FROM topic) AS "topics!: i64",
               (SELECT count(*) FROM point) AS "points!: i64",
               (SELECT count(*) FROM company) AS "companies!: i64",
               (SELECT count(*) FROM position) AS "positions!: i64",
               (SELECT count(*) FROM delegation) AS "delegations!: i64",
               (SELECT count(*) FROM ticket) AS "tickets!: i64",
               (SELECT count(*) FROM appointment) AS "appointments!: i64",
               (SELECT count(*) FROM place WHERE released = 0 AND ends_at > ?1) AS "live!: i64",
               (SELECT coalesce(sum(json_array_length(body, '$.communications')), 0) FROM appointment WHERE json_valid(body))
                   AS "communications!: i64",
               (SELECT count(*) FROM upload WHERE complete = 1) AS "attachments!: i64",
               (SELECT coalesce(sum(bytes), 0) FROM upload WHERE complete = 1) AS "attachment_bytes!: i64",
               (SELECT count(*) FROM attempt) AS "outcomes!: i64""#,
        now
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
