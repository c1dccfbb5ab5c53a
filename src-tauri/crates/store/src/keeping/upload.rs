//! R10: files, piece by piece.

use chrono::TimeDelta;
use domain::attachment::FileKind;
use domain::code::ContentHash;
use domain::content::Limits;

use crate::{Upload, UploadOutcome, UploadRefusal};

/// How long a file that nobody goes on sending is kept.
pub const UNFINISHED: TimeDelta = TimeDelta::days(7);

/// How long a whole file is kept that no appointment names, since it was last sent or asked about.
pub const UNCLAIMED: TimeDelta = TimeDelta::days(30);

/// A file that a store has, or the beginning of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownUpload {
    /// Size of the whole content, as it was said.
    pub bytes: u64,
    /// What it is, as it was said.
    pub kind: FileKind,
    /// How many bytes are there.
    pub received: u64,
    /// Whether that is all, and the content has the hash and is of the kind.
    pub complete: bool,
}

/// What a store does about a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Nothing; the answer.
    Answer(UploadOutcome),
    /// Drops what it has of the file, if anything; the answer.
    Drop(UploadOutcome),
    /// Keeps some bytes.
    Keep {
        /// Whether the file begins anew: what there is of it is dropped.
        anew: bool,
        /// Where `fresh` begins in the file.
        at: u64,
        /// What is new of the piece; never empty.
        fresh: &'a [u8],
        /// Whether the file is whole with it: then its content is to be [`verified`].
        whole: bool,
    },
}

/// Why a file is refused before anything of it is sent.
pub fn refusal_of(upload: &Upload, limits: &Limits) -> Option<UploadRefusal> {
    if upload.bytes == 0 {
        Some(UploadRefusal::Empty)
    } else if upload.bytes > limits.file_bytes_max {
        Some(UploadRefusal::TooLarge)
    } else {
        None
    }
}

/// Whether `upload` is new to a store that has `known` of it: then it needs [room](fits).
pub fn is_new(known: Option<KnownUpload>, upload: &Upload) -> bool {
    known.is_none_or(|known| !known.complete && known.bytes != upload.bytes)
}

/// Whether `upload` may be kept beside `others`, the bytes of the studio's other files.
pub const fn fits(others: u64, upload: &Upload, limits: &Limits) -> bool {
    others.saturating_add(upload.bytes) <= limits.studio_bytes_max
}

/// What to do about `piece`, which begins at `offset` of a file of which the store has `known`. What was sent before is
/// passed over; what leaves a gap is not kept.
pub fn step<'a>(known: Option<KnownUpload>, upload: &Upload, offset: u64, piece: &'a [u8]) -> Step<'a> {
    let refused = |why| UploadOutcome::Refused { why };
    let (anew, received) = match known {
        Some(known) if known.complete => {
            return Step::Answer(if known.bytes != upload.bytes {
                refused(UploadRefusal::WrongHash)
            } else if known.kind != upload.kind {
                refused(UploadRefusal::WrongKind)
            } else {
                UploadOutcome::Complete
            });
        }
        Some(known) if known.bytes == upload.bytes && known.kind == upload.kind => (false, known.received),
        // Not known, or described otherwise than before.
        _ if piece.is_empty() || offset > 0 => return Step::Drop(UploadOutcome::Partial { next: 0 }),
        _ => (true, 0),
    };
    let fresh = received
        .checked_sub(offset)
        .and_then(|known| usize::try_from(known).ok())
        .and_then(|known| piece.get(known..))
        .unwrap_or_default();
    let reached = received.saturating_add(u64::try_from(fresh.len()).unwrap_or(u64::MAX));
    if fresh.is_empty() {
        Step::Answer(UploadOutcome::Partial { next: received })
    } else if reached > upload.bytes {
        Step::Drop(refused(UploadRefusal::WrongHash))
    } else {
        Step::Keep {
            anew,
            at: received,
            fresh,
            whole: reached == upload.bytes,
        }
    }
}

/// Whether the whole `content` is what was said of it.
///
/// # Errors
/// [`UploadRefusal::WrongHash`], [`UploadRefusal::WrongKind`].
pub fn verified(upload: &Upload, content: &[u8]) -> Result<(), UploadRefusal> {
    if ContentHash::of(content) != upload.hash {
        Err(UploadRefusal::WrongHash)
    } else if FileKind::of(content) != Some(upload.kind) {
        Err(UploadRefusal::WrongKind)
    } else {
        Ok(())
    }
}
