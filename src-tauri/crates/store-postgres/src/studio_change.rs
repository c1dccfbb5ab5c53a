//! R14, R17: a studio changes its appointment: what it added, the slot, or both.

use std::ops::ControlFlow;

use domain::booking::Refusal;
use domain::code::{AppointmentId, StudioCode};
use domain::company::Delegation;
use domain::studio_change::StudioChange;
use domain::ticket::Ticket;
use domain::time::Now;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::keeping::{self, Around, HeldTicket};
use store::{Attempt, ChangeOutcome, ChangeRefusal};

use crate::appointment::StoredAppointment;
use crate::attempt::Asked;
use crate::deposit;
use crate::failure::{Constraint, Failure, inner};
use crate::reach::Reach;
use crate::upload;

pub(crate) async fn change(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    appointment: AppointmentId,
    change: &StudioChange,
) -> Result<ChangeOutcome, Failure> {
    let asked = Asked::by(studio, attempt, "change", &(appointment, change))?;
    match reach.tried(|| change_once(reach, &asked, appointment, change)).await {
        // The counts were wrong, and the places themselves are right.
        Err(Failure::Broken(Constraint::Place)) => {
            tracing::error!("a constraint refused what the rules had granted");
            let nearest = Vec::new();
            let refusal = Refusal::AllTaken { nearest };
            let outcome = refused(ChangeRefusal::Rule { refusal });
            reach.tried(|| remembered(reach, &asked, &outcome)).await
        }
        Ok(changed @ ChangeOutcome::Changed { .. }) if change.moves() => {
            deposit::settled(reach).await;
            Ok(changed)
        }
        answer => answer,
    }
}

const fn refused(why: ChangeRefusal) -> ChangeOutcome {
    ChangeOutcome::Refused { why }
}

async fn remembered(reach: &Reach, asked: &Asked, outcome: &ChangeOutcome) -> Result<ChangeOutcome, Failure> {
    let mut transaction = reach.begin().await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    asked.remember(&mut transaction, outcome).await?;
    transaction.commit().await?;
    Ok(outcome.clone())
}

async fn change_once(
    reach: &Reach,
    asked: &Asked,
    appointment: AppointmentId,
    change: &StudioChange,
) -> Result<ChangeOutcome, Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    let stored = match StoredAppointment::asked_for(&mut transaction, asked, appointment, now).await? {
        ControlFlow::Continue(stored) => stored,
        ControlFlow::Break(earlier) => return Ok(earlier),
    };
    let outcome = match stored {
        None => refused(ChangeRefusal::UnknownAppointment),
        Some(stored) => decided(reach, &mut transaction, stored, change, now).await?,
    };
    asked.remember(&mut transaction, &outcome).await?;
    transaction.commit().await?;
    Ok(outcome)
}

async fn decided(
    reach: &Reach,
    connection: &mut PgConnection,
    mut stored: StoredAppointment,
    change: &StudioChange,
    now: Now,
) -> Result<ChangeOutcome, Failure> {
    let before = stored.appointment.clone();
    if let Err(refusal) = before.is_the_studio_s(now) {
        return Ok(refused(ChangeRefusal::Life { refusal }));
    }
    if change.is_overtaken(&before) {
        let appointment = Box::new(before.clone());
        return Ok(refused(ChangeRefusal::Overtaken { appointment }));
    }
    let head = sqlx::query_scalar!("SELECT head FROM life")
        .fetch_one(&mut *connection)
        .await?;
    let offered = reach.offered(connection, head).await?;
    let point = offered
        .points
        .get(&before.slot.point)
        .ok_or(Failure::Body("appointment"))?;
    if change.moves() {
        deposit::nothing_due_at(connection, &point.place(), now).await?;
    }
    let tickets = held(connection, &stored).await?;
    let around = Around {
        point: &point.point,
        points: &offered.points_of(tickets.iter().map(|held| &held.ticket.sede)),
        taken: &point.taken(connection, now, Some(&before.slot)).await?,
        limits: &offered.limits,
    };
    let granted = match keeping::decide_change(change, &before, &tickets, &around, now) {
        Ok(granted) => granted,
        Err(refusal) => return Ok(refused(ChangeRefusal::Rule { refusal })),
    };
    if let Some(hash) = upload::missing(connection, &stored.studio, &granted.content).await? {
        return Ok(refused(ChangeRefusal::AttachmentMissing { hash }));
    }
    upload::claim(connection, &stored.studio, &granted.content).await?;
    if let Some((_, slot)) = &granted.moved {
        stored.move_to(connection, point, slot).await?;
    }
    stored
        .appointment
        .change_by_studio(granted, now)
        .map_err(|_| Failure::Body("appointment"))?;
    if stored.appointment != before {
        stored.save(connection).await?;
    }
    Ok(ChangeOutcome::Changed {
        appointment: Box::new(stored.appointment),
    })
}

/// The tickets that it carries, with the delegations that its studio has for them.
async fn held(connection: &mut PgConnection, stored: &StoredAppointment) -> Result<Vec<HeldTicket>, Failure> {
    let codes: Vec<String> = stored.appointment.tickets.iter().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"SELECT t.body AS "ticket: Json<Ticket>", d.body AS "delegation?: Json<Delegation>"
           FROM ticket AS t LEFT JOIN delegation AS d ON d.position = t.position AND d.studio = $2
           WHERE t.code = ANY ($1) ORDER BY t.code"#,
        &codes,
        stored.studio
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| HeldTicket {
            ticket: inner(row.ticket),
            delegation: row.delegation.map(inner),
        })
        .collect())
}
