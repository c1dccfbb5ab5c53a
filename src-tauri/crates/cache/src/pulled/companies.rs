//! Companies, their positions and the studio's delegations.

use chrono::{DateTime, NaiveDate, Utc};
use domain::code::{FiscalCode, Matricola};
use domain::company::{Company, Delegation, Position};

use super::Pulled;
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
}

struct Figures {
    code: String,
    name: String,
    name_key: String,
    positions: i64,
    open_tickets: i64,
    bookable: i64,
}

impl TryFrom<Figures> for CompanySummary {
    type Error = CacheError;

    fn try_from(row: Figures) -> Result<Self> {
        let small = |count: i64| u32::try_from(count).map_err(|_| DAMAGED);
        Ok(Self {
            company: Company {
                code: row.code.parse().map_err(|_| DAMAGED)?,
                name: row.name,
            },
            positions: small(row.positions)?,
            open_tickets: small(row.open_tickets)?,
            bookable: small(row.bookable)?,
        })
    }
}

impl Pulled {
    /// The companies in whose name or code every word of `text` begins a word, by name.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn companies(&self, text: &str, now: DateTime<Utc>) -> Result<Vec<CompanySummary>> {
        let wanted = fold::words(text);
        let now = now.timestamp();
        sqlx::query_as!(
            Figures,
            r#"SELECT c.code AS "code!", c.name AS "name!", c.name_key AS "name_key!",
                   (SELECT count(*) FROM position p WHERE p.company = c.code) AS "positions!: i64",
                   coalesce(f.open_tickets, 0) AS "open_tickets!: i64", coalesce(f.bookable, 0) AS "bookable!: i64"
               FROM company c LEFT JOIN (
                   SELECT company_id, sum(status IN (0, 1)) AS open_tickets, sum(bookable_from <= ?1) AS bookable
                   FROM ticket INDEXED BY ticket_sorted_company GROUP BY company_id
               ) f ON f.company_id = c.id
               WHERE c.known = 1 ORDER BY c.name_key, c.id"#,
            now
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .into_iter()
        .filter(|row| {
            wanted.is_empty() || fold::begins_words(&format!("{} {}", row.name_key, fold::folded(&row.code)), &wanted)
        })
        .map(CompanySummary::try_from)
        .collect()
    }

    /// One company.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn company(&self, code: &FiscalCode, now: DateTime<Utc>) -> Result<Option<CompanySummary>> {
        let (code, now) = (code.as_str(), now.timestamp());
        sqlx::query_as!(
            Figures,
            r#"SELECT c.code AS "code!", c.name AS "name!", c.name_key AS "name_key!",
                   (SELECT count(*) FROM position p WHERE p.company = c.code) AS "positions!: i64",
                   (SELECT count(*) FROM ticket t WHERE t.company_id = c.id AND t.status IN (0, 1))
                       AS "open_tickets!: i64",
                   (SELECT count(*) FROM ticket t WHERE t.company_id = c.id AND t.bookable_from <= ?2)
                       AS "bookable!: i64"
               FROM company c WHERE c.code = ?1 AND c.known = 1"#,
            code,
            now
        )
        .fetch_optional(&self.db.readers)
        .await
        .in_cache()?
        .map(CompanySummary::try_from)
        .transpose()
    }

    /// The name of a company, where it was pulled.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn company_name(&self, code: &FiscalCode) -> Result<Option<String>> {
        let code = code.as_str();
        sqlx::query_scalar!("SELECT name FROM company WHERE code = ?1 AND known = 1", code)
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
            r#"SELECT p.matricola AS "matricola!", p.sede AS "sede!", d.from_day AS "from_day?", d.until_day
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
            })
        })
        .collect()
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
