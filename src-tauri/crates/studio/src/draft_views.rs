//! How drafts are shown, with what is foreseen about them.

use std::collections::HashMap;

use cache::drafts::{Aim, Attention, Draft, DraftPhase, DraftState, Request};
use cache::outbox::{OutboxRow, RowState};
use cache::pulled::TicketRow as Row;
use domain::appointment::Appointment;
use domain::availability::{TakenPlaces, places};
use domain::booking::{Facts, Refusal};
use domain::code::{AppointmentId, ContentHash, TicketCode, TopicCode};
use domain::company::Delegation;
use domain::content::{Breach, Limits};
use domain::eligibility::{Eligibility, Obstacle, eligibility};
use domain::portal::place;
use domain::studio_change::Seen;
use domain::ticket::TicketStatus;
use domain::time::civil_day;
use domain::wish::Wish;
use store::{BookRefusal, ChangeRefusal};

use crate::StudioError;
use crate::foresee::{Departure, Lack, lacks, lacks_of_change};
use crate::guide::Guide;
use crate::mapping::{self, count, time};
use crate::studio::Studio;
use crate::tickets::Carriers;
use crate::view::drafts::{
    AttentionView, ChangedAppointment, DepositView, DraftDetail, DraftRow, DraftTicket, Due, EarlierTry, Missing,
    WishView,
};
use crate::view::tickets::{BookableView, ObstacleView, TopicView};

/// A draft's tickets and what surrounds them, as last pulled.
pub(crate) struct Circumstances {
    guide: Guide,
    /// In the draft's order, those that are known, judged as the draft judges them.
    facts: Vec<Facts>,
    unknown: Vec<TicketCode>,
    delegations: Vec<Delegation>,
    limits: Limits,
    carriers: Carriers,
    /// The appointment that it changes, where it does and the studio still sees it.
    appointment: Option<Appointment>,
}

impl Circumstances {
    /// When it may go.
    pub(crate) fn departure(&self, draft: &Draft) -> Departure {
        match &draft.aim {
            // R17: when its tickets are bookable is not asked again.
            Aim::Change { .. } => Departure::Now,
            Aim::Book if self.unknown.is_empty() => Departure::of(&self.facts, self.guide.now),
            Aim::Book => Departure::Never,
        }
    }

    /// What `draft` lacks before it can be sent.
    pub(crate) fn lacks(&self, draft: &Draft) -> Vec<Missing> {
        // What an appointment carries was bookable when it was booked (R17).
        let asked = if draft.aim == Aim::Book {
            self.unknown.as_slice()
        } else {
            &[]
        };
        let unknown = asked.iter().map(|code| Missing::Ticket {
            code: code.to_string(),
            bookable: gone(),
        });
        let (content, now) = (&draft.content, self.guide.now);
        let found = match draft.request() {
            Request::Book(booking) => lacks(
                &self.facts,
                &self.delegations,
                &booking.wishes,
                content,
                &self.limits,
                now,
            ),
            Request::Change(_, change) => lacks_of_change(
                &change,
                self.appointment.as_ref(),
                &self.facts,
                &self.delegations,
                content,
                &self.limits,
                now,
            ),
        };
        let mut missing: Vec<Missing> = unknown.collect();
        let on_the_portal = place::is_point(&draft.point);
        for lack in found {
            // R16: what is wished for and whom the studio acts for, the portal asks itself.
            if on_the_portal && matches!(lack, Lack::Wish | Lack::Delegation(_) | Lack::Breach(Breach::NoContact)) {
                continue;
            }
            let one = match lack {
                Lack::Wish => Missing::Wish,
                Lack::Ticket(index, answer) => {
                    let code = &self.facts[index].code;
                    Missing::Ticket {
                        code: code.to_string(),
                        bookable: self.bookable(code, answer),
                    }
                }
                Lack::Delegation(position) => Missing::Delegation {
                    matricola: position.to_string(),
                },
                Lack::PastWish(index) => Missing::PastWish { index: count(index) },
                Lack::Unsuitable(index) => Missing::UnsuitableWish { index: count(index) },
                Lack::Appointment => Missing::Appointment,
                Lack::Difference => Missing::Difference,
                Lack::Breach(breach) => {
                    for one in mapping::drafts::breaches(&[breach]) {
                        if !missing.contains(&one) {
                            missing.push(one);
                        }
                    }
                    continue;
                }
            };
            missing.push(one);
        }
        missing
    }

    fn bookable(&self, code: &TicketCode, answer: Eligibility) -> BookableView {
        mapping::tickets::bookable(answer, self.carriers.get(code).map(|(id, slot)| (*id, slot)))
    }

    fn tickets(&self, draft: &Draft) -> Vec<DraftTicket> {
        draft
            .tickets
            .iter()
            .map(|ticket| {
                let facts = self.facts.iter().find(|facts| facts.code == ticket.code);
                DraftTicket {
                    code: ticket.code.to_string(),
                    topic: topic_of(facts.map(|facts| &facts.topic), &self.guide),
                    bookable: facts.map_or_else(gone, |facts| {
                        self.bookable(&ticket.code, eligibility(&facts.standing, self.guide.now))
                    }),
                }
            })
            .collect()
    }
}

/// A ticket that the studio does not see any more.
fn gone() -> BookableView {
    BookableView::No {
        obstacle: ObstacleView::Gone,
    }
}

/// A topic; of a ticket that is not known, none is.
pub(crate) fn topic_of(topic: Option<&TopicCode>, guide: &Guide) -> TopicView {
    topic.map_or_else(
        || TopicView {
            code: String::new(),
            area: String::new(),
            subject: String::new(),
            detail: String::new(),
        },
        |code| guide.topic(code),
    )
}

impl Studio {
    /// Looks at what surrounds a draft.
    pub(crate) async fn circumstances(&self, draft: &Draft) -> Result<Circumstances, StudioError> {
        let pulled = &self.cache.pulled;
        let guide = self.guide().await?;
        let codes: Vec<TicketCode> = draft.tickets.iter().map(|ticket| ticket.code.clone()).collect();
        let mut rows: HashMap<TicketCode, Row> = pulled
            .tickets_of(&codes)
            .await?
            .into_iter()
            .map(|row| (row.code.clone(), row))
            .collect();
        for ticket in &draft.tickets {
            if let (Some(row), Some(judgement)) = (rows.get_mut(&ticket.code), ticket.judgement)
                && let TicketStatus::Closed { at, assessment, .. } = &mut row.standing.status
                && *at == judgement.closed_at
            {
                *assessment = judgement.assessment;
            }
        }
        let facts: Vec<Facts> = codes.iter().filter_map(|code| rows.get(code)).map(Row::facts).collect();
        let positions: Vec<_> = facts.iter().map(|facts| facts.position.clone()).collect();
        Ok(Circumstances {
            unknown: codes.iter().filter(|code| !rows.contains_key(*code)).cloned().collect(),
            delegations: pulled.delegations(&positions).await?,
            limits: self.limits().await?,
            carriers: self.carriers(&codes).await?,
            appointment: match &draft.aim {
                Aim::Change { appointment, .. } => pulled.appointment(*appointment).await?,
                Aim::Book => None,
            },
            guide,
            facts,
        })
    }

    /// The draft with its appointment, where it changes one, as that is now: what the person left as it was follows.
    async fn followed(&self, draft: &Draft) -> Result<Draft, StudioError> {
        if let Aim::Change { appointment, .. } = &draft.aim
            && let Some(appointment) = self.cache.pulled.appointment(*appointment).await?
        {
            let now = Seen::of(&appointment);
            return Ok(self.cache.drafts.follow(draft.id, &now).await?);
        }
        Ok(draft.clone())
    }

    /// The code of an appointment that is changed; none where the studio does not see it any more.
    async fn code_of(&self, appointment: AppointmentId) -> Result<String, StudioError> {
        let known = self.cache.pulled.appointment(appointment).await?;
        Ok(known.map(|known| known.code.to_string()).unwrap_or_default())
    }

    /// The limits in force: the sede's, or ours while it has not said any (R10).
    pub(crate) async fn limits(&self) -> Result<Limits, StudioError> {
        let kept = self.cache.pulled.welcome().await?;
        Ok(kept.map(|kept| kept.welcome.limits).unwrap_or_default())
    }

    /// One draft, opened.
    pub(crate) async fn draft_detail(&self, draft: &Draft) -> Result<DraftDetail, StudioError> {
        let draft = &self.followed(draft).await?;
        let around = self.circumstances(draft).await?;
        let state = draft.state.phase();
        let missing = match state {
            DraftPhase::Editing | DraftPhase::NeedsAttention | DraftPhase::Discarded => around.lacks(draft),
            // It was decided as it is.
            DraftPhase::Queued | DraftPhase::Sending | DraftPhase::Booked => Vec::new(),
        };
        let content = &draft.content;
        let row = self.row_of(draft).await?;
        Ok(DraftDetail {
            id: draft.id.to_string(),
            revision: draft.revision,
            state: mapping::drafts::phase(state),
            changes: match &draft.aim {
                Aim::Book => None,
                Aim::Change { appointment, seen } => {
                    let code = self.code_of(*appointment).await?;
                    Some(mapping::drafts::change(*appointment, code, seen, draft))
                }
            },
            company: draft.company.to_string(),
            company_name: self.company_name(&draft.company).await?,
            point: around.guide.point(&draft.point),
            tickets: around.tickets(draft),
            wishes: self.wish_views(draft, &around.guide).await?,
            never: mapping::drafts::never(&draft.wishes),
            waits: draft.waits,
            deposit: deposit_view(draft, row.as_ref()),
            withdrawing: self.cache.outbox.is_withdrawing(draft.id).await?,
            earlier_try: self.earlier_try(draft, row.as_ref()).await?,
            notes: content.notes.clone(),
            phone: content.contact.phone.clone(),
            email: content.contact.email.clone(),
            attachments: content
                .attachments
                .iter()
                .map(mapping::attachments::attachment)
                .collect(),
            limits: mapping::attachments::limits(&around.limits),
            due: due(draft, &around),
            missing,
            saved_time: time::spoken(draft.changed_at),
            attention: attention(draft, &around.carriers),
            appointment: booked_as(draft),
            portal: place::is_point(&draft.point),
        })
    }

    /// One line of *Bozze e invii*.
    pub(crate) async fn draft_row(&self, draft: &Draft) -> Result<DraftRow, StudioError> {
        let around = self.circumstances(draft).await?;
        let row = self.row_of(draft).await?;
        let turns = match (&row, &draft.state) {
            (None, _) => Turns::default(),
            (Some(row), DraftState::Queued { not_before }) => {
                let due = not_before.is_none_or(|moment| moment <= self.engine.present());
                self.turns(row, due)
            }
            (Some(row), _) => Turns {
                last: row.last_attempt,
                ..Turns::default()
            },
        };
        Ok(DraftRow {
            id: draft.id.to_string(),
            state: mapping::drafts::phase(draft.state.phase()),
            changes: match &draft.aim {
                Aim::Book => None,
                Aim::Change { appointment, seen } => Some(ChangedAppointment {
                    appointment: appointment.to_string(),
                    code: self.code_of(*appointment).await?,
                    slot: mapping::board::slot(&seen.slot),
                }),
            },
            company_name: self.company_name(&draft.company).await?,
            tickets: draft.tickets.iter().map(|ticket| ticket.code.to_string()).collect(),
            point: around.guide.point(&draft.point),
            first_wish: draft.wishes.iter().find_map(|wish| mapping::drafts::wish(wish, None)),
            wishes: count(draft.wishes.iter().filter(|wish| wish.asks()).count()),
            due: due(draft, &around),
            waits: draft.waits,
            deposit: deposit_view(draft, row.as_ref()),
            withdrawing: row.is_some() && self.cache.outbox.is_withdrawing(draft.id).await?,
            earlier_try: self.earlier_try(draft, row.as_ref()).await?,
            last_attempt: turns.last.map(time::instant),
            next_attempt: turns.next.map(time::instant),
            failures: turns.failures,
            attention: attention(draft, &around.carriers),
            appointment: booked_as(draft),
            portal: place::is_point(&draft.point),
            changed_at: time::instant(draft.changed_at),
        })
    }

    /// Its newest row; none where it was never sent.
    async fn row_of(&self, draft: &Draft) -> Result<Option<OutboxRow>, StudioError> {
        match draft.decision {
            Some(_) => Ok(self.cache.outbox.of_draft(draft.id).await?),
            None => Ok(None),
        }
    }

    /// A change can't be withdrawn from the store as a booking can: what was sent and taken back unanswered may stand there.
    async fn earlier_try(&self, draft: &Draft, row: Option<&OutboxRow>) -> Result<Option<EarlierTry>, StudioError> {
        let (Aim::Change { appointment, .. }, Some(row)) = (&draft.aim, row) else {
            return Ok(None);
        };
        let Some(sent) = row.last_attempt.filter(|_| row.state == RowState::Recalled) else {
            return Ok(None);
        };
        let pulled = &self.cache.pulled;
        if pulled.read_at().await?.is_none_or(|read| read <= sent) {
            return Ok(Some(EarlierTry::Unknown));
        }
        let now = pulled.appointment(*appointment).await?;
        let arrived = now.is_some_and(|now| now.edits.iter().any(|edit| edit.at >= row.decided_at));
        Ok(arrived.then_some(EarlierTry::Arrived))
    }

    /// What the network made of a row that waits; `due` says that its moment has come. While the store is away nothing is
    /// tried row by row: the round is.
    pub(crate) fn turns(&self, row: &OutboxRow, due: bool) -> Turns {
        let mut turns = Turns {
            last: row.last_attempt,
            next: row.next_attempt,
            failures: row.tries,
        };
        if let Some(outage) = self.engine.outage().filter(|_| due) {
            turns.next = Some(
                turns
                    .next
                    .map_or(outage.next_attempt, |next| next.max(outage.next_attempt)),
            );
            if outage.last_attempt >= row.decided_at {
                turns.last = turns.last.max(Some(outage.last_attempt));
                turns.failures = turns.failures.max(1);
            }
        }
        turns
    }

    /// The wishes, each slot with its free places as last read.
    async fn wish_views(&self, draft: &Draft, guide: &Guide) -> Result<Vec<WishView>, StudioError> {
        let point = guide.directory.points.get(&draft.point);
        let exact = draft.wishes.iter().any(|wish| matches!(wish, Wish::Slot { .. }));
        let taken = match point {
            Some(point) if exact => self.cache.pulled.taken(&point.code, guide.now.instant()).await?,
            _ => TakenPlaces::default(),
        };
        Ok(draft
            .wishes
            .iter()
            .filter_map(|wish| {
                let free = match (wish, point) {
                    (Wish::Slot { start }, Some(point)) => places(point, start.date(), start.date(), &taken)
                        .iter()
                        .flat_map(|day| &day.places)
                        .find(|place| wish.accepts(&place.slot))
                        .map_or(Some(0), |place| Some(u32::from(place.free))),
                    _ => None,
                };
                mapping::drafts::wish(wish, free)
            })
            .collect())
    }
}

/// See [`Studio::turns`].
#[derive(Debug, Default)]
pub(crate) struct Turns {
    pub(crate) last: Option<chrono::DateTime<chrono::Utc>>,
    pub(crate) next: Option<chrono::DateTime<chrono::Utc>>,
    pub(crate) failures: u32,
}

fn due(draft: &Draft, around: &Circumstances) -> Due {
    let on = |day| Due::On { date: time::date(day) };
    match &draft.state {
        DraftState::Queued { not_before } => not_before
            .filter(|moment| *moment > around.guide.now.instant())
            .map_or(Due::Now, |moment| on(civil_day(moment))),
        DraftState::Sending | DraftState::Booked { .. } => Due::Now,
        DraftState::Editing | DraftState::NeedsAttention { .. } | DraftState::Discarded => {
            match around.departure(draft) {
                Departure::Now => Due::Now,
                Departure::On(day) => on(day),
                Departure::Never => Due::Never,
            }
        }
    }
}

fn deposit_view(draft: &Draft, row: Option<&OutboxRow>) -> Option<DepositView> {
    let lies = matches!(draft.state.phase(), DraftPhase::Queued | DraftPhase::Sending);
    let deposit = row.and_then(|row| row.deposit.as_ref());
    deposit.filter(|_| lies).map(mapping::drafts::deposit)
}

fn booked_as(draft: &Draft) -> Option<String> {
    match &draft.state {
        DraftState::Booked { appointment } => Some(appointment.to_string()),
        DraftState::Editing
        | DraftState::Queued { .. }
        | DraftState::Sending
        | DraftState::NeedsAttention { .. }
        | DraftState::Discarded => None,
    }
}

fn attention(draft: &Draft, carriers: &Carriers) -> Option<AttentionView> {
    let DraftState::NeedsAttention { why } = &draft.state else {
        return None;
    };
    Some(match why {
        Attention::AttachmentLost { name } => AttentionView::AttachmentLost {
            name: name.as_str().to_owned(),
        },
        Attention::NoRoomForFiles => AttentionView::NoRoomForFiles,
        Attention::StoreFailed => AttentionView::StoreFailed,
        Attention::Refused { why } => match why {
            BookRefusal::UnknownTicket { ticket } => AttentionView::TicketUnknown {
                ticket: ticket.to_string(),
            },
            BookRefusal::UnknownPoint => AttentionView::NotTogether,
            // Somebody took it back, and not here.
            BookRefusal::Withdrawn => AttentionView::Withdrawn,
            BookRefusal::AttachmentMissing { hash } => lost(draft, *hash),
            BookRefusal::Rule {
                refusal:
                    Refusal::TicketNotBookable {
                        ticket,
                        eligibility: answer @ Eligibility::NotBookable(Obstacle::Carried { .. }),
                    },
            } => AttentionView::TicketNotBookable {
                ticket: ticket.to_string(),
                bookable: mapping::tickets::bookable(*answer, carriers.get(ticket).map(|(id, slot)| (*id, slot))),
            },
            BookRefusal::Rule { refusal } => mapping::drafts::refusal(refusal),
        },
        Attention::ChangeRefused { why } => match why {
            ChangeRefusal::UnknownAppointment | ChangeRefusal::Life { .. } => AttentionView::AppointmentOver,
            ChangeRefusal::Overtaken { appointment } => mapping::drafts::overtaken(draft, appointment),
            ChangeRefusal::AttachmentMissing { hash } => lost(draft, *hash),
            ChangeRefusal::Rule { refusal } => mapping::drafts::refusal(refusal),
        },
    })
}

fn lost(draft: &Draft, hash: ContentHash) -> AttentionView {
    let mut files = draft.content.attachments.iter();
    let file = files.find(|file| file.hash == hash);
    AttentionView::AttachmentLost {
        name: file.map(|file| file.name.as_str().to_owned()).unwrap_or_default(),
    }
}
