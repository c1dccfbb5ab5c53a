//! Promise 4: what lay here, and what came of it.

use domain::booking::Booking;
use domain::deposit::Deposit;
use sqlx::PgConnection;
use store::Checked;
use store::checkup::Inspection;

use crate::failure::Failure;

pub(super) async fn look(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let deposits = sqlx::query!(
        r#"SELECT d.sede || ' ' || d.number AS "subject!", d.body::text AS "body!", d.booking::text AS "booking!",
               d.ended_at IS NOT NULL AS "over!",
               EXISTS (SELECT FROM attempt AS a
                   WHERE a.studio = d.studio AND a.decision = d.decision AND a.number = d.attempt) AS "has_outcome!"
           FROM deposit AS d ORDER BY d.sede, d.number"#
    )
    .fetch_all(snapshot)
    .await?;
    for row in deposits {
        inspection.record::<Deposit>("deposit", &row.subject, true, &row.body);
        inspection.record::<Booking>("booking of deposit", &row.subject, true, &row.booking);
        let kept = row.has_outcome == row.over;
        inspection.note(Checked::DepositsHaveTheirOutcomes, kept, || {
            format!("deposit {}", row.subject)
        });
    }
    Ok(())
}
