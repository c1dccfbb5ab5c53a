//! From tickets to a draft (R1, R2, R8).

use std::collections::HashMap;

use cache::drafts::{Aim, Holder, Judged, NewDraft};
use cache::pulled::TicketRow as Row;
use domain::booking::BookedTicket;
use domain::code::{DraftId, PointCode, TicketCode};
use domain::content::{Contact, Content};
use domain::eligibility::{Eligibility, eligibility};
use domain::routing::{Routed, group};
use domain::ticket::{Judgement, ReplyAssessment, TicketStatus};
use uuid::Uuid;

use crate::guide::Guide;
use crate::mapping;
use crate::studio::{Studio, new_decision};
use crate::tickets::{assessable, reply};
use crate::view::app::Area;
use crate::view::drafts::{DraftDetail, Grouping, LeftOut, PointGroup};
use crate::{StudioError, parse};

impl Studio {
    /// R8: how a selection falls into appointments, and what is left out of them and why. Nothing is written.
    ///
    /// # Errors
    /// [`StudioError::NothingSelected`], [`StudioError::UnknownTicket`], [`StudioError::MixedCompanies`].
    pub async fn booking_group(&self, tickets: &[String]) -> Result<Grouping, StudioError> {
        let rows = self.selected(tickets).await?;
        let guide = self.guide().await?;
        let holders = self.cache.drafts.holders().await?;
        let codes: Vec<TicketCode> = rows.iter().map(|row| row.code.clone()).collect();
        let carriers = self.carriers(&codes).await?;
        let (fit, unfit): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| fits(row, &holders, &guide));
        let left_out = unfit.into_iter().map(|row| LeftOut {
            ticket: row.code.to_string(),
            bookable: mapping::tickets::bookable(
                row.eligibility(guide.now),
                carriers.get(&row.code).map(|(id, slot)| (*id, slot)),
            ),
            draft: holders.get(&row.code).map(|holder| holder.draft.to_string()),
        });
        let groups = group(fit.into_iter().map(routed), &guide.directory.routing);
        Ok(Grouping {
            left_out: left_out.collect(),
            groups: groups
                .by_point
                .iter()
                .map(|(point, tickets)| PointGroup {
                    point: guide.point(point),
                    tickets: tickets.iter().map(ToString::to_string).collect(),
                })
                .collect(),
        })
    }

    /// Begins a draft for tickets of one company (R2) and one point (R8), each bookable now or from a date (R3–R5).
    ///
    /// # Errors
    /// [`StudioError::NothingSelected`], [`StudioError::UnknownTicket`], [`StudioError::MixedCompanies`],
    /// [`StudioError::AlreadyInDraft`], [`StudioError::NotBookable`], [`StudioError::MixedPoints`].
    pub async fn booking_prepare(&self, tickets: &[String]) -> Result<DraftDetail, StudioError> {
        let rows = self.selected(tickets).await?;
        let guide = self.guide().await?;
        let holders = self.cache.drafts.holders().await?;
        if let Some(holder) = rows.iter().find_map(|row| holders.get(&row.code)) {
            return Err(StudioError::AlreadyInDraft { draft: holder.draft });
        }
        if !rows.iter().all(|row| fits(row, &holders, &guide)) {
            return Err(StudioError::NotBookable);
        }
        let point = one_point(&rows, &guide)?;
        let booked = rows
            .iter()
            .map(|row| BookedTicket {
                code: row.code.clone(),
                judgement: reply(row).filter(|judgement| judgement.assessment != ReplyAssessment::Unassessed),
                read: None,
            })
            .collect();
        self.begin(&rows[0], point, booked, None, &guide).await
    }

    /// R3: judges a reply unsatisfactory and begins a draft for its ticket, both or neither.
    ///
    /// # Errors
    /// [`StudioError::UnknownTicket`], [`StudioError::NotAssessable`], [`StudioError::AlreadyInDraft`],
    /// [`StudioError::NotBookable`] where no point answers its topic.
    pub async fn booking_from_reply(&self, code: &str) -> Result<DraftDetail, StudioError> {
        let row = self.known_ticket(code).await?;
        let guide = self.guide().await?;
        if let Some(holder) = self.cache.drafts.holder(&row.code).await? {
            return Err(StudioError::AlreadyInDraft { draft: holder.draft });
        }
        let standing = assessable(&row, &guide).ok_or(StudioError::NotAssessable)?;
        let judgement = Judgement {
            assessment: ReplyAssessment::Unsatisfactory,
            ..standing
        };
        let judged_row = judged(row, judgement);
        if !matches!(judged_row.eligibility(guide.now), Eligibility::Bookable(_)) {
            return Err(StudioError::NotBookable);
        }
        let point = one_point(std::slice::from_ref(&judged_row), &guide)?;
        let booked = vec![BookedTicket {
            code: judged_row.code.clone(),
            judgement: Some(judgement),
            read: None,
        }];
        let to_tell = (standing.assessment != judgement.assessment).then(|| Judged {
            decision: new_decision(),
            ticket: judged_row.code.clone(),
            judgement,
        });
        self.begin(&judged_row, point, booked, to_tell, &guide).await
    }

    async fn begin(
        &self,
        first: &Row,
        point: PointCode,
        tickets: Vec<BookedTicket>,
        judged: Option<Judged>,
        guide: &Guide,
    ) -> Result<DraftDetail, StudioError> {
        let settings = self.settings().await?;
        let new = NewDraft {
            id: DraftId::new(Uuid::now_v7()),
            aim: Aim::Book,
            company: first.company.clone(),
            point,
            tickets,
            content: Content {
                contact: Contact {
                    phone: settings.phone,
                    email: settings.email,
                },
                ..Content::default()
            },
        };
        let at = guide.now.instant();
        let drafts = &self.cache.drafts;
        let draft = match judged {
            None => drafts.prepare(new, None, at).await?,
            Some(judged) => {
                let decision = judged.decision;
                self.decide(decision, drafts.prepare(new, Some(judged), at)).await?
            }
        };
        self.herald.changed([Area::Drafts, Area::Tickets, Area::Status]);
        self.draft_detail(&draft).await
    }

    /// The tickets of a selection, in its order, of one company (R2).
    pub(crate) async fn selected(&self, codes: &[String]) -> Result<Vec<Row>, StudioError> {
        let codes = parse::selection(codes)?;
        let rows = self.cache.pulled.tickets_of(&codes).await?;
        if rows.len() != codes.len() {
            return Err(StudioError::UnknownTicket);
        }
        if rows.iter().any(|row| row.company != rows[0].company) {
            return Err(StudioError::MixedCompanies);
        }
        Ok(rows)
    }
}

/// Whether a ticket can go into a new draft: bookable, or bookable from a date, and in no other.
fn fits(row: &Row, holders: &HashMap<TicketCode, Holder>, guide: &Guide) -> bool {
    let barred = matches!(eligibility(&row.standing, guide.now), Eligibility::NotBookable(_));
    !barred && !holders.contains_key(&row.code)
}

fn routed(row: &Row) -> Routed<'_> {
    Routed {
        ticket: &row.code,
        sede: &row.sede,
        topic: &row.topic.code,
    }
}

/// R8: the one point that all of `rows` lead to.
fn one_point(rows: &[Row], guide: &Guide) -> Result<PointCode, StudioError> {
    let groups = group(rows.iter().map(routed), &guide.directory.routing);
    let mut points = groups.by_point.into_iter().map(|(point, _)| point);
    match (points.next(), points.next(), groups.unanswered.is_empty()) {
        (Some(point), None, true) => Ok(point),
        (_, Some(_), _) => Err(StudioError::MixedPoints),
        _ => Err(StudioError::NotBookable),
    }
}

/// The ticket with another judgement on its reply.
fn judged(mut row: Row, judgement: Judgement) -> Row {
    if let TicketStatus::Closed { assessment, .. } = &mut row.standing.status {
        *assessment = judgement.assessment;
    }
    row
}
