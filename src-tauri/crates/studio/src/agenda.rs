//! *Agenda*: appointments, and what the sede says about them.

use std::collections::HashMap;

use cache::drafts::{Aim, Holder, NewDraft};
use cache::pulled::AppointmentOrder;
use chrono::TimeDelta;
use domain::appointment::Appointment;
use domain::booking::BookedTicket;
use domain::code::{AppointmentId, CommunicationId, DraftId, FiscalCode, TicketCode, TopicCode};
use domain::studio_change::Seen;
use domain::time::midnight;
use uuid::Uuid;

use crate::guide::Guide;
use crate::limits::AGENDA_DAYS_MAX;
use crate::mapping::agenda::OnTheWay;
use crate::mapping::{self, time};
use crate::studio::{Studio, new_decision};
use crate::view::agenda::{AppointmentDetail, AppointmentRow, AppointmentTicket, ChangeDraft};
use crate::view::app::Area;
use crate::view::drafts::DraftDetail;
use crate::{StudioError, parse};

/// Lines of the list beside the week.
const LIST_MAX: u32 = 500;

/// What is on its way to the store, for all appointments.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pending {
    cancelling: std::collections::HashSet<AppointmentId>,
    changing: HashMap<AppointmentId, Holder>,
    acknowledging: std::collections::HashSet<CommunicationId>,
}

impl Pending {
    pub(crate) fn of(&self, appointment: &Appointment) -> OnTheWay {
        OnTheWay {
            cancelling: self.cancelling.contains(&appointment.id),
            change: self.changing.get(&appointment.id).copied(),
            acknowledged: appointment
                .communications
                .iter()
                .map(|said| said.id)
                .filter(|id| self.acknowledging.contains(id))
                .collect(),
        }
    }

    pub(crate) fn acknowledges(&self, communication: CommunicationId) -> bool {
        self.acknowledging.contains(&communication)
    }
}

impl Studio {
    /// The appointments from one day to another, both included, soonest first.
    ///
    /// # Errors
    /// [`StudioError::InvalidArgument`] for what is no day, for days the wrong way round, or more than
    /// [`AGENDA_DAYS_MAX`](crate::limits::AGENDA_DAYS_MAX).
    pub async fn agenda_read(&self, from: &str, to: &str) -> Result<Vec<AppointmentRow>, StudioError> {
        let (from, to) = (parse::date("from", from)?, parse::date("to", to)?);
        let days = to - from;
        let after = to
            .succ_opt()
            .filter(|_| days >= TimeDelta::zero() && days < TimeDelta::days(AGENDA_DAYS_MAX));
        let after = after.ok_or(StudioError::InvalidArgument { argument: "to" })?;
        let pulled = &self.cache.pulled;
        let appointments = pulled.appointments(midnight(from), midnight(after)).await?;
        self.appointment_rows(&appointments, &self.guide().await?).await
    }

    /// What is to come, soonest first; or what has been, newest first, cancelled and resolved included.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn agenda_list(&self, past: bool) -> Result<Vec<AppointmentRow>, StudioError> {
        let order = if past {
            AppointmentOrder::Past
        } else {
            AppointmentOrder::ToCome
        };
        self.appointments_by(order, LIST_MAX).await
    }

    pub(crate) async fn appointments_by(
        &self,
        order: AppointmentOrder,
        limit: u32,
    ) -> Result<Vec<AppointmentRow>, StudioError> {
        let guide = self.guide().await?;
        let pulled = &self.cache.pulled;
        let appointments = pulled.appointment_list(order, guide.now.instant(), limit).await?;
        self.appointment_rows(&appointments, &guide).await
    }

    /// Opens one appointment.
    ///
    /// # Errors
    /// [`StudioError::UnknownAppointment`].
    pub async fn appointment_open(&self, id: &str) -> Result<AppointmentDetail, StudioError> {
        let appointment = self.known_appointment(id).await?;
        let guide = self.guide().await?;
        let pending = self.pending().await?;
        let on_the_way = pending.of(&appointment);
        let row = self.appointment_row(&appointment, &guide).await?;
        let pulled = &self.cache.pulled;
        let topics: HashMap<TicketCode, TopicCode> = pulled
            .tickets_of(&appointment.tickets)
            .await?
            .into_iter()
            .map(|row| (row.code, row.topic.code))
            .collect();
        let read_at = pulled.read_at().await?;
        let content = &appointment.content;
        let registered = self.registered(appointment.id).await?;
        let is_ours = registered.is_none() && !row.cancelling && appointment.is_the_studio_s(guide.now).is_ok();
        Ok(AppointmentDetail {
            can_cancel: is_ours,
            can_change: is_ours,
            change: on_the_way.change.map(|draft| ChangeDraft {
                id: draft.draft.to_string(),
                state: mapping::drafts::phase(draft.phase),
            }),
            row,
            tickets: appointment
                .tickets
                .iter()
                .map(|code| AppointmentTicket {
                    code: code.to_string(),
                    topic: crate::drafts::topic_of(topics.get(code), &guide),
                })
                .collect(),
            notes: content.notes.clone(),
            phone: content.contact.phone.clone(),
            email: content.contact.email.clone(),
            attachments: content
                .attachments
                .iter()
                .map(mapping::attachments::attachment)
                .collect(),
            granted: u32::from(appointment.granted),
            dossier: self.appointment_dossier(&appointment).await?,
            timeline: match &registered {
                Some(registered) => mapping::portal::timeline(registered),
                None => mapping::agenda::timeline(&appointment, &on_the_way, |code| guide.point(code)),
            },
            read_at: read_at.map(time::instant),
            read_time: read_at.map(time::spoken),
        })
    }

    /// R14: decides to cancel an appointment; it is marked until the store has answered.
    ///
    /// # Errors
    /// [`StudioError::UnknownAppointment`], [`StudioError::NotCancellable`].
    pub async fn appointment_cancel(&self, id: &str) -> Result<AppointmentDetail, StudioError> {
        let mut appointment = self.known_appointment(id).await?;
        if self.registered(appointment.id).await?.is_some() {
            return Err(StudioError::NotCancellable);
        }
        let now = self.now();
        appointment
            .cancel_by_studio(now)
            .map_err(|_| StudioError::NotCancellable)?;
        let decision = new_decision();
        let outbox = &self.cache.outbox;
        self.decide(decision, outbox.cancel(appointment.id, decision, now.instant()))
            .await?;
        self.herald.changed([Area::Agenda, Area::Status]);
        self.appointment_open(id).await
    }

    /// R13: *presa visione* of a communication.
    ///
    /// # Errors
    /// [`StudioError::UnknownCommunication`], also for one that was acknowledged before.
    pub async fn communication_acknowledge(&self, id: &str) -> Result<(), StudioError> {
        let id: CommunicationId = parse::known(id, StudioError::UnknownCommunication)?;
        let appointment = self.cache.pulled.appointment_of_unread(id).await?;
        let appointment = appointment.ok_or(StudioError::UnknownCommunication)?;
        let decision = new_decision();
        let outbox = &self.cache.outbox;
        let now = self.now().instant();
        self.decide(decision, outbox.acknowledge(appointment, id, decision, now))
            .await?;
        self.herald.changed([Area::Agenda, Area::Status]);
        Ok(())
    }

    /// R14, R17: begins a draft that changes an appointment, or goes on with the one there is.
    ///
    /// # Errors
    /// [`StudioError::UnknownAppointment`], [`StudioError::NotChangeable`].
    pub async fn appointment_change(&self, id: &str) -> Result<DraftDetail, StudioError> {
        let appointment = self.known_appointment(id).await?;
        if self.registered(appointment.id).await?.is_some() {
            return Err(StudioError::NotChangeable);
        }
        let drafts = &self.cache.drafts;
        if let Some(draft) = drafts.changing(appointment.id).await? {
            return self.draft_detail(&draft).await;
        }
        let now = self.now();
        let cancelling = self.cache.outbox.cancelling().await?.contains(&appointment.id);
        if cancelling || appointment.is_the_studio_s(now).is_err() {
            return Err(StudioError::NotChangeable);
        }
        let seen = Seen::of(&appointment);
        let tickets = appointment.tickets.iter().map(|code| BookedTicket {
            code: code.clone(),
            judgement: None,
            read: None,
        });
        let new = NewDraft {
            id: DraftId::new(Uuid::now_v7()),
            company: appointment.company.clone(),
            point: appointment.slot.point.clone(),
            tickets: tickets.collect(),
            content: appointment.content.clone(),
            aim: Aim::Change {
                appointment: appointment.id,
                seen,
            },
        };
        let draft = drafts.prepare(new, None, now.instant()).await?;
        self.herald.changed([Area::Drafts, Area::Agenda, Area::Status]);
        self.draft_detail(&draft).await
    }

    pub(crate) async fn known_appointment(&self, id: &str) -> Result<Appointment, StudioError> {
        let id: AppointmentId = parse::known(id, StudioError::UnknownAppointment)?;
        let appointment = self.cache.pulled.appointment(id).await?;
        appointment.ok_or(StudioError::UnknownAppointment)
    }

    pub(crate) async fn pending(&self) -> Result<Pending, StudioError> {
        let outbox = &self.cache.outbox;
        Ok(Pending {
            cancelling: outbox.cancelling().await?,
            changing: self.cache.drafts.all_changing().await?,
            acknowledging: outbox.acknowledging().await?,
        })
    }

    pub(crate) async fn appointment_rows(
        &self,
        appointments: &[Appointment],
        guide: &Guide,
    ) -> Result<Vec<AppointmentRow>, StudioError> {
        let pending = self.pending().await?;
        let ids: Vec<AppointmentId> = appointments.iter().map(|appointment| appointment.id).collect();
        let kept = self.kept_about(&ids).await?;
        let registered = self.cache.portal.registered(&ids).await?;
        let mut names: HashMap<&FiscalCode, String> = HashMap::new();
        let mut rows = Vec::with_capacity(appointments.len());
        for appointment in appointments {
            if !names.contains_key(&appointment.company) {
                names.insert(&appointment.company, self.company_name(&appointment.company).await?);
            }
            let name = names.get(&appointment.company).cloned().unwrap_or_default();
            let point = guide.point(&appointment.slot.point);
            let on_the_way = pending.of(appointment);
            let mut row = mapping::agenda::row(appointment, point, name, &on_the_way, guide.now);
            if let Some(registered) = registered.get(&appointment.id) {
                mapping::portal::mark(&mut row, registered, guide.now);
            }
            if let Some(dossier) = kept.get(&appointment.id) {
                row.attends = dossier.attends.iter().map(ToString::to_string).collect();
                row.clash = !self.clashes(appointment, dossier).await?.is_empty();
                row.meeting = dossier
                    .meeting
                    .as_ref()
                    .map(|meeting| mapping::dossiers::meeting(meeting).result);
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// One line.
    pub(crate) async fn appointment_row(
        &self,
        appointment: &Appointment,
        guide: &Guide,
    ) -> Result<AppointmentRow, StudioError> {
        let mut rows = self.appointment_rows(std::slice::from_ref(appointment), guide).await?;
        rows.pop().ok_or(StudioError::UnknownAppointment)
    }
}
