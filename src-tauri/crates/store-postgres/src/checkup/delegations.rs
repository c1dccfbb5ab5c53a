//! R18: that the phase of each delegation is what holds now. One whose moment has come is settled by whoever calls next,
//! and until then nobody was told anything wrong.

use chrono::{DateTime, Utc};
use domain::company::Delegation;
use domain::time::Now;
use sqlx::PgConnection;
use store::Checked;
use store::checkup::Inspection;
use store::keeping::Standing;

use crate::failure::Failure;

/// A delegation with what its studio was told.
struct Told {
    studio: String,
    position: String,
    body: String,
    phase: String,
    due: bool,
    /// Nothing too where its moment is always past.
    settles_at: Option<DateTime<Utc>>,
    held_until: Option<DateTime<Utc>>,
}

impl Told {
    /// Whether the studio was told what holds at `now`.
    fn stands(&self, now: Now) -> bool {
        serde_json::from_str::<Delegation>(&self.body).is_ok_and(|delegation| {
            let Standing { phase, settles_at } = Standing::of(&delegation, self.held_until, now);
            phase.as_str() == self.phase && settles_at == self.settles_at
        })
    }
}

pub(super) async fn look(snapshot: &mut PgConnection, inspection: &mut Inspection, now: Now) -> Result<(), Failure> {
    let told = sqlx::query_as!(
        Told,
        r#"SELECT d.studio, d.position, d.body::text AS "body!", d.phase,
               coalesce(d.settles_at <= $1, false) AS "due!",
               CASE WHEN isfinite(d.settles_at) THEN d.settles_at END AS settles_at,
               (SELECT max(c.ends_at) FROM ticket AS t
                JOIN carriage AS c ON c.sede = t.sede AND c.ticket = t.code AND c.ends_at > $1
                JOIN appointment AS a ON a.id = c.appointment AND a.studio = d.studio
                WHERE t.position = d.position AND d.until_day IS NOT NULL) AS held_until
           FROM delegation AS d"#,
        now.instant()
    )
    .fetch_all(snapshot)
    .await?;
    for told in told {
        inspection.note(Checked::DelegationsFitTheDay, told.due || told.stands(now), || {
            format!("{} {}", told.studio, told.position)
        });
    }
    Ok(())
}
