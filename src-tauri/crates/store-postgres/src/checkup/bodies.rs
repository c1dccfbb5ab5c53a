//! Bodies: that each can be read, and says of itself what the columns beside it say.

use domain::company::{Company, Delegation, Position};
use domain::dossier::Dossier;
use domain::point::{ConsultationPoint, Sede};
use domain::ticket::{Judgement, Ticket};
use domain::topic::Topic;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use store::checkup::Inspection;

use super::CHUNK;
use crate::failure::Failure;

/// A body with the columns beside it.
struct Stored {
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

pub(super) async fn look(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
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
    for stored in companies(snapshot).await? {
        stored.look::<Company>("company", inspection);
    }
    for stored in positions(snapshot).await? {
        stored.look::<Position>("position", inspection);
    }
    for stored in delegations(snapshot).await? {
        stored.look::<Delegation>("delegation", inspection);
    }
    for stored in judgements(snapshot).await? {
        stored.look::<Judgement>("judgement", inspection);
    }
    for stored in dossiers(snapshot).await? {
        stored.look::<Dossier>("dossier", inspection);
    }
    tickets(snapshot, inspection).await
}

async fn sedi(snapshot: &mut PgConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT code AS subject, body::text AS "body!", body ->> 'code' IS NOT DISTINCT FROM code AS "agrees!" FROM sede"#
    )
    .fetch_all(snapshot)
    .await?)
}

async fn topics(snapshot: &mut PgConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT code AS subject, body::text AS "body!", body ->> 'code' IS NOT DISTINCT FROM code AS "agrees!" FROM topic"#
    )
    .fetch_all(snapshot)
    .await?)
}

async fn points(snapshot: &mut PgConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT code AS subject, body::text AS "body!",
               (body ->> 'code', body ->> 'desks') IS NOT DISTINCT FROM (code, desks::text) AS "agrees!" FROM point"#
    )
    .fetch_all(snapshot)
    .await?)
}

async fn companies(snapshot: &mut PgConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT 'number ' || row_number() OVER (ORDER BY code) AS "subject!", body::text AS "body!",
               body ->> 'code' IS NOT DISTINCT FROM code AS "agrees!" FROM company"#
    )
    .fetch_all(snapshot)
    .await?)
}

async fn positions(snapshot: &mut PgConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT matricola AS subject, body::text AS "body!",
               (body ->> 'matricola', body ->> 'company', body ->> 'sede')
                   IS NOT DISTINCT FROM (matricola, company, sede) AS "agrees!" FROM position"#
    )
    .fetch_all(snapshot)
    .await?)
}

async fn delegations(snapshot: &mut PgConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT studio || ' ' || position AS "subject!", body::text AS "body!",
               (body ->> 'position', body ->> 'from', body ->> 'until')
                   IS NOT DISTINCT FROM (position, from_day::text, until_day::text) AS "agrees!" FROM delegation"#
    )
    .fetch_all(snapshot)
    .await?)
}

async fn judgements(snapshot: &mut PgConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT studio || ' ' || ticket AS "subject!", body::text AS "body!", true AS "agrees!" FROM judgement"#
    )
    .fetch_all(snapshot)
    .await?)
}

async fn dossiers(snapshot: &mut PgConnection) -> Result<Vec<Stored>, Failure> {
    Ok(sqlx::query_as!(
        Stored,
        r#"SELECT studio || ' ' || subject AS "subject!", body::text AS "body!",
               (body ->> 'about') || ':' || coalesce(body ->> 'ticket', body ->> 'appointment')
                   IS NOT DISTINCT FROM subject AS "agrees!" FROM dossier"#
    )
    .fetch_all(snapshot)
    .await?)
}

/// Tickets are many and long: some at a time, along their primary key.
async fn tickets(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let mut last = (String::new(), String::new());
    loop {
        let rows = sqlx::query!(
            r#"SELECT sede, code, body::text AS "body!",
                   (body ->> 'code', body ->> 'position', body ->> 'topic')
                       IS NOT DISTINCT FROM (code, position, topic) AS "agrees!"
               FROM ticket WHERE (sede, code) > ($1, $2) ORDER BY sede, code LIMIT $3"#,
            last.0,
            last.1,
            CHUNK
        )
        .fetch_all(&mut *snapshot)
        .await?;
        let Some(end) = rows.last() else {
            return Ok(());
        };
        last = (end.sede.clone(), end.code.clone());
        for row in rows {
            inspection.record::<Ticket>("ticket", &row.code, row.agrees, &row.body);
        }
    }
}
