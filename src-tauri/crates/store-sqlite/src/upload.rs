//! R10: files, piece by piece.

use chrono::TimeDelta;
use domain::attachment::FileKind;
use domain::code::{ContentHash, StudioCode};
use sqlx::SqliteConnection;
use store::{Upload, UploadOutcome, UploadRefusal};

use crate::attempt;
use crate::booking::limits;
use crate::failure::{Failure, written};
use crate::reach::{Reach, seconds};

/// How long a file that nobody goes on sending is kept.
const UNFINISHED: TimeDelta = TimeDelta::days(7);

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

    fn next(&self) -> UploadOutcome {
        UploadOutcome::Partial {
            next: u64::try_from(self.received).unwrap_or(0),
        }
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
    let outcome = if upload.bytes == 0 {
        refused(UploadRefusal::Empty)
    } else if upload.bytes > limits(&mut transaction).await?.file_bytes_max {
        refused(UploadRefusal::TooLarge)
    } else {
        let (now, abandoned) = (seconds(now), seconds(now - UNFINISHED));
        sqlx::query!("DELETE FROM upload WHERE complete = 0 AND touched_at < ?1", abandoned)
            .execute(&mut *transaction)
            .await?;
        take(&mut transaction, studio, upload, offset, piece, now).await?
    };
    reach.commit(transaction).await?;
    Ok(outcome)
}

async fn take(
    connection: &mut SqliteConnection,
    studio: i64,
    upload: &Upload,
    offset: u64,
    piece: &[u8],
    now: i64,
) -> Result<UploadOutcome, Failure> {
    let hash = upload.hash.to_string();
    let kind = written(&upload.kind, "kind of file")?;
    let bytes = i64::try_from(upload.bytes).unwrap_or(i64::MAX);
    let mut stored = match StoredUpload::of(connection, studio, &hash).await? {
        Some(stored) if stored.complete && stored.bytes != bytes => return Ok(refused(UploadRefusal::WrongHash)),
        Some(stored) if stored.complete && stored.kind != kind => return Ok(refused(UploadRefusal::WrongKind)),
        Some(stored) if stored.complete => return Ok(UploadOutcome::Complete),
        Some(stored) if stored.bytes == bytes && stored.kind == kind => stored,
        other => {
            // Described otherwise than before: begun anew.
            if let Some(other) = other {
                other.drop(connection).await?;
            }
            if piece.is_empty() || offset > 0 {
                return Ok(UploadOutcome::Partial { next: 0 });
            }
            StoredUpload::begin(connection, studio, &hash, bytes, &kind, now).await?
        }
    };
    let received = u64::try_from(stored.received).unwrap_or(0);
    // What was sent before is passed over; what leaves a gap is not kept.
    let fresh = received
        .checked_sub(offset)
        .and_then(|known| usize::try_from(known).ok())
        .and_then(|known| piece.get(known..))
        .unwrap_or_default();
    if !fresh.is_empty() {
        if u64::try_from(fresh.len()).unwrap_or(u64::MAX) > upload.bytes - received {
            stored.drop(connection).await?;
            return Ok(refused(UploadRefusal::WrongHash));
        }
        stored.append(connection, fresh, now).await?;
    }
    if stored.received < bytes {
        return Ok(stored.next());
    }
    let content = stored.content(connection).await?;
    let refusal = if ContentHash::of(&content) != upload.hash {
        UploadRefusal::WrongHash
    } else if FileKind::of(&content) != Some(upload.kind) {
        UploadRefusal::WrongKind
    } else {
        stored.complete(connection, &content).await?;
        return Ok(UploadOutcome::Complete);
    };
    stored.drop(connection).await?;
    Ok(refused(refusal))
}
