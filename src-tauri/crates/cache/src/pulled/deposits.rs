//! Promise 4: what lies with the store, the studio's own and its colleagues'.

use std::collections::HashMap;

use domain::code::{DecisionId, TicketCode};
use domain::deposit::Deposit;
use sqlx::SqliteConnection;

use super::Pulled;
use crate::error::{CacheError, File, In, Result};

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

impl Pulled {
    /// All of them, in the order of their decisions.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn deposits(&self) -> Result<Vec<Deposit>> {
        sqlx::query_scalar!("SELECT body FROM deposit ORDER BY decision")
            .fetch_all(&self.db.readers)
            .await
            .in_cache()?
            .iter()
            .map(|body| serde_json::from_str(body).map_err(|_| DAMAGED))
            .collect()
    }

    /// What lies there of these tickets; of two of one ticket, the one that was decided first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn deposits_of(&self, tickets: &[TicketCode]) -> Result<HashMap<TicketCode, Deposit>> {
        let codes = serde_json::to_string(tickets).map_err(CacheError::bug)?;
        let mut found = HashMap::new();
        for row in sqlx::query!(
            r#"SELECT t.ticket AS "ticket!", d.body AS "body!"
               FROM json_each(?1) e CROSS JOIN deposit_ticket t ON t.ticket = e.value
                   CROSS JOIN deposit d ON d.decision = t.decision
               ORDER BY d.decision"#,
            codes
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        {
            let ticket = row.ticket.parse().map_err(|_| DAMAGED)?;
            let deposit = serde_json::from_str(&row.body).map_err(|_| DAMAGED)?;
            found.entry(ticket).or_insert(deposit);
        }
        Ok(found)
    }
}

pub(super) async fn put(tx: &mut SqliteConnection, deposit: &Deposit) -> Result<()> {
    let decision = deposit.decision.to_string();
    let body = serde_json::to_string(deposit).map_err(CacheError::bug)?;
    let tickets = serde_json::to_string(&deposit.tickets).map_err(CacheError::bug)?;
    gone(tx, deposit.decision).await?;
    sqlx::query!("INSERT INTO deposit (decision, body) VALUES (?1, ?2)", decision, body)
        .execute(&mut *tx)
        .await
        .in_cache()?;
    sqlx::query!(
        "INSERT INTO deposit_ticket (ticket, decision) SELECT DISTINCT value, ?1 FROM json_each(?2)",
        decision,
        tickets
    )
    .execute(tx)
    .await
    .in_cache()?;
    Ok(())
}

pub(super) async fn gone(tx: &mut SqliteConnection, decision: DecisionId) -> Result<()> {
    let decision = decision.to_string();
    sqlx::query!("DELETE FROM deposit WHERE decision = ?1", decision)
        .execute(&mut *tx)
        .await
        .in_cache()?;
    sqlx::query!("DELETE FROM deposit_ticket WHERE decision = ?1", decision)
        .execute(tx)
        .await
        .in_cache()?;
    Ok(())
}
