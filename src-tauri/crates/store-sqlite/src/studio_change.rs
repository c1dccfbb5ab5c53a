//! R14, R17: a studio changes its appointment: what it added, the slot, or both.

use domain::appointment::Appointment;
use domain::booking::Refusal;
use domain::code::{AppointmentId, StudioCode};
use domain::studio_change::{GrantedChange, StudioChange};
use domain::time::Now;
use sqlx::{Connection, SqliteConnection};
use store::keeping::{self, Around, HeldTicket};
use store::{Attempt, ChangeOutcome, ChangeRefusal};

use crate::appointment::{StoredAppointment, StoredPoint};
use crate::attempt::{self, Asked};
use crate::booking::{limits, missing_file, points_of};
use crate::failure::{Constraint, Failure, constraint, read};
use crate::grant::claim;
use crate::reach::Reach;

pub(crate) async fn change(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    appointment: AppointmentId,
    change: &StudioChange,
) -> Result<ChangeOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let request = (appointment, change);
    let asked = Asked::by(&mut transaction, studio, attempt, "change", &request).await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    let outcome = match StoredAppointment::of_studio(&mut transaction, appointment, asked.studio).await? {
        None => refused(ChangeRefusal::UnknownAppointment),
        Some(stored) => decided(&mut transaction, stored, change, now).await?,
    };
    asked.remember(&mut transaction, &outcome).await?;
    // The place that was given up goes to who has waited longest for one.
    attempt::settle(&mut transaction, now).await?;
    reach.commit(transaction).await?;
    Ok(outcome)
}

const fn refused(why: ChangeRefusal) -> ChangeOutcome {
    ChangeOutcome::Refused { why }
}

async fn decided(
    connection: &mut SqliteConnection,
    stored: StoredAppointment,
    change: &StudioChange,
    now: Now,
) -> Result<ChangeOutcome, Failure> {
    let appointment = &stored.appointment;
    if let Err(refusal) = appointment.is_the_studio_s(now) {
        return Ok(refused(ChangeRefusal::Life { refusal }));
    }
    if change.is_overtaken(appointment) {
        let appointment = Box::new(appointment.clone());
        return Ok(refused(ChangeRefusal::Overtaken { appointment }));
    }
    let point = StoredPoint::of(connection, appointment.slot.point.as_str())
        .await?
        .ok_or(Failure::Body("appointment"))?;
    let tickets = held(connection, &stored).await?;
    let points = points_of(connection, tickets.iter().map(|held| &held.ticket.sede).collect()).await?;
    let limits = limits(connection).await?;
    let around = Around {
        point: &point.point,
        points: &points,
        taken: &point.taken(connection, now, Some(&appointment.slot)).await?,
        limits: &limits,
    };
    let granted = match keeping::decide_change(change, appointment, &tickets, &around, now) {
        Ok(granted) => granted,
        Err(refusal) => return Ok(refused(ChangeRefusal::Rule { refusal })),
    };
    if let Some(hash) = missing_file(connection, stored.studio, &granted.content).await? {
        return Ok(refused(ChangeRefusal::AttachmentMissing { hash }));
    }
    // A savepoint: a constraint that refuses leaves no half of a move behind.
    let mut savepoint = connection.begin().await?;
    match write(&mut savepoint, stored, &point, granted, now).await {
        Ok(appointment) => {
            savepoint.commit().await?;
            let appointment = Box::new(appointment);
            Ok(ChangeOutcome::Changed { appointment })
        }
        Err(Failure::Database(error)) if constraint(&error) == Some(Constraint::Place) => {
            savepoint.rollback().await?;
            tracing::error!(point = %point.point.code, "a constraint refused what the rules had granted");
            let nearest = Vec::new();
            let refusal = Refusal::AllTaken { nearest };
            Ok(refused(ChangeRefusal::Rule { refusal }))
        }
        Err(failure) => Err(failure),
    }
}

async fn write(
    connection: &mut SqliteConnection,
    mut stored: StoredAppointment,
    point: &StoredPoint,
    granted: GrantedChange,
    now: Now,
) -> Result<Appointment, Failure> {
    if let Some((_, slot)) = &granted.moved {
        stored.move_to(connection, point, slot).await?;
    }
    for file in &granted.content.attachments {
        claim(connection, stored.studio, file.hash).await?;
    }
    let before = stored.appointment.clone();
    stored
        .appointment
        .change_by_studio(granted, now)
        .map_err(|_| Failure::Body("appointment"))?;
    if stored.appointment != before {
        stored.save(connection).await?;
    }
    Ok(stored.appointment)
}

/// The tickets that it carries, with the delegations that its studio has for them.
async fn held(connection: &mut SqliteConnection, stored: &StoredAppointment) -> Result<Vec<HeldTicket>, Failure> {
    sqlx::query!(
        r#"SELECT t.body AS ticket, d.body AS "delegation?"
           FROM carriage AS c
           JOIN ticket AS t ON t.id = c.ticket
           LEFT JOIN delegation AS d ON d.position = t.position AND d.studio = ?2
           WHERE c.appointment = ?1 ORDER BY t.code"#,
        stored.id,
        stored.studio
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        Ok(HeldTicket {
            ticket: read(&row.ticket, "ticket")?,
            delegation: row.delegation.map(|body| read(&body, "delegation")).transpose()?,
        })
    })
    .collect()
}
