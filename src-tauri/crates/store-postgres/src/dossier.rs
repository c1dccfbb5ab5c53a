//! Dossiers: what the people of a studio keep among themselves.

use std::ops::ControlFlow;

use domain::code::StudioCode;
use domain::dossier::{Dossier, Entry, Subject};
use domain::people::Person;
use domain::time::Now;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::{Attempt, EnterOutcome, EnterRefusal, keeping};

use crate::appointment::StoredAppointment;
use crate::attempt::{Asked, admitted};
use crate::failure::{Failure, inner, written};
use crate::feed::{self, As, Kind, told};
use crate::reach::Reach;
use crate::turn;

pub(crate) async fn enter(
    reach: &Reach,
    studio: &StudioCode,
    person: Option<&Person>,
    attempt: Attempt,
    entry: &Entry,
) -> Result<EnterOutcome, Failure> {
    let asked = Asked::by(studio, attempt, "enter", entry)?;
    reach.tried(|| enter_once(reach, &asked, person, entry)).await
}

async fn enter_once(
    reach: &Reach,
    asked: &Asked,
    person: Option<&Person>,
    entry: &Entry,
) -> Result<EnterOutcome, Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    let refusal = match refusal(&mut transaction, asked, entry, now).await? {
        ControlFlow::Continue(refusal) => refusal,
        ControlFlow::Break(earlier) => return Ok(earlier),
    };
    let entered = match refusal {
        Some(why) => Err(why),
        None => {
            let kept = kept(&mut transaction, &asked.studio, &entry.subject()).await?;
            keeping::entered(kept, entry, person, now)
        }
    };
    let outcome = match entered {
        Err(why) => EnterOutcome::Refused { why },
        Ok(dossier) => {
            save(&mut transaction, &asked.studio, &dossier).await?;
            note(&mut transaction, &asked.studio, person, entry, now).await?;
            EnterOutcome::Entered {
                dossier: Box::new(dossier),
            }
        }
    };
    asked.remember(&mut transaction, &outcome).await?;
    transaction.commit().await?;
    Ok(outcome)
}

/// Takes the studio's turn. The outcome, where this was asked before; otherwise why nothing may be entered, whatever stands
/// in the dossier already.
async fn refusal(
    connection: &mut PgConnection,
    asked: &Asked,
    entry: &Entry,
    now: Now,
) -> Result<ControlFlow<EnterOutcome, Option<EnterRefusal>>, Failure> {
    if let Subject::Appointment(id) = entry.subject() {
        let stored = StoredAppointment::asked_for(connection, asked, id, now).await?;
        return Ok(stored.map_continue(|stored| match stored {
            None => Some(EnterRefusal::UnknownSubject),
            Some(stored) => (!entry.is_timely(&stored.appointment, now)).then_some(EnterRefusal::NotBegun),
        }));
    }
    admitted(connection, &asked.studio, now).await?;
    turn::take(connection, std::slice::from_ref(&asked.studio), &[]).await?;
    if let Some(earlier) = asked.earlier(connection).await? {
        return Ok(ControlFlow::Break(earlier));
    }
    let sees = sees(connection, &asked.studio, &entry.subject()).await?;
    Ok(ControlFlow::Continue((!sees).then_some(EnterRefusal::UnknownSubject)))
}

/// Whether the studio sees a ticket: as long as it acts for its position, or holds it for an appointment (R18).
async fn sees(connection: &mut PgConnection, studio: &str, subject: &Subject) -> Result<bool, Failure> {
    let Subject::Ticket(ticket) = subject else {
        return Ok(false);
    };
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM ticket AS t JOIN delegation AS d ON d.position = t.position
               WHERE t.code = $1 AND d.studio = $2 AND d.phase IN ('active', 'held')) AS "sees!""#,
        ticket.as_str(),
        studio
    )
    .fetch_one(connection)
    .await?)
}

async fn kept(connection: &mut PgConnection, studio: &str, subject: &Subject) -> Result<Option<Dossier>, Failure> {
    let kept = sqlx::query_scalar!(
        r#"SELECT body AS "body: Json<Dossier>" FROM dossier WHERE studio = $1 AND subject = $2"#,
        studio,
        subject.to_string()
    )
    .fetch_optional(connection)
    .await?;
    Ok(kept.map(inner))
}

/// Writes a dossier down as it is now, and tells its studio.
async fn save(connection: &mut PgConnection, studio: &str, dossier: &Dossier) -> Result<(), Failure> {
    let (subject, body) = (dossier.subject().to_string(), written(dossier, "dossier")?);
    sqlx::query!(
        "INSERT INTO dossier (studio, subject, body) VALUES ($1, $2, $3::text::json)
         ON CONFLICT (studio, subject) DO UPDATE SET body = excluded.body",
        studio,
        subject,
        body
    )
    .execute(&mut *connection)
    .await?;
    let changed = told(studio.to_owned(), Kind::Dossier, String::new(), subject);
    feed::tell(connection, [(changed, As::Put)]).await
}

/// R15: keeps what was entered.
async fn note(
    connection: &mut PgConnection,
    studio: &str,
    person: Option<&Person>,
    entry: &Entry,
    now: Now,
) -> Result<(), Failure> {
    sqlx::query!(
        "INSERT INTO dossier_entry (studio, subject, number, entered_at, person, body)
         SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5::text::json
         FROM dossier_entry WHERE studio = $1 AND subject = $2",
        studio,
        entry.subject().to_string(),
        now.instant(),
        person.map(Person::as_str),
        written(entry, "entry")?
    )
    .execute(connection)
    .await?;
    Ok(())
}
