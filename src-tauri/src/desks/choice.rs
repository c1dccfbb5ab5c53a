//! Which desk is worked at: kept beside the desks, so that the next start opens it.

use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};
use studio::view::desk::DeskView;

use crate::folders::Folders;

/// Identity of a sede's folder on this computer: 32 hexadecimal digits, from the sede's address and the studio's code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SedeFolder(String);

impl SedeFolder {
    /// The folder for what a studio has at the sede of this address.
    pub(crate) fn of(address: &str, studio: &str) -> Self {
        Self(digest(&[address, studio]))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// 32 hexadecimal digits of what `parts` say, in order.
pub(crate) fn digest(parts: &[&str]) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(parts.join("\n"));
    digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

impl TryFrom<String> for SedeFolder {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let formed = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        formed.then_some(Self(text)).ok_or("no folder of a sede")
    }
}

impl From<SedeFolder> for String {
    fn from(folder: SedeFolder) -> Self {
        folder.0
    }
}

/// A desk of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskId {
    /// The training sede's.
    Training,
    /// The one that works without a sede (R16).
    Portal,
    /// That of a sede over the network.
    Sede(SedeFolder),
}

impl DeskId {
    /// The desk with this identity, as it crosses to the page.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == DeskView::TRAINING {
            return Some(Self::Training);
        }
        if text == DeskView::PORTAL {
            return Some(Self::Portal);
        }
        SedeFolder::try_from(text.to_owned()).ok().map(Self::Sede)
    }

    /// The identity that crosses to the page.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Training => DeskView::TRAINING,
            Self::Portal => DeskView::PORTAL,
            Self::Sede(folder) => folder.as_str(),
        }
    }
}

/// The desk that was chosen last, if it is still there; the first that there is where nobody chose.
pub(crate) fn chosen(folders: &Folders) -> Option<DeskId> {
    let kept = std::fs::read(folders.choice()).ok();
    let kept: Option<DeskId> = kept.and_then(|text| serde_json::from_slice(&text).ok());
    kept.filter(|desk| folders.desk(desk).exists())
        .or_else(|| all(folders).into_iter().next())
}

/// The desks of this computer: the training sede's, the one without a sede, then the others.
pub(crate) fn all(folders: &Folders) -> Vec<DeskId> {
    let mut sedi: Vec<SedeFolder> = std::fs::read_dir(folders.sedi())
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| SedeFolder::try_from(entry.file_name().into_string().ok()?).ok())
        .filter(|sede| folders.sede(sede).connection().is_file())
        .collect();
    sedi.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
    let training = folders.training().exists().then_some(DeskId::Training);
    let portal = folders.portal().exists().then_some(DeskId::Portal);
    training
        .into_iter()
        .chain(portal)
        .chain(sedi.into_iter().map(DeskId::Sede))
        .collect()
}

/// Keeps the choice.
pub(crate) fn keep(folders: &Folders, desk: &DeskId) -> io::Result<()> {
    write_whole(&folders.choice(), &serde_json::to_vec_pretty(desk)?)
}

/// Writes a file beside its place and moves it there: it is there whole, or as it was.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("unfinished");
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(content)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&unfinished, path)
}
