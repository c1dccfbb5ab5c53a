//! The index of the tickets' own words: for each word and each block of [`BLOCK`] ids, which of these tickets have it.
//!
//! A word of up to three letters stands for all words that begin so, since these are many; to find a longer one by its
//! beginning is to read the few words that begin so. A block says its tickets by one bit each, or where they are few by
//! their two-byte numbers: the price of a word does not grow beyond 512 bytes a block, however many tickets have it.
//!
//! Why not FTS5: it answers with a row for each ticket, so that a word that most tickets have, of which a conversation is
//! full, costs some 200,000 rows at 200,000 tickets; here it is 49 blocks.
//!
//! Tickets stand here up to the id that `feed.indexed` says. A first pull enters them by whole blocks, which writes nothing
//! twice; those that a pull left behind when it was cut off are read one by one until the next one ends, or until the
//! program starts again.

use std::collections::{BTreeMap, HashMap};

use domain::ticket::Ticket;
use sqlx::SqliteConnection;

use super::bits::Bits;
use super::block::{BITS, BLOCK, Numbers, listed, place};
use super::numbers::small;
use super::words::{self, SHORT};
use crate::error::{CacheError, File, In, Result};

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

/// What becomes of one word in one block.
#[derive(Debug, Default)]
struct Entry {
    enter: Vec<u16>,
    strike: Vec<u16>,
}

/// What becomes of the words of one block.
type Entries = HashMap<String, Entry>;

/// Changes of the index, gathered before they are written.
#[derive(Debug, Default)]
pub(super) struct Changes(BTreeMap<i64, Entries>);

impl Changes {
    /// A ticket that stands in the index had these own words and has those now.
    pub(super) fn change(&mut self, id: i64, before: &str, after: &str) -> Result<()> {
        let (block, number) = place(id)?;
        let (before, after) = (words::entries(before), words::entries(after));
        let entries = self.0.entry(block).or_default();
        for word in after.iter().filter(|word| before.binary_search(word).is_err()) {
            entry(entries, word).enter.push(number);
        }
        for word in before.iter().filter(|word| after.binary_search(word).is_err()) {
            entry(entries, word).strike.push(number);
        }
        Ok(())
    }

    /// Writes them.
    pub(super) async fn write(self, tx: &mut SqliteConnection) -> Result<()> {
        for (block, entries) in self.0 {
            let known = known(tx, block, &entries).await?;
            write(tx, block, &entries, &known).await?;
        }
        Ok(())
    }
}

fn entry<'a>(entries: &'a mut Entries, word: &str) -> &'a mut Entry {
    entries.entry(word.to_owned()).or_default()
}

async fn write(
    tx: &mut SqliteConnection,
    block: i64,
    entries: &Entries,
    known: &HashMap<String, Vec<u8>>,
) -> Result<()> {
    // In the order of the table, so that it is walked once.
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_unstable_by_key(|(word, _)| *word);
    let mut bytes: Vec<u8> = Vec::new();
    let mut pieces: Vec<(&str, usize, usize)> = Vec::with_capacity(entries.len());
    for (word, entry) in entries {
        let mut numbers = known.get(word).map_or(Ok(Numbers::NONE), |ids| Numbers::read(ids))?;
        for number in &entry.strike {
            numbers.remove(*number);
        }
        for number in &entry.enter {
            numbers.add(*number);
        }
        let from = bytes.len();
        numbers.write(&mut bytes);
        // SQLite counts from 1.
        pieces.push((word, from + 1, bytes.len() - from));
    }
    put(tx, block, &pieces, &bytes).await
}

/// What a block says of these words so far.
async fn known(tx: &mut SqliteConnection, block: i64, entries: &Entries) -> Result<HashMap<String, Vec<u8>>> {
    let words = to_json(&entries.keys().collect::<Vec<_>>())?;
    Ok(sqlx::query!(
        r#"SELECT w.word AS "word!", w.ids AS "ids!"
           FROM json_each(?2) e CROSS JOIN word w ON w.block = ?1 AND w.word = e.value"#,
        block,
        words
    )
    .fetch_all(tx)
    .await
    .in_cache()?
    .into_iter()
    .map(|row| (row.word, row.ids))
    .collect())
}

/// Puts words of a block: each a piece of `bytes`, its first byte counted from 1. One without bytes is none any more.
async fn put(tx: &mut SqliteConnection, block: i64, pieces: &[(&str, usize, usize)], bytes: &[u8]) -> Result<()> {
    let json = to_json(pieces)?;
    sqlx::query!(
        "INSERT INTO word (block, word, ids)
         SELECT ?1, value ->> 0, substr(?3, value ->> 1, value ->> 2) FROM json_each(?2) WHERE value ->> 2 > 0
         ON CONFLICT (block, word) DO UPDATE SET ids = excluded.ids",
        block,
        json,
        bytes
    )
    .execute(&mut *tx)
    .await
    .in_cache()?;
    if pieces.iter().any(|(_, _, len)| *len == 0) {
        sqlx::query!(
            "DELETE FROM word WHERE block = ?1
                 AND word IN (SELECT value ->> 0 FROM json_each(?2) WHERE value ->> 2 = 0)",
            block,
            json
        )
        .execute(tx)
        .await
        .in_cache()?;
    }
    Ok(())
}

/// Enters the tickets that do not stand in the index yet: by whole blocks, or, where nothing more is to come soon, all of
/// them. Returns whether there were any.
pub(super) async fn enter(tx: &mut SqliteConnection, all: bool) -> Result<bool> {
    let block = i64::from(BLOCK);
    let mut entered = false;
    loop {
        let about = sqlx::query!(
            r#"SELECT indexed AS "indexed!", (SELECT coalesce(max(id), 0) FROM ticket) AS "last!: i64" FROM feed"#
        )
        .fetch_one(&mut *tx)
        .await
        .in_cache()?;
        let next = about.indexed + 1;
        // The last id of the block that the next one is in.
        let end = next - next % block + block - 1;
        let to = if end <= about.last { end } else { about.last };
        if to < next || (to < end && !all) {
            return Ok(entered);
        }
        let tickets = own_words(tx, about.indexed, to).await?;
        let entries = entries_of(&tickets)?;
        let number = next / block;
        let known = if about.indexed / block == number {
            known(tx, number, &entries).await?
        } else {
            HashMap::new()
        };
        write(tx, number, &entries, &known).await?;
        sqlx::query!("UPDATE feed SET indexed = ?1", to)
            .execute(&mut *tx)
            .await
            .in_cache()?;
        entered = true;
    }
}

/// The own words of the tickets after `from`, up to `to`.
async fn own_words(tx: &mut SqliteConnection, from: i64, to: i64) -> Result<Vec<(i64, String)>> {
    sqlx::query!(
        r#"SELECT id AS "id!", body AS "body!" FROM ticket_body WHERE id > ?1 AND id <= ?2"#,
        from,
        to
    )
    .fetch_all(tx)
    .await
    .in_cache()?
    .into_iter()
    .map(|row| {
        let ticket: Ticket = serde_json::from_str(&row.body).map_err(|_| DAMAGED)?;
        Ok((row.id, words::own(&ticket)))
    })
    .collect()
}

/// The entries of tickets of one block that none of them stands in yet: each word of a ticket is looked up once, and the
/// beginnings of a word are made once for all who have it.
fn entries_of(tickets: &[(i64, String)]) -> Result<Entries> {
    let mut whole: HashMap<&str, Vec<u16>> = HashMap::new();
    for (id, text) in tickets {
        let (_, number) = place(*id)?;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let numbers = whole.entry(word).or_default();
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        }
    }
    let mut entries = Entries::new();
    for (word, numbers) in whole {
        for word in words::entries(word) {
            entry(&mut entries, word).enter.extend_from_slice(&numbers);
        }
    }
    Ok(entries)
}

/// For each of these words the ids of the tickets, from `first` to `last`, with an own word that begins with it. `indexed`
/// is the last id that stands in the index.
pub(super) async fn find(
    tx: &mut SqliteConnection,
    wanted: &[String],
    (first, last): (u32, u32),
    indexed: u32,
) -> Result<Vec<Bits>> {
    let blocks = to_json(&(first / BLOCK..=last / BLOCK).collect::<Vec<_>>())?;
    let mut found = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        found.push(find_indexed(tx, wanted, &blocks).await?);
    }
    if indexed < last {
        for (id, text) in own_words(tx, indexed.into(), last.into()).await? {
            let id = small(id)?;
            for (wanted, found) in wanted.iter().zip(&mut found) {
                if words::begin(&text, wanted) {
                    found.add(id);
                }
            }
        }
    }
    Ok(found)
}

async fn find_indexed(tx: &mut SqliteConnection, wanted: &str, blocks: &str) -> Result<Bits> {
    let end = if wanted.chars().nth(SHORT).is_some() {
        // After every word that begins so: no letter is this one.
        format!("{wanted}\u{10ffff}")
    } else {
        // Right after the word itself.
        format!("{wanted}\0")
    };
    let rows = sqlx::query!(
        r#"SELECT w.block AS "block!", w.ids AS "ids!"
           FROM json_each(?1) e CROSS JOIN word w ON w.block = e.value AND w.word >= ?2 AND w.word < ?3"#,
        blocks,
        wanted,
        end
    )
    .fetch_all(tx)
    .await
    .in_cache()?;
    let mut found = Bits::default();
    for row in rows {
        let from = small::<u32>(row.block)? * BLOCK;
        match <&[u8; BITS]>::try_from(&row.ids[..]) {
            Ok(bits) => found.add_bytes(from, bits),
            Err(_) => {
                for number in listed(&row.ids)? {
                    found.add(from + u32::from(number));
                }
            }
        }
    }
    Ok(found)
}

fn to_json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(CacheError::bug)
}
