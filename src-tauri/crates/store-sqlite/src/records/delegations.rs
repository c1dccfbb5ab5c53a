//! Delegations, and the positions that they are for.

use domain::code::{Matricola, StudioCode};
use sqlx::SqlitePool;
use store::{DelegationFilter, DelegationRecord, PositionRecord};

use crate::failure::{Failure, read};

pub(super) async fn position(reads: &SqlitePool, matricola: &Matricola) -> Result<Option<PositionRecord>, Failure> {
    let matricola = matricola.as_str();
    sqlx::query!(
        "SELECT position.body, company.body AS company
         FROM position JOIN company ON company.id = position.company WHERE matricola = ?1",
        matricola
    )
    .fetch_optional(reads)
    .await?
    .map(|row| {
        Ok(PositionRecord {
            position: read(&row.body, "position")?,
            company: read(&row.company, "company")?,
        })
    })
    .transpose()
}

pub(super) async fn page(
    reads: &SqlitePool,
    filter: &DelegationFilter,
    after: Option<(&StudioCode, &Matricola)>,
    rows: i64,
) -> Result<Vec<DelegationRecord>, Failure> {
    let studio = filter.studio.as_ref().map(StudioCode::as_str);
    let position = filter.position.as_ref().map(Matricola::as_str);
    let company = filter.company.as_ref().map(domain::code::FiscalCode::as_str);
    let (after_studio, after_position) =
        after.map_or(("", ""), |(studio, position)| (studio.as_str(), position.as_str()));
    sqlx::query!(
        "SELECT studio.code AS studio, company.code AS company, sede.code AS sede, d.body
         FROM delegation AS d
         JOIN studio ON studio.id = d.studio
         JOIN position ON position.id = d.position
         JOIN company ON company.id = position.company
         JOIN sede ON sede.id = position.sede
         WHERE (studio.code, position.matricola) > (?1, ?2)
           AND (?3 IS NULL OR studio.code = ?3)
           AND (?4 IS NULL OR position.matricola = ?4)
           AND (?5 IS NULL OR company.code = ?5)
         ORDER BY studio.code, position.matricola LIMIT ?6",
        after_studio,
        after_position,
        studio,
        position,
        company,
        rows
    )
    .fetch_all(reads)
    .await?
    .into_iter()
    .map(|row| {
        Ok(DelegationRecord {
            studio: row.studio.parse().map_err(|_| Failure::Body("studio"))?,
            company: row.company.parse().map_err(|_| Failure::Body("company"))?,
            sede: row.sede.parse().map_err(|_| Failure::Body("sede"))?,
            delegation: read(&row.body, "delegation")?,
        })
    })
    .collect()
}
