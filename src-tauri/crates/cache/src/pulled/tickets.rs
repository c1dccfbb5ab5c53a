//! Tickets: windows of a list, and one ticket opened.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::booking::Facts;
use domain::code::{FiscalCode, Matricola, PointCode, SedeCode, TicketCode};
use domain::eligibility::{Eligibility, Standing, eligibility};
use domain::ticket::{Ticket, TicketStatus};
use domain::time::Now;
use domain::topic::Topic;

use super::bits::Bits;
use super::numbers::small;
use super::{Bookable, Directory, Pulled, StatusKind, TicketFilter, TicketSort, project};
use crate::error::{CacheError, File, In, Result};
use crate::instant::{from_day_number, from_seconds};

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

/// One line of a list of tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRow {
    /// Its place in `cache.db`: see [`super::TicketSnapshot::rowids`].
    pub rowid: u32,
    /// Its code.
    pub code: TicketCode,
    /// Its company.
    pub company: FiscalCode,
    /// The company's name; its code where it has not been pulled.
    pub company_name: String,
    /// Its position.
    pub position: Matricola,
    /// The sede of its position.
    pub sede: SedeCode,
    /// Its topic.
    pub topic: Topic,
    /// Its status as lists show it.
    pub status: StatusKind,
    /// R16: whether it stands on the portal alone.
    pub portal: bool,
    /// All that decides about it (R3–R5), with judgements that were not told yet.
    pub standing: Standing,
}

impl TicketRow {
    /// R3–R6 at one moment.
    pub fn eligibility(&self, now: Now) -> Eligibility {
        eligibility(&self.standing, now)
    }

    /// The ticket as the rules see it.
    pub fn facts(&self) -> Facts {
        Facts {
            code: self.code.clone(),
            company: self.company.clone(),
            position: self.position.clone(),
            sede: self.sede.clone(),
            topic: self.topic.code.clone(),
            standing: self.standing,
        }
    }
}

/// One ticket, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedTicket {
    /// The line of the list.
    pub row: TicketRow,
    /// The ticket with its conversation, and with judgements that were not told yet.
    pub ticket: Ticket,
    /// R8: the point that follows from topic and sede.
    pub point: Option<PointCode>,
}

pub(super) struct Raw {
    id: i64,
    code: String,
    company: String,
    company_name: String,
    topic: String,
    position: String,
    sede: String,
    status: i64,
    closed_at: Option<String>,
    assessment: i64,
    opened_day: i64,
    carried: Option<i64>,
    has_point: i64,
    portal: i64,
}

impl Raw {
    fn row(self, directory: &Directory) -> Result<TicketRow> {
        let status = StatusKind::of_number(self.status).ok_or(DAMAGED)?;
        let topic = directory.topic(&self.topic.parse().map_err(|_| DAMAGED)?);
        let closed = |outcome| {
            let at: DateTime<Utc> = self
                .closed_at
                .as_deref()
                .and_then(|at| at.parse().ok())
                .ok_or(DAMAGED)?;
            Ok::<_, CacheError>(TicketStatus::Closed {
                outcome,
                at,
                assessment: project::assessment_of(self.assessment).ok_or(DAMAGED)?,
            })
        };
        let standing = Standing {
            status: project::ticket_status(status, closed)?,
            counts_from: from_day_number(self.opened_day)?,
            threshold: topic.threshold(),
            withdrawn: status == StatusKind::Withdrawn,
            has_point: self.has_point != 0,
            carried_until: self.carried.map(from_seconds).transpose()?,
        };
        Ok(TicketRow {
            rowid: u32::try_from(self.id).map_err(|_| DAMAGED)?,
            code: self.code.parse().map_err(|_| DAMAGED)?,
            company: self.company.parse().map_err(|_| DAMAGED)?,
            company_name: self.company_name,
            position: self.position.parse().map_err(|_| DAMAGED)?,
            sede: self.sede.parse().map_err(|_| DAMAGED)?,
            topic,
            status,
            portal: self.portal != 0,
            standing,
        })
    }
}

impl Pulled {
    /// How many entries the conversations of these tickets have, as far as they are known here.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn entries(&self, tickets: &[TicketCode]) -> Result<HashMap<TicketCode, u32>> {
        let codes = serde_json::to_string(tickets).map_err(CacheError::bug)?;
        sqlx::query!(
            r#"SELECT t.code AS "code!", json_array_length(b.body, '$.messages') AS "entries!: i64"
               FROM json_each(?1) e CROSS JOIN ticket t ON t.code = e.value CROSS JOIN ticket_body b ON b.id = t.id"#,
            codes
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .into_iter()
        .map(|row| Ok((row.code.parse().map_err(|_| DAMAGED)?, small(row.entries)?)))
        .collect()
    }
}

impl Pulled {
    /// The lines of these tickets, in this order. A ticket that is gone meanwhile is left out.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn tickets_at(&self, rowids: &[u32]) -> Result<Vec<TicketRow>> {
        let directory = self.directory().await?;
        let ids = serde_json::to_string(rowids).map_err(CacheError::bug)?;
        sqlx::query_as!(
            Raw,
            r#"SELECT t.id AS "id!", t.code AS "code!", c.code AS "company!", c.name AS "company_name!",
                   o.code AS "topic!", t.position AS "position!", t.sede AS "sede!", t.status AS "status!", t.closed_at,
                   t.assessment AS "assessment!", t.opened_day AS "opened_day!", t.carried,
                   t.has_point AS "has_point!", t.portal AS "portal!"
               FROM json_each(?1) e CROSS JOIN ticket t ON t.id = e.value
                   CROSS JOIN company c ON c.id = t.company_id CROSS JOIN topic o ON o.id = t.topic_id"#,
            ids
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .into_iter()
        .map(|raw| raw.row(&directory))
        .collect()
    }

    /// The lines of these tickets, in this order; unknown ones are left out.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn tickets_of(&self, codes: &[TicketCode]) -> Result<Vec<TicketRow>> {
        let rowids = self.rowids_of(codes).await?;
        self.tickets_at(&rowids).await
    }

    async fn rowids_of(&self, codes: &[TicketCode]) -> Result<Vec<u32>> {
        let text = serde_json::to_string(codes).map_err(CacheError::bug)?;
        let known: HashMap<String, i64> = sqlx::query!(
            r#"SELECT t.code AS "code!", t.id AS "id!" FROM json_each(?1) e CROSS JOIN ticket t ON t.code = e.value"#,
            text
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .into_iter()
        .map(|row| (row.code, row.id))
        .collect();
        codes
            .iter()
            .filter_map(|code| known.get(code.as_str()))
            .map(|id| u32::try_from(*id).map_err(|_| DAMAGED))
            .collect()
    }

    /// One ticket, opened.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn ticket(&self, code: &TicketCode) -> Result<Option<OpenedTicket>> {
        let Some(row) = self.tickets_of(std::slice::from_ref(code)).await?.pop() else {
            return Ok(None);
        };
        let text = code.as_str();
        let Some(found) = sqlx::query!(
            r#"SELECT b.body AS "body!", o.judgement AS "judgement?"
               FROM ticket_body b LEFT JOIN overlay o ON o.ticket = ?2 WHERE b.id = ?1"#,
            row.rowid,
            text
        )
        .fetch_optional(&self.db.readers)
        .await
        .in_cache()?
        else {
            return Ok(None);
        };
        let mut ticket: Ticket = serde_json::from_str(&found.body).map_err(|_| DAMAGED)?;
        if let Some(judgement) = found.judgement {
            ticket.judge(serde_json::from_str(&judgement).map_err(|_| DAMAGED)?);
        }
        let directory = self.directory().await?;
        let point = directory.routing.point(&ticket.sede, &ticket.topic).cloned();
        Ok(Some(OpenedTicket { row, ticket, point }))
    }

    /// The other tickets of the company that lead to the same point (R8) and are bookable at `now`, longest waiting first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn companions(&self, of: &TicketRow, now: Now) -> Result<Vec<TicketRow>> {
        let directory = self.directory().await?;
        let Some(point) = directory.routing.point(&of.sede, &of.topic.code) else {
            return Ok(Vec::new());
        };
        let filter = TicketFilter {
            company: Some(of.company.clone()),
            bookable: Some(Bookable::Now),
            ..TicketFilter::default()
        };
        let list = self.open_tickets(&filter, TicketSort::Opened, false, now).await?;
        let mut rows = self.tickets_at(&list.rowids).await?;
        rows.retain(|row| row.rowid != of.rowid && directory.routing.point(&row.sede, &row.topic.code) == Some(point));
        Ok(rows)
    }

    /// The topics that occur in tickets, in the order of their labels.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn topics_in_use(&self) -> Result<Vec<Topic>> {
        let directory = self.directory().await?;
        let mut tx = self.db.readers.begin().await.in_cache()?;
        let columns = self.columns(&mut tx).await?;
        let topics = sqlx::query!(r#"SELECT id AS "id!", code AS "code!" FROM topic ORDER BY label_key, id"#)
            .fetch_all(&mut *tx)
            .await
            .in_cache()?;
        tx.commit().await.in_cache()?;
        let used: Bits = columns.places().map(|place| columns.topic(place)).collect();
        topics
            .into_iter()
            .filter(|topic| small(topic.id).is_ok_and(|id| used.has(id)))
            .map(|topic| Ok(directory.topic(&topic.code.parse().map_err(|_| DAMAGED)?)))
            .collect()
    }
}
