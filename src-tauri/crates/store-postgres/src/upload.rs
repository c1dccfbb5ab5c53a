//! R10: files, piece by piece.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::attachment::FileKind;
use domain::code::{ContentHash, StudioCode};
use domain::content::{Content, Limits};
use sqlx::PgConnection;
use sqlx::types::Json;
use store::keeping::{self, KnownUpload, Step};
use store::{Upload, UploadOutcome, UploadRefusal};

use crate::attempt::admitted;
use crate::failure::{Failure, inner, written};
use crate::reach::Reach;

/// A file of a studio's, by what names its row.
struct StoredUpload<'a> {
    studio: &'a str,
    hash: Vec<u8>,
    upload: &'a Upload,
}

impl<'a> StoredUpload<'a> {
    /// The file that `upload` is about. One piece of it is taken at a time.
    async fn in_turn(connection: &mut PgConnection, studio: &'a str, upload: &'a Upload) -> Result<Self, Failure> {
        let hash = upload.hash.to_string();
        let row = sqlx::query!(
            r#"SELECT decode($2, 'hex') AS "hash!" FROM pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))"#,
            studio,
            hash
        )
        .fetch_one(connection)
        .await?;
        Ok(Self {
            studio,
            hash: row.hash,
            upload,
        })
    }

    async fn known(&self, connection: &mut PgConnection) -> Result<Option<KnownUpload>, Failure> {
        sqlx::query!(
            "SELECT bytes, kind, received, complete FROM upload WHERE studio = $1 AND hash = $2",
            self.studio,
            self.hash
        )
        .fetch_optional(connection)
        .await?
        .map(|row| {
            let kind: FileKind = serde_json::from_str(&row.kind).map_err(|_| Failure::Body("kind of file"))?;
            Ok(KnownUpload {
                bytes: u64::try_from(row.bytes).unwrap_or(0),
                kind,
                received: u64::try_from(row.received).unwrap_or(0),
                complete: row.complete,
            })
        })
        .transpose()
    }

    /// Bytes of the studio's other files. Whoever asks waits for those who asked before and begin a file.
    async fn others(&self, connection: &mut PgConnection) -> Result<u64, Failure> {
        sqlx::query!(
            r#"SELECT pg_advisory_xact_lock(hashtextextended('room ' || $1, 0))::text AS "turn""#,
            self.studio
        )
        .fetch_one(&mut *connection)
        .await?;
        let bytes = sqlx::query_scalar!(
            r#"SELECT coalesce(sum(bytes), 0)::bigint AS "bytes!" FROM upload WHERE studio = $1 AND hash <> $2"#,
            self.studio,
            self.hash
        )
        .fetch_one(connection)
        .await?;
        Ok(u64::try_from(bytes).unwrap_or(0))
    }

    async fn begin(&self, connection: &mut PgConnection, now: DateTime<Utc>) -> Result<(), Failure> {
        sqlx::query!(
            "INSERT INTO upload (studio, hash, bytes, kind, received, complete, touched_at)
             VALUES ($1, $2, $3, $4, 0, false, $5)",
            self.studio,
            self.hash,
            i64::try_from(self.upload.bytes).unwrap_or(i64::MAX),
            written(&self.upload.kind, "kind of file")?,
            now
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn append(
        &self,
        connection: &mut PgConnection,
        at: u64,
        piece: &[u8],
        now: DateTime<Utc>,
    ) -> Result<u64, Failure> {
        let at = i64::try_from(at).unwrap_or(i64::MAX);
        let received = at.saturating_add(i64::try_from(piece.len()).unwrap_or(i64::MAX));
        sqlx::query!(
            "WITH kept AS (INSERT INTO piece (studio, hash, at, bytes) VALUES ($1, $2, $3, $4))
             UPDATE upload SET received = $5, touched_at = $6 WHERE studio = $1 AND hash = $2",
            self.studio,
            self.hash,
            at,
            piece,
            received,
            now
        )
        .execute(connection)
        .await?;
        Ok(u64::try_from(received).unwrap_or(0))
    }

    async fn content(&self, connection: &mut PgConnection) -> Result<Vec<u8>, Failure> {
        Ok(sqlx::query_scalar!(
            "SELECT bytes FROM piece WHERE studio = $1 AND hash = $2 ORDER BY at",
            self.studio,
            self.hash
        )
        .fetch_all(connection)
        .await?
        .concat())
    }

    /// Somebody still wants it.
    async fn touch(&self, connection: &mut PgConnection, now: DateTime<Utc>) -> Result<(), Failure> {
        sqlx::query!(
            "UPDATE upload SET touched_at = $3 WHERE studio = $1 AND hash = $2 AND NOT claimed",
            self.studio,
            self.hash,
            now
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn complete(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        sqlx::query!(
            "UPDATE upload SET complete = true WHERE studio = $1 AND hash = $2",
            self.studio,
            self.hash
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn drop(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        sqlx::query!(
            "DELETE FROM upload WHERE studio = $1 AND hash = $2",
            self.studio,
            self.hash
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

pub(crate) async fn upload(
    reach: &Reach,
    studio: &StudioCode,
    upload: &Upload,
    offset: u64,
    piece: &[u8],
) -> Result<UploadOutcome, Failure> {
    reach
        .tried(|| once(reach, studio.as_str(), upload, offset, piece))
        .await
}

async fn once(
    reach: &Reach,
    studio: &str,
    upload: &Upload,
    offset: u64,
    piece: &[u8],
) -> Result<UploadOutcome, Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    admitted(&mut transaction, studio, now).await?;
    let limits = sqlx::query_scalar!(r#"SELECT limits AS "limits: Json<Limits>" FROM life"#)
        .fetch_one(&mut *transaction)
        .await?;
    let limits = inner(limits);
    if let Some(why) = keeping::refusal_of(upload, &limits) {
        return Ok(UploadOutcome::Refused { why });
    }
    forget(&mut transaction, now.instant()).await?;
    let stored = StoredUpload::in_turn(&mut transaction, studio, upload).await?;
    let known = stored.known(&mut transaction).await?;
    let outcome =
        if keeping::is_new(known, upload) && !keeping::fits(stored.others(&mut transaction).await?, upload, &limits) {
            let why = UploadRefusal::NoRoom;
            UploadOutcome::Refused { why }
        } else {
            take(&mut transaction, &stored, known, offset, piece, now.instant()).await?
        };
    transaction.commit().await?;
    Ok(outcome)
}

async fn take(
    connection: &mut PgConnection,
    stored: &StoredUpload<'_>,
    known: Option<KnownUpload>,
    offset: u64,
    piece: &[u8],
    now: DateTime<Utc>,
) -> Result<UploadOutcome, Failure> {
    let (anew, at, fresh, whole) = match keeping::step(known, stored.upload, offset, piece) {
        Step::Answer(outcome) => {
            if outcome == UploadOutcome::Complete {
                stored.touch(connection, now).await?;
            }
            return Ok(outcome);
        }
        Step::Drop(outcome) => {
            stored.drop(connection).await?;
            return Ok(outcome);
        }
        Step::Keep { anew, at, fresh, whole } => (anew, at, fresh, whole),
    };
    if anew {
        stored.drop(connection).await?;
        stored.begin(connection, now).await?;
    }
    let next = stored.append(connection, at, fresh, now).await?;
    if !whole {
        return Ok(UploadOutcome::Partial { next });
    }
    match keeping::verified(stored.upload, &stored.content(connection).await?) {
        Ok(()) => {
            stored.complete(connection).await?;
            Ok(UploadOutcome::Complete)
        }
        Err(why) => {
            stored.drop(connection).await?;
            Ok(UploadOutcome::Refused { why })
        }
    }
}

/// Forgets what nobody goes on sending and what no appointment names. What somebody else is just forgetting, or going on
/// with, is left to him.
async fn forget(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<(), Failure> {
    sqlx::query!(
        "DELETE FROM upload WHERE (studio, hash) IN (
             SELECT studio, hash FROM upload
             WHERE NOT claimed AND touched_at < $1 AND (NOT complete OR touched_at < $2)
             LIMIT 100 FOR UPDATE SKIP LOCKED)",
        now - keeping::UNFINISHED,
        now - keeping::UNCLAIMED
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// R10: the first file of which the studio has not sent the whole content, as it is described.
pub(crate) async fn missing(
    connection: &mut PgConnection,
    studio: &str,
    content: &Content,
) -> Result<Option<ContentHash>, Failure> {
    for file in &content.attachments {
        let there = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM upload
                   WHERE studio = $1 AND hash = $2 AND kind = $3 AND bytes = $4 AND complete) AS "there!""#,
            studio,
            file.hash.as_bytes().as_slice(),
            written(&file.kind, "kind of file")?,
            i64::try_from(file.bytes).unwrap_or(i64::MAX)
        )
        .fetch_one(&mut *connection)
        .await?;
        if !there {
            return Ok(Some(file.hash));
        }
    }
    Ok(None)
}

/// R10: files that an appointment names are kept.
///
/// # Errors
/// [`Failure::Overtaken`] where one was forgotten since it was looked for.
pub(crate) async fn claim(connection: &mut PgConnection, studio: &str, content: &Content) -> Result<(), Failure> {
    if content.attachments.is_empty() {
        return Ok(());
    }
    let hashes: BTreeSet<Vec<u8>> = content
        .attachments
        .iter()
        .map(|file| file.hash.as_bytes().to_vec())
        .collect();
    let hashes: Vec<Vec<u8>> = hashes.into_iter().collect();
    let claimed = sqlx::query!(
        "UPDATE upload SET claimed = true WHERE studio = $1 AND hash = ANY ($2) AND complete",
        studio,
        &hashes
    )
    .execute(connection)
    .await?
    .rows_affected();
    if usize::try_from(claimed) == Ok(hashes.len()) {
        Ok(())
    } else {
        Err(Failure::Overtaken)
    }
}
