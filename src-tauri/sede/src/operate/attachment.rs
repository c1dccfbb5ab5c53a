//! `attachment`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::attachment::Attachment;
use domain::code::{AppointmentCode, ContentHash};
use serde::Serialize;

use super::appointment::known;
use super::listing::Listed;
use super::text::Table;
use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Files that studios sent with their appointments (R10).

Examples:
  sede attachment list LU-A-000123
  sede attachment get LU-A-000123 1                      into this folder, under its own name
  sede attachment get LU-A-000123 1 --out /tmp/file.pdf
  sede attachment get LU-A-000123 1 --out - | less       to the standard output";

/// Bytes that are asked for at once.
const PIECE: u32 = 256 * 1024;

/// What is done with files.
#[derive(Debug, Subcommand)]
pub enum AttachmentVerb {
    /// Lists the files of an appointment.
    List {
        /// Which appointment.
        appointment: AppointmentCode,
    },
    /// Writes a file of an appointment, checked against its hash.
    Get {
        /// Which appointment.
        appointment: AppointmentCode,
        /// Its place in the list, from 1.
        #[arg(value_parser = clap::value_parser!(u16).range(1..))]
        number: u16,
        /// Where to; '-' is the standard output. A file that is there already is not overwritten.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Serialize)]
struct Got<'a> {
    file: &'a Attachment,
    written_to: &'a Path,
}

pub(super) async fn run(work: &Work, verb: AttachmentVerb) -> Result<Said, Failure> {
    match verb {
        AttachmentVerb::List { appointment } => list(work, &appointment).await,
        AttachmentVerb::Get {
            appointment,
            number,
            out,
        } => get(work, &appointment, number, out).await,
    }
}

async fn list(work: &Work, code: &AppointmentCode) -> Result<Said, Failure> {
    let files = known(work, code).await?.appointment.content.attachments;
    let mut table = Table::of(&["NUMBER", "NAME", "KIND", "BYTES", "SHA-256"]);
    for (index, file) in files.iter().enumerate() {
        table.row([
            (index + 1).to_string(),
            file.name.as_str().to_owned(),
            file.kind.extension().to_owned(),
            file.bytes.to_string(),
            file.hash.to_string(),
        ]);
    }
    Ok(Said::new(table.or("no file came with it"), &Listed::whole(files)))
}

async fn get(work: &Work, code: &AppointmentCode, number: u16, out: Option<PathBuf>) -> Result<Said, Failure> {
    let record = known(work, code).await?;
    let files = &record.appointment.content.attachments;
    let Some(file) = files.get(usize::from(number) - 1) else {
        return Err(Failure::not_found("file", format!("{number} of {code}")));
    };
    let mut content = Vec::new();
    loop {
        let (id, offset) = (record.appointment.id, content.len() as u64);
        let piece = work.store.records().attachment(id, file.hash, offset, PIECE).await?;
        let Some(piece) = piece else {
            return Err(Failure::Damaged(format!("the store has lost file {number} of {code}")));
        };
        if piece.is_empty() {
            break;
        }
        content.extend(piece);
    }
    if ContentHash::of(&content) != file.hash {
        return Err(Failure::Damaged(format!(
            "file {number} of {code} is not what its hash says"
        )));
    }
    let out = out.unwrap_or_else(|| PathBuf::from(file.name.as_str()));
    if out.as_os_str() == "-" {
        std::io::stdout()
            .lock()
            .write_all(&content)
            .map_err(|error| unwritable(&error))?;
        return Ok(Said::nothing());
    }
    write_new(&out, &content)?;
    let people = format!("{} bytes in {}", content.len(), out.display());
    Ok(Said::new(people, &Got { file, written_to: &out }))
}

/// Writes a file that is not there yet, whole or not at all.
fn write_new(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let mut file = match std::fs::File::create_new(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(Failure::refused(format!("{} is there already", path.display())));
        }
        Err(error) => return Err(unwritable(&error)),
    };
    file.write_all(content).and_then(|()| file.sync_all()).map_err(|error| {
        drop(std::fs::remove_file(path));
        unwritable(&error)
    })
}

fn unwritable(error: &std::io::Error) -> Failure {
    Failure::refused(format!("the file can't be written: {}", error.kind()))
}
