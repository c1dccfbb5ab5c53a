//! What the people of the studio keep among themselves, with what they entered and the store has not taken yet.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use domain::code::TicketCode;
use domain::dossier::{Dossier, Entry, Subject};
use domain::people::Person;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::Pulled;
use crate::db::Database;
use crate::drafts::{json, to_json};
use crate::error::{CacheError, File, In, Result};
use crate::instant::from_micros;
use crate::outbox::Work;

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

/// An entry that the store has not taken yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct OnTheWay {
    entry: Entry,
    by: Option<Person>,
    at: DateTime<Utc>,
}

impl Pulled {
    /// The dossiers of these subjects, as they are shown. One in which nothing stands is not among them.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn dossiers(&self, subjects: &[Subject]) -> Result<HashMap<Subject, Dossier>> {
        let subjects = serde_json::to_string(subjects).map_err(CacheError::bug)?;
        sqlx::query_scalar!(
            r#"SELECT d.shown AS "shown!" FROM json_each(?1) e CROSS JOIN dossier d ON d.subject = e.value"#,
            subjects
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .iter()
        .map(|shown| {
            let dossier: Dossier = serde_json::from_str(shown).map_err(|_| DAMAGED)?;
            Ok((dossier.subject(), dossier))
        })
        .collect()
    }

    /// The dossier of one subject, as it is shown.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn dossier(&self, subject: &Subject) -> Result<Dossier> {
        let mut known = self.dossiers(std::slice::from_ref(subject)).await?;
        Ok(known.remove(subject).unwrap_or_else(|| Dossier::empty(subject.clone())))
    }

    /// Who is in charge of these tickets.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn in_charge_of(&self, tickets: &[TicketCode]) -> Result<HashMap<TicketCode, Person>> {
        let subjects: Vec<Subject> = tickets.iter().cloned().map(Subject::Ticket).collect();
        let subjects = serde_json::to_string(&subjects).map_err(CacheError::bug)?;
        sqlx::query!(
            r#"SELECT d.ticket AS "ticket!", d.in_charge AS "person!"
               FROM json_each(?1) e CROSS JOIN dossier d ON d.subject = e.value
               WHERE d.ticket IS NOT NULL AND d.in_charge IS NOT NULL"#,
            subjects
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .into_iter()
        .map(|row| {
            let ticket = row.ticket.parse().map_err(|_| DAMAGED)?;
            Ok((ticket, row.person.parse().map_err(|_| DAMAGED)?))
        })
        .collect()
    }

    /// Everybody who is in charge of a ticket, by name.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn people_in_charge(&self) -> Result<Vec<Person>> {
        sqlx::query_scalar!(
            r#"SELECT DISTINCT in_charge AS "person!" FROM dossier WHERE in_charge IS NOT NULL ORDER BY in_charge"#
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .iter()
        .map(|person| person.parse().map_err(|_| DAMAGED))
        .collect()
    }

    /// Lays what is on its way over what was pulled. It is durable in `studio.db` already, and laid over again at the next
    /// opening: that `cache.db` fails is no failure of the decision.
    pub(crate) async fn lay_entries(&self, studio: &Database) {
        if let Err(error) = self.try_lay_entries(studio).await {
            tracing::warn!(%error, "what is on its way could not be laid over the dossiers");
        }
    }

    pub(crate) async fn try_lay_entries(&self, studio: &Database) -> Result<()> {
        let by = self.welcome().await?.and_then(|kept| kept.welcome.person);
        let mut wanted: BTreeMap<String, Vec<OnTheWay>> = BTreeMap::new();
        // Before anything is read of it: who lays last has read last.
        let mut tx = self.db.write().await?;
        for row in sqlx::query!(
            "SELECT work, decided_at FROM outbox WHERE kind = 'enter' AND state IN ('waiting', 'sending') ORDER BY id"
        )
        .fetch_all(&studio.readers)
        .await
        .in_studio()?
        {
            let Work::Enter { entry } = json(&row.work)? else {
                return Err(CacheError::bug("the row enters nothing"));
            };
            let (at, by) = (from_micros(row.decided_at)?, by.clone());
            let subject = entry.subject().to_string();
            wanted.entry(subject).or_default().push(OnTheWay { entry, by, at });
        }
        // What is kept about things of the portal reaches no store: it stays laid over (R16).
        for row in sqlx::query!(r#"SELECT entry AS "entry!", at AS "at!" FROM portal_entry ORDER BY n"#)
            .fetch_all(&studio.readers)
            .await
            .in_studio()?
        {
            let (entry, at): (Entry, _) = (json(&row.entry)?, from_micros(row.at)?);
            let subject = entry.subject().to_string();
            wanted.entry(subject).or_default().push(OnTheWay {
                entry,
                by: by.clone(),
                at,
            });
        }
        let laid = sqlx::query_scalar!("SELECT subject FROM dossier WHERE on_the_way <> '[]'")
            .fetch_all(&mut *tx)
            .await
            .in_cache()?;
        for subject in laid {
            wanted.entry(subject).or_default();
        }
        for (subject, on_the_way) in wanted {
            let subject = subject.parse().map_err(|_| DAMAGED)?;
            let body = Stored::of(&mut tx, &subject).await?.and_then(|stored| stored.body);
            show(&mut tx, subject, body.as_ref(), &on_the_way).await?;
        }
        tx.commit().await.in_cache()
    }

    /// Takes a dossier out of an answer of the store, so that it is shown before the next pull. What fails here the next
    /// pull mends.
    pub(crate) async fn learn_dossier(&self, dossier: &Dossier) {
        let learned = async {
            let mut tx = self.db.write().await?;
            put(&mut tx, dossier).await?;
            tx.commit().await.in_cache()
        };
        if let Err(error) = learned.await {
            tracing::warn!(%error, "an answer of the store is shown only after the next pull");
        }
    }
}

/// A dossier as the store tells it; what is on its way stays laid over it.
pub(super) async fn put(tx: &mut SqliteConnection, dossier: &Dossier) -> Result<()> {
    let subject = dossier.subject();
    let on_the_way = Stored::of(tx, &subject).await?.map(|stored| stored.on_the_way);
    show(tx, subject, Some(dossier), &on_the_way.unwrap_or_default()).await
}

/// The store does not show a dossier any more.
pub(super) async fn gone(tx: &mut SqliteConnection, subject: &Subject) -> Result<()> {
    let on_the_way = Stored::of(tx, subject).await?.map(|stored| stored.on_the_way);
    show(tx, subject.clone(), None, &on_the_way.unwrap_or_default()).await
}

struct Stored {
    body: Option<Dossier>,
    on_the_way: Vec<OnTheWay>,
}

impl Stored {
    async fn of(tx: &mut SqliteConnection, subject: &Subject) -> Result<Option<Self>> {
        let subject = subject.to_string();
        sqlx::query!("SELECT body, on_the_way FROM dossier WHERE subject = ?1", subject)
            .fetch_optional(tx)
            .await
            .in_cache()?
            .map(|row| {
                let read = |body: String| serde_json::from_str(&body).map_err(|_| DAMAGED);
                Ok(Self {
                    body: row.body.map(read).transpose()?,
                    on_the_way: serde_json::from_str(&row.on_the_way).map_err(|_| DAMAGED)?,
                })
            })
            .transpose()
    }
}

async fn show(
    tx: &mut SqliteConnection,
    subject: Subject,
    body: Option<&Dossier>,
    on_the_way: &[OnTheWay],
) -> Result<()> {
    let named = subject.to_string();
    if body.is_none() && on_the_way.is_empty() {
        sqlx::query!("DELETE FROM dossier WHERE subject = ?1", named)
            .execute(tx)
            .await
            .in_cache()?;
        return Ok(());
    }
    let ticket = match &subject {
        Subject::Ticket(ticket) => Some(ticket.to_string()),
        Subject::Appointment(_) => None,
    };
    let mut shown = body.cloned().unwrap_or_else(|| Dossier::empty(subject));
    for entry in on_the_way {
        // What does not fit any more the store will refuse.
        let _ = shown.take(&entry.entry, entry.by.as_ref(), entry.at);
    }
    let in_charge = shown.in_charge().map(Person::as_str);
    let (body, on_the_way, text) = (body.map(to_json).transpose()?, to_json(&on_the_way)?, to_json(&shown)?);
    sqlx::query!(
        "INSERT INTO dossier (subject, body, on_the_way, shown, ticket, in_charge) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (subject) DO UPDATE SET body = excluded.body, on_the_way = excluded.on_the_way,
             shown = excluded.shown, ticket = excluded.ticket, in_charge = excluded.in_charge",
        named,
        body,
        on_the_way,
        text,
        ticket,
        in_charge
    )
    .execute(tx)
    .await
    .in_cache()?;
    Ok(())
}
