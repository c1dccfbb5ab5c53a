//! Search: which words a ticket is found by, and which tickets some words find.

use domain::company::Company;
use domain::ticket::Ticket;
use domain::topic::Topic;
use sqlx::SqliteConnection;

use super::bits::Bits;
use super::numbers::ids;
use crate::error::{In, Result};
use crate::fold::{fold_into, fts_query};

/// The words of a ticket: code, position, company, topic, conversation and names of files, folded, each once.
pub(super) fn of(ticket: &Ticket, company: &Company, topic: &Topic) -> String {
    let mut text = String::with_capacity(1024);
    for part in [
        ticket.code.as_str(),
        ticket.position.as_str(),
        company.code.as_str(),
        &company.name,
        &topic.area,
        &topic.subject,
        &topic.detail,
    ] {
        fold_into(part, &mut text);
    }
    for message in &ticket.messages {
        fold_into(&message.text, &mut text);
        for file in &message.files {
            fold_into(file, &mut text);
        }
    }
    let mut words: Vec<&str> = text.split(' ').collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// What FTS5 is asked for a person's text; nothing where it has no words.
pub(super) fn query(text: &str) -> Option<String> {
    fts_query(text)
}

/// The ids that a query finds.
pub(super) async fn find(tx: &mut SqliteConnection, query: &str) -> Result<Bits> {
    let found = sqlx::query_scalar!(
        r#"SELECT group_concat(rowid) AS "ids?: String" FROM ticket_words WHERE ticket_words MATCH ?1"#,
        query
    )
    .fetch_one(tx)
    .await
    .in_cache()?;
    Ok(ids(&found.unwrap_or_default())?.into_iter().collect())
}
