//! Tickets of the INPS portal (R16): one typed in, and what is handed over to whoever books there.

use std::path::PathBuf;

use domain::portal::comparison::{RowRefusal, Verdict};
use domain::portal::{CompanyName, PortalStatus, PortalTicket, SedeName, Subject, Words};
use domain::ticket::Outcome;

use crate::mapping::import::{field_of, refusal};
use crate::registered::optional;
use crate::studio::Studio;
use crate::view::import::{FieldView, ReasonView};
use crate::view::portal::{FormFault, PortalTicketForm, TicketWritten};
use crate::view::tickets::StatusView;
use crate::{StudioError, parse};

impl Studio {
    /// *Aggiungi una richiesta del portale*: takes a ticket that somebody typed in, or corrected.
    ///
    /// # Errors
    /// Those of the studio's files. What is wrong with it is in the answer.
    pub async fn portal_ticket_write(&self, form: &PortalTicketForm) -> Result<TicketWritten, StudioError> {
        let ticket = match ticket(form) {
            Ok(ticket) => ticket,
            Err(faults) => return Ok(TicketWritten::Refused { faults }),
        };
        let code = ticket.code.to_string();
        let verdict = self.cache.portal.write(&ticket, self.now().instant()).await?;
        if matches!(verdict, Verdict::New | Verdict::Changed(_)) {
            self.herald.work_changed();
        }
        Ok(match verdict {
            Verdict::New => TicketWritten::New { code },
            Verdict::Changed(_) => TicketWritten::Changed { code },
            Verdict::Same => TicketWritten::Same { code },
            Verdict::Refused(why) => TicketWritten::Refused {
                faults: vec![FormFault {
                    field: field_of(why).unwrap_or(FieldView::Code),
                    reason: match why {
                        RowRefusal::NotYet if ticket.opened_on <= self.now().today() => ReasonView::ClosedInFuture,
                        why => refusal(why),
                    },
                }],
            },
        })
    }

    /// Where the portal is opened.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn portal_address(&self) -> Result<String, StudioError> {
        let address = self.settings().await?.portal;
        // What is kept was checked when it was written; a file that somebody else wrote was not.
        parse::web_address("portal", &address)?;
        Ok(address)
    }

    /// The files of a draft, in one folder, under their names: to be picked in the portal's page.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::UnknownAttachment`] where it has none, [`StudioError::Storage`].
    pub async fn draft_files_folder(&self, draft: &str) -> Result<PathBuf, StudioError> {
        let known = self.known_draft(draft).await?;
        if known.content.attachments.is_empty() {
            return Err(StudioError::UnknownAttachment);
        }
        self.copies_in_one_folder(&known.id.to_string(), &known.content.attachments)
            .await
    }
}

/// What was typed in, or all that is wrong with it.
fn ticket(form: &PortalTicketForm) -> Result<PortalTicket, Vec<FormFault>> {
    let mut faults = Vec::new();
    let mut wrong = |field, reason| faults.push(FormFault { field, reason });
    let code = needed(&form.code, ReasonView::Malformed).map_err(|why| wrong(FieldView::Code, why));
    let position = needed(&form.matricola, ReasonView::Malformed).map_err(|why| wrong(FieldView::Matricola, why));
    let company = optional(&form.company).map_err(|()| wrong(FieldView::Company, ReasonView::Malformed));
    let company_name =
        optional(&form.company_name).map_err(|()| wrong(FieldView::CompanyName, too_long(CompanyName::LONGEST)));
    let sede = optional(&form.sede).map_err(|()| wrong(FieldView::Sede, too_long(SedeName::LONGEST)));
    let subject = needed(&form.subject, too_long(Subject::LONGEST)).map_err(|why| wrong(FieldView::Subject, why));
    let opened_on = day(&form.opened_on).and_then(|day| day.ok_or(ReasonView::Missing));
    let opened_on = opened_on.map_err(|why| wrong(FieldView::OpenedOn, why));
    let closed_on = day(&form.closed_on).map_err(|why| wrong(FieldView::ClosedOn, why));
    let request = optional(&form.request).map_err(|()| wrong(FieldView::Request, too_long(Words::LONGEST)));
    let reply = optional(&form.reply).map_err(|()| wrong(FieldView::Reply, too_long(Words::LONGEST)));
    let read = (|| {
        Ok::<_, ()>(PortalTicket {
            code: code?,
            position: position?,
            company: company?,
            company_name: company_name?,
            sede: sede?,
            subject: subject?,
            opened_on: opened_on?,
            status: status(form.status, closed_on?),
            request: request?,
            reply: reply?,
        })
    })();
    read.map_err(|()| faults)
}

const fn status(status: StatusView, closed_on: Option<chrono::NaiveDate>) -> PortalStatus {
    match status {
        StatusView::Open => PortalStatus::Open,
        StatusView::InProgress => PortalStatus::InProgress,
        StatusView::ClosedOk => PortalStatus::Closed {
            outcome: Outcome::Ok,
            on: closed_on,
        },
        StatusView::ClosedKo => PortalStatus::Closed {
            outcome: Outcome::Ko,
            on: closed_on,
        },
        StatusView::Withdrawn => PortalStatus::Withdrawn,
    }
}

fn too_long(most: usize) -> ReasonView {
    ReasonView::TooLong {
        most: u32::try_from(most).unwrap_or(u32::MAX),
    }
}

fn needed<T: std::str::FromStr>(text: &str, otherwise: ReasonView) -> Result<T, ReasonView> {
    optional(text).map_err(|()| otherwise)?.ok_or(ReasonView::Missing)
}

fn day(text: &str) -> Result<Option<chrono::NaiveDate>, ReasonView> {
    match text.trim() {
        "" => Ok(None),
        text => parse::date("day", text).map(Some).map_err(|_| ReasonView::NoSuchDay),
    }
}
