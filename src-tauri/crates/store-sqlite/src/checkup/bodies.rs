//! Bodies: that each can be read, and says of itself what the columns beside it say.

use domain::company::{Company, Delegation, Position};
use domain::dossier::Dossier;
use domain::point::{ConsultationPoint, Sede};
use domain::ticket::{Judgement, Ticket};
use domain::topic::Topic;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;
use store::Checked;
use store::checkup::Inspection;

use super::CHUNK;
use crate::failure::Failure;

/// A body with the columns beside it.
struct Stored {
    id: i64,
    /// What it is told by: never a company's code, which may be a person's.
    subject: String,
    agrees: bool,
    body: String,
}

impl Stored {
    fn look<T: DeserializeOwned>(&self, kind: &str, inspection: &mut Inspection) -> Option<T> {
        inspection.record(kind, &self.subject, self.agrees, &self.body)
    }
}

pub(super) async fn look(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    for stored in sedi(snapshot).await? {
        stored.look::<Sede>("sede", inspection);
    }
    for stored in topics(snapshot).await? {
        stored.look::<Topic>("topic", inspection);
    }
    for stored in points(snapshot).await? {
        if let Some(point) = stored.look::<ConsultationPoint>("point", inspection) {
            inspection.point(point);
        }
    }
    let mut last = 0;
    while let Some(id) = companies(snapshot, inspection, last).await? {
        last = id;
    }
    let mut last = 0;
    while let Some(id) = positions(snapshot, inspection, last).await? {
        last = id;
    }
    let mut last = 0;
    while let Some(id) = delegations(snapshot, inspection, last).await? {
        last = id;
    }
    let mut last = 0;
    while let Some(id) = tickets(snapshot, inspection, last).await? {
        last = id;
    }
    for stored in judgements(snapshot).await? {
        stored.look::<Judgement>("judgement", inspection);
    }
    for stored in dossiers(snapshot).await? {
        stored.look::<Dossier>("dossier", inspection);
    }
    outcomes(snapshot, inspection).await
}

async fn sedi(snapshot: &mut SqliteConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id!", code AS subject, body,
               CASE WHEN json_valid(body) THEN body ->> 'code' IS code ELSE 0 END AS "agrees!: bool" FROM sede"#
    )
    .fetch_all(snapshot)
    .await?)
}

async fn topics(snapshot: &mut SqliteConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id!", code AS subject, body,
               CASE WHEN json_valid(body) THEN body ->> 'code' IS code ELSE 0 END AS "agrees!: bool" FROM topic"#
    )
    .fetch_all(snapshot)
    .await?)
}

async fn points(snapshot: &mut SqliteConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id!", code AS subject, body,
               CASE WHEN json_valid(body) THEN body ->> 'code' IS code AND body ->> 'desks' IS desks
                   AND body ->> 'sede' IS (SELECT code FROM sede WHERE sede.id = point.sede)
               ELSE 0 END AS "agrees!: bool" FROM point"#
    )
    .fetch_all(snapshot)
    .await?)
}

/// Looks at some rows; gives the last of them, if there was one.
fn looked_at<T: DeserializeOwned>(kind: &str, rows: &[Stored], inspection: &mut Inspection) -> Option<i64> {
    for stored in rows {
        stored.look::<T>(kind, inspection);
    }
    rows.last().map(|stored| stored.id)
}

/// Some companies after the row `last`; the last of them, if there was one.
async fn companies(
    snapshot: &mut SqliteConnection,
    inspection: &mut Inspection,
    last: i64,
) -> Result<Option<i64>, Failure> {
    let rows = sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id!", 'in row ' || id AS "subject!: String", body,
               CASE WHEN json_valid(body) THEN body ->> 'code' IS code ELSE 0 END AS "agrees!: bool"
           FROM company WHERE id > ?1 ORDER BY id LIMIT ?2"#,
        last,
        CHUNK
    )
    .fetch_all(snapshot)
    .await?;
    Ok(looked_at::<Company>("company", &rows, inspection))
}

/// Some positions after the row `last`; the last of them, if there was one.
async fn positions(
    snapshot: &mut SqliteConnection,
    inspection: &mut Inspection,
    last: i64,
) -> Result<Option<i64>, Failure> {
    let rows = sqlx::query_as!(
        Stored,
        r#"SELECT p.id AS "id!", p.matricola AS subject, p.body,
               CASE WHEN json_valid(p.body) THEN p.body ->> 'matricola' IS p.matricola
                   AND p.body ->> 'company' IS company.code AND p.body ->> 'sede' IS sede.code
               ELSE 0 END AS "agrees!: bool"
           FROM position AS p LEFT JOIN company ON company.id = p.company LEFT JOIN sede ON sede.id = p.sede
           WHERE p.id > ?1 ORDER BY p.id LIMIT ?2"#,
        last,
        CHUNK
    )
    .fetch_all(snapshot)
    .await?;
    Ok(looked_at::<Position>("position", &rows, inspection))
}

/// Some delegations after the row `last`; the last of them, if there was one.
async fn delegations(
    snapshot: &mut SqliteConnection,
    inspection: &mut Inspection,
    last: i64,
) -> Result<Option<i64>, Failure> {
    let rows = sqlx::query_as!(
        Stored,
        r#"SELECT d.id AS "id!", coalesce(studio.code || ' ' || p.matricola, 'in row ' || d.id) AS "subject!: String",
               d.body,
               CASE WHEN json_valid(d.body) THEN d.body ->> 'position' IS p.matricola
                   AND d.body ->> 'from' IS d.from_day AND d.body ->> 'until' IS d.until_day
               ELSE 0 END AS "agrees!: bool"
           FROM delegation AS d LEFT JOIN studio ON studio.id = d.studio LEFT JOIN position AS p ON p.id = d.position
           WHERE d.id > ?1 ORDER BY d.id LIMIT ?2"#,
        last,
        CHUNK
    )
    .fetch_all(snapshot)
    .await?;
    Ok(looked_at::<Delegation>("delegation", &rows, inspection))
}

/// Some tickets after the row `last`; the last of them, if there was one.
async fn tickets(
    snapshot: &mut SqliteConnection,
    inspection: &mut Inspection,
    last: i64,
) -> Result<Option<i64>, Failure> {
    let rows = sqlx::query_as!(
        Stored,
        r#"SELECT t.id AS "id!", t.code AS subject, t.body,
               CASE WHEN json_valid(t.body) THEN t.body ->> 'code' IS t.code
                   AND t.body ->> 'position' IS p.matricola AND t.body ->> 'topic' IS topic.code
               ELSE 0 END AS "agrees!: bool"
           FROM ticket AS t LEFT JOIN position AS p ON p.id = t.position LEFT JOIN topic ON topic.id = t.topic
           WHERE t.id > ?1 ORDER BY t.id LIMIT ?2"#,
        last,
        CHUNK
    )
    .fetch_all(snapshot)
    .await?;
    Ok(looked_at::<Ticket>("ticket", &rows, inspection))
}

async fn dossiers(snapshot: &mut SqliteConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT d.id AS "id!", studio.code || ' ' || d.subject AS "subject!: String", d.body,
               CASE WHEN json_valid(d.body)
                   THEN d.subject IS (d.body ->> 'about') || ':' || coalesce(d.body ->> 'ticket', d.body ->> 'appointment')
               ELSE 0 END AS "agrees!: bool"
           FROM dossier AS d JOIN studio ON studio.id = d.studio"#
    )
    .fetch_all(snapshot)
    .await?)
}

async fn judgements(snapshot: &mut SqliteConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT j.ticket AS id, studio.code || ' ' || ticket.code AS "subject!: String", j.body,
               1 AS "agrees!: bool"
           FROM judgement AS j JOIN studio ON studio.id = j.studio JOIN ticket ON ticket.id = j.ticket"#
    )
    .fetch_all(snapshot)
    .await?)
}

/// What came of attempts is of several kinds; that it is one of them is known when it is asked for again.
async fn outcomes(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let rows = sqlx::query!(
        r#"SELECT studio.code AS studio, json_valid(attempt.outcome) AS "valid!: bool", count(*) AS "count!: i64"
           FROM attempt JOIN studio ON studio.id = attempt.studio GROUP BY 1, 2"#
    )
    .fetch_all(snapshot)
    .await?;
    for row in rows {
        if row.valid {
            inspection.note_kept(Checked::RecordsAreReadable, u64::try_from(row.count).unwrap_or(0));
        } else {
            let subject = || format!("{} outcomes of {}", row.count, row.studio);
            inspection.note(Checked::RecordsAreReadable, false, subject);
        }
    }
    Ok(())
}
