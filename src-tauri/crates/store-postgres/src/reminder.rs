//! S5: a studio reminds the sede of a ticket.

use domain::code::{StudioCode, TicketCode};
use domain::content::Limits;
use domain::ticket::Ticket;
use sqlx::types::Json;
use store::{Attempt, RemindOutcome, RemindRefusal, keeping};

use crate::attempt::{Asked, admitted};
use crate::failure::{Failure, inner, written};
use crate::feed;
use crate::reach::Reach;
use crate::turn;

pub(crate) async fn remind(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    ticket: &TicketCode,
    words: &str,
) -> Result<RemindOutcome, Failure> {
    let asked = Asked::by(studio, attempt, "remind", &(ticket, words))?;
    reach.tried(|| remind_once(reach, &asked, ticket, words)).await
}

async fn remind_once(reach: &Reach, asked: &Asked, code: &TicketCode, words: &str) -> Result<RemindOutcome, Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    admitted(&mut transaction, &asked.studio, now).await?;
    // Who else acts for the position reads the entry too.
    let mut studios = sqlx::query_scalar!(
        "SELECT DISTINCT d.studio FROM ticket AS t JOIN delegation AS d ON d.position = t.position WHERE t.code = $1",
        code.as_str()
    )
    .fetch_all(&mut *transaction)
    .await?;
    studios.push(asked.studio.clone());
    turn::take(&mut transaction, &studios, &[]).await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    // Once its delegation is over, a studio has nothing to say about the position (R18).
    let known = sqlx::query!(
        r#"SELECT t.sede, t.body AS "body: Json<Ticket>" FROM ticket AS t
           JOIN delegation AS d ON d.position = t.position AND d.studio = $2
               AND d.from_day <= $3 AND (d.until_day IS NULL OR d.until_day >= $3)
           WHERE t.code = $1
           FOR UPDATE OF t"#,
        code.as_str(),
        asked.studio,
        now.today()
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let outcome = match known {
        None => RemindOutcome::Refused {
            why: RemindRefusal::UnknownTicket,
        },
        Some(row) => {
            let limits = sqlx::query_scalar!(r#"SELECT limits AS "limits: Json<Limits>" FROM life"#)
                .fetch_one(&mut *transaction)
                .await?;
            let mut ticket = inner(row.body);
            let outcome = keeping::remind(&mut ticket, words, &inner(limits), now);
            if let RemindOutcome::Reminded { .. } = &outcome {
                sqlx::query!(
                    "UPDATE ticket SET body = $3::text::json WHERE sede = $1 AND code = $2",
                    row.sede,
                    code.as_str(),
                    written(&ticket, "ticket")?
                )
                .execute(&mut *transaction)
                .await?;
                let watchers = feed::watchers(&mut transaction, &[row.sede], &[code.to_string()]).await?;
                feed::tell(&mut transaction, watchers).await?;
            }
            outcome
        }
    };
    asked.remember(&mut transaction, &outcome).await?;
    transaction.commit().await?;
    Ok(outcome)
}
