//! Whether what was pulled can be read. Pages that SQLite finds sound may hold bytes that nobody wrote.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::ticket::Ticket;

use crate::drafts::json;
use crate::error::{CacheError, File, In, Result};

use super::{Pulled, TicketRow};

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

/// Tickets that are read at one time.
const WINDOW: usize = 500;

impl Pulled {
    /// Reads everything once, as whoever shows it does. It takes as long as there is much of it.
    ///
    /// # Errors
    /// Those of the file, but for damage.
    pub(crate) async fn is_readable(&self) -> Result<bool> {
        match self.try_read_all().await {
            Ok(()) => Ok(true),
            Err(CacheError::Damaged { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn try_read_all(&self) -> Result<()> {
        self.cursor().await?;
        self.epoch().await?;
        self.read_at().await?;
        self.welcome().await?;
        self.topics_in_use().await?;
        self.companies("", DateTime::<Utc>::UNIX_EPOCH).await?;
        self.deposits().await?;
        self.try_read_appointments().await?;
        self.unread().await?;
        let columns = self.columns_now().await?;
        let ids: Vec<u32> = columns.places().map(|place| columns.id(place)).collect();
        for window in ids.chunks(WINDOW) {
            self.try_read_tickets(window).await?;
        }
        Ok(())
    }

    /// Each is found under its own identity.
    async fn try_read_appointments(&self) -> Result<()> {
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT id, body FROM appointment")
            .fetch_all(&self.db.readers)
            .await
            .in_cache()?;
        for (id, body) in rows {
            if json::<Appointment>(&body).map_err(|_| DAMAGED)?.id.to_string() != id {
                return Err(DAMAGED);
            }
        }
        Ok(())
    }

    async fn try_read_tickets(&self, ids: &[u32]) -> Result<()> {
        let rows = self.tickets_at(ids).await?;
        let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else {
            return Ok(());
        };
        let bodies: Vec<(u32, String)> = sqlx::query_as("SELECT id, body FROM ticket_body WHERE id BETWEEN ?1 AND ?2")
            .bind(first)
            .bind(last)
            .fetch_all(&self.db.readers)
            .await
            .in_cache()?;
        let mut codes = HashMap::with_capacity(bodies.len());
        for (id, body) in bodies {
            codes.insert(id, json::<Ticket>(&body).map_err(|_| DAMAGED)?.code);
        }
        // Each has its company and its topic, or it would not be among the rows, and its own conversation.
        let own = |row: &TicketRow| codes.get(&row.rowid) == Some(&row.code);
        if rows.len() == ids.len() && rows.iter().all(own) {
            Ok(())
        } else {
            Err(DAMAGED)
        }
    }
}
