//! Files, on their way to the store: in pieces, from where the store wants to go on.

use domain::attachment::Attachment;
use domain::booking::Refusal;
use domain::content::Breach;
use store::{BookRefusal, StoreError, Upload, UploadOutcome, UploadRefusal};

use crate::engine::{Broken, Engine};

/// Bytes of a piece.
const PIECE: usize = 256 * 1024;

/// What came of sending a file.
pub(crate) enum Sent {
    /// The store has it.
    Whole,
    /// It is gone or damaged on this computer.
    Lost,
    /// The store does not take it.
    Refused(BookRefusal),
    /// The store keeps no more files of this studio's.
    NoRoom,
}

impl Engine {
    /// R10: sends `file`, the one at `index` among those of its booking.
    pub(crate) async fn upload(&self, file: &Attachment, index: usize) -> Result<Sent, Broken> {
        let upload = Upload {
            hash: file.hash,
            bytes: file.bytes,
            kind: file.kind,
        };
        let mut outcome = self.store()?.upload(&upload, 0, &[]).await?;
        let mut sent_up_to = None;
        loop {
            let next = match outcome {
                UploadOutcome::Complete => return Ok(Sent::Whole),
                UploadOutcome::Partial { next } => next,
                UploadOutcome::Refused { why } => return Ok(refused(file, index, why)),
            };
            // A store that keeps nothing of what it gets would be asked for ever.
            if next >= file.bytes || sent_up_to.is_some_and(|before| next <= before) {
                return Err(Broken::Store(StoreError::Failed {
                    reason: format!("an upload does not get on: byte {next} wanted"),
                }));
            }
            sent_up_to = Some(next);
            let Some(piece) = self.piece(file, next).await else {
                return Ok(Sent::Lost);
            };
            outcome = self.store()?.upload(&upload, next, &piece).await?;
        }
    }

    /// A piece of the copy on this computer; nothing where the copy is not there any more, or shorter than it was.
    async fn piece(&self, file: &Attachment, offset: u64) -> Option<Vec<u8>> {
        let piece = self.parts.cache.files.piece(file.hash, offset, PIECE).await.ok()?;
        (!piece.is_empty()).then_some(piece)
    }
}

fn refused(file: &Attachment, index: usize, why: UploadRefusal) -> Sent {
    match why {
        // The limit of the store is lower than the one that we knew; which it is comes with the next welcome.
        UploadRefusal::TooLarge => Sent::Refused(BookRefusal::Rule {
            refusal: Refusal::Content {
                breaches: vec![Breach::FileTooLarge {
                    index: u32::try_from(index).unwrap_or(u32::MAX),
                    max: file.bytes.saturating_sub(1),
                }],
            },
        }),
        UploadRefusal::NoRoom => Sent::NoRoom,
        // The copy was checked when it was made: it is not what it was.
        UploadRefusal::Empty | UploadRefusal::WrongHash | UploadRefusal::WrongKind => Sent::Lost,
    }
}
