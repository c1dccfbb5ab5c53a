//! What the sedi offer.

use domain::code::PointCode;
use domain::content::Limits;
use domain::point::{ConsultationPoint, Sede};
use domain::topic::Topic;
use serde::de::DeserializeOwned;
use sqlx::SqlitePool;

use crate::failure::{Failure, read};

fn all<T: DeserializeOwned>(bodies: &[String], what: &'static str) -> Result<Vec<T>, Failure> {
    bodies.iter().map(|body| read(body, what)).collect()
}

pub(super) async fn sedi(reads: &SqlitePool) -> Result<Vec<Sede>, Failure> {
    let bodies = sqlx::query_scalar!("SELECT body FROM sede ORDER BY code");
    all(&bodies.fetch_all(reads).await?, "sede")
}

pub(super) async fn limits(reads: &SqlitePool) -> Result<Limits, Failure> {
    let limits = sqlx::query_scalar!("SELECT limits FROM life").fetch_one(reads).await?;
    read(&limits, "limits")
}

pub(super) async fn topics(reads: &SqlitePool) -> Result<Vec<Topic>, Failure> {
    let bodies = sqlx::query_scalar!("SELECT body FROM topic ORDER BY code");
    all(&bodies.fetch_all(reads).await?, "topic")
}

pub(super) async fn points(reads: &SqlitePool) -> Result<Vec<ConsultationPoint>, Failure> {
    let bodies = sqlx::query_scalar!("SELECT body FROM point ORDER BY code");
    all(&bodies.fetch_all(reads).await?, "point")
}

pub(super) async fn point(reads: &SqlitePool, code: &PointCode) -> Result<Option<ConsultationPoint>, Failure> {
    let code = code.as_str();
    sqlx::query_scalar!("SELECT body FROM point WHERE code = ?1", code)
        .fetch_optional(reads)
        .await?
        .map(|body| read(&body, "point"))
        .transpose()
}
