//! *Richieste*: lists of tickets, and one ticket.

use std::collections::HashMap;

use cache::drafts::{Holder, Judged};
use cache::pulled::{Bookable, InCharge, StatusKind, TicketFilter, TicketRow as Row, TicketSort as Sort, TopicScope};
use domain::availability::free_slots;
use domain::code::{AppointmentId, PointCode, TicketCode};
use domain::deposit::Deposit;
use domain::dossier::Subject;
use domain::eligibility::{Eligibility, Obstacle, waiting_days};
use domain::people::Person;
use domain::reminder::reminder;
use domain::slot::Slot;
use domain::ticket::{Judgement, ReplyAssessment, TicketStatus};

use crate::companies::shown_name;
use crate::guide::Guide;
use crate::limits::{LABEL_MAX, SEARCH_MAX, WINDOW_MAX};
use crate::mapping::{self, time};
use crate::studio::{Studio, new_decision};
use crate::view::app::Area;
use crate::view::reminders::{ReminderObstacleView, ReminderView};
use crate::view::tickets::{
    AssessmentView, BookableCounts, BookableFilter, DraftMark, InChargeFilter, StatusView, TicketDetail, TicketFacets,
    TicketList, TicketQuery, TicketRow, TicketSort,
};
use crate::{StudioError, parse};

/// Tickets offered beside the one that is open.
const COMPANIONS_MAX: usize = 50;

/// Between the levels of a topic's label path.
const LEVELS: &str = " › ";

impl Studio {
    /// Opens a list.
    ///
    /// # Errors
    /// [`StudioError::InvalidArgument`], [`StudioError::TooLong`].
    pub async fn tickets_open(&self, query: TicketQuery) -> Result<TicketList, StudioError> {
        let guide = self.guide().await?;
        let filter = filter(&query, &guide)?;
        let sort = match query.sort {
            TicketSort::Code => Sort::Code,
            TicketSort::Company => Sort::Company,
            TicketSort::Topic => Sort::Topic,
            TicketSort::Opened => Sort::Opened,
            TicketSort::Status => Sort::Status,
            TicketSort::Bookable => Sort::Bookable,
        };
        let pulled = &self.cache.pulled;
        let snapshot = pulled.open_tickets(&filter, sort, query.descending, guide.now).await?;
        Ok(TicketList {
            total: snapshot.total(),
            counts: BookableCounts {
                any: snapshot.counts.any,
                now: snapshot.counts.now,
                soon: snapshot.counts.soon,
                not: snapshot.counts.not,
            },
            list: self.lists().keep(snapshot.rowids),
        })
    }

    /// Reads a window of an opened list; what lies beyond its end is not there.
    ///
    /// # Errors
    /// [`StudioError::ListExpired`], [`StudioError::InvalidArgument`] for more than [`WINDOW_MAX`](crate::limits::WINDOW_MAX) rows.
    pub async fn tickets_window(&self, list: u32, offset: u32, limit: u32) -> Result<Vec<TicketRow>, StudioError> {
        if limit > WINDOW_MAX {
            return Err(StudioError::InvalidArgument { argument: "limit" });
        }
        let rowids = self.lists().get(list).ok_or(StudioError::ListExpired)?;
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(rowids.len());
        let to = from
            .saturating_add(usize::try_from(limit).unwrap_or(usize::MAX))
            .min(rowids.len());
        let rows = self.cache.pulled.tickets_at(&rowids[from..to]).await?;
        self.ticket_rows(&rows, &self.guide().await?).await
    }

    /// What the filter menus offer.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn ticket_facets(&self) -> Result<TicketFacets, StudioError> {
        let topics = self.cache.pulled.topics_in_use().await?;
        Ok(TicketFacets {
            topics: topics.iter().map(mapping::tickets::topic).collect(),
        })
    }

    /// Opens one ticket.
    ///
    /// # Errors
    /// [`StudioError::UnknownTicket`].
    pub async fn ticket_open(&self, code: &str) -> Result<TicketDetail, StudioError> {
        let code: TicketCode = parse::known(code, StudioError::UnknownTicket)?;
        let pulled = &self.cache.pulled;
        let guide = self.guide().await?;
        let opened = pulled.ticket(&code).await?.ok_or(StudioError::UnknownTicket)?;
        let holders = self.cache.drafts.holders().await?;
        let mut companions = pulled.companions(&opened.row, guide.now).await?;
        companions.retain(|row| !holders.contains_key(&row.code));
        companions.truncate(COMPANIONS_MAX);
        let appointments = pulled.appointments_of_ticket(&code).await?;
        let portal = match opened.row.portal {
            true => self.cache.portal.ticket(&code).await?,
            false => None,
        };
        let first_free = match &opened.point {
            Some(point) => self.first_free(point, &guide).await?,
            None => None,
        };
        Ok(TicketDetail {
            row: self.ticket_row(&opened.row, &guide).await?,
            portal: portal.as_ref().map(|held| mapping::portal::ticket(held, guide.now)),
            sede_name: guide.directory.sede_name(&opened.ticket.sede),
            matricola: opened.ticket.position.to_string(),
            point: opened.point.as_ref().map(|point| guide.point(point)),
            first_free: first_free.as_ref().map(mapping::board::slot),
            messages: match &portal {
                Some(held) => mapping::portal::messages(&held.ticket),
                None => opened.ticket.messages.iter().map(mapping::tickets::message).collect(),
            },
            assessment: mapping::tickets::assessment(
                reply(&opened.row).map_or_else(ReplyAssessment::default, |r| r.assessment),
            ),
            can_assess: assessable(&opened.row, &guide).is_some(),
            reminder: match &portal {
                Some(_) => ReminderView::No {
                    obstacle: ReminderObstacleView::OfThePortal,
                },
                None => mapping::reminders::reminder(reminder(&opened.ticket, guide.now), guide.now),
            },
            reminding: self.reminding_of(&code).await?,
            reminder_max: self.limits().await?.notes_max,
            dossier: mapping::dossiers::ticket(pulled.dossier(&Subject::Ticket(code.clone())).await?),
            companions: self.ticket_rows(&companions, &guide).await?,
            appointments: self.appointment_rows(&appointments, &guide).await?,
        })
    }

    /// R3: records the studio's judgement on a reply.
    ///
    /// # Errors
    /// [`StudioError::UnknownTicket`], [`StudioError::NotAssessable`].
    pub async fn ticket_assess(&self, code: &str, assessment: AssessmentView) -> Result<TicketDetail, StudioError> {
        let row = self.known_ticket(code).await?;
        let guide = self.guide().await?;
        let standing = assessable(&row, &guide).ok_or(StudioError::NotAssessable)?;
        let assessment = parse::assessment(assessment);
        if standing.assessment != assessment {
            let judgement = Judgement {
                assessment,
                closed_at: standing.closed_at,
            };
            if row.portal {
                self.cache.portal.judge(&row.code, judgement).await?;
            } else {
                let judged = Judged {
                    decision: new_decision(),
                    ticket: row.code,
                    judgement,
                };
                let outbox = &self.cache.outbox;
                self.decide(judged.decision, outbox.assess(&judged, guide.now.instant()))
                    .await?;
            }
            self.herald.changed([Area::Tickets, Area::Drafts, Area::Status]);
        }
        self.ticket_open(code).await
    }

    /// The ticket of this code.
    pub(crate) async fn known_ticket(&self, code: &str) -> Result<Row, StudioError> {
        let code: TicketCode = parse::known(code, StudioError::UnknownTicket)?;
        let mut rows = self.cache.pulled.tickets_of(&[code]).await?;
        rows.pop().ok_or(StudioError::UnknownTicket)
    }

    async fn first_free(&self, point: &PointCode, guide: &Guide) -> Result<Option<Slot>, StudioError> {
        let Some(point) = guide.directory.points.get(point) else {
            return Ok(None);
        };
        let taken = self.cache.pulled.taken(&point.code, guide.now.instant()).await?;
        Ok(free_slots(point, &taken, guide.now).into_iter().next())
    }

    /// One line.
    async fn ticket_row(&self, row: &Row, guide: &Guide) -> Result<TicketRow, StudioError> {
        let mut rows = self.ticket_rows(std::slice::from_ref(row), guide).await?;
        rows.pop().ok_or(StudioError::UnknownTicket)
    }

    /// Lines of a list, with the drafts and appointments that hold their tickets.
    pub(crate) async fn ticket_rows(&self, rows: &[Row], guide: &Guide) -> Result<Vec<TicketRow>, StudioError> {
        let holders = self.cache.drafts.holders().await?;
        let carried: Vec<TicketCode> = rows
            .iter()
            .filter(|row| is_carried(row.eligibility(guide.now)))
            .map(|row| row.code.clone())
            .collect();
        let carriers = self.carriers(&carried).await?;
        let codes: Vec<TicketCode> = rows.iter().map(|row| row.code.clone()).collect();
        let in_charge = self.in_charge(&codes).await?;
        let deposits = self.cache.pulled.deposits_of(&codes).await?;
        let around = |row: &Row| Around {
            holder: holders.get(&row.code),
            in_charge: in_charge.get(&row.code),
            deposit: deposits.get(&row.code),
            carrier: carriers.get(&row.code),
        };
        Ok(rows.iter().map(|row| ticket_row(row, &around(row), guide)).collect())
    }

    /// R5: the studio's own appointments that carry these tickets.
    pub(crate) async fn carriers(&self, tickets: &[TicketCode]) -> Result<Carriers, StudioError> {
        if tickets.is_empty() {
            return Ok(Carriers::new());
        }
        Ok(self.cache.pulled.carriers(tickets, self.now().instant()).await?)
    }
}

/// Which appointment carries a ticket, and when that is.
pub(crate) type Carriers = HashMap<TicketCode, (AppointmentId, Slot)>;

/// Who of the studio has to do with a ticket.
struct Around<'a> {
    holder: Option<&'a Holder>,
    in_charge: Option<&'a Person>,
    deposit: Option<&'a Deposit>,
    carrier: Option<&'a (AppointmentId, Slot)>,
}

fn ticket_row(row: &Row, around: &Around<'_>, guide: &Guide) -> TicketRow {
    let waits = matches!(row.status, StatusKind::Open | StatusKind::InProgress);
    TicketRow {
        code: row.code.to_string(),
        company: row.company.to_string(),
        company_name: shown_name(row.company_name.clone(), &row.company),
        portal: row.portal,
        topic: mapping::tickets::topic(&row.topic),
        opened_on: time::date(row.standing.counts_from),
        waiting_days: waits.then(|| waiting_days(row.standing.counts_from, guide.now.today())),
        status: mapping::tickets::status(row.standing.status, row.standing.withdrawn),
        bookable: mapping::tickets::bookable(row.eligibility(guide.now), around.carrier.map(|(id, slot)| (*id, slot))),
        in_charge: around.in_charge.map(Person::to_string),
        // What lies with the sede of a ticket that is in a draft here is that draft.
        deposit: around
            .deposit
            .filter(|_| around.holder.is_none())
            .map(mapping::tickets::deposit),
        draft: around.holder.map(|holder| DraftMark {
            id: holder.draft.to_string(),
            state: mapping::drafts::phase(holder.phase),
        }),
    }
}

fn is_carried(answer: Eligibility) -> bool {
    matches!(answer, Eligibility::NotBookable(Obstacle::Carried { .. }))
}

/// The judgement on the reply that stands, where a ticket has one.
pub(crate) fn reply(row: &Row) -> Option<Judgement> {
    match row.standing.status {
        TicketStatus::Closed { at, assessment, .. } => Some(Judgement {
            assessment,
            closed_at: at,
        }),
        TicketStatus::Open | TicketStatus::InProgress => None,
    }
}

/// The judgement on a reply that can be judged: closed, not withdrawn, not carried (R3, R5).
pub(crate) fn assessable(row: &Row, guide: &Guide) -> Option<Judgement> {
    let free = !row.standing.withdrawn && !is_carried(row.eligibility(guide.now));
    reply(row).filter(|_| free)
}

fn filter(query: &TicketQuery, guide: &Guide) -> Result<TicketFilter, StudioError> {
    parse::text("text", &query.text, SEARCH_MAX)?;
    let day = |argument, given: &Option<String>| given.as_deref().map(|day| parse::date(argument, day)).transpose();
    Ok(TicketFilter {
        bookable: match query.bookable {
            BookableFilter::Any => None,
            BookableFilter::Now => Some(Bookable::Now),
            BookableFilter::Soon => Some(Bookable::Soon),
            BookableFilter::Not => Some(Bookable::Not),
        },
        statuses: query.statuses.iter().map(|status| status_kind(*status)).collect(),
        company: query
            .company
            .as_deref()
            .map(|code| parse::formed("company", code))
            .transpose()?,
        topic: query.topic.as_deref().map(|topic| scope(topic, guide)).transpose()?,
        opened_from: day("opened_from", &query.opened_from)?,
        opened_to: day("opened_to", &query.opened_to)?,
        in_charge: match &query.in_charge {
            None => None,
            Some(InChargeFilter::Nobody) => Some(InCharge::Nobody),
            Some(InChargeFilter::Person { name }) => Some(InCharge::Person(parse::formed("in_charge", name)?)),
        },
        text: query.text.clone(),
    })
}

/// A topic's code, an area, or an area and a subject.
fn scope(given: &str, guide: &Guide) -> Result<TopicScope, StudioError> {
    parse::text("topic", given, LABEL_MAX)?;
    if let Ok(code) = given.parse()
        && guide.directory.topics.contains_key(&code)
    {
        return Ok(TopicScope::Topic(code));
    }
    let is_area = guide.directory.topics.values().any(|topic| topic.area == given);
    Ok(match given.split_once(LEVELS) {
        Some((area, subject)) if !is_area => TopicScope::Subject {
            area: area.to_owned(),
            subject: subject.to_owned(),
        },
        _ => TopicScope::Area(given.to_owned()),
    })
}

const fn status_kind(status: StatusView) -> StatusKind {
    match status {
        StatusView::Open => StatusKind::Open,
        StatusView::InProgress => StatusKind::InProgress,
        StatusView::ClosedOk => StatusKind::ClosedOk,
        StatusView::ClosedKo => StatusKind::ClosedKo,
        StatusView::Withdrawn => StatusKind::Withdrawn,
    }
}
