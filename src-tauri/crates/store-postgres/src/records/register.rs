//! What the sedi offer, and who may act for whom.

use domain::code::{FiscalCode, Matricola, PointCode, StudioCode};
use domain::company::{Company, Delegation, Position};
use domain::content::Limits;
use domain::point::{ConsultationPoint, Sede};
use domain::topic::Topic;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::{DelegationFilter, DelegationRecord, PositionRecord};

use crate::failure::{Failure, inner};

pub(super) async fn sedi(connection: &mut PgConnection) -> Result<Vec<Sede>, Failure> {
    let rows = sqlx::query_scalar!(r#"SELECT body AS "body: Json<Sede>" FROM sede ORDER BY code COLLATE "C""#)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(inner).collect())
}

pub(super) async fn limits(connection: &mut PgConnection) -> Result<Limits, Failure> {
    let limits = sqlx::query_scalar!(r#"SELECT limits AS "limits: Json<Limits>" FROM life"#)
        .fetch_one(connection)
        .await?;
    Ok(inner(limits))
}

pub(super) async fn topics(connection: &mut PgConnection) -> Result<Vec<Topic>, Failure> {
    let rows = sqlx::query_scalar!(r#"SELECT body AS "body: Json<Topic>" FROM topic ORDER BY code COLLATE "C""#)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(inner).collect())
}

pub(super) async fn points(connection: &mut PgConnection) -> Result<Vec<ConsultationPoint>, Failure> {
    let rows =
        sqlx::query_scalar!(r#"SELECT body AS "body: Json<ConsultationPoint>" FROM point ORDER BY code COLLATE "C""#)
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().map(inner).collect())
}

pub(super) async fn point(
    connection: &mut PgConnection,
    code: &PointCode,
) -> Result<Option<ConsultationPoint>, Failure> {
    let row = sqlx::query_scalar!(
        r#"SELECT body AS "body: Json<ConsultationPoint>" FROM point WHERE code = $1"#,
        code.as_str()
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(inner))
}

pub(super) async fn position(
    connection: &mut PgConnection,
    matricola: &Matricola,
) -> Result<Option<PositionRecord>, Failure> {
    let row = sqlx::query!(
        r#"SELECT p.body AS "position: Json<Position>", c.body AS "company: Json<Company>"
           FROM position AS p JOIN company AS c ON c.code = p.company WHERE p.matricola = $1"#,
        matricola.as_str()
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| PositionRecord {
        position: inner(row.position),
        company: inner(row.company),
    }))
}

/// Along the primary key: whatever is asked for, a page ends where it is full.
pub(super) async fn delegations(
    connection: &mut PgConnection,
    filter: &DelegationFilter,
    after: Option<(&StudioCode, &Matricola)>,
    rows: i64,
) -> Result<Vec<DelegationRecord>, Failure> {
    let (after_studio, after_position) =
        after.map_or(("", ""), |(studio, position)| (studio.as_str(), position.as_str()));
    sqlx::query!(
        r#"SELECT d.studio, p.company, p.sede, d.body AS "body: Json<Delegation>"
           FROM delegation AS d JOIN position AS p ON p.matricola = d.position
           WHERE (d.studio, d.position) > ($1, $2)
             AND ($3::text IS NULL OR d.studio = $3)
             AND ($4::text IS NULL OR d.position = $4)
             AND ($5::text IS NULL OR p.company = $5)
           ORDER BY d.studio, d.position LIMIT $6"#,
        after_studio,
        after_position,
        filter.studio.as_ref().map(StudioCode::as_str),
        filter.position.as_ref().map(Matricola::as_str),
        filter.company.as_ref().map(FiscalCode::as_str),
        rows
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        Ok(DelegationRecord {
            studio: row.studio.parse().map_err(|_| Failure::Body("studio"))?,
            company: row.company.parse().map_err(|_| Failure::Body("company"))?,
            sede: row.sede.parse().map_err(|_| Failure::Body("sede"))?,
            delegation: inner(row.body),
        })
    })
    .collect()
}
