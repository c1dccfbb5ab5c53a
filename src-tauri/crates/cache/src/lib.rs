//! The studio's own two SQLite files.
//!
//! * `studio.db` holds what exists nowhere else: [`drafts`], [`requests`], the [`outbox`], judgements, what stands on the
//!   [`portal`], [`settings`], records of attachments. Full durability; a decision and its outbox row are one transaction; backed up daily and before a
//!   migration.
//! * `cache.db` holds what was [`pulled`] and what lists and search need of it. It can always be thrown away.
//!
//! Lists and search over what was pulled are answered from small columns in memory and blocks of ids, never from the rows of
//! all tickets: [`pulled`] says how.
//!
//! Attachments' contents stand beside them ([`files`]). No promise needs the two files to change together: where one says
//! something to the other, it is said again at the next opening.
//!
//! What this crate never does: ask the network, read a clock (the present is an argument), or know a rule of its own.
#![forbid(unsafe_code)]

mod backup;
mod db;
pub mod drafts;
mod error;
pub mod files;
pub mod fold;
mod instant;
mod open;
pub mod outbox;
pub mod portal;
pub mod pulled;
pub mod requests;
mod salvage;
pub mod settings;

use chrono::{DateTime, Utc};
use store::Page;

pub use error::{CacheError, File, Result};
pub use open::Repair;

use drafts::Drafts;
use error::In;
use files::Files;
use outbox::Outbox;
use portal::Portal;
use pulled::{Applied, Pulled, Touched};
use requests::Requests;
use settings::Settings;

/// The studio's two files and the contents of its attachments, open. Cloning it opens nothing anew.
#[derive(Debug, Clone)]
pub struct Cache {
    /// What was pulled (`cache.db`).
    pub pulled: Pulled,
    /// Drafts (`studio.db`).
    pub drafts: Drafts,
    /// Requests that are being written (`studio.db`).
    pub requests: Requests,
    /// What stands on the portal alone (`studio.db`).
    pub portal: Portal,
    /// Decisions on their way (`studio.db`).
    pub outbox: Outbox,
    /// Settings (`studio.db`).
    pub settings: Settings,
    /// Contents of attachments.
    pub files: Files,
}

impl Cache {
    /// Takes a page of the feed, in one transaction with its cursor. A page of another epoch than the last one's begins
    /// anew: what was pulled before is thrown away, `studio.db` is not touched. Drafts whose decision the page shows to be
    /// booked are booked; judgements that it tells back are the ticket's own from now on; a booking that does not lie with the
    /// store any more is asked for.
    ///
    /// # Errors
    /// Those of the files; then nothing of the page was taken, or all of it.
    pub async fn apply(&self, page: &Page, epoch: &str) -> Result<Touched> {
        let Applied {
            mut touched,
            booked,
            settled,
            deposits,
            taken_over,
            gone,
            another_life,
            lay_portal,
        } = self.pulled.apply(page, epoch).await?;
        if !booked.is_empty() {
            let found = self.drafts.found_booked(&booked, page.read_at).await?;
            touched.drafts |= !found.is_empty();
        }
        for (decision, deposit) in &deposits {
            self.outbox.lies(*decision, deposit.as_ref()).await?;
        }
        if touched.dossiers {
            self.pulled.lay_entries(&self.drafts.studio).await;
        }
        if another_life {
            portal::none_at_store(&self.drafts.studio).await?;
        }
        if lay_portal {
            portal::at_store(&self.drafts.studio, &taken_over, true).await?;
            portal::at_store(&self.drafts.studio, &gone, false).await?;
            self.pulled.lay_portal(&self.drafts.studio).await;
        }
        if !settled.is_empty() {
            let tickets = drafts::to_json(&settled)?;
            let mut tx = self.drafts.studio.write().await?;
            sqlx::query!(
                "DELETE FROM judgement WHERE told = 1 AND ticket IN (SELECT value FROM json_each(?1))",
                tickets
            )
            .execute(&mut *tx)
            .await
            .in_studio()?;
            tx.commit().await.in_studio()?;
        }
        Ok(touched)
    }

    /// Throws away all that was pulled, so that it is pulled again; `studio.db` is not touched, and what it holds of the
    /// portal is projected anew.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn reset(&self) -> Result<()> {
        self.pulled.reset().await?;
        portal::none_at_store(&self.drafts.studio).await?;
        self.pulled.lay_portal(&self.drafts.studio).await;
        Ok(())
    }

    /// Backs `studio.db` up unless that was done today already. To be called now and then by a program that stays open.
    ///
    /// # Errors
    /// Those of the file and of the disk.
    pub async fn back_up_daily(&self, now: DateTime<Utc>) -> Result<bool> {
        backup::daily(&self.drafts.studio, now).await
    }

    /// Reads `cache.db` whole for damage; a damaged one is rebuilt at the next opening. Takes a while for a large one: it
    /// is for the background, and for whoever met [`CacheError::Damaged`]. Returns whether it is sound.
    ///
    /// # Errors
    /// [`CacheError::Io`] when not even the mark can be left.
    pub async fn check_pulled(&self) -> Result<bool> {
        open::check_pulled(&self.pulled).await
    }

    /// Closes both files. Whatever was answered before is durable without it.
    pub async fn close(&self) {
        self.pulled.db.close().await;
        self.drafts.studio.close().await;
    }
}
