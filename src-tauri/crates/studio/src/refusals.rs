//! Cancellations (R14) and entries of dossiers that the sede would not take: told once, with what was asked.

use cache::outbox::{Asked, RefusedDecision};
use domain::code::{AppointmentId, DecisionId, TicketCode};
use domain::dossier::Subject;

use crate::mapping::{self, time};
use crate::studio::Studio;
use crate::view::app::Area;
use crate::view::refusals::{RefusalAbout, RefusalAppointment, RefusalAsked, RefusalRow};
use crate::{StudioError, parse};

impl Studio {
    /// Decisions that came to nothing and that nobody has read about, the last first.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn refusals_list(&self) -> Result<Vec<RefusalRow>, StudioError> {
        let mut rows = Vec::new();
        for refused in self.cache.outbox.refused_decisions().await? {
            rows.push(self.refusal_row(&refused).await?);
        }
        Ok(rows)
    }

    /// The person has read why a decision came to nothing.
    ///
    /// # Errors
    /// [`StudioError::InvalidArgument`] for what is no id of a decision.
    pub async fn refusal_dismiss(&self, id: &str) -> Result<(), StudioError> {
        let decision: DecisionId = parse::formed("id", id)?;
        if self.cache.outbox.forget_refused_decision(decision).await? {
            self.herald.changed([Area::Drafts, Area::Status]);
        }
        Ok(())
    }

    async fn refusal_row(&self, refused: &RefusedDecision) -> Result<RefusalRow, StudioError> {
        let (subject, asked) = match &refused.asked {
            Asked::Cancel { appointment } => (Subject::Appointment(*appointment), RefusalAsked::Cancel),
            Asked::Enter { entry } => (entry.subject(), mapping::refusals::entry(entry)),
        };
        let (about, company_name) = match subject {
            Subject::Ticket(code) => self.about_ticket(code).await?,
            Subject::Appointment(id) => self.about_appointment(id).await?,
        };
        Ok(RefusalRow {
            id: refused.decision.to_string(),
            about,
            company_name,
            asked,
            why: mapping::refusals::why(refused.why),
            refused_at: time::instant(refused.refused_at),
        })
    }

    async fn about_ticket(&self, code: TicketCode) -> Result<(RefusalAbout, String), StudioError> {
        let rows = self.cache.pulled.tickets_of(std::slice::from_ref(&code)).await?;
        let company_name = rows.into_iter().next().map(|row| row.company_name);
        let about = RefusalAbout::Ticket {
            code: code.to_string(),
            seen: company_name.is_some(),
        };
        Ok((about, company_name.unwrap_or_default()))
    }

    async fn about_appointment(&self, id: AppointmentId) -> Result<(RefusalAbout, String), StudioError> {
        let known = self.cache.pulled.appointment(id).await?;
        let company_name = match &known {
            Some(appointment) => self.company_name(&appointment.company).await?,
            None => String::new(),
        };
        let about = RefusalAbout::Appointment {
            id: id.to_string(),
            now: known.map(|appointment| RefusalAppointment {
                code: appointment.code.to_string(),
                slot: mapping::board::slot(&appointment.slot),
                state: mapping::agenda::state(appointment.stage(self.now())),
            }),
        };
        Ok((about, company_name))
    }
}
