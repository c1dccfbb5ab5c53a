//! S5: a studio reminds the sede of a ticket.

use domain::code::{StudioCode, TicketCode};
use domain::ticket::Ticket;
use store::{Attempt, RemindOutcome, RemindRefusal, keeping};

use crate::attempt::{self, Asked};
use crate::booking::limits;
use crate::failure::{Failure, read, written};
use crate::feed;
use crate::reach::Reach;

pub(crate) async fn remind(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    ticket: &TicketCode,
    words: &str,
) -> Result<RemindOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let asked = Asked::by(&mut transaction, studio, attempt, "remind", &(ticket, words)).await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    // Once its delegation is over, a studio has nothing to say about the position (R18).
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
        None => RemindOutcome::Refused {
            why: RemindRefusal::UnknownTicket,
        },
        Some(row) => {
            let mut ticket: Ticket = read(&row.body, "ticket")?;
            let limits = limits(&mut transaction).await?;
            let outcome = keeping::remind(&mut ticket, words, &limits, now);
            if let RemindOutcome::Reminded { .. } = &outcome {
                let body = written(&ticket, "ticket")?;
                sqlx::query!("UPDATE ticket SET body = ?2 WHERE id = ?1", row.id, body)
                    .execute(&mut *transaction)
                    .await?;
                feed::tickets(&mut transaction, &[row.id]).await?;
            }
            outcome
        }
    };
    asked.remember(&mut transaction, &outcome).await?;
    reach.commit(transaction).await?;
    Ok(outcome)
}
