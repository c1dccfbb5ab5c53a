//! What a studio does after a booking, or beside it: cancel (R14), acknowledge (R13), judge a reply (R3).

use domain::code::{AppointmentId, CommunicationId, StudioCode, TicketCode};
use domain::ticket::{Judgement, Ticket};
use store::{AcknowledgeOutcome, AssessOutcome, Attempt, CancelOutcome, CancelRefusal};

use crate::appointment::StoredAppointment;
use crate::attempt::{self, Asked};
use crate::failure::{Failure, read};
use crate::feed;
use crate::grant::record;
use crate::reach::Reach;

pub(crate) async fn cancel(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    appointment: AppointmentId,
) -> Result<CancelOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let asked = Asked::by(&mut transaction, studio, attempt, "cancel", &appointment).await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    let outcome = match StoredAppointment::of_studio(&mut transaction, appointment, asked.studio).await? {
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
    // The place goes to who has waited longest for one.
    attempt::settle(&mut transaction, now).await?;
    reach.commit(transaction).await?;
    Ok(outcome)
}

pub(crate) async fn acknowledge(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    appointment: AppointmentId,
    communication: CommunicationId,
) -> Result<AcknowledgeOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let request = (appointment, communication);
    let asked = Asked::by(&mut transaction, studio, attempt, "acknowledge", &request).await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    let outcome = match StoredAppointment::of_studio(&mut transaction, appointment, asked.studio).await? {
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
    reach.commit(transaction).await?;
    Ok(outcome)
}

pub(crate) async fn assess_reply(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    ticket: &TicketCode,
    judgement: Judgement,
) -> Result<AssessOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let request = (ticket, judgement);
    let asked = Asked::by(&mut transaction, studio, attempt, "assess_reply", &request).await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    // Once its delegation is over, a studio gets nothing new of the position (R18), and has nothing to say about it.
    let (code, today) = (ticket.as_str(), now.today().to_string());
    let known = sqlx::query!(
        r#"SELECT t.id AS "id!", t.body FROM ticket AS t
           JOIN delegation AS d ON d.position = t.position AND d.studio = ?2
               AND d.from_day <= ?3 AND (d.until_day IS NULL OR d.until_day >= ?3)
           WHERE t.code = ?1"#,
        code,
        asked.studio,
        today
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let outcome = match known {
        None => AssessOutcome::UnknownTicket,
        Some(row) if read::<Ticket>(&row.body, "ticket")?.judge(judgement) => {
            record(&mut transaction, asked.studio, row.id, judgement).await?;
            feed::judged(&mut transaction, asked.studio, row.id).await?;
            AssessOutcome::Assessed
        }
        Some(_) => AssessOutcome::ReplyChanged,
    };
    asked.remember(&mut transaction, &outcome).await?;
    reach.commit(transaction).await?;
    Ok(outcome)
}
