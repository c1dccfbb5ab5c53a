//! R10: files, piece by piece.

use chrono::{DateTime, Utc};
use domain::code::StudioCode;
use sqlx::SqliteConnection;
use store::keeping::{self, KnownUpload, Step};
use store::{Upload, UploadOutcome, UploadRefusal};

use crate::attempt;
use crate::booking::limits;
use crate::failure::{Failure, read, written};
use crate::reach::{Reach, seconds};

/// A file that the store has, or a part of it.
struct StoredUpload {
    id: i64,
    bytes: i64,
    kind: String,
    received: i64,
    complete: bool,
}

impl StoredUpload {
    async fn of(connection: &mut SqliteConnection, studio: i64, hash: &str) -> Result<Option<Self>, Failure> {
        Ok(sqlx::query_as!(
            Self,
            r#"SELECT id AS "id!", bytes, kind, received, complete AS "complete: bool"
               FROM upload WHERE studio = ?1 AND hash = ?2"#,
            studio,
            hash
        )
        .fetch_optional(connection)
        .await?)
    }

    fn known(&self) -> Result<KnownUpload, Failure> {
        Ok(KnownUpload {
            bytes: u64::try_from(self.bytes).unwrap_or(0),
            kind: read(&self.kind, "kind of file")?,
            received: u64::try_from(self.received).unwrap_or(0),
            complete: self.complete,
        })
    }

    async fn begin(
        connection: &mut SqliteConnection,
        studio: i64,
        hash: &str,
        bytes: i64,
        kind: &str,
        now: i64,
    ) -> Result<Self, Failure> {
        let id = sqlx::query!(
            "INSERT INTO upload (studio, hash, bytes, kind, received, complete, touched_at)
             VALUES (?1, ?2, ?3, ?4, 0, 0, ?5)",
            studio,
            hash,
            bytes,
            kind,
            now
        )
        .execute(connection)
        .await?
        .last_insert_rowid();
        Ok(Self {
            id,
            bytes,
            kind: kind.to_owned(),
            received: 0,
            complete: false,
        })
    }

    async fn append(&mut self, connection: &mut SqliteConnection, piece: &[u8], now: i64) -> Result<(), Failure> {
        sqlx::query!(
            "INSERT INTO piece (upload, at, bytes) VALUES (?1, ?2, ?3)",
            self.id,
            self.received,
            piece
        )
        .execute(&mut *connection)
        .await?;
        self.received += i64::try_from(piece.len()).unwrap_or(i64::MAX);
        sqlx::query!(
            "UPDATE upload SET received = ?2, touched_at = ?3 WHERE id = ?1",
            self.id,
            self.received,
            now
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    /// The whole content, in one piece from now on.
    async fn complete(&self, connection: &mut SqliteConnection, content: &[u8]) -> Result<(), Failure> {
        sqlx::query!("DELETE FROM piece WHERE upload = ?1", self.id)
            .execute(&mut *connection)
            .await?;
        sqlx::query!(
            "INSERT INTO piece (upload, at, bytes) VALUES (?1, 0, ?2)",
            self.id,
            content
        )
        .execute(&mut *connection)
        .await?;
        sqlx::query!("UPDATE upload SET complete = 1 WHERE id = ?1", self.id)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Somebody still wants it.
    async fn touch(&self, connection: &mut SqliteConnection, now: i64) -> Result<(), Failure> {
        sqlx::query!(
            "UPDATE upload SET touched_at = ?2 WHERE id = ?1 AND claimed = 0",
            self.id,
            now
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn content(&self, connection: &mut SqliteConnection) -> Result<Vec<u8>, Failure> {
        Ok(
            sqlx::query_scalar!("SELECT bytes FROM piece WHERE upload = ?1 ORDER BY at", self.id)
                .fetch_all(connection)
                .await?
                .concat(),
        )
    }

    async fn drop(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        sqlx::query!("DELETE FROM upload WHERE id = ?1", self.id)
            .execute(connection)
            .await?;
        Ok(())
    }
}

const fn refused(why: UploadRefusal) -> UploadOutcome {
    UploadOutcome::Refused { why }
}

pub(crate) async fn upload(
    reach: &Reach,
    studio: &StudioCode,
    upload: &Upload,
    offset: u64,
    piece: &[u8],
) -> Result<UploadOutcome, Failure> {
    let mut transaction = reach.write().await?;
    let studio = attempt::studio(&mut transaction, studio).await?;
    let now = reach.now().instant();
    let limits = limits(&mut transaction).await?;
    let outcome = match keeping::refusal_of(upload, &limits) {
        Some(why) => refused(why),
        None => {
            forget(&mut transaction, now).await?;
            let hash = upload.hash.to_string();
            let stored = StoredUpload::of(&mut transaction, studio, &hash).await?;
            let known = stored.as_ref().map(StoredUpload::known).transpose()?;
            if keeping::is_new(known, upload)
                && !keeping::fits(others(&mut transaction, studio, &hash).await?, upload, &limits)
            {
                refused(UploadRefusal::NoRoom)
            } else {
                take(&mut transaction, studio, stored, upload, offset, piece, seconds(now)).await?
            }
        }
    };
    reach.commit(transaction).await?;
    Ok(outcome)
}

/// Forgets what nobody goes on sending and what no appointment names.
async fn forget(connection: &mut SqliteConnection, now: DateTime<Utc>) -> Result<(), Failure> {
    let (unfinished, unclaimed) = (seconds(now - keeping::UNFINISHED), seconds(now - keeping::UNCLAIMED));
    sqlx::query!(
        "DELETE FROM upload WHERE claimed = 0 AND touched_at < ?1 AND (complete = 0 OR touched_at < ?2)",
        unfinished,
        unclaimed
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Bytes of the studio's other files.
async fn others(connection: &mut SqliteConnection, studio: i64, hash: &str) -> Result<u64, Failure> {
    let bytes = sqlx::query_scalar!(
        r#"SELECT coalesce(sum(bytes), 0) AS "bytes!: i64" FROM upload WHERE studio = ?1 AND hash <> ?2"#,
        studio,
        hash
    )
    .fetch_one(connection)
    .await?;
    Ok(u64::try_from(bytes).unwrap_or(0))
}

async fn take(
    connection: &mut SqliteConnection,
    studio: i64,
    stored: Option<StoredUpload>,
    upload: &Upload,
    offset: u64,
    piece: &[u8],
    now: i64,
) -> Result<UploadOutcome, Failure> {
    let hash = upload.hash.to_string();
    let known = stored.as_ref().map(StoredUpload::known).transpose()?;
    let (anew, fresh, whole) = match keeping::step(known, upload, offset, piece) {
        Step::Answer(outcome) => {
            if let (UploadOutcome::Complete, Some(stored)) = (outcome, &stored) {
                stored.touch(connection, now).await?;
            }
            return Ok(outcome);
        }
        Step::Drop(outcome) => {
            if let Some(stored) = stored {
                stored.drop(connection).await?;
            }
            return Ok(outcome);
        }
        Step::Keep { anew, fresh, whole, .. } => (anew, fresh, whole),
    };
    let mut stored = match stored {
        Some(stored) if !anew => stored,
        other => {
            if let Some(other) = other {
                other.drop(connection).await?;
            }
            let kind = written(&upload.kind, "kind of file")?;
            let bytes = i64::try_from(upload.bytes).unwrap_or(i64::MAX);
            StoredUpload::begin(connection, studio, &hash, bytes, &kind, now).await?
        }
    };
    stored.append(connection, fresh, now).await?;
    if !whole {
        let next = u64::try_from(stored.received).unwrap_or(0);
        return Ok(UploadOutcome::Partial { next });
    }
    let content = stored.content(connection).await?;
    match keeping::verified(upload, &content) {
        Ok(()) => {
            stored.complete(connection, &content).await?;
            Ok(UploadOutcome::Complete)
        }
        Err(why) => {
            stored.drop(connection).await?;
            Ok(refused(why))
        }
    }
}
