//! Companies, their positions and the studio's delegations.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::code::{FiscalCode, Matricola};
use domain::company::{Company, Delegation, Position};

use super::columns::Columns;
use super::numbers::small;
use super::{Pulled, StatusKind};
use crate::error::{CacheError, File, In, Result};
use crate::fold;

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

/// A company with its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanySummary {
    /// The company.
    pub company: Company,
    /// Its positions.
    pub positions: u32,
    /// Tickets not closed and not withdrawn.
    pub open_tickets: u32,
    /// Tickets bookable now.
    pub bookable: u32,
}

/// A position with the studio's delegation for it (R2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionStanding {
    /// The position.
    pub position: Position,
    /// The delegation, if there is or was one.
    pub delegation: Option<Delegation>,
    /// R16: whether only lists of the portal tell of it; then nobody here knows of a delegation.
    pub portal: bool,
}

/// A company's row.
struct Raw {
    id: i64,
    code: String,
    name: String,
    name_key: String,
    positions: i64,
}

impl Raw {
    fn summary(self, figures: &HashMap<u32, Figures>) -> Result<CompanySummary> {
        let figures = figures.get(&small(self.id)?).copied().unwrap_or_default();
        Ok(CompanySummary {
            company: Company {
                code: self.code.parse().map_err(|_| DAMAGED)?,
                name: self.name,
            },
            positions: small(self.positions)?,
            open_tickets: figures.open_tickets,
            bookable: figures.bookable,
        })
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    open_tickets: u32,
    bookable: u32,
}

/// The figures of the companies that have any.
fn figures(columns: &Columns, now: DateTime<Utc>) -> HashMap<u32, Figures> {
    const OPEN: [i64; 2] = [StatusKind::Open.number(), StatusKind::InProgress.number()];
    let mut figures: HashMap<u32, Figures> = HashMap::new();
    for place in columns.places() {
        let open = OPEN.contains(&columns.status(place).into());
        let ripe = columns.is_ripe(place, now.timestamp());
        if open || ripe {
            let figures = figures.entry(columns.company(place)).or_default();
            figures.open_tickets += u32::from(open);
            figures.bookable += u32::from(ripe);
        }
    }
    figures
}

impl Pulled {
    /// The companies in whose name or code every word of `text` begins a word, by name.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn companies(&self, text: &str, now: DateTime<Utc>) -> Result<Vec<CompanySummary>> {
        let wanted = fold::words(text);
        let mut tx = self.db.readers.begin().await.in_cache()?;
        let figures = figures(&*self.columns(&mut tx).await?, now);
        let companies = sqlx::query_as!(
            Raw,
            r#"SELECT c.id AS "id!", c.code AS "code!", c.name AS "name!", c.name_key AS "name_key!",
                   (SELECT count(*) FROM position p WHERE p.company = c.code) AS "positions!: i64"
               FROM company c WHERE c.known > 0 ORDER BY c.name_key, c.id"#
        )
        .fetch_all(&mut *tx)
        .await
        .in_cache()?;
        tx.commit().await.in_cache()?;
        companies
            .into_iter()
            .filter(|row| {
                wanted.is_empty()
                    || fold::begins_words(&format!("{} {}", row.name_key, fold::folded(&row.code)), &wanted)
            })
            .map(|row| row.summary(&figures))
            .collect()
    }

    /// One company.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn company(&self, code: &FiscalCode, now: DateTime<Utc>) -> Result<Option<CompanySummary>> {
        let code = code.as_str();
        let mut tx = self.db.readers.begin().await.in_cache()?;
        let figures = figures(&*self.columns(&mut tx).await?, now);
        let company = sqlx::query_as!(
            Raw,
            r#"SELECT c.id AS "id!", c.code AS "code!", c.name AS "name!", c.name_key AS "name_key!",
                   (SELECT count(*) FROM position p WHERE p.company = c.code) AS "positions!: i64"
               FROM company c WHERE c.code = ?1 AND c.known > 0"#,
            code
        )
        .fetch_optional(&mut *tx)
        .await
        .in_cache()?;
        tx.commit().await.in_cache()?;
        company.map(|row| row.summary(&figures)).transpose()
    }

    /// The name of a company, where it was pulled.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn company_name(&self, code: &FiscalCode) -> Result<Option<String>> {
        let code = code.as_str();
        sqlx::query_scalar!("SELECT name FROM company WHERE code = ?1 AND known > 0", code)
            .fetch_optional(&self.db.readers)
            .await
            .in_cache()
    }

    /// The positions of a company, with their delegations.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn positions(&self, company: &FiscalCode) -> Result<Vec<PositionStanding>> {
        let text = company.as_str();
        sqlx::query!(
            r#"SELECT p.matricola AS "matricola!", p.sede AS "sede!", p.portal AS "portal!", d.from_day AS "from_day?",
                   d.until_day
               FROM position p LEFT JOIN delegation d ON d.position = p.matricola
               WHERE p.company = ?1 ORDER BY p.matricola"#,
            text
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .into_iter()
        .map(|row| {
            let matricola: Matricola = row.matricola.parse().map_err(|_| DAMAGED)?;
            let delegation = row
                .from_day
                .map(|from| delegation(matricola.clone(), &from, row.until_day.as_deref()))
                .transpose()?;
            Ok(PositionStanding {
                position: Position {
                    matricola,
                    company: company.clone(),
                    sede: row.sede.parse().map_err(|_| DAMAGED)?,
                },
                delegation,
                portal: row.portal != 0,
            })
        })
        .collect()
    }

    /// A position that the studio sees, with the name of its company.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn position(&self, matricola: &Matricola) -> Result<Option<(Position, String)>> {
        let text = matricola.as_str();
        sqlx::query!(
            "SELECT p.company, p.sede, c.name FROM position p JOIN company c ON c.code = p.company WHERE p.matricola = ?1",
            text
        )
        .fetch_optional(&self.db.readers)
        .await
        .in_cache()?
        .map(|row| {
            let position = Position {
                matricola: matricola.clone(),
                company: row.company.parse().map_err(|_| DAMAGED)?,
                sede: row.sede.parse().map_err(|_| DAMAGED)?,
            };
            Ok((position, row.name))
        })
        .transpose()
    }

    /// The studio's delegations for these positions (R2).
    ///
    /// # Errors
    /// Those of the file.
    pub async fn delegations(&self, positions: &[Matricola]) -> Result<Vec<Delegation>> {
        let positions = serde_json::to_string(positions).map_err(CacheError::bug)?;
        sqlx::query!(
            r#"SELECT d.position AS "position!", d.from_day AS "from_day!", d.until_day
               FROM delegation d WHERE d.position IN (SELECT value FROM json_each(?1)) ORDER BY d.position"#,
            positions
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .into_iter()
        .map(|row| {
            delegation(
                row.position.parse().map_err(|_| DAMAGED)?,
                &row.from_day,
                row.until_day.as_deref(),
            )
        })
        .collect()
    }
}

fn delegation(position: Matricola, from: &str, until: Option<&str>) -> Result<Delegation> {
    let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| DAMAGED);
    Ok(Delegation {
        position,
        from: day(from)?,
        until: until.map(day).transpose()?,
    })
}
