//! Reads columns: a state whole, or what a transaction altered of one.

use sqlx::SqliteConnection;

use super::altered::Alteration;
use super::{Columns, Line, NEVER, Names};
use crate::error::{CacheError, File, In, Result};
use crate::fold::folded;
use crate::pulled::StatusKind;
use crate::pulled::numbers::{groups, ids, small};

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

/// How many tickets are read at once: enough to be quick, few enough not to need much memory for it.
const PIECE: i64 = 16_384;

/// Reads the state that `tx` sees.
pub(super) async fn whole(tx: &mut SqliteConnection) -> Result<Columns> {
    let mut columns = Columns::default();
    let about = sqlx::query!(r#"SELECT count(*) AS "tickets!: i64", coalesce(max(id), 0) AS "last!: i64" FROM ticket"#)
        .fetch_one(&mut *tx)
        .await
        .in_cache()?;
    columns.reserve(small(about.tickets)?);
    let mut from = 0;
    while from < about.last {
        let to = from + PIECE;
        let text = sqlx::query_scalar!(
            r#"SELECT group_concat(concat_ws(' ', id, company_id, topic_id, CAST(position AS INTEGER), status, opened_day, coalesce(carried, -1),
                   coalesce(bookable_from, -1))) AS "lines?: String"
               FROM (SELECT * FROM ticket WHERE id > ?1 AND id <= ?2 ORDER BY id)"#,
            from,
            to
        )
        .fetch_one(&mut *tx)
        .await
        .in_cache()?;
        for group in groups(&text.unwrap_or_default())? {
            columns.push(&line(group)?);
        }
        from = to;
    }
    columns.by_code = order_of_codes(tx, &columns).await?;
    let mut by_bookable: Vec<u32> = columns.places().collect();
    columns.sort_by_bookable(&mut by_bookable);
    columns.by_bookable = by_bookable;
    columns.company_names = company_names(tx).await?;
    columns.topic_names = topic_names(tx).await?;
    columns.indexed = indexed(tx).await?;
    Ok(columns)
}

/// Reads what a transaction left of the tickets that it touched, `before` being the columns that it began with.
pub(super) async fn alteration(tx: &mut SqliteConnection, before: &Columns, touched: &[i64]) -> Result<Alteration> {
    let mut touched = touched.to_vec();
    touched.sort_unstable();
    touched.dedup();
    let last = before.ids.last().map_or(0, |id| i64::from(*id));
    let new = &touched[touched.partition_point(|id| *id <= last)..];
    let mut alteration = Alteration {
        before: predecessors(tx, new).await?,
        company_names: company_names(tx).await?,
        topic_names: topic_names(tx).await?,
        indexed: indexed(tx).await?,
        ..Alteration::default()
    };
    let json = to_json(&touched)?;
    let text = sqlx::query_scalar!(
        r#"SELECT group_concat(concat_ws(' ', id, company_id, topic_id, CAST(position AS INTEGER), status, opened_day, coalesce(carried, -1),
               coalesce(bookable_from, -1))) AS "lines?: String"
           FROM (SELECT t.* FROM json_each(?1) e CROSS JOIN ticket t ON t.id = e.value)"#,
        json
    )
    .fetch_one(&mut *tx)
    .await
    .in_cache()?;
    let mut lines = groups(&text.unwrap_or_default())?.into_iter().map(line).peekable();
    for id in touched {
        let id = small(id)?;
        match lines.next_if(|line| line.as_ref().is_ok_and(|line| line.id == id)) {
            Some(line) => alteration.lines.push(line?),
            None => alteration.gone.push(id),
        }
    }
    Ok(alteration)
}

/// What a row of the table says.
fn line(group: [i64; 8]) -> Result<Line> {
    let [id, company, topic, position, status, opened, carried, bookable_from] = group;
    Ok(Line {
        id: small(id)?,
        company: small(company)?,
        topic: small(topic)?,
        position: small(position)?,
        status: StatusKind::of_number(status).map_or(Err(DAMAGED), |_| small(status))?,
        opened: small(opened)?,
        carried: (carried >= 0).then_some(carried),
        bookable_from: if bookable_from >= 0 { bookable_from } else { NEVER },
    })
}

async fn order_of_codes(tx: &mut SqliteConnection, columns: &Columns) -> Result<Vec<u32>> {
    let mut order = Vec::with_capacity(columns.len());
    let mut after = String::new();
    loop {
        let piece = sqlx::query!(
            r#"SELECT group_concat(id) AS "ids?: String", max(code) AS "last?: String"
               FROM (SELECT id, code FROM ticket WHERE code > ?1 ORDER BY code LIMIT ?2)"#,
            after,
            PIECE
        )
        .fetch_one(&mut *tx)
        .await
        .in_cache()?;
        let (Some(text), Some(last)) = (piece.ids, piece.last) else {
            return Ok(order);
        };
        order.extend(ids(&text)?.into_iter().filter_map(|id| columns.place(id)));
        after = last;
    }
}

/// For each of these tickets the one whose code comes right before its own.
async fn predecessors(tx: &mut SqliteConnection, new: &[i64]) -> Result<Vec<(u32, Option<u32>)>> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let new = to_json(new)?;
    let text = sqlx::query_scalar!(
        r#"SELECT group_concat(concat_ws(' ', t.id, coalesce(
               (SELECT p.id FROM ticket p WHERE p.code < t.code ORDER BY p.code DESC LIMIT 1), -1))) AS "pairs?: String"
           FROM json_each(?1) e CROSS JOIN ticket t ON t.id = e.value"#,
        new
    )
    .fetch_one(tx)
    .await
    .in_cache()?;
    groups(&text.unwrap_or_default())?
        .into_iter()
        .map(|[id, before]| Ok((small(id)?, (before >= 0).then(|| small(before)).transpose()?)))
        .collect()
}

async fn company_names(tx: &mut SqliteConnection) -> Result<Names> {
    let text = sqlx::query_scalar!(
        r#"SELECT group_concat(concat_ws(' ', id, lower(code), name_key)) AS "names?: String"
           FROM (SELECT id, code, name_key FROM company ORDER BY name_key, id)"#
    )
    .fetch_one(tx)
    .await
    .in_cache()?;
    // What is folded holds no comma.
    text.unwrap_or_default()
        .split(',')
        .filter_map(|name| name.split_once(' '))
        .map(|(id, words)| Ok((id.parse().map_err(|_| DAMAGED)?, words.into())))
        .collect::<Result<_>>()
        .map(Names::of)
}

async fn topic_names(tx: &mut SqliteConnection) -> Result<Names> {
    let topics = sqlx::query!(r#"SELECT id AS "id!", label_key AS "label_key!" FROM topic ORDER BY label_key, id"#)
        .fetch_all(tx)
        .await
        .in_cache()?;
    topics
        .into_iter()
        .map(|topic| Ok((small(topic.id)?, folded(&topic.label_key).into())))
        .collect::<Result<_>>()
        .map(Names::of)
}

async fn indexed(tx: &mut SqliteConnection) -> Result<u32> {
    let indexed = sqlx::query_scalar!("SELECT indexed FROM feed")
        .fetch_one(tx)
        .await
        .in_cache()?;
    small(indexed)
}

fn to_json(ids: &[i64]) -> Result<String> {
    serde_json::to_string(ids).map_err(CacheError::bug)
}
