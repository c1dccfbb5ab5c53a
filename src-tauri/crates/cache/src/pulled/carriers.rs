//! R5: which of the studio's own appointments carry a ticket.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::code::{AppointmentId, TicketCode};
use domain::slot::Slot;

use super::{Pulled, agenda};
use crate::error::{CacheError, File, In, Result};

impl Pulled {
    /// The confirmed appointments of the studio that carry these tickets at `now`. A ticket that another studio's
    /// appointment carries (R18) has none here.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn carriers(
        &self,
        tickets: &[TicketCode],
        now: DateTime<Utc>,
    ) -> Result<HashMap<TicketCode, (AppointmentId, Slot)>> {
        let (codes, now) = (
            serde_json::to_string(tickets).map_err(CacheError::bug)?,
            now.timestamp(),
        );
        sqlx::query!(
            r#"SELECT t.ticket AS "ticket!", a.body AS "body!"
               FROM json_each(?1) e CROSS JOIN appointment_ticket t ON t.ticket = e.value
                   CROSS JOIN appointment a ON a.id = t.appointment
               WHERE a.confirmed = 1 AND a.ends > ?2"#,
            codes,
            now
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .into_iter()
        .map(|row| {
            let appointment = agenda::read(&row.body)?;
            let ticket = row
                .ticket
                .parse()
                .map_err(|_| CacheError::Damaged { file: File::Cache })?;
            Ok((ticket, (appointment.id, appointment.slot)))
        })
        .collect()
    }
}
