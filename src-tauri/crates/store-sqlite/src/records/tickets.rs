//! Tickets, with what carries them.

use domain::code::{FiscalCode, SedeCode, StudioCode, TicketCode};
use domain::time::Now;
use sqlx::SqlitePool;
use store::{CarriedBy, TicketCondition, TicketFilter, TicketRecord};

use crate::failure::{Failure, read};
use crate::reach::{instant, seconds};

/// A ticket with the live appointment that carries it.
struct TicketRow {
    body: String,
    appointment: Option<String>,
    until: Option<i64>,
}

impl TicketRow {
    fn record(self) -> Result<TicketRecord, Failure> {
        let carried = match self.appointment.zip(self.until) {
            None => None,
            Some((appointment, until)) => Some(CarriedBy {
                appointment: appointment.parse().map_err(|_| Failure::Body("appointment"))?,
                until: instant(until),
            }),
        };
        Ok(TicketRecord {
            ticket: read(&self.body, "ticket")?,
            carried,
        })
    }
}

pub(super) async fn one(reads: &SqlitePool, code: &TicketCode, now: Now) -> Result<Option<TicketRecord>, Failure> {
    let (code, now) = (code.as_str(), seconds(now.instant()));
    sqlx::query_as!(
        TicketRow,
        r#"SELECT t.body, a.code AS "appointment?: String", c.ends_at AS "until?: i64"
           FROM ticket AS t
           LEFT JOIN carriage AS c ON c.ticket = t.id AND c.released = 0 AND c.ends_at > ?2
           LEFT JOIN appointment AS a ON a.id = c.appointment
           WHERE t.code = ?1"#,
        code,
        now
    )
    .fetch_optional(reads)
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

/// A page of the tickets of `FROM … WHERE t.code > ?1` and `$which`, which is part of the statement.
macro_rules! page_of {
    ($which:literal, $reads:expr, $($argument:expr),* $(,)?) => {
        sqlx::query_as!(
            TicketRow,
            r#"SELECT t.body, a.code AS "appointment?: String", c.ends_at AS "until?: i64"
               FROM ticket AS t
               LEFT JOIN carriage AS c ON c.ticket = t.id AND c.released = 0 AND c.ends_at > ?7
               LEFT JOIN appointment AS a ON a.id = c.appointment
               WHERE t.code > ?1 "#
                + $which
                + r#"
                 AND (?3 IS NULL OR EXISTS (
                     SELECT 1 FROM position AS p JOIN sede ON sede.id = p.sede
                     WHERE p.id = t.position AND sede.code = ?3))
                 AND (?4 IS NULL OR EXISTS (
                     SELECT 1 FROM position AS p JOIN company ON company.id = p.company
                     WHERE p.id = t.position AND company.code = ?4))
                 AND (?5 IS NULL OR EXISTS (
                     SELECT 1 FROM delegation AS d JOIN studio ON studio.id = d.studio
                     WHERE d.position = t.position AND studio.code = ?5
                       AND d.from_day <= ?6 AND (d.until_day IS NULL OR d.until_day >= ?6)))
                 AND (?2 IS NULL
                      OR iif(t.body ->> '$.withdrawn' IS NULL, t.body ->> '$.status.status', 'withdrawn') = ?2)
               ORDER BY t.code LIMIT ?8"#,
            $($argument),*
        )
        .fetch_all($reads)
        .await?
    };
}

/// Along the index of codes, or that of the tickets that are not closed: a page ends where it is full.
pub(super) async fn page(
    reads: &SqlitePool,
    filter: &TicketFilter,
    after: Option<&TicketCode>,
    rows: i64,
    now: Now,
) -> Result<Vec<TicketRecord>, Failure> {
    let after = after.map_or("", TicketCode::as_str);
    let status = filter.condition.map(status);
    let sede = filter.sede.as_ref().map(SedeCode::as_str);
    let company = filter.company.as_ref().map(FiscalCode::as_str);
    let studio = filter.delegated_to.as_ref().map(StudioCode::as_str);
    let (today, now) = (now.today().to_string(), seconds(now.instant()));
    let found = match filter.condition {
        Some(TicketCondition::Open | TicketCondition::InProgress) => page_of!(
            "AND t.body ->> '$.status.status' <> 'closed'",
            reads,
            after,
            status,
            sede,
            company,
            studio,
            today,
            now,
            rows
        ),
        _ => page_of!("", reads, after, status, sede, company, studio, today, now, rows),
    };
    found.into_iter().map(TicketRow::record).collect()
}
