//! Attachments of a draft (R10). Only the shell knows paths; the page never does.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cache::CacheError;
use cache::drafts::{Draft, DraftPhase};
use cache::files::Taken;
use domain::attachment::{Attachment, FileKind, FileName};
use domain::code::{ContentHash, DraftId};
use domain::content::Limits;

use crate::drafts::draft_id;
use crate::limits::PICKED_MAX;
use crate::mapping::attachments::size;
use crate::mapping::count;
use crate::studio::Studio;
use crate::view::app::{Progress, Work};
use crate::view::attachments::{AttachOutcome, FileRefusal, RefusedFile};
use crate::view::drafts::DraftDetail;
use crate::{StudioError, parse};

/// Folder of the named copies that were made for opening; emptied at each start, and each day.
const OPENED: &str = "opened";

/// Copying less than this is over before anybody could read a figure.
const WORTH_A_FIGURE: u64 = 256 * 1024;

impl Studio {
    /// Whether files can be attached to the draft: asked before anybody is shown where to pick them.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] unless it is editing.
    pub async fn takes_files(&self, draft: &str) -> Result<(), StudioError> {
        self.draft_taking_files(draft).await.map(|_| ())
    }

    async fn draft_taking_files(&self, draft: &str) -> Result<Draft, StudioError> {
        let known = self.known_draft(draft).await?;
        if known.state.phase() != DraftPhase::Editing {
            return Err(StudioError::DraftLocked);
        }
        Ok(known)
    }

    /// Copies files into the draft. Those that can't be taken are refused with the reason; the others stay.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] unless it is editing, [`StudioError::InvalidArgument`]
    /// for too many files to look at.
    pub async fn attach(&self, draft: &str, paths: Vec<PathBuf>) -> Result<AttachOutcome, StudioError> {
        if paths.len() > PICKED_MAX {
            return Err(StudioError::InvalidArgument { argument: "files" });
        }
        let known = self.draft_taking_files(draft).await?;
        let limits = self.limits().await?;
        let mut refused = Vec::new();
        for path in paths {
            let name = path
                .file_name()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            if let Some(reason) = self.take(known.id, path, &limits).await? {
                refused.push(RefusedFile {
                    name: FileName::sanitised(&name).as_str().to_owned(),
                    reason,
                });
            }
        }
        Ok(AttachOutcome {
            draft: self.draft_open(draft).await?,
            refused,
        })
    }

    /// Takes one file; answers why not, where it does not.
    async fn take(&self, draft: DraftId, path: PathBuf, limits: &Limits) -> Result<Option<FileRefusal>, StudioError> {
        let there = self.cache.drafts.get(draft).await?.content.attachments.len();
        if count(there) >= limits.files_max {
            return Ok(Some(FileRefusal::TooMany { max: limits.files_max }));
        }
        let file = match self.copied(path, limits).await? {
            Ok(file) => file,
            Err(reason) => return Ok(Some(reason)),
        };
        let now = self.now().instant();
        match self.cache.drafts.attach(draft, &file, limits.files_max, now).await {
            Ok(_) => Ok(None),
            Err(CacheError::AlreadyAttached) => Ok(Some(FileRefusal::AlreadyThere)),
            Err(CacheError::TooManyFiles { max }) => Ok(Some(FileRefusal::TooMany { max })),
            Err(error) => Err(error.into()),
        }
    }

    /// Copies a file into the program's folder; answers why not, where it does not.
    pub(crate) async fn copied(
        &self,
        path: PathBuf,
        limits: &Limits,
    ) -> Result<Result<Attachment, FileRefusal>, StudioError> {
        let herald = Arc::clone(&self.herald);
        let progress = move |done: u64, total: u64| {
            if total >= WORTH_A_FIGURE {
                herald.progress(Progress {
                    work: Work::CopyAttachment,
                    done: size(done / 1024),
                    total: size(total / 1024),
                });
            }
        };
        let taken = match self.cache.files.take(path, limits.file_bytes_max, progress).await {
            Ok(taken) => taken,
            Err(CacheError::Full) => return Ok(Err(FileRefusal::NoRoom)),
            Err(error) => return Err(error.into()),
        };
        Ok(match taken {
            Taken::Kept(file) => Ok(file),
            Taken::Refused(why) => Err(refusal(why)),
        })
    }

    /// Takes a file off a draft.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::UnknownAttachment`], [`StudioError::DraftLocked`] unless it is
    /// editing.
    pub async fn attachment_remove(&self, draft: &str, hash: &str) -> Result<DraftDetail, StudioError> {
        let id = draft_id(draft)?;
        let hash = self.file_of(draft, hash).await?.hash;
        let draft = self.cache.drafts.detach(id, hash, self.now().instant()).await?;
        self.draft_detail(&draft).await
    }

    /// A copy of a file of the draft under a harmless name, for opening it with the program that the system has for its
    /// kind. The kind is that of its content, whatever its name says.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::UnknownAttachment`], [`StudioError::FileElsewhere`] where there is no
    /// copy on this computer.
    pub async fn attachment_path(&self, draft: &str, hash: &str) -> Result<PathBuf, StudioError> {
        let file = self.file_of(draft, hash).await?;
        self.named_copy(&file).await
    }

    pub(crate) async fn named_copy(&self, file: &Attachment) -> Result<PathBuf, StudioError> {
        let folder = self.folder.join(OPENED).join(file.hash.to_string());
        let path = folder.join(name_to_open(file));
        let copied = async {
            tokio::fs::create_dir_all(&folder).await?;
            tokio::fs::copy(self.cache.files.path(file.hash), &path).await
        };
        match copied.await {
            Ok(_) => Ok(path),
            // An appointment that is changed here may have been booked elsewhere.
            Err(_) if !self.cache.files.path(file.hash).exists() => Err(StudioError::FileElsewhere),
            Err(error) => Err(CacheError::from(error).into()),
        }
    }

    /// Copies of these files under harmless names, in a folder of their own; what was copied there before is gone.
    pub(crate) async fn copies_in_one_folder(&self, name: &str, files: &[Attachment]) -> Result<PathBuf, StudioError> {
        let folder = self.folder.join(OPENED).join(name);
        let copied = async {
            if folder.exists() {
                tokio::fs::remove_dir_all(&folder).await?;
            }
            tokio::fs::create_dir_all(&folder).await?;
            for file in files {
                let mut path = folder.join(name_to_open(file));
                if path.exists() {
                    // Two files of one name: the second goes by its content, too.
                    let (hash, ending) = (file.hash.to_string(), file.kind.extension());
                    path = folder.join(format!("{}-{}.{ending}", file.name.as_str(), &hash[..8]));
                }
                tokio::fs::copy(self.cache.files.path(file.hash), &path).await?;
            }
            Ok::<_, std::io::Error>(())
        };
        match copied.await {
            Ok(()) => Ok(folder),
            Err(_) if files.iter().any(|file| !self.cache.files.path(file.hash).exists()) => {
                Err(StudioError::FileElsewhere)
            }
            Err(error) => Err(CacheError::from(error).into()),
        }
    }

    async fn file_of(&self, draft: &str, hash: &str) -> Result<Attachment, StudioError> {
        let draft = self.known_draft(draft).await?;
        let hash: ContentHash = parse::known(hash, StudioError::UnknownAttachment)?;
        let mut files = draft.content.attachments.into_iter();
        files
            .find(|file| file.hash == hash)
            .ok_or(StudioError::UnknownAttachment)
    }

    /// Removes what nobody needs any more: contents that no draft names, copies that were made for opening. What can't be
    /// removed now is removed another day.
    pub(crate) async fn tidy(&self) {
        if let Err(error) = self.cache.files.collect(self.now().instant()).await {
            tracing::warn!(%error, "files that nobody names could not be removed");
        }
        let opened = self.folder.join(OPENED);
        if opened.exists()
            && let Err(error) = tokio::fs::remove_dir_all(&opened).await
        {
            tracing::info!(%error, "copies made for opening are still in use");
        }
    }
}

const fn endings(kind: FileKind) -> &'static [&'static str] {
    match kind {
        FileKind::Pdf => &["pdf"],
        FileKind::Jpeg => &["jpg", "jpeg"],
        FileKind::Png => &["png"],
        FileKind::Tiff => &["tif", "tiff"],
    }
}

/// The file's name, with the ending of its kind.
fn name_to_open(file: &Attachment) -> String {
    let name = file.name.as_str();
    let fits = Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| {
            endings(file.kind)
                .iter()
                .any(|usual| usual.eq_ignore_ascii_case(ending))
        });
    if fits {
        name.to_owned()
    } else {
        format!("{name}.{}", file.kind.extension())
    }
}

fn refusal(why: cache::files::FileRefusal) -> FileRefusal {
    match why {
        cache::files::FileRefusal::TooLarge { bytes, max } => FileRefusal::TooLarge { bytes, max: size(max) },
        cache::files::FileRefusal::WrongKind => FileRefusal::WrongKind,
        cache::files::FileRefusal::Empty => FileRefusal::Empty,
        cache::files::FileRefusal::Unreadable => FileRefusal::Unreadable,
        cache::files::FileRefusal::NotAFile => FileRefusal::Folder,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_opened_as_what_it_is_whatever_its_name_says() {
        let named = |name: &str, kind| {
            name_to_open(&Attachment {
                hash: ContentHash::of(b""),
                name: FileName::sanitised(name),
                kind,
                bytes: 1,
            })
        };
        assert_eq!(named("visura.PDF", FileKind::Pdf), "visura.PDF");
        assert_eq!(named("foto.jpeg", FileKind::Jpeg), "foto.jpeg");
        assert_eq!(named("fattura.pdf.exe", FileKind::Pdf), "fattura.pdf.exe.pdf");
        assert_eq!(named("senza", FileKind::Tiff), "senza.tif");
        assert!(!named("../../etc/passwd", FileKind::Png).contains(['/', '\\']));
    }
}
