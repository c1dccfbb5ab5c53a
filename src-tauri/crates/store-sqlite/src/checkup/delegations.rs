//! R18: that the phase of each delegation is what holds now. One whose moment has come is settled by whoever calls next,
//! and until then nobody was told anything wrong.

use domain::company::Delegation;
use domain::time::Now;
use sqlx::SqliteConnection;
use store::Checked;
use store::checkup::Inspection;
use store::keeping::Standing;

use crate::failure::Failure;
use crate::reach::{instant, seconds};

/// A delegation with what its studio was told.
struct Told {
    studio: String,
    position: String,
    body: String,
    phase: String,
    settles_at: Option<i64>,
    held_until: Option<i64>,
}

impl Told {
    /// Whether the studio was told what holds at `now`.
    fn stands(&self, now: Now) -> bool {
        serde_json::from_str::<Delegation>(&self.body).is_ok_and(|delegation| {
            let Standing { phase, settles_at } = Standing::of(&delegation, self.held_until.map(instant), now);
            phase.as_str() == self.phase && settles_at.map(seconds) == self.settles_at
        })
    }
}

pub(super) async fn look(
    snapshot: &mut SqliteConnection,
    inspection: &mut Inspection,
    now: Now,
) -> Result<(), Failure> {
    let moment = seconds(now.instant());
    let told = sqlx::query_as!(
        Told,
        r#"SELECT studio.code AS studio, p.matricola AS position, d.body, d.phase, d.settles_at,
               (SELECT max(c.ends_at) FROM ticket AS t
                JOIN carriage AS c ON c.ticket = t.id AND c.released = 0 AND c.ends_at > ?1
                JOIN appointment AS a ON a.id = c.appointment AND a.studio = d.studio
                WHERE t.position = d.position AND d.until_day IS NOT NULL) AS "held_until?: i64"
           FROM delegation AS d JOIN studio ON studio.id = d.studio JOIN position AS p ON p.id = d.position"#,
        moment
    )
    .fetch_all(snapshot)
    .await?;
    for told in told {
        let due = told.settles_at.is_some_and(|settles_at| settles_at <= moment);
        inspection.note(Checked::DelegationsFitTheDay, due || told.stands(now), || {
            format!("{} {}", told.studio, told.position)
        });
    }
    Ok(())
}
