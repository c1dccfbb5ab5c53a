//! R14, R17: a studio changes its appointment: what it added, the slot, or both.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use domain::booking::Refusal;
use domain::code::{AppointmentId, ContentHash, StudioCode};
use domain::company::Delegation;
use domain::content::Content;
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
use crate::failure::{Constraint, Failure, inner, written};
use crate::reach::Reach;

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
    if let Some(hash) = missing_file(connection, &stored.studio, &granted.content).await? {
        return Ok(refused(ChangeRefusal::AttachmentMissing { hash }));
    }
    claim(connection, &stored.studio, &granted.content).await?;
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

/// R10: the first file of which the studio has not sent the whole content, as it is described.
async fn missing_file(
    connection: &mut PgConnection,
    studio: &str,
    content: &Content,
) -> Result<Option<ContentHash>, Failure> {
    for file in &content.attachments {
        let there = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM upload
                   WHERE studio = $1 AND hash = $2 AND kind = $3 AND bytes = $4 AND complete) AS "there!""#,
            studio,
            file.hash.as_bytes().as_slice(),
            written(&file.kind, "kind of file")?,
            i64::try_from(file.bytes).unwrap_or(i64::MAX)
        )
        .fetch_one(&mut *connection)
        .await?;
        if !there {
            return Ok(Some(file.hash));
        }
    }
    Ok(None)
}

/// R10: files that an appointment names are kept.
///
/// # Errors
/// [`Failure::Overtaken`] where one was forgotten since it was looked for.
pub(crate) async fn claim(connection: &mut PgConnection, studio: &str, content: &Content) -> Result<(), Failure> {
    if content.attachments.is_empty() {
        return Ok(());
    }
    let hashes: BTreeSet<Vec<u8>> = content
        .attachments
        .iter()
        .map(|file| file.hash.as_bytes().to_vec())
        .collect();
    let hashes: Vec<Vec<u8>> = hashes.into_iter().collect();
    let claimed = sqlx::query!(
        "UPDATE upload SET claimed = true WHERE studio = $1 AND hash = ANY ($2) AND complete",
        studio,
        &hashes
    )
    .execute(connection)
    .await?
    .rows_affected();
    if usize::try_from(claimed) == Ok(hashes.len()) {
        Ok(())
    } else {
        Err(Failure::Overtaken)
    }
}
