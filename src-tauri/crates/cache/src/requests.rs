//! Requests to the sede that the studio is writing (S2). They live in `studio.db`.
//!
//! `editing` → `queued` → `sending` → `opened` | `needs attention`; `discarded` from any state before `sending`. Every change
//! of state names the state that it comes from, and does nothing to a request that is in another one.

use chrono::{DateTime, Utc};
use domain::attachment::Attachment;
use domain::code::{ContentHash, DecisionId, DraftId, Matricola, TicketCode, TopicCode};
use domain::contact_request::ContactRequest;
use domain::content::{Contact, Content};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use store::{Attempt, OpenRefusal};

use crate::db::Database;
use crate::drafts::{code, json, next_attempt, small, to_json};
use crate::error::{CacheError, File, In, Result};
use crate::instant::{from_micros, micros};
use crate::outbox::{self, OutboxRow, Work};

const DAMAGED: CacheError = CacheError::Damaged { file: File::Studio };

/// The requests that the studio is writing.
#[derive(Debug, Clone)]
pub struct Requests {
    pub(crate) studio: Database,
}

/// A request that is being written, or what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestDraft {
    /// Its identity.
    pub id: DraftId,
    /// Grows with each change of what the person wrote.
    pub revision: u32,
    /// Where it stands.
    pub state: RequestState,
    /// The position, once it was chosen.
    pub position: Option<Matricola>,
    /// The topic, once it was chosen.
    pub topic: Option<TopicCode>,
    /// The text (as notes), whom to reach, the files.
    pub content: Content,
    /// The decision to send it, once it was made: the same however often it is sent.
    pub decision: Option<DecisionId>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last changed, by the person or by what became of it.
    pub changed_at: DateTime<Utc>,
}

impl RequestDraft {
    /// What the store is asked for; nothing while position or topic are not chosen.
    pub fn request(&self) -> Option<ContactRequest> {
        Some(ContactRequest {
            position: self.position.clone()?,
            topic: self.topic.clone()?,
            content: self.content.clone(),
        })
    }
}

/// The life of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestState {
    /// The person is writing it.
    Editing,
    /// It waits for the network.
    Queued,
    /// On its way; nobody knows yet what the store said.
    Sending,
    /// It became a ticket.
    Opened {
        /// Which.
        ticket: TicketCode,
    },
    /// Somebody must decide.
    NeedsAttention {
        /// Why.
        why: RequestAttention,
    },
    /// Thrown away.
    Discarded,
}

impl RequestState {
    /// Whether somebody still has to do with it.
    pub const fn is_live(&self) -> bool {
        !matches!(self, Self::Opened { .. } | Self::Discarded)
    }
}

/// Why a request needs somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RequestAttention {
    /// The store refused it.
    Refused {
        /// Why.
        why: OpenRefusal,
    },
    /// The store does not take a file as large as this one.
    FileTooLarge {
        /// Its name.
        name: String,
    },
    /// The copy of a file on this computer is gone or damaged.
    AttachmentLost {
        /// Its name.
        name: String,
    },
    /// The store keeps no more files of this studio's.
    NoRoomForFiles,
    /// The store failed at it.
    StoreFailed,
    /// The store is of an older version, which takes no requests.
    Unsupported,
}

/// What the person changed; what is not set stays. An empty choice takes it back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestChange {
    /// The position.
    pub position: Option<Option<Matricola>>,
    /// The topic.
    pub topic: Option<Option<TopicCode>>,
    /// The text.
    pub text: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

impl Requests {
    /// Begins a request.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn begin(
        &self,
        id: DraftId,
        position: Option<&Matricola>,
        contact: Contact,
        now: DateTime<Utc>,
    ) -> Result<RequestDraft> {
        let content = to_json(&Content {
            contact,
            ..Content::default()
        })?;
        let (text, position, at) = (id.to_string(), position.map(Matricola::as_str), micros(now));
        let mut tx = self.studio.write().await?;
        sqlx::query!(
            "INSERT INTO request_draft (id, revision, state, position, content, created_at, changed_at)
             VALUES (?1, 1, 'editing', ?2, ?3, ?4, ?4)",
            text,
            position,
            content,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        let begun = read(&mut tx, id).await?.request;
        tx.commit().await.in_studio()?;
        Ok(begun)
    }

    /// One request.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`].
    pub async fn get(&self, id: DraftId) -> Result<RequestDraft> {
        let mut connection = self.studio.readers.acquire().await.in_studio()?;
        Ok(read(&mut connection, id).await?.request)
    }

    /// The live ones, and those that came to an end since `since`; the last changed first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn list(&self, since: DateTime<Utc>) -> Result<Vec<RequestDraft>> {
        let since = micros(since);
        let mut connection = self.studio.readers.acquire().await.in_studio()?;
        let ids = sqlx::query_scalar!(
            r#"SELECT id AS "id!" FROM request_draft
               WHERE state IN ('editing', 'queued', 'sending', 'needs_attention') OR changed_at >= ?1
               ORDER BY changed_at DESC, n DESC"#,
            since
        )
        .fetch_all(&mut *connection)
        .await
        .in_studio()?;
        let mut requests = Vec::with_capacity(ids.len());
        for id in ids {
            requests.push(read(&mut connection, code(&id)?).await?.request);
        }
        Ok(requests)
    }

    /// How many are live, and how many of these need attention.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn counts(&self) -> Result<(u32, u32)> {
        let row = sqlx::query!(
            r#"SELECT count(*) AS "live!: i64", coalesce(sum(state = 'needs_attention'), 0) AS "attention!: i64"
               FROM request_draft WHERE state IN ('editing', 'queued', 'sending', 'needs_attention')"#
        )
        .fetch_one(&self.studio.readers)
        .await
        .in_studio()?;
        Ok((small(row.live)?, small(row.attention)?))
    }

    /// Keeps what the person changed.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Stale`], [`CacheError::Moved`] unless it is editing.
    pub async fn save(
        &self,
        id: DraftId,
        revision: u32,
        change: RequestChange,
        now: DateTime<Utc>,
    ) -> Result<RequestDraft> {
        let mut tx = self.studio.write().await?;
        let Numbered { mut request, .. } = read(&mut tx, id).await?;
        if request.revision != revision {
            return Err(CacheError::Stale {
                revision: request.revision,
            });
        }
        let (content, contact) = (&mut request.content, change);
        if let Some(text) = contact.text {
            content.notes = text;
        }
        if let Some(phone) = contact.phone {
            content.contact.phone = phone;
        }
        if let Some(email) = contact.email {
            content.contact.email = email;
        }
        request.position = contact.position.unwrap_or(request.position);
        request.topic = contact.topic.unwrap_or(request.topic);
        self.put(tx, &request, now).await
    }

    /// Adds a file that [`crate::files::Files`] took. `files_max` is the limit in force (R10).
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Moved`], [`CacheError::AlreadyAttached`], [`CacheError::TooManyFiles`].
    pub async fn attach(
        &self,
        id: DraftId,
        file: &Attachment,
        files_max: u32,
        now: DateTime<Utc>,
    ) -> Result<RequestDraft> {
        let mut tx = self.studio.write().await?;
        let Numbered { mut request, .. } = read(&mut tx, id).await?;
        let there = &mut request.content.attachments;
        if there.iter().any(|known| known.hash == file.hash) {
            return Err(CacheError::AlreadyAttached);
        }
        if there.len() >= usize::try_from(files_max).unwrap_or(usize::MAX) {
            return Err(CacheError::TooManyFiles { max: files_max });
        }
        there.push(file.clone());
        self.put(tx, &request, now).await
    }

    /// Takes a file off; its content goes with the next collection.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Moved`], [`CacheError::UnknownAttachment`].
    pub async fn detach(&self, id: DraftId, hash: ContentHash, now: DateTime<Utc>) -> Result<RequestDraft> {
        let mut tx = self.studio.write().await?;
        let Numbered { mut request, .. } = read(&mut tx, id).await?;
        let there = &mut request.content.attachments;
        let before = there.len();
        there.retain(|file| file.hash != hash);
        if there.len() == before {
            return Err(CacheError::UnknownAttachment);
        }
        self.put(tx, &request, now).await
    }

    /// Writes down a request that is still being written, with the next revision.
    async fn put(
        &self,
        mut tx: sqlx::Transaction<'static, sqlx::Sqlite>,
        request: &RequestDraft,
        now: DateTime<Utc>,
    ) -> Result<RequestDraft> {
        let (id, content, at) = (request.id.to_string(), to_json(&request.content)?, micros(now));
        let position = request.position.as_ref().map(Matricola::as_str);
        let topic = request.topic.as_ref().map(TopicCode::as_str);
        let moved = sqlx::query!(
            "UPDATE request_draft SET position = ?3, topic = ?4, content = ?5, revision = revision + 1, changed_at = ?6
             WHERE id = ?1 AND revision = ?2 AND state = 'editing'",
            id,
            request.revision,
            position,
            topic,
            content,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        moved_once(moved.rows_affected())?;
        let kept = read(&mut tx, request.id).await?.request;
        tx.commit().await.in_studio()?;
        Ok(kept)
    }

    /// *Invia*: editing, or needs attention as it is, → queued, and the outbox row, in one transaction. `decision` is kept
    /// unless it was sent before: one request is one decision, and opens one ticket at most.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Stale`], [`CacheError::Moved`] in any other state.
    pub async fn send(
        &self,
        id: DraftId,
        revision: u32,
        decision: DecisionId,
        now: DateTime<Utc>,
    ) -> Result<RequestDraft> {
        let mut tx = self.studio.write().await?;
        let Numbered { request, attempts } = read(&mut tx, id).await?;
        if request.revision != revision {
            return Err(CacheError::Stale {
                revision: request.revision,
            });
        }
        let attempt = Attempt {
            decision: request.decision.unwrap_or(decision),
            number: next_attempt(attempts)?,
        };
        let (text, decided, at) = (id.to_string(), attempt.decision.to_string(), micros(now));
        let moved = sqlx::query!(
            "UPDATE request_draft SET state = 'queued', decision = ?2, attempts = ?3, attention = NULL, changed_at = ?4
             WHERE id = ?1 AND state IN ('editing', 'needs_attention')",
            text,
            decided,
            attempt.number,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        moved_once(moved.rows_affected())?;
        let subjects = [format!("request:{id}")];
        outbox::insert(
            &mut tx,
            attempt,
            &Work::OpenTicket { request: id },
            &subjects,
            None,
            now,
        )
        .await?;
        let queued = read(&mut tx, id).await?.request;
        tx.commit().await.in_studio()?;
        Ok(queued)
    }

    /// Queued or needs attention → editing; its outbox row is recalled. Where an earlier try reached the store all the same,
    /// the next one brings the ticket that was opened: a decision has one.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Moved`] in any other state.
    pub async fn recall(&self, id: DraftId, now: DateTime<Utc>) -> Result<RequestDraft> {
        let mut tx = self.studio.write().await?;
        let (text, at) = (id.to_string(), micros(now));
        read(&mut tx, id).await?;
        let moved = sqlx::query!(
            "UPDATE request_draft SET state = 'editing', attention = NULL, revision = revision + 1, changed_at = ?2
             WHERE id = ?1 AND state IN ('queued', 'needs_attention')",
            text,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        moved_once(moved.rows_affected())?;
        recall_row(&mut tx, &text).await?;
        let recalled = read(&mut tx, id).await?.request;
        tx.commit().await.in_studio()?;
        Ok(recalled)
    }

    /// Throws it away, from any state before sending.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Moved`] from `sending` on.
    pub async fn discard(&self, id: DraftId, now: DateTime<Utc>) -> Result<RequestDraft> {
        let mut tx = self.studio.write().await?;
        let (text, at) = (id.to_string(), micros(now));
        read(&mut tx, id).await?;
        let moved = sqlx::query!(
            "UPDATE request_draft SET state = 'discarded', revision = revision + 1, changed_at = ?2
             WHERE id = ?1 AND state IN ('editing', 'queued', 'needs_attention')",
            text,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        moved_once(moved.rows_affected())?;
        recall_row(&mut tx, &text).await?;
        let discarded = read(&mut tx, id).await?.request;
        tx.commit().await.in_studio()?;
        Ok(discarded)
    }

    /// Takes a discarded one back: to needing attention where it did, else to editing.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Moved`] unless it is discarded.
    pub async fn restore(&self, id: DraftId, now: DateTime<Utc>) -> Result<RequestDraft> {
        let mut tx = self.studio.write().await?;
        let (text, at) = (id.to_string(), micros(now));
        read(&mut tx, id).await?;
        let moved = sqlx::query!(
            "UPDATE request_draft SET state = iif(attention IS NULL, 'editing', 'needs_attention'),
                 revision = revision + 1, changed_at = ?2
             WHERE id = ?1 AND state = 'discarded'",
            text,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        moved_once(moved.rows_affected())?;
        let restored = read(&mut tx, id).await?.request;
        tx.commit().await.in_studio()?;
        Ok(restored)
    }
}

/// The newest row of a request's, and where its request stands, move together: waiting ↔ queued, sending ↔ sending.
pub(crate) async fn follow(tx: &mut SqliteConnection, id: DraftId, sending: bool, now: DateTime<Utc>) -> Result<bool> {
    let (id, at) = (id.to_string(), micros(now));
    let moved = if sending {
        sqlx::query!(
            "UPDATE request_draft SET state = 'sending', changed_at = ?2 WHERE id = ?1 AND state IN ('queued', 'sending')",
            id,
            at
        )
    } else {
        sqlx::query!(
            "UPDATE request_draft SET state = 'queued', changed_at = ?2 WHERE id = ?1 AND state = 'sending'",
            id,
            at
        )
    };
    let moved = moved.execute(tx).await.in_studio()?;
    Ok(moved.rows_affected() > 0)
}

/// Sending → opened.
pub(crate) async fn opened(
    tx: &mut SqliteConnection,
    id: DraftId,
    ticket: &TicketCode,
    now: DateTime<Utc>,
) -> Result<()> {
    let (id, ticket, at) = (id.to_string(), ticket.as_str(), micros(now));
    let moved = sqlx::query!(
        "UPDATE request_draft SET state = 'opened', ticket = ?2, attention = NULL, changed_at = ?3
         WHERE id = ?1 AND state = 'sending'",
        id,
        ticket,
        at
    )
    .execute(tx)
    .await
    .in_studio()?;
    moved_once(moved.rows_affected())
}

/// Sending → needs attention.
pub(crate) async fn refused(
    tx: &mut SqliteConnection,
    id: DraftId,
    why: &RequestAttention,
    now: DateTime<Utc>,
) -> Result<()> {
    let (id, why, at) = (id.to_string(), to_json(why)?, micros(now));
    let moved = sqlx::query!(
        "UPDATE request_draft SET state = 'needs_attention', attention = ?2, changed_at = ?3
         WHERE id = ?1 AND state = 'sending'",
        id,
        why,
        at
    )
    .execute(tx)
    .await
    .in_studio()?;
    moved_once(moved.rows_affected())
}

/// The newest row of a request.
///
/// # Errors
/// Those of the file.
pub(crate) async fn row_of(connection: &mut SqliteConnection, id: DraftId) -> Result<Option<OutboxRow>> {
    let id = id.to_string();
    let newest = sqlx::query_scalar!(
        r#"SELECT id AS "id!" FROM outbox WHERE kind = 'open_ticket' AND about = ?1 ORDER BY id DESC LIMIT 1"#,
        id
    )
    .fetch_optional(&mut *connection)
    .await
    .in_studio()?;
    match newest {
        Some(row) => outbox::read(connection, row).await,
        None => Ok(None),
    }
}

async fn recall_row(tx: &mut SqliteConnection, id: &str) -> Result<()> {
    sqlx::query!(
        "UPDATE outbox SET state = 'recalled', next_attempt = NULL
         WHERE kind = 'open_ticket' AND about = ?1 AND state = 'waiting'",
        id
    )
    .execute(tx)
    .await
    .in_studio()?;
    Ok(())
}

const fn moved_once(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(CacheError::Moved) }
}

struct Numbered {
    attempts: i64,
    request: RequestDraft,
}

async fn read(connection: &mut SqliteConnection, id: DraftId) -> Result<Numbered> {
    let text = id.to_string();
    let row = sqlx::query!("SELECT * FROM request_draft WHERE id = ?1", text)
        .fetch_optional(connection)
        .await
        .in_studio()?
        .ok_or(CacheError::UnknownDraft)?;
    let state = match row.state.as_str() {
        "editing" => RequestState::Editing,
        "queued" => RequestState::Queued,
        "sending" => RequestState::Sending,
        "opened" => RequestState::Opened {
            ticket: code(row.ticket.as_deref().ok_or(DAMAGED)?)?,
        },
        "needs_attention" => RequestState::NeedsAttention {
            why: json(row.attention.as_deref().ok_or(DAMAGED)?)?,
        },
        "discarded" => RequestState::Discarded,
        _ => return Err(DAMAGED),
    };
    Ok(Numbered {
        attempts: row.attempts,
        request: RequestDraft {
            id,
            revision: small(row.revision)?,
            state,
            position: row.position.as_deref().map(code).transpose()?,
            topic: row.topic.as_deref().map(code).transpose()?,
            content: json(&row.content)?,
            decision: row.decision.as_deref().map(code).transpose()?,
            created_at: from_micros(row.created_at)?,
            changed_at: from_micros(row.changed_at)?,
        },
    })
}
