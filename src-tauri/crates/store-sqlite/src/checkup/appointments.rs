//! Appointments with what hangs on them, the counts that everybody sees, and the outcomes that say booked.

use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::code::{AppointmentId, DecisionId, PointCode, TicketCode, TopicCode};
use sqlx::SqliteConnection;
use store::checkup::{AppointmentFacts, CarriageFacts, Inspection, PlaceFacts};
use store::{Attempt, Checked};
use uuid::Uuid;

use super::CHUNK;
use crate::failure::Failure;
use crate::reach::instant;

/// An appointment with its place, its tickets and the outcome that it was booked under.
struct Stored {
    id: i64,
    code: String,
    uuid: Vec<u8>,
    decision: Vec<u8>,
    studio: String,
    body: String,
    point: Option<String>,
    starts_at: Option<i64>,
    ends_at: Option<i64>,
    desk: Option<i64>,
    released: Option<bool>,
    carried: String,
    outcome: Option<String>,
}

impl Stored {
    async fn after(snapshot: &mut SqliteConnection, last: i64) -> Result<Vec<Self>, Failure> {
        Ok(sqlx::query_as!(
            Self,
            r#"SELECT a.id AS "id!", a.code, a.uuid, a.decision, studio.code AS studio, a.body,
                   point.code AS "point?", p.starts_at AS "starts_at?", p.ends_at AS "ends_at?", p.desk AS "desk?",
                   p.released AS "released?: bool",
                   (SELECT json_group_array(json_array(t.code, topic.code, c.ends_at, c.released))
                    FROM carriage AS c JOIN ticket AS t ON t.id = c.ticket JOIN topic ON topic.id = t.topic
                    WHERE c.appointment = a.id) AS "carried!: String",
                   (SELECT outcome FROM attempt
                    WHERE attempt.studio = a.studio AND attempt.decision = a.decision AND number = a.attempt)
                       AS "outcome?: String"
               FROM appointment AS a
               JOIN studio ON studio.id = a.studio
               LEFT JOIN place AS p ON p.appointment = a.id
               LEFT JOIN point ON point.id = p.point
               WHERE a.id > ?1 ORDER BY a.id LIMIT ?2"#,
            last,
            CHUNK
        )
        .fetch_all(snapshot)
        .await?)
    }

    fn facts(&self) -> Option<AppointmentFacts> {
        let appointment: Appointment = serde_json::from_str(&self.body).ok()?;
        if appointment.code.as_str() != self.code || Uuid::from_slice(&self.uuid).ok()? != appointment.id.uuid() {
            return None;
        }
        let carried: Vec<(TicketCode, TopicCode, i64, i64)> = serde_json::from_str(&self.carried).ok()?;
        Some(AppointmentFacts {
            studio: self.studio.parse().ok()?,
            appointment,
            decision: DecisionId::new(Uuid::from_slice(&self.decision).ok()?),
            place: self.place(),
            carried: carried
                .into_iter()
                .map(|(ticket, topic, ends_at, released)| CarriageFacts {
                    ticket,
                    topic,
                    ends_at: instant(ends_at),
                    released: released != 0,
                })
                .collect(),
            outcome: self
                .outcome
                .as_deref()
                .and_then(|outcome| serde_json::from_str(outcome).ok()),
        })
    }

    fn place(&self) -> Option<PlaceFacts> {
        Some(PlaceFacts {
            point: self.point.as_deref()?.parse().ok()?,
            interval: (instant(self.starts_at?), instant(self.ends_at?)),
            desk: u16::try_from(self.desk?).ok()?,
            released: self.released?,
        })
    }
}

pub(super) async fn look(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let mut last = 0;
    loop {
        let rows = Stored::after(snapshot, last).await?;
        let Some(end) = rows.last() else {
            break;
        };
        last = end.id;
        for stored in &rows {
            let facts = stored.facts();
            inspection.note(Checked::RecordsAreReadable, facts.is_some(), || {
                format!("appointment {}", stored.code)
            });
            if let Some(facts) = facts {
                inspection.appointment(&facts);
            }
        }
    }
    counts(snapshot, inspection).await?;
    booked(snapshot, inspection).await
}

async fn counts(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let taken = sqlx::query!(
        "SELECT point.code AS point, starts_at, ends_at, count FROM taken JOIN point ON point.id = taken.point"
    )
    .fetch_all(snapshot)
    .await?;
    for row in taken {
        let interval: (DateTime<Utc>, DateTime<Utc>) = (instant(row.starts_at), instant(row.ends_at));
        let point: PointCode = row.point.parse().map_err(|_| Failure::Body("point"))?;
        inspection.count(&point, interval, u64::try_from(row.count).unwrap_or(u64::MAX));
    }
    Ok(())
}

async fn booked(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let outcomes = sqlx::query!(
        r#"SELECT studio.code AS studio, decision, number AS "number: u32",
               outcome ->> '$.appointment.id' AS "appointment?: String"
           FROM attempt JOIN studio ON studio.id = attempt.studio
           WHERE CASE WHEN json_valid(outcome) AND json_type(outcome) = 'object'
                     THEN outcome ->> 'outcome' = 'booked' ELSE 0 END"#
    )
    .fetch_all(snapshot)
    .await?;
    for row in outcomes {
        let attempt = Attempt {
            decision: DecisionId::new(Uuid::from_slice(&row.decision).unwrap_or_default()),
            number: row.number,
        };
        let studio = row.studio.parse().map_err(|_| Failure::Body("studio"))?;
        let appointment = row.appointment.and_then(|id| id.parse::<AppointmentId>().ok());
        inspection.booked(&studio, attempt, appointment);
    }
    Ok(())
}
