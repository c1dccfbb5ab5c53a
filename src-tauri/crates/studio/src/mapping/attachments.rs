//! Files and limits.

use domain::attachment::{Attachment, FileKind};
use domain::content::Limits;

use crate::view::attachments::{AttachmentView, FileKindView, LimitsView};

pub(crate) fn attachment(file: &Attachment) -> AttachmentView {
    AttachmentView {
        hash: file.hash.to_string(),
        name: file.name.as_str().to_owned(),
        kind: kind(file.kind),
        bytes: size(file.bytes),
    }
}

pub(crate) const fn kind(kind: FileKind) -> FileKindView {
    match kind {
        FileKind::Pdf => FileKindView::Pdf,
        FileKind::Jpeg => FileKindView::Jpeg,
        FileKind::Png => FileKindView::Png,
        FileKind::Tiff => FileKindView::Tiff,
    }
}

pub(crate) fn limits(limits: &Limits) -> LimitsView {
    LimitsView {
        notes_max: limits.notes_max,
        files_max: limits.files_max,
        file_bytes_max: size(limits.file_bytes_max),
    }
}

/// Bytes of a file of a draft: the largest that any limit lets in is far below four gigabytes.
pub(crate) fn size(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
