//! A studio opens a ticket.

use domain::code::{SedeCode, StudioCode, TicketCode};
use domain::company::{Delegation, Position};
use domain::contact_request::ContactRequest;
use domain::content::Limits;
use domain::time::Now;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::{Attempt, OpenOutcome, OpenRefusal, keeping};

use crate::attempt::{Asked, admitted};
use crate::failure::{Failure, inner, written};
use crate::feed;
use crate::reach::Reach;
use crate::{turn, upload};

pub(crate) async fn open_ticket(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    request: &ContactRequest,
) -> Result<OpenOutcome, Failure> {
    let asked = Asked::by(studio, attempt, "open_ticket", request)?;
    reach.tried(|| open_once(reach, &asked, request)).await
}

async fn open_once(reach: &Reach, asked: &Asked, request: &ContactRequest) -> Result<OpenOutcome, Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    admitted(&mut transaction, &asked.studio, now).await?;
    // Who else acts for the position sees the ticket too; and codes of a sede are given one after the other.
    let position = request.position.to_string();
    let mut studios = turn::studios_of(&mut transaction, std::slice::from_ref(&position)).await?;
    studios.push(asked.studio.clone());
    let sede = sqlx::query_scalar!("SELECT sede FROM position WHERE matricola = $1", position)
        .fetch_optional(&mut *transaction)
        .await?;
    turn::take(&mut transaction, &studios, sede.as_slice()).await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    if let Some(opened) = asked.booked(&mut transaction).await? {
        return Ok(opened);
    }
    let outcome = decide(&mut transaction, asked, request, now).await?;
    let opened = matches!(outcome, OpenOutcome::Opened { .. });
    asked.remember_as(&mut transaction, &outcome, opened).await?;
    transaction.commit().await?;
    Ok(outcome)
}

async fn decide(
    connection: &mut PgConnection,
    asked: &Asked,
    request: &ContactRequest,
    now: Now,
) -> Result<OpenOutcome, Failure> {
    let refused = |why| Ok(OpenOutcome::Refused { why });
    let held = sqlx::query!(
        r#"SELECT p.body AS "position: Json<Position>", d.body AS "delegation: Json<Delegation>" FROM position AS p
           JOIN delegation AS d ON d.position = p.matricola AND d.studio = $2 WHERE p.matricola = $1"#,
        request.position.as_str(),
        asked.studio
    )
    .fetch_optional(&mut *connection)
    .await?;
    let known = sqlx::query!(
        r#"SELECT life.limits AS "limits: Json<Limits>", EXISTS (SELECT FROM topic WHERE code = $1) AS "topic!" FROM life"#,
        request.topic.as_str()
    )
    .fetch_one(&mut *connection)
    .await?;
    let position = held.and_then(|row| {
        inner(row.delegation)
            .active_on(now.today())
            .then(|| inner(row.position))
    });
    if let Some(refusal) = request.refusal(position.is_some(), known.topic, &inner(known.limits)) {
        return refused(OpenRefusal::Rule { refusal });
    }
    if let Some(hash) = upload::missing(connection, &asked.studio, &request.content).await? {
        return refused(OpenRefusal::AttachmentMissing { hash });
    }
    let Some(position) = position else {
        return Err(Failure::Body("position"));
    };
    let ticket = request.opened(next_code(connection, &position.sede).await?, &position, now);
    let (sede, code) = (position.sede.to_string(), ticket.code.to_string());
    sqlx::query!(
        "WITH opened AS (
             INSERT INTO ticket (sede, code, position, topic, body) VALUES ($1, $2, $3, $4, $5::text::json)
         )
         INSERT INTO request (sede, ticket, studio, body) VALUES ($1, $2, $6, $7::text::json)",
        sede,
        code,
        request.position.as_str(),
        request.topic.as_str(),
        written(&ticket, "ticket")?,
        asked.studio,
        written(request, "request")?
    )
    .execute(&mut *connection)
    .await?;
    upload::claim(connection, &asked.studio, &request.content).await?;
    let watchers = feed::watchers(connection, &[sede], &[code]).await?;
    feed::tell(connection, watchers).await?;
    Ok(OpenOutcome::Opened {
        ticket: Box::new(ticket),
    })
}

/// The next code in the form that the tickets of a sede have. Its tickets may come from elsewhere too, so the highest number
/// is looked for each time. It is the sede's turn.
async fn next_code(connection: &mut PgConnection, sede: &SedeCode) -> Result<TicketCode, Failure> {
    let last = sqlx::query_scalar!(
        r#"SELECT max(substr(code, length($1) + 2)::bigint) AS "last" FROM ticket
           WHERE sede = $1 AND starts_with(code, $1 || '-') AND substr(code, length($1) + 2) ~ '^[0-9]{1,9}$'"#,
        sede.as_str()
    )
    .fetch_one(connection)
    .await?;
    keeping::ticket_code(sede, last).ok_or(Failure::Body("sede"))
}
