//! What the people of the studio keep among themselves: who is in charge, who attends, what to bring, how it went, notes.

use std::collections::HashMap;

use domain::appointment::{Appointment, Stage};
use domain::code::{AppointmentId, TicketCode};
use domain::dossier::{
    AppointmentDossier, AppointmentEntry, DocumentName, Dossier, Entry, Meeting, MeetingResult, Subject, TicketEntry,
};
use domain::people::Person;

use crate::mapping::{self, time};
use crate::studio::{Studio, new_decision};
use crate::view::agenda::AppointmentDetail;
use crate::view::app::Area;
use crate::view::dossiers::{AppointmentDossierView, Clash, MeetingResultView, People};
use crate::view::tickets::TicketDetail;
use crate::{StudioError, parse};

impl Studio {
    /// The people of the studio, as far as they are known here.
    pub(crate) async fn people(&self) -> Result<People, StudioError> {
        let welcome = self.cache.pulled.welcome().await?.map(|kept| kept.welcome);
        let mut all = welcome.as_ref().map(|said| said.people.clone()).unwrap_or_default();
        // Who has left may still be in charge of something.
        all.extend(self.cache.pulled.people_in_charge().await?);
        all.sort();
        all.dedup();
        Ok(People {
            me: welcome.and_then(|said| said.person).map(String::from),
            all: all.into_iter().map(String::from).collect(),
        })
    }

    /// *In carico a*: puts a person in charge of a ticket, or nobody.
    ///
    /// # Errors
    /// [`StudioError::UnknownTicket`]; [`StudioError::InvalidArgument`] for who is not of the studio.
    pub async fn ticket_in_charge(&self, code: &str, person: Option<&str>) -> Result<TicketDetail, StudioError> {
        let person = match person {
            Some(name) => Some(self.colleague(name).await?),
            None => None,
        };
        self.enter_about_ticket(code, TicketEntry::InCharge { person }).await
    }

    /// Writes a private note about a ticket.
    ///
    /// # Errors
    /// [`StudioError::UnknownTicket`], [`StudioError::InvalidArgument`], [`StudioError::TooLong`],
    /// [`StudioError::DossierFull`].
    pub async fn ticket_note(&self, code: &str, text: &str) -> Result<TicketDetail, StudioError> {
        let words = parse::words("text", text)?;
        self.enter_about_ticket(code, TicketEntry::Note { words }).await
    }

    /// *Partecipa*: whether a person attends an appointment.
    ///
    /// # Errors
    /// [`StudioError::UnknownAppointment`], [`StudioError::DossierFull`]; [`StudioError::InvalidArgument`] for who is not
    /// of the studio.
    pub async fn appointment_attends(
        &self,
        id: &str,
        person: &str,
        attends: bool,
    ) -> Result<AppointmentDetail, StudioError> {
        let person = match attends {
            true => self.colleague(person).await?,
            false => parse::formed("person", person)?,
        };
        self.enter_about_appointment(id, AppointmentEntry::Attends { person, attends })
            .await
    }

    /// *Documenti da portare*: whether a document is to be brought.
    ///
    /// # Errors
    /// [`StudioError::UnknownAppointment`], [`StudioError::InvalidArgument`], [`StudioError::TooLong`],
    /// [`StudioError::DossierFull`].
    pub async fn appointment_document(
        &self,
        id: &str,
        name: &str,
        wanted: bool,
    ) -> Result<AppointmentDetail, StudioError> {
        parse::text("name", name, DocumentName::LONGEST)?;
        let name = parse::formed("name", name)?;
        self.enter_about_appointment(id, AppointmentEntry::Document { name, wanted })
            .await
    }

    /// *Esito dell'incontro*; `text` may be empty.
    ///
    /// # Errors
    /// [`StudioError::UnknownAppointment`], [`StudioError::InvalidArgument`], [`StudioError::TooLong`],
    /// [`StudioError::MeetingNotBegun`].
    pub async fn appointment_meeting(
        &self,
        id: &str,
        result: MeetingResultView,
        text: &str,
    ) -> Result<AppointmentDetail, StudioError> {
        let words = match text.trim() {
            "" => None,
            text => Some(parse::words("text", text)?),
        };
        let result = match result {
            MeetingResultView::Settled => MeetingResult::Settled,
            MeetingResultView::ToFollowUp => MeetingResult::ToFollowUp,
            MeetingResultView::NotHeld => MeetingResult::NotHeld,
        };
        let meeting = Meeting { result, words };
        self.enter_about_appointment(id, AppointmentEntry::Meeting { meeting })
            .await
    }

    /// Writes a private note about an appointment.
    ///
    /// # Errors
    /// [`StudioError::UnknownAppointment`], [`StudioError::InvalidArgument`], [`StudioError::TooLong`],
    /// [`StudioError::DossierFull`].
    pub async fn appointment_note(&self, id: &str, text: &str) -> Result<AppointmentDetail, StudioError> {
        let words = parse::words("text", text)?;
        self.enter_about_appointment(id, AppointmentEntry::Note { words }).await
    }

    async fn enter_about_ticket(&self, code: &str, entry: TicketEntry) -> Result<TicketDetail, StudioError> {
        let ticket = self.known_ticket(code).await?.code;
        self.enter(Entry::Ticket { ticket, entry }).await?;
        self.ticket_open(code).await
    }

    async fn enter_about_appointment(
        &self,
        id: &str,
        entry: AppointmentEntry,
    ) -> Result<AppointmentDetail, StudioError> {
        let known = self.known_appointment(id).await?;
        let appointment = known.id;
        let entry = Entry::Appointment { appointment, entry };
        if !entry.is_timely(&known, self.now()) {
            return Err(StudioError::MeetingNotBegun);
        }
        self.enter(entry).await?;
        self.appointment_open(id).await
    }

    /// Decides an entry, unless it would change nothing.
    async fn enter(&self, entry: Entry) -> Result<(), StudioError> {
        let now = self.now().instant();
        let before = self.cache.pulled.dossier(&entry.subject()).await?;
        let mut after = before.clone();
        after.take(&entry, None, now).map_err(|_| StudioError::DossierFull)?;
        if after == before {
            return Ok(());
        }
        if self.is_of_the_portal(&entry.subject()).await? {
            self.cache.portal.enter(&entry, now).await?;
        } else {
            let decision = new_decision();
            self.decide(decision, self.cache.outbox.enter(entry, decision, now))
                .await?;
        }
        self.herald.changed([Area::Tickets, Area::Agenda, Area::Status]);
        Ok(())
    }

    /// Somebody of the studio.
    async fn colleague(&self, name: &str) -> Result<Person, StudioError> {
        let person: Person = parse::formed("person", name)?;
        let people = self.people().await?;
        if people.all.iter().any(|known| known == person.as_str()) {
            Ok(person)
        } else {
            Err(StudioError::InvalidArgument { argument: "person" })
        }
    }

    /// Who is in charge of these tickets.
    pub(crate) async fn in_charge(&self, tickets: &[TicketCode]) -> Result<HashMap<TicketCode, Person>, StudioError> {
        Ok(self.cache.pulled.in_charge_of(tickets).await?)
    }

    /// What is kept about these appointments, where something is.
    pub(crate) async fn kept_about(
        &self,
        appointments: &[AppointmentId],
    ) -> Result<HashMap<AppointmentId, AppointmentDossier>, StudioError> {
        let subjects: Vec<Subject> = appointments.iter().copied().map(Subject::Appointment).collect();
        let dossiers = self.cache.pulled.dossiers(&subjects).await?;
        let about_appointments = dossiers.into_values().filter_map(|dossier| match dossier {
            Dossier::Appointment(dossier) => Some((dossier.appointment, dossier)),
            Dossier::Ticket(_) => None,
        });
        Ok(about_appointments.collect())
    }

    /// What is kept about an appointment, as its page shows it.
    pub(crate) async fn appointment_dossier(
        &self,
        appointment: &Appointment,
    ) -> Result<AppointmentDossierView, StudioError> {
        let mut kept = self.kept_about(&[appointment.id]).await?;
        let kept = kept.remove(&appointment.id);
        let clashes = match &kept {
            Some(dossier) => self.clashes(appointment, dossier).await?,
            None => Vec::new(),
        };
        let dossier = kept.as_ref();
        Ok(AppointmentDossierView {
            attends: dossier
                .map(|dossier| dossier.attends.iter().map(Person::to_string).collect())
                .unwrap_or_default(),
            clashes,
            documents: dossier
                .map(|dossier| dossier.documents.iter().map(DocumentName::to_string).collect())
                .unwrap_or_default(),
            meeting: dossier
                .and_then(|dossier| dossier.meeting.as_ref())
                .map(mapping::dossiers::meeting),
            can_report: self.now().instant() >= appointment.slot.start.instant(),
            notes: dossier
                .map(|dossier| mapping::dossiers::notes(&dossier.notes))
                .unwrap_or_default(),
        })
    }

    /// Who of those who attend an appointment attends another one at the same time.
    pub(crate) async fn clashes(
        &self,
        appointment: &Appointment,
        dossier: &AppointmentDossier,
    ) -> Result<Vec<Clash>, StudioError> {
        if dossier.attends.is_empty() || appointment.stage(self.now()) != Stage::Confirmed {
            return Ok(Vec::new());
        }
        let others = self.cache.pulled.at_the_same_time(appointment).await?;
        let ids: Vec<AppointmentId> = others.iter().map(|other| other.id).collect();
        let kept = self.kept_about(&ids).await?;
        let mut clashes = Vec::new();
        for other in &others {
            let both = kept.get(&other.id).into_iter().flat_map(|theirs| &theirs.attends);
            for person in both.filter(|person| dossier.attends.contains(*person)) {
                clashes.push(Clash {
                    person: person.to_string(),
                    appointment: other.id.to_string(),
                    company_name: self.company_name(&other.company).await?,
                    start: time::clock(other.slot.start),
                });
            }
        }
        Ok(clashes)
    }
}
