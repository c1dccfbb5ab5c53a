//! `attachment`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::attachment::Attachment;
use domain::code::{ContentHash, TicketCode};
use serde::Serialize;
use store::{AppointmentRecord, RequestRecord};

use super::listing::Listed;
use super::text::Table;
use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Files that studios sent with their appointments and with their requests (R10).

Examples:
  sede attachment list LU-A-000123
  sede attachment list LU-48214                          those of a request
  sede attachment get LU-A-000123 1                      into this folder, under its own name
  sede attachment get LU-A-000123 1 --out /tmp/file.pdf
  sede attachment get LU-A-000123 1 --out - | less       to the standard output";

/// Bytes that are asked for at once.
const PIECE: u32 = 256 * 1024;

/// What is done with files.
#[derive(Debug, Subcommand)]
pub enum AttachmentVerb {
    /// Lists the files of an appointment, or of a request that a studio wrote here.
    List {
        /// Which appointment or ticket.
        #[arg(value_name = "APPOINTMENT|TICKET")]
        of: String,
    },
    /// Writes a file of an appointment or of a request, checked against its hash.
    Get {
        /// Which appointment or ticket.
        #[arg(value_name = "APPOINTMENT|TICKET")]
        of: String,
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
        AttachmentVerb::List { of } => list(&Owner::named(work, &of).await?).await,
        AttachmentVerb::Get { of, number, out } => get(work, &Owner::named(work, &of).await?, number, out).await,
    }
}

/// What files came with.
enum Owner {
    Appointment(Box<AppointmentRecord>),
    Request(TicketCode, Box<RequestRecord>),
}

impl Owner {
    /// The appointment of this code, or the request of it: codes of appointments and of tickets are of different forms, but
    /// nothing says that a sede's tickets could not be called so.
    async fn named(work: &Work, code: &str) -> Result<Self, Failure> {
        if let Ok(appointment) = code.parse()
            && let Some(record) = work.store.records().appointment(&appointment).await?
        {
            return Ok(Self::Appointment(Box::new(record)));
        }
        let Ok(ticket) = code.parse::<TicketCode>() else {
            return Err(Failure::not_found("appointment", code));
        };
        match work.store.records().request(&ticket).await? {
            Some(record) => Ok(Self::Request(ticket, Box::new(record))),
            None if work.store.records().ticket(&ticket).await?.is_some() => Err(Failure::refused(format!(
                "{ticket} came from elsewhere: of its files only the names are here"
            ))),
            None => Err(Failure::not_found("appointment", code)),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Appointment(record) => record.appointment.code.as_str(),
            Self::Request(ticket, _) => ticket.as_str(),
        }
    }

    fn files(&self) -> &[Attachment] {
        match self {
            Self::Appointment(record) => &record.appointment.content.attachments,
            Self::Request(_, record) => &record.request.content.attachments,
        }
    }

    async fn piece(&self, work: &Work, file: &Attachment, offset: u64) -> Result<Option<Vec<u8>>, Failure> {
        let records = work.store.records();
        Ok(match self {
            Self::Appointment(record) => {
                let id = record.appointment.id;
                records.attachment(id, file.hash, offset, PIECE).await?
            }
            Self::Request(ticket, _) => records.request_file(ticket, file.hash, offset, PIECE).await?,
        })
    }
}

async fn list(of: &Owner) -> Result<Said, Failure> {
    let files = of.files().to_vec();
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

async fn get(work: &Work, of: &Owner, number: u16, out: Option<PathBuf>) -> Result<Said, Failure> {
    let code = of.code();
    let Some(file) = of.files().get(usize::from(number) - 1) else {
        return Err(Failure::not_found("file", format!("{number} of {code}")));
    };
    let mut content = Vec::new();
    loop {
        let Some(piece) = of.piece(work, file, content.len() as u64).await? else {
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
