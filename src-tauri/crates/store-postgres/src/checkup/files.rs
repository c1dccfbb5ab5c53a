//! R10: files, read whole, one after the other.

use domain::attachment::FileKind;
use domain::code::{ContentHash, StudioCode};
use sqlx::PgConnection;
use store::checkup::Inspection;
use store::{Checked, Upload};

use crate::failure::Failure;

/// A file that somebody sent, or is sending.
struct Sent {
    studio: String,
    hash: Vec<u8>,
    bytes: i64,
    kind: String,
    received: i64,
    complete: bool,
}

impl Sent {
    fn name(&self) -> String {
        self.hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn described(&self) -> Option<(StudioCode, Upload)> {
        let upload = Upload {
            hash: ContentHash::from_digest(self.hash.as_slice().try_into().ok()?),
            bytes: u64::try_from(self.bytes).ok()?,
            kind: serde_json::from_str::<FileKind>(&self.kind).ok()?,
        };
        Some((self.studio.parse().ok()?, upload))
    }

    /// Its pieces in order; nothing where one is missing.
    async fn content(&self, snapshot: &mut PgConnection) -> Result<Option<Vec<u8>>, Failure> {
        let pieces = sqlx::query!(
            "SELECT at, bytes FROM piece WHERE studio = $1 AND hash = $2 ORDER BY at",
            self.studio,
            self.hash
        )
        .fetch_all(snapshot)
        .await?;
        let mut content = Vec::new();
        for piece in pieces {
            if usize::try_from(piece.at) != Ok(content.len()) {
                return Ok(None);
            }
            content.extend(piece.bytes);
        }
        let all = i64::try_from(content.len()) == Ok(self.received);
        Ok(all.then_some(content))
    }
}

pub(super) async fn look(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let sent = sqlx::query_as!(
        Sent,
        "SELECT studio, hash, bytes, kind, received, complete FROM upload ORDER BY studio, hash"
    )
    .fetch_all(&mut *snapshot)
    .await?;
    for sent in sent {
        let content = sent.content(snapshot).await?;
        match (sent.described(), content) {
            (Some((studio, upload)), Some(content)) if sent.complete => inspection.file(&studio, &upload, &content),
            (described, content) => {
                let whole = described.is_some() && content.is_some();
                let subject = || format!("{} {}", sent.studio, sent.name());
                inspection.note(Checked::AttachmentsAreWhole, whole, subject);
            }
        }
    }
    Ok(())
}
