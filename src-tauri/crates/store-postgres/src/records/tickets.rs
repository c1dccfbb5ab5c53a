//! Tickets, with what carries them.

use chrono::{DateTime, Utc};
use domain::code::{FiscalCode, SedeCode, StudioCode, TicketCode};
use domain::ticket::Ticket;
use domain::time::Now;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::{CarriedBy, TicketCondition, TicketFilter, TicketRecord};

use crate::failure::{Failure, inner};

/// A ticket with the live appointment that carries it.
struct TicketRow {
    body: Json<Ticket>,
    appointment: Option<String>,
    until: Option<DateTime<Utc>>,
}

impl TicketRow {
    fn record(self) -> Result<TicketRecord, Failure> {
        let carried = match self.appointment.zip(self.until) {
            None => None,
            Some((appointment, until)) => Some(CarriedBy {
                appointment: appointment.parse().map_err(|_| Failure::Body("appointment"))?,
                until,
            }),
        };
        Ok(TicketRecord {
            ticket: inner(self.body),
            carried,
        })
    }
}

pub(super) async fn one(
    connection: &mut PgConnection,
    code: &TicketCode,
    now: Now,
) -> Result<Option<TicketRecord>, Failure> {
    sqlx::query_as!(
        TicketRow,
        r#"SELECT t.body AS "body!: Json<Ticket>", a.code AS "appointment?", c.ends_at AS "until?"
           FROM ticket AS t
           LEFT JOIN carriage AS c ON c.sede = t.sede AND c.ticket = t.code AND c.ends_at > $2
           LEFT JOIN appointment AS a ON a.id = c.appointment
           WHERE t.code = $1"#,
        code.as_str(),
        now.instant()
    )
    .fetch_optional(connection)
    .await?
    .map(TicketRow::record)
    .transpose()
}

/// As the bodies name it; withdrawn is one whose body says who withdrew it.
const fn status(condition: TicketCondition) -> &'static str {
    match condition {
        TicketCondition::Open => "open",
        TicketCondition::InProgress => "in_progress",
        TicketCondition::Closed => "closed",
        TicketCondition::Withdrawn => "withdrawn",
    }
}

/// Along the index of codes: whatever is asked for, a page ends where it is full.
pub(super) async fn page(
    connection: &mut PgConnection,
    filter: &TicketFilter,
    after: Option<&TicketCode>,
    rows: i64,
    now: Now,
) -> Result<Vec<TicketRecord>, Failure> {
    sqlx::query_as!(
        TicketRow,
        r#"SELECT t.body AS "body!: Json<Ticket>", a.code AS "appointment?", c.ends_at AS "until?"
           FROM ticket AS t
           LEFT JOIN carriage AS c ON c.sede = t.sede AND c.ticket = t.code AND c.ends_at > $7
           LEFT JOIN appointment AS a ON a.id = c.appointment
           WHERE t.code > $1
             AND ($3::text IS NULL OR EXISTS (SELECT FROM position AS p WHERE p.matricola = t.position AND p.sede = $3))
             AND ($4::text IS NULL OR EXISTS (SELECT FROM position AS p WHERE p.matricola = t.position AND p.company = $4))
             AND ($5::text IS NULL OR EXISTS (
                 SELECT FROM delegation AS d WHERE d.position = t.position AND d.studio = $5
                     AND d.from_day <= $6 AND (d.until_day IS NULL OR d.until_day >= $6)))
             AND ($2::text IS NULL
                 OR CASE WHEN t.body ->> 'withdrawn' IS NULL THEN t.body -> 'status' ->> 'status' ELSE 'withdrawn' END = $2)
           ORDER BY t.code LIMIT $8"#,
        after.map_or("", TicketCode::as_str),
        filter.condition.map(status),
        filter.sede.as_ref().map(SedeCode::as_str),
        filter.company.as_ref().map(FiscalCode::as_str),
        filter.delegated_to.as_ref().map(StudioCode::as_str),
        now.today(),
        now.instant(),
        rows
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(TicketRow::record)
    .collect()
}
