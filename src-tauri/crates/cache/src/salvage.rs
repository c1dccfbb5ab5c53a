//! A damaged `studio.db`: set aside whole, the last backup restored, and what can still be read brought over.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use domain::content::Content;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::backup;
use crate::db::{self, Database};
use crate::drafts::{self, DraftPhase, Drafts, Numbered, to_json};
use crate::error::{CacheError, File, In, Result};
use crate::files::sync_folder;
use crate::instant::micros;
use crate::open::{Repair, run_migrations, with_side_files};
use crate::outbox::{self, Outbox};
use crate::portal::{self, Portal};
use crate::pulled::Pulled;
use crate::requests::Requests;

/// How many places are tried where the file does not say which there are.
const BLIND: i64 = 5_000;

/// Whether what is listed and what is still under way can be read: sound pages may hold bytes that are not.
pub(crate) async fn is_readable(studio: &Database, now: DateTime<Utc>) -> Result<bool> {
    let drafts = Drafts {
        studio: studio.clone(),
        pulled: Pulled::new(studio.clone()),
    };
    let outbox = Outbox {
        studio: studio.clone(),
        pulled: drafts.pulled.clone(),
    };
    let requests = Requests { studio: studio.clone() };
    let portal = Portal {
        studio: studio.clone(),
        pulled: drafts.pulled.clone(),
    };
    let read = async {
        portal.try_read().await?;
        drafts.list(now - drafts::LISTED_FOR).await?;
        requests.list(now - drafts::LISTED_FOR).await?;
        outbox.refused_reminders().await?;
        outbox.refused_decisions().await?;
        outbox.pending().await
    };
    match read.await {
        Ok(_) => Ok(true),
        Err(CacheError::Damaged { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Sets the damaged file aside, restores the newest sound backup (or begins empty) and brings over what can be read.
pub(crate) async fn restore(folder: &Path, now: DateTime<Utc>) -> Result<Repair> {
    let path = folder.join(File::Studio.name());
    let set_aside = set_aside(folder, &path, now)?;
    let mut backup_of = None;
    for backup in backup::newest_first(folder)? {
        fs::copy(&backup.path, &path)?;
        fs::File::options().write(true).open(&path)?.sync_all()?;
        sync_folder(folder)?;
        if is_sound(&path).await {
            backup_of = Some(backup.at);
            break;
        }
        for file in with_side_files(&path) {
            let _ = fs::remove_file(file);
        }
    }
    let mut into = db::connect(File::Studio, &path, true).await.in_studio()?;
    run_migrations(File::Studio, &mut into).await?;
    let recovered = match &set_aside {
        Some(name) => bring_over(&folder.join(name), &mut into).await?,
        None => 0,
    };
    settle_states(&mut into).await?;
    into.close().await.in_studio()?;
    Ok(Repair::StudioRestored {
        set_aside,
        backup_of,
        recovered,
    })
}

/// Moves the file and its side files out of the way; none of them is opened or changed.
fn set_aside(folder: &Path, path: &Path, now: DateTime<Utc>) -> Result<Option<String>> {
    let mut name = format!("studio-damaged-{}.db", now.format("%Y%m%dT%H%M%SZ"));
    let mut counter = 1;
    while folder.join(&name).exists() {
        counter += 1;
        name = format!("studio-damaged-{}-{counter}.db", now.format("%Y%m%dT%H%M%SZ"));
    }
    let there = path.exists();
    for (from, to) in with_side_files(path)
        .into_iter()
        .zip(with_side_files(&folder.join(&name)))
    {
        match fs::rename(from, to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(there.then_some(name))
}

async fn is_sound(path: &Path) -> bool {
    let Ok(mut connection) = db::look(path).await else {
        return false;
    };
    let verdict: Result<String, sqlx::Error> = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await;
    let _ = connection.close().await;
    verdict.is_ok_and(|verdict| verdict == "ok")
}

/// Brings over drafts, decisions, judgements, what was refused, what stands on the portal, and settings that can be read and
/// that the backup lacks or has older. Returns how many drafts these were. The damaged file is read from a copy, so that it
/// stays whole as it was.
async fn bring_over(damaged: &Path, into: &mut SqliteConnection) -> Result<u32> {
    let copy = damaged.with_extension("reading");
    for (from, to) in with_side_files(damaged).into_iter().zip(with_side_files(&copy)) {
        let _ = fs::copy(from, to);
    }
    let recovered = match SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&copy)).await {
        Ok(mut from) => {
            // One of an earlier version is read as what it would be now. What can't be brought so far is read as it is.
            let _ = run_migrations(File::Studio, &mut from).await;
            let recovered = read_over(&mut from, into).await;
            let _ = from.close().await;
            recovered
        }
        Err(_) => Ok(0),
    };
    for file in with_side_files(&copy) {
        let _ = fs::remove_file(file);
    }
    recovered
}

async fn read_over(from: &mut SqliteConnection, into: &mut SqliteConnection) -> Result<u32> {
    let mut recovered = 0;
    // Not as many as it says there are: that number may be damaged, and as large as any.
    let places = sqlx::query_scalar("SELECT n FROM draft NOT INDEXED")
        .fetch_all(&mut *from)
        .await;
    for n in places.unwrap_or_else(|_| blindly()) {
        if let Ok(found) = drafts::read_at(from, n).await
            && bring_draft(&found, from, into).await?
        {
            recovered += 1;
        }
    }
    let places = sqlx::query_scalar("SELECT id FROM outbox NOT INDEXED")
        .fetch_all(&mut *from)
        .await;
    for id in places.unwrap_or_else(|_| blindly()) {
        if let Ok(Some(row)) = outbox::read(from, id).await {
            bring_row(&row, into).await?;
        }
    }
    if let Ok(judgements) = sqlx::query!("SELECT ticket, judgement, told FROM judgement")
        .fetch_all(&mut *from)
        .await
    {
        let readable = |judgement: &str| drafts::json::<domain::ticket::Judgement>(judgement).is_ok();
        for row in judgements.into_iter().filter(|row| readable(&row.judgement)) {
            sqlx::query!(
                "INSERT OR REPLACE INTO judgement (ticket, judgement, told) VALUES (?1, ?2, ?3)",
                row.ticket,
                row.judgement,
                row.told
            )
            .execute(&mut *into)
            .await
            .in_studio()?;
        }
    }
    if let Ok(requests) = sqlx::query!("SELECT * FROM request_draft").fetch_all(&mut *from).await {
        for row in requests {
            // One that can't be read is left where it is: the damaged file is kept.
            if drafts::json::<Content>(&row.content).is_err() {
                continue;
            }
            // The newer of two counts. Numbers are each file's own.
            sqlx::query!(
                "INSERT INTO request_draft (id, revision, state, position, topic, content, decision, attempts, attention,
                     ticket, created_at, changed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                 ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, state = excluded.state,
                     position = excluded.position, topic = excluded.topic, content = excluded.content,
                     decision = excluded.decision, attempts = excluded.attempts, attention = excluded.attention,
                     ticket = excluded.ticket, changed_at = excluded.changed_at
                 WHERE changed_at < excluded.changed_at",
                row.id,
                row.revision,
                row.state,
                row.position,
                row.topic,
                row.content,
                row.decision,
                row.attempts,
                row.attention,
                row.ticket,
                row.created_at,
                row.changed_at
            )
            .execute(&mut *into)
            .await
            .in_studio()?;
        }
    }
    if let Ok(refused) = sqlx::query!("SELECT ticket, words, why, refused_at FROM refused_reminder")
        .fetch_all(&mut *from)
        .await
    {
        for row in refused {
            sqlx::query!(
                "INSERT OR REPLACE INTO refused_reminder (ticket, words, why, refused_at) VALUES (?1, ?2, ?3, ?4)",
                row.ticket,
                row.words,
                row.why,
                row.refused_at
            )
            .execute(&mut *into)
            .await
            .in_studio()?;
        }
    }
    if let Ok(refused) = sqlx::query!("SELECT * FROM refused_decision")
        .fetch_all(&mut *from)
        .await
    {
        let readable = |work: &str| drafts::json::<outbox::Work>(work).is_ok();
        for row in refused.into_iter().filter(|row| readable(&row.work)) {
            sqlx::query!(
                "INSERT OR REPLACE INTO refused_decision (decision, kind, about, work, why, refused_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                row.decision,
                row.kind,
                row.about,
                row.work,
                row.why,
                row.refused_at
            )
            .execute(&mut *into)
            .await
            .in_studio()?;
        }
    }
    portal::bring(from, into).await?;
    if let Ok(settings) = sqlx::query!("SELECT name, value FROM setting").fetch_all(from).await {
        // What the damage left of one must not take the place of what the backup has of it.
        let whole = |value: &str| serde_json::from_str::<serde_json::Value>(value).is_ok();
        for row in settings.into_iter().filter(|row| whole(&row.value)) {
            sqlx::query!(
                "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
                row.name,
                row.value
            )
            .execute(&mut *into)
            .await
            .in_studio()?;
        }
    }
    Ok(recovered)
}

fn blindly() -> Vec<i64> {
    (1..=BLIND).collect()
}

/// Brings one draft over, whole, if it is newer than what is there. One that can't stand beside what was restored (a
/// ticket in two drafts) is left where it is: the damaged file is kept.
async fn bring_draft(found: &Numbered, from: &mut SqliteConnection, into: &mut SqliteConnection) -> Result<bool> {
    let Numbered { n, draft, .. } = found;
    let at = micros(draft.changed_at);
    let known = sqlx::query_scalar!("SELECT changed_at FROM draft WHERE n = ?1", n)
        .fetch_optional(&mut *into)
        .await
        .in_studio()?;
    if known.is_some_and(|known| known >= at) {
        return Ok(false);
    }
    // Read as they stand: they were parsed above.
    let Ok(row) = sqlx::query!("SELECT * FROM draft WHERE n = ?1", n)
        .fetch_one(from)
        .await
    else {
        return Ok(false);
    };
    let mut tx = into.begin().await.in_studio()?;
    let brought = async {
        sqlx::query!("DELETE FROM draft_ticket WHERE draft = ?1", n)
            .execute(&mut *tx)
            .await?;
        sqlx::query!("DELETE FROM draft_attachment WHERE draft = ?1", n)
            .execute(&mut *tx)
            .await?;
        sqlx::query!("DELETE FROM draft WHERE n = ?1", n)
            .execute(&mut *tx)
            .await?;
        sqlx::query!(
            "INSERT INTO draft (n, id, revision, state, company, point, wishes, notes, phone, email, decision, attempts,
                 not_before, attention, appointment, created_at, changed_at, changes, seen, waits)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
            row.n,
            row.id,
            row.revision,
            row.state,
            row.company,
            row.point,
            row.wishes,
            row.notes,
            row.phone,
            row.email,
            row.decision,
            row.attempts,
            row.not_before,
            row.attention,
            row.appointment,
            row.created_at,
            row.changed_at,
            row.changes,
            row.seen,
            row.waits
        )
        .execute(&mut *tx)
        .await?;
        let live = draft.aim == drafts::Aim::Book && draft.state.phase().is_live();
        for (place, ticket) in (0_i64..).zip(&draft.tickets) {
            let (code, judgement) = (
                ticket.code.as_str(),
                ticket.judgement.as_ref().and_then(|j| to_json(j).ok()),
            );
            sqlx::query!(
                "INSERT INTO draft_ticket (draft, place, ticket, judgement, live, read) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                n,
                place,
                code,
                judgement,
                live,
                ticket.read
            )
            .execute(&mut *tx)
            .await?;
        }
        Ok::<_, sqlx::Error>(())
    };
    match brought.await {
        Ok(()) => {}
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() || error.is_check_violation() => {
            return Ok(false);
        }
        Err(error) => return Err(error).in_studio(),
    }
    for (place, attachment) in (0_i64..).zip(&draft.content.attachments) {
        drafts::insert_attachment(&mut tx, *n, place, attachment).await?;
    }
    tx.commit().await.in_studio()?;
    Ok(true)
}

async fn bring_row(row: &outbox::OutboxRow, into: &mut SqliteConnection) -> Result<()> {
    let (decision, kind, about) = (row.attempt.decision.to_string(), row.work.kind(), row.work.about());
    let (work, subjects, state) = (to_json(&row.work)?, to_json(&row.subjects)?, row.state.word());
    let (not_before, decided_at) = (row.not_before.map(micros), micros(row.decided_at));
    let (last_attempt, next_attempt) = (row.last_attempt.map(micros), row.next_attempt.map(micros));
    let deposit = row.deposit.as_ref().map(to_json).transpose()?;
    let brought = sqlx::query!(
        "INSERT INTO outbox (id, decision, attempt, kind, about, work, subjects, state, not_before, tries, decided_at,
             last_attempt, next_attempt, deposit)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (id) DO UPDATE SET attempt = excluded.attempt, state = excluded.state,
             not_before = excluded.not_before, tries = excluded.tries, last_attempt = excluded.last_attempt,
             next_attempt = excluded.next_attempt, deposit = excluded.deposit
         WHERE decision = excluded.decision",
        row.id,
        decision,
        row.attempt.number,
        kind,
        about,
        work,
        subjects,
        state,
        not_before,
        row.tries,
        decided_at,
        last_attempt,
        next_attempt,
        deposit
    )
    .execute(into)
    .await;
    match brought {
        // Its like is under way already.
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(()),
        other => other.map(|_| ()).in_studio(),
    }
}

/// Drafts and rows that lost each other: a draft without its row is the person's again (its decision stays, so that it is
/// never booked twice), a row without its draft is not sent.
async fn settle_states(into: &mut SqliteConnection) -> Result<()> {
    let (queued, sending) = (DraftPhase::Queued.word(), DraftPhase::Sending.word());
    sqlx::query!(
        "UPDATE draft SET state = 'editing', not_before = NULL, revision = revision + 1
         WHERE state IN (?1, ?2) AND NOT EXISTS (
             SELECT 1 FROM outbox o WHERE o.kind IN ('book', 'change') AND o.about = draft.id AND o.state IN ('waiting', 'sending'))",
        queued,
        sending
    )
    .execute(&mut *into)
    .await
    .in_studio()?;
    sqlx::query!(
        "UPDATE outbox SET state = 'recalled' WHERE kind IN ('book', 'change') AND state IN ('waiting', 'sending')
         AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.id = outbox.about AND d.state IN (?1, ?2))",
        queued,
        sending
    )
    .execute(&mut *into)
    .await
    .in_studio()?;
    sqlx::query!(
        "UPDATE request_draft SET state = 'editing', revision = revision + 1
         WHERE state IN ('queued', 'sending') AND NOT EXISTS (
             SELECT 1 FROM outbox o
             WHERE o.kind = 'open_ticket' AND o.about = request_draft.id AND o.state IN ('waiting', 'sending'))"
    )
    .execute(&mut *into)
    .await
    .in_studio()?;
    sqlx::query!(
        "UPDATE outbox SET state = 'recalled' WHERE kind = 'open_ticket' AND state IN ('waiting', 'sending')
         AND NOT EXISTS (SELECT 1 FROM request_draft r WHERE r.id = outbox.about AND r.state IN ('queued', 'sending'))"
    )
    .execute(into)
    .await
    .in_studio()?;
    Ok(())
}
