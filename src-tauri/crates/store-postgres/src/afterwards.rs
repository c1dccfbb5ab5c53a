//! What a studio does after a booking, or beside it: cancel (R14), acknowledge (R13), judge a reply (R3).

use std::ops::ControlFlow;

use domain::code::{AppointmentId, CommunicationId, StudioCode, TicketCode};
use domain::ticket::{Judgement, Ticket};
use sqlx::PgConnection;
use sqlx::types::Json;
use store::{AcknowledgeOutcome, AssessOutcome, Attempt, CancelOutcome, CancelRefusal};

use crate::appointment::StoredAppointment;
use crate::attempt::{Asked, admitted};
use crate::deposit;
use crate::failure::{Failure, inner, written};
use crate::feed::{self, As, Kind, told};
use crate::reach::Reach;
use crate::turn;

pub(crate) async fn cancel(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    appointment: AppointmentId,
) -> Result<CancelOutcome, Failure> {
    let asked = Asked::by(studio, attempt, "cancel", &appointment)?;
    let outcome = reach.tried(|| cancel_once(reach, &asked, appointment)).await?;
    if let CancelOutcome::Cancelled { .. } = &outcome {
        deposit::settled(reach).await;
    }
    Ok(outcome)
}

async fn cancel_once(reach: &Reach, asked: &Asked, appointment: AppointmentId) -> Result<CancelOutcome, Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    let stored = match StoredAppointment::asked_for(&mut transaction, asked, appointment, now).await? {
        ControlFlow::Continue(stored) => stored,
        ControlFlow::Break(earlier) => return Ok(earlier),
    };
    let outcome = match stored {
        None => CancelOutcome::Refused {
            why: CancelRefusal::UnknownAppointment,
        },
        Some(mut stored) => match stored.appointment.cancel_by_studio(now) {
            Err(refusal) => CancelOutcome::Refused {
                why: CancelRefusal::Life { refusal },
            },
            Ok(()) => {
                stored.release(&mut transaction).await?;
                stored.save(&mut transaction).await?;
                CancelOutcome::Cancelled {
                    appointment: Box::new(stored.appointment),
                }
            }
        },
    };
    asked.remember(&mut transaction, &outcome).await?;
    transaction.commit().await?;
    Ok(outcome)
}

pub(crate) async fn acknowledge(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    appointment: AppointmentId,
    communication: CommunicationId,
) -> Result<AcknowledgeOutcome, Failure> {
    let asked = Asked::by(studio, attempt, "acknowledge", &(appointment, communication))?;
    reach
        .tried(|| acknowledge_once(reach, &asked, appointment, communication))
        .await
}

async fn acknowledge_once(
    reach: &Reach,
    asked: &Asked,
    appointment: AppointmentId,
    communication: CommunicationId,
) -> Result<AcknowledgeOutcome, Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    let stored = match StoredAppointment::asked_for(&mut transaction, asked, appointment, now).await? {
        ControlFlow::Continue(stored) => stored,
        ControlFlow::Break(earlier) => return Ok(earlier),
    };
    let outcome = match stored {
        None => AcknowledgeOutcome::UnknownCommunication,
        Some(mut stored) => {
            let before = stored.appointment.clone();
            if stored.appointment.acknowledge(communication, now) {
                if stored.appointment != before {
                    stored.save(&mut transaction).await?;
                }
                AcknowledgeOutcome::Acknowledged
            } else {
                AcknowledgeOutcome::UnknownCommunication
            }
        }
    };
    asked.remember(&mut transaction, &outcome).await?;
    transaction.commit().await?;
    Ok(outcome)
}

pub(crate) async fn assess_reply(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    ticket: &TicketCode,
    judgement: Judgement,
) -> Result<AssessOutcome, Failure> {
    let asked = Asked::by(studio, attempt, "assess_reply", &(ticket, judgement))?;
    reach.tried(|| assess_once(reach, &asked, ticket, judgement)).await
}

async fn assess_once(
    reach: &Reach,
    asked: &Asked,
    ticket: &TicketCode,
    judgement: Judgement,
) -> Result<AssessOutcome, Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    admitted(&mut transaction, &asked.studio, now).await?;
    turn::take(&mut transaction, std::slice::from_ref(&asked.studio), &[]).await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    // Once its delegation is over, a studio gets nothing new of the position (R18), and has nothing to say about it.
    let known = sqlx::query!(
        r#"SELECT t.sede, t.body AS "body: Json<Ticket>", d.phase = 'active' AS "active!" FROM ticket AS t
           JOIN delegation AS d ON d.position = t.position AND d.studio = $2
               AND d.from_day <= $3 AND (d.until_day IS NULL OR d.until_day >= $3)
           WHERE t.code = $1"#,
        ticket.as_str(),
        asked.studio,
        now.today()
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let outcome = match known {
        None => AssessOutcome::UnknownTicket,
        Some(row) => {
            let stands = inner(row.body).judge(judgement);
            if stands {
                record(&mut transaction, &asked.studio, (&row.sede, ticket.as_str()), judgement).await?;
            }
            if stands && row.active {
                let judged = told(asked.studio.clone(), Kind::Ticket, row.sede, ticket.to_string());
                feed::tell(&mut transaction, [(judged, As::Put)]).await?;
            }
            if stands {
                AssessOutcome::Assessed
            } else {
                AssessOutcome::ReplyChanged
            }
        }
    };
    asked.remember(&mut transaction, &outcome).await?;
    transaction.commit().await?;
    Ok(outcome)
}

/// R3: the studio's judgement on a reply.
async fn record(
    connection: &mut PgConnection,
    studio: &str,
    (sede, ticket): (&str, &str),
    judgement: Judgement,
) -> Result<(), Failure> {
    let body = written(&judgement, "judgement")?;
    sqlx::query!(
        "INSERT INTO judgement (sede, ticket, studio, body) VALUES ($1, $2, $3, $4::text::json)
         ON CONFLICT (sede, ticket, studio) DO UPDATE SET body = excluded.body",
        sede,
        ticket,
        studio,
        body
    )
    .execute(connection)
    .await?;
    Ok(())
}
