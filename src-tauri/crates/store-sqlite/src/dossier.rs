//! Dossiers: what the people of a studio keep among themselves.

use domain::code::{StudioCode, TicketCode};
use domain::dossier::{Dossier, Entry, Subject};
use domain::people::Person;
use domain::time::Now;
use sqlx::SqliteConnection;
use store::{Attempt, EnterOutcome, EnterRefusal, keeping};

use crate::appointment::StoredAppointment;
use crate::attempt::{self, Asked};
use crate::failure::{Failure, read, written};
use crate::feed;
use crate::reach::{Reach, seconds};

pub(crate) async fn enter(
    reach: &Reach,
    studio: &StudioCode,
    person: Option<&Person>,
    attempt: Attempt,
    entry: &Entry,
) -> Result<EnterOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let asked = Asked::by(&mut transaction, studio, attempt, "enter", entry).await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    let entered = match refusal(&mut transaction, asked.studio, entry, now).await? {
        Some(why) => Err(why),
        None => {
            let kept = Stored::of(&mut transaction, asked.studio, &entry.subject()).await?;
            let (row, kept) = kept.map(|stored| (stored.id, stored.dossier)).unzip();
            keeping::entered(kept, entry, person, now).map(|dossier| (row, dossier))
        }
    };
    let outcome = match entered {
        Err(why) => EnterOutcome::Refused { why },
        Ok((row, dossier)) => {
            let row = save(&mut transaction, asked.studio, row, &dossier).await?;
            note(&mut transaction, row, person, entry, now).await?;
            feed::dossier(&mut transaction, asked.studio, row).await?;
            EnterOutcome::Entered {
                dossier: Box::new(dossier),
            }
        }
    };
    asked.remember(&mut transaction, &outcome).await?;
    reach.commit(transaction).await?;
    Ok(outcome)
}

/// Why nothing may be entered, whatever stands in the dossier already.
async fn refusal(
    connection: &mut SqliteConnection,
    studio: i64,
    entry: &Entry,
    now: Now,
) -> Result<Option<EnterRefusal>, Failure> {
    Ok(match entry.subject() {
        Subject::Ticket(ticket) => (!sees(connection, studio, &ticket).await?).then_some(EnterRefusal::UnknownSubject),
        Subject::Appointment(id) => match StoredAppointment::of_studio(connection, id, studio).await? {
            None => Some(EnterRefusal::UnknownSubject),
            Some(stored) => (!entry.is_timely(&stored.appointment, now)).then_some(EnterRefusal::NotBegun),
        },
    })
}

/// Whether the studio sees a ticket: as long as it acts for its position, or holds it for an appointment (R18).
async fn sees(connection: &mut SqliteConnection, studio: i64, ticket: &TicketCode) -> Result<bool, Failure> {
    let code = ticket.as_str();
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM ticket AS t JOIN delegation AS d ON d.position = t.position
               WHERE t.code = ?1 AND d.studio = ?2 AND d.phase IN ('active', 'held')) AS "sees!: bool""#,
        code,
        studio
    )
    .fetch_one(connection)
    .await?)
}

/// A dossier with its row.
struct Stored {
    id: i64,
    dossier: Dossier,
}

impl Stored {
    async fn of(connection: &mut SqliteConnection, studio: i64, subject: &Subject) -> Result<Option<Self>, Failure> {
        let subject = subject.to_string();
        sqlx::query!(
            r#"SELECT id AS "id!", body FROM dossier WHERE studio = ?1 AND subject = ?2"#,
            studio,
            subject
        )
        .fetch_optional(connection)
        .await?
        .map(|row| {
            Ok(Self {
                id: row.id,
                dossier: read(&row.body, "dossier")?,
            })
        })
        .transpose()
    }
}

/// Writes a dossier down as it is now, in its row or in a new one. Returns the row.
async fn save(
    connection: &mut SqliteConnection,
    studio: i64,
    row: Option<i64>,
    dossier: &Dossier,
) -> Result<i64, Failure> {
    let body = written(dossier, "dossier")?;
    if let Some(row) = row {
        sqlx::query!("UPDATE dossier SET body = ?2 WHERE id = ?1", row, body)
            .execute(connection)
            .await?;
        return Ok(row);
    }
    let subject = dossier.subject().to_string();
    Ok(sqlx::query!(
        "INSERT INTO dossier (studio, subject, body) VALUES (?1, ?2, ?3)",
        studio,
        subject,
        body
    )
    .execute(connection)
    .await?
    .last_insert_rowid())
}

/// R15: keeps what was entered.
async fn note(
    connection: &mut SqliteConnection,
    dossier: i64,
    person: Option<&Person>,
    entry: &Entry,
    now: Now,
) -> Result<(), Failure> {
    let (at, person, body) = (
        seconds(now.instant()),
        person.map(Person::as_str),
        written(entry, "entry")?,
    );
    sqlx::query!(
        "INSERT INTO dossier_entry (dossier, number, entered_at, person, body)
         SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4 FROM dossier_entry WHERE dossier = ?1",
        dossier,
        at,
        person,
        body
    )
    .execute(connection)
    .await?;
    Ok(())
}
