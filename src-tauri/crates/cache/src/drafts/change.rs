//! What the person does to a draft while writing it.

use chrono::{DateTime, Utc};
use domain::attachment::Attachment;
use domain::code::{ContentHash, DraftId, TicketCode};
use domain::studio_change::Seen;
use domain::wish::Wish;
use serde::Serialize;
use sqlx::SqliteConnection;

use super::read::{Numbered, code, read, small};
use super::{Aim, Draft, DraftChange, DraftPhase, Drafts, Judged, NewDraft};
use crate::error::{CacheError, In, Result};
use crate::instant::micros;
use crate::{outbox, portal};

pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(CacheError::bug)
}

impl Drafts {
    /// Begins a draft. With `judged`, the judgement on the reply that makes its ticket bookable (R3) is decided in the
    /// same transaction: both are there, or neither.
    ///
    /// # Errors
    /// [`CacheError::TicketInDraft`] for a ticket that stands in a live draft; [`CacheError::ChangeInDraft`] for an
    /// appointment that another changes.
    pub async fn prepare(&self, new: NewDraft, judged: Option<Judged>, now: DateTime<Utc>) -> Result<Draft> {
        let mut tx = self.studio.write().await?;
        let (id, company, point) = (new.id.to_string(), new.company.as_str(), new.point.as_str());
        let contact = &new.content.contact;
        let at = micros(now);
        let (changes, seen) = match &new.aim {
            Aim::Book => (None, None),
            Aim::Change { appointment, seen } => (Some(appointment.to_string()), Some(to_json(seen)?)),
        };
        let inserted = sqlx::query!(
            "INSERT INTO draft (id, revision, state, company, point, wishes, notes, phone, email, created_at, changed_at,
                 changes, seen)
             VALUES (?1, 1, 'editing', ?2, ?3, '[]', ?4, ?5, ?6, ?7, ?7, ?8, ?9)",
            id,
            company,
            point,
            new.content.notes,
            contact.phone,
            contact.email,
            at,
            changes,
            seen
        )
        .execute(&mut *tx)
        .await;
        let n = changed_elsewhere(&mut tx, inserted, &new.aim)
            .await?
            .last_insert_rowid();
        // The tickets of an appointment that is changed stand in it, and are kept from nobody here (R5 does that).
        let live = new.aim == Aim::Book;
        for (place, ticket) in (0_i64..).zip(&new.tickets) {
            let code = ticket.code.as_str();
            let judgement = ticket.judgement.as_ref().map(to_json).transpose()?;
            let inserted = sqlx::query!(
                "INSERT INTO draft_ticket (draft, place, ticket, judgement, live) VALUES (?1, ?2, ?3, ?4, ?5)",
                n,
                place,
                code,
                judgement,
                live
            )
            .execute(&mut *tx)
            .await;
            held_elsewhere(&mut tx, inserted, &ticket.code).await?;
        }
        for (place, attachment) in (0_i64..).zip(&new.content.attachments) {
            insert_attachment(&mut tx, n, place, attachment).await?;
        }
        if let Some(judged) = &judged {
            let ticket = judged.ticket.as_str();
            if portal::of_the_portal(&mut tx, std::iter::once(ticket))
                .await?
                .is_empty()
            {
                outbox::insert_assess(&mut tx, judged, now).await?;
            } else {
                portal::put_judgement(&mut tx, &judged.ticket, &judged.judgement).await?;
            }
        }
        let draft = read(&mut tx, new.id).await?.draft;
        tx.commit().await.in_studio()?;
        if judged.is_some() {
            self.pulled.overlay_from(&self.studio).await;
        }
        Ok(draft)
    }

    /// Writes down what the person changed.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`]; [`CacheError::Locked`] unless it is editing; [`CacheError::Stale`] when `revision` is
    /// not its own any more.
    pub async fn save(&self, id: DraftId, revision: u32, change: DraftChange, now: DateTime<Utc>) -> Result<Draft> {
        let mut tx = self.studio.write().await?;
        let Numbered { n, draft, .. } = editing(&mut tx, id).await?;
        fresh(&draft, revision)?;
        let wishes = to_json(change.wishes.as_ref().unwrap_or(&draft.wishes))?;
        let at = micros(now);
        sqlx::query!(
            "UPDATE draft SET wishes = ?3, notes = coalesce(?4, notes), phone = coalesce(?5, phone),
                 email = coalesce(?6, email), waits = coalesce(?8, waits), revision = revision + 1, changed_at = ?7
             WHERE n = ?1 AND revision = ?2 AND state = 'editing'",
            n,
            revision,
            wishes,
            change.notes,
            change.phone,
            change.email,
            at,
            change.waits
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        let draft = read(&mut tx, id).await?.draft;
        tx.commit().await.in_studio()?;
        Ok(draft)
    }

    /// The appointment that a draft changes stands as `now` says meanwhile: what the person left as it was follows. Does
    /// nothing to a draft that is not being written.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`].
    pub async fn follow(&self, id: DraftId, now: &Seen) -> Result<Draft> {
        let mut tx = self.studio.write().await?;
        let Numbered { n, draft, .. } = read(&mut tx, id).await?;
        let Aim::Change { seen, .. } = &draft.aim else {
            return Ok(draft);
        };
        if draft.state.phase() != DraftPhase::Editing || seen == now {
            return Ok(draft);
        }
        let merged = seen.merged(&draft.content, &now.content);
        let (point, seen) = (now.slot.point.as_str(), to_json(now)?);
        // Where it is already, it need not be moved to.
        let exact = |wish: &&Wish| !matches!(wish, Wish::Slot { .. } if wish.accepts(&now.slot));
        let wishes = to_json(&draft.wishes.iter().filter(exact).collect::<Vec<_>>())?;
        sqlx::query!(
            "UPDATE draft SET notes = ?2, phone = ?3, email = ?4, point = ?5, seen = ?6, wishes = ?7,
                 revision = revision + 1
             WHERE n = ?1 AND state = 'editing'",
            n,
            merged.notes,
            merged.contact.phone,
            merged.contact.email,
            point,
            seen,
            wishes
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        if merged.attachments != draft.content.attachments {
            sqlx::query!("DELETE FROM draft_attachment WHERE draft = ?1", n)
                .execute(&mut *tx)
                .await
                .in_studio()?;
            for (place, attachment) in (0_i64..).zip(&merged.attachments) {
                insert_attachment(&mut tx, n, place, attachment).await?;
            }
        }
        let draft = read(&mut tx, id).await?.draft;
        tx.commit().await.in_studio()?;
        Ok(draft)
    }

    /// Adds a file that [`crate::files::Files`] took. `files_max` is the limit in force (R10).
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Locked`], [`CacheError::AlreadyAttached`],
    /// [`CacheError::TooManyFiles`].
    pub async fn attach(
        &self,
        id: DraftId,
        attachment: &Attachment,
        files_max: u32,
        now: DateTime<Utc>,
    ) -> Result<Draft> {
        let mut tx = self.studio.write().await?;
        let Numbered { n, draft, .. } = editing(&mut tx, id).await?;
        let there = &draft.content.attachments;
        if there.iter().any(|known| known.hash == attachment.hash) {
            return Err(CacheError::AlreadyAttached);
        }
        if there.len() >= usize::try_from(files_max).unwrap_or(usize::MAX) {
            return Err(CacheError::TooManyFiles { max: files_max });
        }
        let place = sqlx::query_scalar!(
            r#"SELECT coalesce(max(place) + 1, 0) AS "place!: i64" FROM draft_attachment WHERE draft = ?1"#,
            n
        )
        .fetch_one(&mut *tx)
        .await
        .in_studio()?;
        insert_attachment(&mut tx, n, place, attachment).await?;
        touch(&mut tx, n, now).await?;
        let draft = read(&mut tx, id).await?.draft;
        tx.commit().await.in_studio()?;
        Ok(draft)
    }

    /// Takes a file out of the draft; its content goes with the next collection.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Locked`], [`CacheError::UnknownAttachment`].
    pub async fn detach(&self, id: DraftId, hash: ContentHash, now: DateTime<Utc>) -> Result<Draft> {
        let mut tx = self.studio.write().await?;
        let Numbered { n, .. } = editing(&mut tx, id).await?;
        let hash = hash.to_string();
        let gone = sqlx::query!("DELETE FROM draft_attachment WHERE draft = ?1 AND hash = ?2", n, hash)
            .execute(&mut *tx)
            .await
            .in_studio()?;
        if gone.rows_affected() == 0 {
            return Err(CacheError::UnknownAttachment);
        }
        touch(&mut tx, n, now).await?;
        let draft = read(&mut tx, id).await?.draft;
        tx.commit().await.in_studio()?;
        Ok(draft)
    }
}

/// Refuses a revision that is not the draft's own any more.
pub(crate) fn fresh(draft: &Draft, revision: u32) -> Result<()> {
    if draft.revision == revision {
        Ok(())
    } else {
        Err(CacheError::Stale {
            revision: draft.revision,
        })
    }
}

async fn editing(tx: &mut SqliteConnection, id: DraftId) -> Result<Numbered> {
    let numbered = read(tx, id).await?;
    match numbered.draft.state.phase() {
        DraftPhase::Editing => Ok(numbered),
        phase @ (DraftPhase::Queued
        | DraftPhase::Sending
        | DraftPhase::Booked
        | DraftPhase::NeedsAttention
        | DraftPhase::Discarded) => Err(CacheError::Locked { phase }),
    }
}

async fn touch(tx: &mut SqliteConnection, n: i64, now: DateTime<Utc>) -> Result<()> {
    let at = micros(now);
    sqlx::query!(
        "UPDATE draft SET revision = revision + 1, changed_at = ?2 WHERE n = ?1",
        n,
        at
    )
    .execute(tx)
    .await
    .in_studio()?;
    Ok(())
}

pub(crate) async fn insert_attachment(
    tx: &mut SqliteConnection,
    n: i64,
    place: i64,
    attachment: &Attachment,
) -> Result<()> {
    let (hash, name, kind) = (
        attachment.hash.to_string(),
        attachment.name.as_str(),
        to_json(&attachment.kind)?,
    );
    let bytes: i64 = i64::try_from(attachment.bytes).map_err(CacheError::bug)?;
    sqlx::query!(
        "INSERT INTO draft_attachment (draft, hash, place, name, kind, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        n,
        hash,
        place,
        name,
        kind,
        bytes
    )
    .execute(tx)
    .await
    .in_studio()?;
    Ok(())
}

/// Reads a broken `draft_changes_once` as what it means.
pub(super) async fn changed_elsewhere<T>(
    tx: &mut SqliteConnection,
    written: Result<T, sqlx::Error>,
    aim: &Aim,
) -> Result<T> {
    match (written, aim) {
        (Err(sqlx::Error::Database(error)), Aim::Change { appointment, .. }) if error.is_unique_violation() => {
            let text = appointment.to_string();
            let holder = sqlx::query_scalar!(
                r#"SELECT id AS "id!" FROM draft
                   WHERE changes = ?1 AND state IN ('editing', 'queued', 'sending', 'needs_attention')"#,
                text
            )
            .fetch_one(tx)
            .await
            .in_studio()?;
            Err(CacheError::ChangeInDraft { draft: code(&holder)? })
        }
        (other, _) => other.in_studio(),
    }
}

/// Reads a broken `draft_ticket_live` as what it means.
pub(crate) async fn held_elsewhere<T>(
    tx: &mut SqliteConnection,
    written: Result<T, sqlx::Error>,
    ticket: &TicketCode,
) -> Result<T> {
    match written {
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
            let text = ticket.as_str();
            let holder = sqlx::query_scalar!(
                r#"SELECT d.id AS "id!" FROM draft_ticket t JOIN draft d ON d.n = t.draft
                   WHERE t.ticket = ?1 AND t.live = 1"#,
                text
            )
            .fetch_one(tx)
            .await
            .in_studio()?;
            Err(CacheError::TicketInDraft {
                ticket: ticket.clone(),
                draft: code(&holder)?,
            })
        }
        other => other.in_studio(),
    }
}

/// The number of the next attempt of a draft that has made `attempts`.
pub(crate) fn next_attempt(attempts: i64) -> Result<u32> {
    small(attempts + 1)
}
