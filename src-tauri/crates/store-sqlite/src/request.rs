//! A studio opens a ticket.

use domain::code::{DecisionId, SedeCode, StudioCode, TicketCode};
use domain::company::{Delegation, Position};
use domain::contact_request::ContactRequest;
use domain::time::Now;
use sqlx::SqliteConnection;
use store::{Attempt, OpenOutcome, OpenRefusal, keeping};

use crate::attempt::{self, Asked};
use crate::booking::{limits, missing_file};
use crate::failure::{Failure, read, written};
use crate::feed;
use crate::grant::claim;
use crate::reach::Reach;

pub(crate) async fn open_ticket(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    request: &ContactRequest,
) -> Result<OpenOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let asked = Asked::by(&mut transaction, studio, attempt, "open_ticket", request).await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    if let Some(opened) = opened_by(&mut transaction, asked.studio, attempt.decision).await? {
        return Ok(opened);
    }
    let outcome = decide(&mut transaction, &asked, request, now).await?;
    asked.remember(&mut transaction, &outcome).await?;
    reach.commit(transaction).await?;
    Ok(outcome)
}

/// The outcome under which the ticket of `decision` was opened, whatever attempt asks now.
async fn opened_by(
    connection: &mut SqliteConnection,
    studio: i64,
    decision: DecisionId,
) -> Result<Option<OpenOutcome>, Failure> {
    let decision = decision.uuid();
    sqlx::query_scalar!(
        "SELECT attempt.outcome FROM request
         JOIN attempt ON attempt.studio = request.studio AND attempt.decision = request.decision
             AND attempt.number = request.attempt
         WHERE request.studio = ?1 AND request.decision = ?2",
        studio,
        decision
    )
    .fetch_optional(connection)
    .await?
    .map(|outcome| read(&outcome, "outcome"))
    .transpose()
}

async fn decide(
    connection: &mut SqliteConnection,
    asked: &Asked,
    request: &ContactRequest,
    now: Now,
) -> Result<OpenOutcome, Failure> {
    let refused = |why| Ok(OpenOutcome::Refused { why });
    let (matricola, topic) = (request.position.as_str(), request.topic.as_str());
    let held = sqlx::query!(
        r#"SELECT p.id AS "id!", p.body AS position, d.body AS delegation FROM position AS p
           JOIN delegation AS d ON d.position = p.id AND d.studio = ?2 WHERE p.matricola = ?1"#,
        matricola,
        asked.studio
    )
    .fetch_optional(&mut *connection)
    .await?;
    let topic = sqlx::query_scalar!(r#"SELECT id AS "id!" FROM topic WHERE code = ?1"#, topic)
        .fetch_optional(&mut *connection)
        .await?;
    let delegated = match &held {
        Some(row) => read::<Delegation>(&row.delegation, "delegation")?.active_on(now.today()),
        None => false,
    };
    let limits = limits(connection).await?;
    if let Some(refusal) = request.refusal(delegated, topic.is_some(), &limits) {
        return refused(OpenRefusal::Rule { refusal });
    }
    if let Some(hash) = missing_file(connection, asked.studio, &request.content).await? {
        return refused(OpenRefusal::AttachmentMissing { hash });
    }
    let (Some(held), Some(topic)) = (held, topic) else {
        return Err(Failure::Body("position"));
    };
    let position: Position = read(&held.position, "position")?;
    let ticket = request.opened(next_code(connection, &position.sede).await?, &position, now);
    let (code, body) = (ticket.code.as_str(), written(&ticket, "ticket")?);
    let id = sqlx::query!(
        "INSERT INTO ticket (code, position, topic, body) VALUES (?1, ?2, ?3, ?4)",
        code,
        held.id,
        topic,
        body
    )
    .execute(&mut *connection)
    .await?
    .last_insert_rowid();
    let (decision, body) = (asked.attempt.decision.uuid(), written(request, "request")?);
    sqlx::query!(
        "INSERT INTO request (ticket, studio, decision, attempt, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        id,
        asked.studio,
        decision,
        asked.attempt.number,
        body
    )
    .execute(&mut *connection)
    .await?;
    for file in &request.content.attachments {
        claim(connection, asked.studio, file.hash).await?;
    }
    feed::tickets(connection, &[id]).await?;
    Ok(OpenOutcome::Opened {
        ticket: Box::new(ticket),
    })
}

/// The next code in the form that the tickets of a sede have. Its tickets may come from elsewhere too, so the highest number
/// is looked for each time, along the index of codes.
async fn next_code(connection: &mut SqliteConnection, sede: &SedeCode) -> Result<TicketCode, Failure> {
    let (first, after) = (format!("{sede}-"), format!("{sede}."));
    let last = sqlx::query_scalar!(
        r#"SELECT max(CAST(substr(code, length(?1) + 1) AS INTEGER)) AS "last: i64" FROM ticket
           WHERE code > ?1 AND code < ?2 AND length(code) <= length(?1) + 9
               AND substr(code, length(?1) + 1) NOT GLOB '*[^0-9]*'"#,
        first,
        after
    )
    .fetch_one(connection)
    .await?;
    keeping::ticket_code(sede, last).ok_or(Failure::Body("sede"))
}
