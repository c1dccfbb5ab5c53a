//! Reading drafts.

use std::collections::HashMap;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use domain::attachment::{Attachment, FileName};
use domain::booking::BookedTicket;
use domain::code::{AppointmentId, ContentHash, DraftId, TicketCode};
use domain::content::{Contact, Content};
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

use super::{Aim, Answered, Draft, DraftPhase, DraftState, Drafts, Holder};
use crate::error::{CacheError, File, In, Result};
use crate::instant::{from_micros, micros};

const DAMAGED: CacheError = CacheError::Damaged { file: File::Studio };

pub(crate) fn code<T: FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| DAMAGED)
}

pub(crate) fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| DAMAGED)
}

pub(crate) fn small<T: TryFrom<i64>>(number: i64) -> Result<T> {
    T::try_from(number).map_err(|_| DAMAGED)
}

/// A draft with its place in the file.
pub(crate) struct Numbered {
    pub(crate) n: i64,
    pub(crate) attempts: i64,
    pub(crate) draft: Draft,
}

impl Drafts {
    /// The draft of this id.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`].
    pub async fn get(&self, id: DraftId) -> Result<Draft> {
        let mut connection = self.studio.readers.begin().await.in_studio()?;
        Ok(read(&mut connection, id).await?.draft)
    }

    /// Every draft that is live, and those booked or discarded since `since`; the last changed first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn list(&self, since: DateTime<Utc>) -> Result<Vec<Draft>> {
        let mut connection = self.studio.readers.begin().await.in_studio()?;
        let since = micros(since);
        let numbers = sqlx::query_scalar!(
            r#"SELECT n AS "n!" FROM draft WHERE state NOT IN ('booked', 'discarded') OR changed_at >= ?1
               ORDER BY changed_at DESC, n DESC"#,
            since
        )
        .fetch_all(&mut *connection)
        .await
        .in_studio()?;
        let mut drafts = Vec::with_capacity(numbers.len());
        for n in numbers {
            drafts.push(read_at(&mut connection, n).await?.draft);
        }
        Ok(drafts)
    }

    /// Every draft that needs somebody, and those booked since `since`; the one answered first comes first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn answered(&self, since: DateTime<Utc>) -> Result<Vec<Answered>> {
        let mut connection = self.studio.readers.begin().await.in_studio()?;
        let since = micros(since);
        let rows = sqlx::query!(
            r#"SELECT d.n AS "n!", o.decided_at AS "decided_at?: i64"
               FROM draft d LEFT JOIN outbox o ON o.decision = d.decision AND o.attempt = d.attempts
               WHERE d.state = 'needs_attention' OR d.state = 'booked' AND d.changed_at >= ?1
               ORDER BY d.changed_at, d.n"#,
            since
        )
        .fetch_all(&mut *connection)
        .await
        .in_studio()?;
        let mut answered = Vec::with_capacity(rows.len());
        for row in rows {
            let Numbered { attempts, draft, .. } = read_at(&mut connection, row.n).await?;
            answered.push(Answered {
                draft,
                attempt: small(attempts)?,
                decided_at: row.decided_at.map(from_micros).transpose()?,
            });
        }
        Ok(answered)
    }

    /// Which live draft holds which ticket.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn holders(&self) -> Result<HashMap<TicketCode, Holder>> {
        sqlx::query!(
            r#"SELECT t.ticket AS "ticket!", d.id AS "id!", d.state AS "state!"
               FROM draft_ticket t JOIN draft d ON d.n = t.draft WHERE t.live = 1"#
        )
        .fetch_all(&self.studio.readers)
        .await
        .in_studio()?
        .into_iter()
        .map(|row| {
            let holder = holder(&row.id, &row.state)?;
            Ok((code(&row.ticket)?, holder))
        })
        .collect()
    }

    /// The live draft that holds a ticket.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn holder(&self, ticket: &TicketCode) -> Result<Option<Holder>> {
        let ticket = ticket.as_str();
        sqlx::query!(
            r#"SELECT d.id AS "id!", d.state AS "state!"
               FROM draft_ticket t JOIN draft d ON d.n = t.draft WHERE t.live = 1 AND t.ticket = ?1"#,
            ticket
        )
        .fetch_optional(&self.studio.readers)
        .await
        .in_studio()?
        .map(|row| holder(&row.id, &row.state))
        .transpose()
    }

    /// The live draft that changes an appointment.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn changing(&self, appointment: AppointmentId) -> Result<Option<Draft>> {
        let mut connection = self.studio.readers.begin().await.in_studio()?;
        let appointment = appointment.to_string();
        let n = sqlx::query_scalar!(
            r#"SELECT n AS "n!" FROM draft
               WHERE changes = ?1 AND state IN ('editing', 'queued', 'sending', 'needs_attention')"#,
            appointment
        )
        .fetch_optional(&mut *connection)
        .await
        .in_studio()?;
        match n {
            Some(n) => Ok(Some(read_at(&mut connection, n).await?.draft)),
            None => Ok(None),
        }
    }

    /// Which live draft changes which appointment.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn all_changing(&self) -> Result<HashMap<AppointmentId, Holder>> {
        sqlx::query!(
            r#"SELECT changes AS "appointment!", id AS "id!", state AS "state!" FROM draft
               WHERE changes IS NOT NULL AND state IN ('editing', 'queued', 'sending', 'needs_attention')"#
        )
        .fetch_all(&self.studio.readers)
        .await
        .in_studio()?
        .into_iter()
        .map(|row| {
            let holder = holder(&row.id, &row.state)?;
            Ok((code(&row.appointment)?, holder))
        })
        .collect()
    }

    /// How many drafts are live, and how many of these need attention.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn counts(&self) -> Result<(u32, u32)> {
        let row = sqlx::query!(
            r#"SELECT count(*) AS "live!: i64", coalesce(sum(state = 'needs_attention'), 0) AS "attention!: i64"
               FROM draft WHERE state IN ('editing', 'queued', 'sending', 'needs_attention')"#
        )
        .fetch_one(&self.studio.readers)
        .await
        .in_studio()?;
        Ok((small(row.live)?, small(row.attention)?))
    }
}

pub(crate) async fn read(connection: &mut SqliteConnection, id: DraftId) -> Result<Numbered> {
    let id = id.to_string();
    let n = sqlx::query_scalar!(r#"SELECT n AS "n!" FROM draft WHERE id = ?1"#, id)
        .fetch_optional(&mut *connection)
        .await
        .in_studio()?
        .ok_or(CacheError::UnknownDraft)?;
    read_at(connection, n).await
}

pub(crate) async fn read_at(connection: &mut SqliteConnection, n: i64) -> Result<Numbered> {
    let row = sqlx::query!("SELECT * FROM draft WHERE n = ?1", n)
        .fetch_one(&mut *connection)
        .await
        .in_studio()?;
    let tickets = sqlx::query!(
        "SELECT ticket, judgement, read FROM draft_ticket WHERE draft = ?1 ORDER BY place",
        n
    )
    .fetch_all(&mut *connection)
    .await
    .in_studio()?
    .into_iter()
    .map(|row| {
        Ok(BookedTicket {
            code: code(&row.ticket)?,
            judgement: row.judgement.as_deref().map(json).transpose()?,
            read: row.read.map(small).transpose()?,
        })
    })
    .collect::<Result<_>>()?;
    let attachments = sqlx::query!(
        "SELECT hash, name, kind, bytes FROM draft_attachment WHERE draft = ?1 ORDER BY place",
        n
    )
    .fetch_all(&mut *connection)
    .await
    .in_studio()?
    .into_iter()
    .map(|row| {
        Ok(Attachment {
            hash: code::<ContentHash>(&row.hash)?,
            name: FileName::sanitised(&row.name),
            kind: json(&row.kind)?,
            bytes: small(row.bytes)?,
        })
    })
    .collect::<Result<_>>()?;
    let state = match DraftPhase::of_word(&row.state).ok_or(DAMAGED)? {
        DraftPhase::Editing => DraftState::Editing,
        DraftPhase::Queued => DraftState::Queued {
            not_before: row.not_before.map(from_micros).transpose()?,
        },
        DraftPhase::Sending => DraftState::Sending,
        DraftPhase::Booked => DraftState::Booked {
            appointment: code(row.appointment.as_deref().ok_or(DAMAGED)?)?,
        },
        DraftPhase::NeedsAttention => DraftState::NeedsAttention {
            why: json(row.attention.as_deref().ok_or(DAMAGED)?)?,
        },
        DraftPhase::Discarded => DraftState::Discarded,
    };
    Ok(Numbered {
        n,
        attempts: row.attempts,
        draft: Draft {
            id: code(&row.id)?,
            revision: small(row.revision)?,
            state,
            aim: match (row.changes, row.seen) {
                (None, _) => Aim::Book,
                (Some(appointment), Some(seen)) => Aim::Change {
                    appointment: code(&appointment)?,
                    seen: json(&seen)?,
                },
                (Some(_), None) => return Err(DAMAGED),
            },
            company: code(&row.company)?,
            point: code(&row.point)?,
            tickets,
            wishes: json(&row.wishes)?,
            waits: row.waits != 0,
            content: Content {
                notes: row.notes,
                contact: Contact {
                    phone: row.phone,
                    email: row.email,
                },
                attachments,
            },
            decision: row.decision.as_deref().map(code).transpose()?,
            created_at: from_micros(row.created_at)?,
            changed_at: from_micros(row.changed_at)?,
        },
    })
}

fn holder(draft: &str, state: &str) -> Result<Holder> {
    Ok(Holder {
        draft: code(draft)?,
        phase: DraftPhase::of_word(state).ok_or(DAMAGED)?,
    })
}
