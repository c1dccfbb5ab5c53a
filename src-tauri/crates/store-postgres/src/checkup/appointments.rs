//! Appointments with what hangs on them, the counts that everybody sees, and the outcomes that say booked.

use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::code::{AppointmentId, DecisionId, PointCode, TicketCode, TopicCode};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::checkup::{AppointmentFacts, CarriageFacts, Inspection, PlaceFacts};
use store::{Attempt, Checked};
use uuid::Uuid;

use super::CHUNK;
use crate::failure::Failure;

/// A ticket that an appointment names. What it does not carry any more has no row: it is told as given back.
#[derive(Debug, Deserialize)]
struct Named {
    ticket: TicketCode,
    topic: TopicCode,
    ends_at: DateTime<Utc>,
    released: bool,
}

/// An appointment with its place, its tickets and the outcome that it was booked under.
struct Stored {
    sede: String,
    id: Uuid,
    code: String,
    studio: String,
    body: String,
    point: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// Nothing where it has given its place back.
    desk: Option<i32>,
    /// Whether its place is where the columns beside its body say.
    placed: Option<bool>,
    named: Option<Json<Vec<Named>>>,
    decision: Option<Uuid>,
    outcome: Option<String>,
}

impl Stored {
    async fn after(snapshot: &mut PgConnection, (sede, id): (&str, Uuid)) -> Result<Vec<Self>, Failure> {
        Ok(sqlx::query_as!(
            Self,
            r#"SELECT a.sede, a.id, a.code, a.studio, a.body::text AS "body!", a.point, a.starts_at, a.ends_at,
                   p.desk AS "desk?",
                   (p.point, p.starts_at, p.ends_at) = (a.point, a.starts_at, a.ends_at) AS placed,
                   (SELECT json_agg(json_build_object('ticket', t.code, 'topic', t.topic,
                        'ends_at', coalesce(c.ends_at, a.ends_at), 'released', c.ticket IS NULL))
                    FROM json_array_elements_text(a.body -> 'tickets') AS named (code)
                    JOIN ticket AS t ON t.code = named.code
                    LEFT JOIN carriage AS c ON c.sede = t.sede AND c.ticket = t.code AND c.appointment = a.id)
                       AS "named: Json<Vec<Named>>",
                   attempt.decision AS "decision?", attempt.outcome::text AS outcome
               FROM appointment AS a
               LEFT JOIN place AS p ON p.appointment = a.id
               LEFT JOIN attempt ON attempt.granted AND attempt.studio = a.studio
                   AND attempt.decision = (a.body ->> 'decision')::uuid
               WHERE (a.sede, a.id) > ($1, $2) ORDER BY a.sede, a.id LIMIT $3"#,
            sede,
            id,
            CHUNK
        )
        .fetch_all(snapshot)
        .await?)
    }

    fn facts(self) -> Option<AppointmentFacts> {
        let appointment: Appointment = serde_json::from_str(&self.body).ok()?;
        if appointment.code.as_str() != self.code || appointment.id.uuid() != self.id || self.placed == Some(false) {
            return None;
        }
        Some(AppointmentFacts {
            studio: self.studio.parse().ok()?,
            decision: self.decision.map_or(appointment.decision, DecisionId::new),
            appointment,
            place: Some(PlaceFacts {
                point: self.point.parse().ok()?,
                interval: (self.starts_at, self.ends_at),
                desk: u16::try_from(self.desk.unwrap_or(1)).ok()?,
                released: self.desk.is_none(),
            }),
            carried: self
                .named
                .map(|Json(named)| named)
                .unwrap_or_default()
                .into_iter()
                .map(|named| CarriageFacts {
                    ticket: named.ticket,
                    topic: named.topic,
                    ends_at: named.ends_at,
                    released: named.released,
                })
                .collect(),
            outcome: self
                .outcome
                .as_deref()
                .and_then(|outcome| serde_json::from_str(outcome).ok()),
        })
    }
}

pub(super) async fn look(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let mut last = (String::new(), Uuid::nil());
    loop {
        let rows = Stored::after(snapshot, (&last.0, last.1)).await?;
        let Some(end) = rows.last() else {
            break;
        };
        last = (end.sede.clone(), end.id);
        for stored in rows {
            let code = stored.code.clone();
            let facts = stored.facts();
            inspection.note(Checked::RecordsAreReadable, facts.is_some(), || {
                format!("appointment {code}")
            });
            if let Some(facts) = facts {
                inspection.appointment(&facts);
            }
        }
    }
    strays(snapshot, inspection).await?;
    counts(snapshot, inspection).await?;
    booked(snapshot, inspection).await
}

/// Claims of appointments that are not there.
async fn strays(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let strays = sqlx::query_scalar!(
        r#"SELECT 'place of ' || p.appointment AS "subject!" FROM place AS p
           WHERE NOT EXISTS (SELECT FROM appointment AS a WHERE a.id = p.appointment)
           UNION ALL
           SELECT 'ticket ' || c.ticket FROM carriage AS c
           WHERE NOT EXISTS (SELECT FROM appointment AS a WHERE a.id = c.appointment
               AND c.ticket IN (SELECT json_array_elements_text(a.body -> 'tickets')))"#
    )
    .fetch_all(snapshot)
    .await?;
    for subject in strays {
        inspection.note(Checked::AppointmentsHoldWhatTheySay, false, || subject);
    }
    Ok(())
}

async fn counts(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let taken = sqlx::query!("SELECT point, starts_at, ends_at, count FROM taken")
        .fetch_all(snapshot)
        .await?;
    for row in taken {
        let point: PointCode = row.point.parse().map_err(|_| Failure::Body("point"))?;
        inspection.count(
            &point,
            (row.starts_at, row.ends_at),
            u64::try_from(row.count).unwrap_or(u64::MAX),
        );
    }
    Ok(())
}

async fn booked(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let outcomes = sqlx::query!(
        r#"SELECT studio, decision, number, outcome -> 'appointment' ->> 'id' AS appointment FROM attempt
           WHERE CASE WHEN json_typeof(outcome) = 'object' THEN outcome ->> 'outcome' = 'booked' ELSE false END"#
    )
    .fetch_all(snapshot)
    .await?;
    for row in outcomes {
        let attempt = Attempt {
            decision: DecisionId::new(row.decision),
            number: u32::try_from(row.number).unwrap_or(0),
        };
        let studio = row.studio.parse().map_err(|_| Failure::Body("studio"))?;
        let appointment = row.appointment.and_then(|id| id.parse::<AppointmentId>().ok());
        inspection.booked(&studio, attempt, appointment);
    }
    Ok(())
}
