//! A list, compared with what is held, and taken whole or not at all.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::ControlFlow;

use chrono::{DateTime, NaiveDate, Utc};
use domain::code::TicketCode;
use domain::portal::PortalTicket;
use domain::portal::comparison::{RowRefusal, Verdict, compare};
use domain::time::civil_day;
use serde::Serialize;
use sqlx::SqliteConnection;

use super::{DAMAGED, HeldByCode, Portal, next_revision};
use crate::drafts::{json, to_json};
use crate::error::{In, Result};
use crate::instant::micros;

/// Rows that are compared, or written, at one time.
const PIECE: usize = 1_000;

/// What would come of each row of a list, in the order of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// One for each row.
    pub verdicts: Vec<Verdict>,
}

/// What came of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Tickets that were not held.
    pub new: u32,
    /// Tickets of which it told something new.
    pub changed: u32,
    /// Rows that told nothing new.
    pub same: u32,
    /// Rows that were not taken.
    pub refused: u32,
}

impl Imported {
    fn count(&mut self, verdict: &Verdict) {
        *match verdict {
            Verdict::New => &mut self.new,
            Verdict::Changed(_) => &mut self.changed,
            Verdict::Same => &mut self.same,
            Verdict::Refused(_) => &mut self.refused,
        } += 1;
    }
}

impl Preview {
    /// How many rows come to what.
    pub fn counts(&self) -> Imported {
        let mut counts = Imported::default();
        self.verdicts.iter().for_each(|verdict| counts.count(verdict));
        counts
    }
}

impl Portal {
    /// Compares a list with what is held; nothing is written.
    ///
    /// # Errors
    /// Those of the files.
    pub async fn preview(&self, rows: &[PortalTicket], today: NaiveDate) -> Result<Preview> {
        let of_store = self.of_store(rows).await?;
        let mut tx = self.studio.readers.begin().await.in_studio()?;
        let mut judge = Judge::new(of_store, today);
        let mut verdicts = Vec::with_capacity(rows.len());
        for piece in rows.chunks(PIECE) {
            let held = held(&mut tx, piece.iter().map(|row| row.code.as_str())).await?;
            verdicts.extend(piece.iter().map(|row| judge.verdict(&held, row).0));
        }
        Ok(Preview { verdicts })
    }

    /// Takes a list: in one transaction, so that all of it is there or nothing. It is compared anew with what is held
    /// then. `progress` hears how many rows were taken, and may break off: then nothing is taken, and nothing is returned.
    ///
    /// # Errors
    /// Those of the files; then nothing was taken.
    pub async fn import(
        &self,
        rows: &[PortalTicket],
        now: DateTime<Utc>,
        mut progress: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<Option<Imported>> {
        let of_store = self.of_store(rows).await?;
        let mut tx = self.studio.write().await?;
        let mut judge = Judge::new(of_store, civil_day(now));
        let mut imported = Imported::default();
        for (piece, done) in rows.chunks(PIECE).zip((0..).step_by(PIECE)) {
            if progress(done).is_break() {
                return Ok(None);
            }
            let held = held(&mut tx, piece.iter().map(|row| row.code.as_str())).await?;
            let mut told = Vec::with_capacity(piece.len());
            for row in piece {
                let (verdict, after) = judge.verdict(&held, row);
                imported.count(&verdict);
                told.extend(after);
            }
            put(&mut tx, &told, now).await?;
        }
        if progress(rows.len()).is_break() {
            return Ok(None);
        }
        tx.commit().await.in_studio()?;
        self.pulled.lay_portal(&self.studio).await;
        Ok(Some(imported))
    }

    async fn of_store(&self, rows: &[PortalTicket]) -> Result<Vec<TicketCode>> {
        let codes: Vec<TicketCode> = rows.iter().map(|row| row.code.clone()).collect();
        self.pulled.has_of_store(&codes).await
    }
}

/// Compares the rows of one list, one after the other.
struct Judge<'a> {
    of_store: std::collections::HashSet<TicketCode>,
    today: NaiveDate,
    /// The row that spoke first of each ticket.
    first: HashMap<TicketCode, &'a PortalTicket>,
}

impl<'a> Judge<'a> {
    fn new(of_store: Vec<TicketCode>, today: NaiveDate) -> Self {
        Self {
            of_store: of_store.into_iter().collect(),
            today,
            first: HashMap::new(),
        }
    }

    /// What comes of `row`, and what is held after it where that is something else.
    fn verdict(&mut self, held: &HeldByCode, row: &'a PortalTicket) -> (Verdict, Option<PortalTicket>) {
        if self.of_store.contains(&row.code) {
            return (Verdict::Refused(RowRefusal::AtTheSede), None);
        }
        match self.first.entry(row.code.clone()) {
            Entry::Occupied(first) if *first.get() == row => return (Verdict::Same, None),
            // Which of the two holds a list does not say: the first does, every time that it is read.
            Entry::Occupied(_) => return (Verdict::Refused(RowRefusal::Twice), None),
            Entry::Vacant(vacant) => vacant.insert(row),
        };
        let held = held.get(&row.code);
        let verdict = compare(held, row, self.today);
        let after = matches!(verdict, Verdict::New | Verdict::Changed(_))
            .then(|| held.map_or_else(|| row.clone(), |held| held.told(row)));
        (verdict, after)
    }
}

/// What is held of these tickets, those that the store has by now too.
pub(super) async fn held(tx: &mut SqliteConnection, codes: impl Iterator<Item = &str>) -> Result<HeldByCode> {
    let codes = to_json(&codes.collect::<Vec<_>>())?;
    sqlx::query_scalar!(
        r#"SELECT p.body AS "body!" FROM json_each(?1) e CROSS JOIN portal_ticket p ON p.code = e.value"#,
        codes
    )
    .fetch_all(tx)
    .await
    .in_studio()?
    .iter()
    .map(|body| {
        let ticket: PortalTicket = json(body)?;
        Ok((ticket.code.clone(), ticket))
    })
    .collect()
}

/// What is written of a ticket.
#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    position: &'a str,
    body: String,
    company: Option<&'a str>,
    company_name: Option<&'a str>,
    sede: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(ticket: &'a PortalTicket) -> Result<Self> {
        Ok(Self {
            code: ticket.code.as_str(),
            position: ticket.position.as_str(),
            body: to_json(ticket)?,
            company: ticket.company.as_ref().map(|company| company.as_str()),
            company_name: ticket.company_name.as_ref().map(|name| name.as_str()),
            sede: ticket.sede.as_ref().map(|sede| sede.as_str()),
        })
    }
}

/// Writes tickets; what was held of them is kept beside (R15).
pub(super) async fn put(tx: &mut SqliteConnection, tickets: &[PortalTicket], now: DateTime<Utc>) -> Result<()> {
    if tickets.is_empty() {
        return Ok(());
    }
    let rows = tickets.iter().map(Row::of).collect::<Result<Vec<_>>>()?;
    let (rows, at) = (to_json(&rows)?, micros(now));
    let revision = next_revision(tx).await?;
    sqlx::query!(
        "INSERT INTO portal_ticket_before (code, until, body)
         SELECT p.code, ?2, p.body FROM json_each(?1) e CROSS JOIN portal_ticket p ON p.code = e.value ->> 'code'",
        rows,
        at
    )
    .execute(&mut *tx)
    .await
    .in_studio()?;
    sqlx::query!(
        "INSERT INTO portal_ticket (code, position, body, revision, first_at, changed_at)
         SELECT value ->> 'code', value ->> 'position', value ->> 'body', ?2, ?3, ?3 FROM json_each(?1) WHERE true
         ON CONFLICT (code) DO UPDATE SET body = excluded.body, revision = excluded.revision,
             changed_at = excluded.changed_at",
        rows,
        revision,
        at
    )
    .execute(&mut *tx)
    .await
    .in_studio()?;
    put_positions(tx, &rows, revision).await
}

/// What these tickets say of their positions; where that is news, all tickets of a position are projected anew.
async fn put_positions(tx: &mut SqliteConnection, rows: &str, revision: i64) -> Result<()> {
    let changed = sqlx::query_scalar!(
        r#"INSERT INTO portal_position (matricola, company, company_name, sede)
           SELECT value ->> 'position', value ->> 'company', value ->> 'company_name', value ->> 'sede'
           FROM json_each(?1) WHERE true
           ON CONFLICT (matricola) DO UPDATE SET company = coalesce(excluded.company, company),
               company_name = coalesce(excluded.company_name, company_name), sede = coalesce(excluded.sede, sede)
           WHERE coalesce(excluded.company, company) IS NOT company
              OR coalesce(excluded.company_name, company_name) IS NOT company_name
              OR coalesce(excluded.sede, sede) IS NOT sede
           RETURNING matricola AS "matricola!""#,
        rows
    )
    .fetch_all(&mut *tx)
    .await
    .in_studio()?;
    let changed = to_json(&changed)?;
    sqlx::query!(
        "UPDATE portal_ticket SET revision = ?2 WHERE position IN (SELECT value FROM json_each(?1)) AND revision <> ?2",
        changed,
        revision
    )
    .execute(tx)
    .await
    .in_studio()?;
    Ok(())
}

/// A position as lists named it last.
#[derive(Debug, Clone, Default)]
pub(crate) struct NamedPosition {
    pub(crate) company: Option<String>,
    pub(crate) company_name: Option<String>,
    pub(crate) sede: Option<String>,
}

/// A ticket that is to be projected.
#[derive(Debug)]
pub(crate) struct Changed {
    pub(crate) ticket: PortalTicket,
    pub(crate) position: NamedPosition,
    pub(crate) at_store: bool,
}

/// At most `limit` tickets after `after` that changed since `revision`, in the order of their codes.
pub(crate) async fn changed_since(
    studio: &crate::db::Database,
    revision: i64,
    after: &str,
    limit: i64,
) -> Result<Vec<Changed>> {
    sqlx::query!(
        r#"SELECT t.body AS "body!", t.at_store AS "at_store!", p.company, p.company_name, p.sede
           FROM portal_ticket t LEFT JOIN portal_position p ON p.matricola = t.position
           WHERE t.code > ?2 AND t.revision > ?1 ORDER BY t.code LIMIT ?3"#,
        revision,
        after,
        limit
    )
    .fetch_all(&studio.readers)
    .await
    .in_studio()?
    .into_iter()
    .map(|row| {
        Ok(Changed {
            ticket: json(&row.body).map_err(|_| DAMAGED)?,
            position: NamedPosition {
                company: row.company,
                company_name: row.company_name,
                sede: row.sede,
            },
            at_store: row.at_store != 0,
        })
    })
    .collect()
}
