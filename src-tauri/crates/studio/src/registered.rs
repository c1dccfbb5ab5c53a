//! *Registra appuntamento* (R16): what the portal answered, written down.

use cache::CacheError;
use cache::portal::Registration;
use domain::code::{AppointmentId, DraftId};
use domain::content::Content;
use domain::dossier::Subject;
use domain::portal::registered::{Identifier, PlaceWords, PortalAnswer, RegisteredAppointment};
use domain::ticket::Party;
use domain::time::{Civil, TimeOfDay, resolve};
use uuid::Uuid;

use crate::drafts::draft_id;
use crate::mapping;
use crate::studio::Studio;
use crate::view::portal::{AnswerField, PortalAnswerForm, RegisterOutcome, RegisterRefusalView};
use crate::{StudioError, parse};

impl Studio {
    /// Writes down what the portal answered for these tickets of one company (R2). With the draft that it was prepared
    /// with, that comes to its end, and what it says of notes, contact and files is kept with the appointment.
    ///
    /// # Errors
    /// [`StudioError::NothingSelected`], [`StudioError::UnknownTicket`], [`StudioError::MixedCompanies`],
    /// [`StudioError::OfThePortal`] for a ticket of the sede, [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`],
    /// [`StudioError::AlreadyInDraft`].
    pub async fn appointment_register(
        &self,
        tickets: &[String],
        draft: Option<&str>,
        form: &PortalAnswerForm,
    ) -> Result<RegisterOutcome, StudioError> {
        let rows = self.selected(tickets).await?;
        if rows.iter().any(|row| !row.portal) {
            return Err(StudioError::OfThePortal);
        }
        let answer = match answer(form) {
            Ok(answer) => answer,
            Err(field) => return Ok(malformed(field)),
        };
        let draft: Option<DraftId> = draft.map(draft_id).transpose()?;
        let content = match draft {
            Some(draft) => self.cache.drafts.get(draft).await?.content,
            None => Content::default(),
        };
        let now = self.now();
        let people = self.people().await?;
        let appointment = RegisteredAppointment {
            id: AppointmentId::new(Uuid::now_v7()),
            company: rows[0].company.clone(),
            sede: rows[0].sede.clone(),
            tickets: rows.iter().map(|row| row.code.clone()).collect(),
            answer,
            content,
            by: people.me.and_then(|me| me.parse().ok()),
            registered_at: now.instant(),
            cancelled: None,
            before: Vec::new(),
        };
        let registered = self.cache.portal.register(&appointment, draft, now).await;
        self.outcome(registered).await
    }

    /// Writes down that the portal says something else by now. `seen` is what stood there.
    ///
    /// # Errors
    /// [`StudioError::UnknownAppointment`].
    pub async fn registration_change(
        &self,
        id: &str,
        seen: &PortalAnswerForm,
        form: &PortalAnswerForm,
    ) -> Result<RegisterOutcome, StudioError> {
        let id = appointment_id(id)?;
        let (seen, answer) = match (answer(seen), answer(form)) {
            (Ok(seen), Ok(answer)) => (seen, answer),
            (Err(field), _) | (_, Err(field)) => return Ok(malformed(field)),
        };
        let changed = self.cache.portal.change(id, &seen, answer, self.now()).await;
        self.outcome(changed).await
    }

    /// Writes down that it was cancelled on the portal, by the sede or by the studio.
    ///
    /// # Errors
    /// [`StudioError::UnknownAppointment`].
    pub async fn registration_cancel(&self, id: &str, by_sede: bool) -> Result<RegisterOutcome, StudioError> {
        let id = appointment_id(id)?;
        let by = if by_sede { Party::Sede } else { Party::Studio };
        let cancelled = self.cache.portal.cancel(id, by, self.now()).await;
        self.outcome(cancelled).await
    }

    async fn outcome(&self, came: Result<Registration, CacheError>) -> Result<RegisterOutcome, StudioError> {
        let why = match came {
            Ok(Registration::Registered(appointment)) => {
                self.herald.work_changed();
                let appointment = self.appointment_open(&appointment.id.to_string()).await?;
                return Ok(RegisterOutcome::Registered {
                    appointment: Box::new(appointment),
                });
            }
            Ok(Registration::Carried { ticket, by }) => RegisterRefusalView::Carried {
                ticket: ticket.to_string(),
                appointment: by.to_string(),
            },
            Ok(Registration::Refused(refusal)) => mapping::portal::refusal(refusal),
            Err(CacheError::Moved) => RegisterRefusalView::Overtaken,
            Err(error) => return Err(error.into()),
        };
        Ok(RegisterOutcome::Refused { why })
    }

    /// What was written down of an appointment; nothing for one that the sede gave.
    pub(crate) async fn registered(&self, id: AppointmentId) -> Result<Option<RegisteredAppointment>, StudioError> {
        Ok(self.cache.portal.registered(&[id]).await?.remove(&id))
    }

    /// R16: whether what is kept about it reaches no store.
    pub(crate) async fn is_of_the_portal(&self, subject: &Subject) -> Result<bool, StudioError> {
        Ok(match subject {
            Subject::Ticket(ticket) => !self.cache.portal.among(std::slice::from_ref(ticket)).await?.is_empty(),
            Subject::Appointment(appointment) => self.registered(*appointment).await?.is_some(),
        })
    }
}

fn appointment_id(id: &str) -> Result<AppointmentId, StudioError> {
    parse::known(id, StudioError::UnknownAppointment)
}

const fn malformed(field: AnswerField) -> RegisterOutcome {
    RegisterOutcome::Refused {
        why: RegisterRefusalView::Malformed { field },
    }
}

/// What was typed in, or the field that has not its form.
fn answer(form: &PortalAnswerForm) -> Result<PortalAnswer, AnswerField> {
    let day = parse::date("date", form.date.trim()).map_err(|_| AnswerField::Date)?;
    let at = |text: &str, field| {
        let time: TimeOfDay = text.trim().parse().map_err(|_| field)?;
        Ok(Civil::at(resolve(time.on(day))))
    };
    Ok(PortalAnswer {
        identifier: optional::<Identifier>(&form.identifier).map_err(|()| AnswerField::Identifier)?,
        start: at(&form.from, AnswerField::From)?,
        end: at(&form.to, AnswerField::To)?,
        place: optional::<PlaceWords>(&form.place).map_err(|()| AnswerField::Place)?,
    })
}

/// A text that may be left out.
pub(crate) fn optional<T: std::str::FromStr>(text: &str) -> Result<Option<T>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| ()),
    }
}
