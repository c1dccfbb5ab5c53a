//! *Importa un elenco* (R16): a list is opened, its columns are matched, each row is compared with what is held, and it is
//! taken: whole, or not at all.
//!
//! One list is open at a time. It stays in memory between the steps, so that the page reads it in windows; what is taken is
//! compared once more with what is held then.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cache::portal::Imported;
use chrono::NaiveDate;
use domain::portal::PortalTicket;
use domain::portal::comparison::Verdict;
use import::{Document, Field, Header, ImportError, Mapping, Reading, RefusedRow, Stage, Sureness, read_rows};

use crate::StudioError;
use crate::limits::{IMPORT_TEXT_MAX, WINDOW_MAX};
use crate::listener::Herald;
use crate::mapping::import as shown;
use crate::mapping::{self, count, time};
use crate::studio::Studio;
use crate::view::app::{Progress, Work};
use crate::view::import::{
    ImportColumn, ImportCounts, ImportFilter, ImportList, ImportMatching, ImportOpened, ImportOutcome, ImportRow,
    ImportTable, RowOutcomeView, UnknownState, UnreadableView,
};

/// Examples of a column.
const EXAMPLES: usize = 3;

/// Characters of an example.
const EXAMPLE_LENGTH: usize = 60;

/// A list of fewer rows is taken before anybody could read a figure.
const WORTH_A_FIGURE: usize = 2_000;

/// The list that is open, if one is.
#[derive(Default)]
pub(crate) struct Import {
    open: Mutex<Option<Arc<Open>>>,
    called_off: Arc<AtomicBool>,
    /// Lists are read and taken one at a time.
    one: tokio::sync::Mutex<()>,
}

impl Import {
    fn open(&self) -> MutexGuard<'_, Option<Arc<Open>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> Result<Arc<Open>, StudioError> {
        self.open().clone().ok_or(StudioError::ListExpired)
    }
}

/// A list between the steps.
struct Open {
    name: String,
    document: Arc<Document>,
    table: usize,
    header: Header,
    mapping: Mapping,
    certain: Vec<Field>,
    remembered: bool,
    /// Nothing while a field is missing.
    read: Option<Read>,
}

/// A list whose rows were read, and compared with what is held.
struct Read {
    lines: Vec<Line>,
    tickets: Arc<Vec<PortalTicket>>,
    unknown_states: Vec<UnknownState>,
    counts: ImportCounts,
    /// Of these, the rows that are no tickets to be compared: refused as they are read, said before, asides.
    besides: ImportCounts,
}

/// A row of the list, in the order of the list.
struct Line {
    row: u32,
    comes: Comes,
}

enum Comes {
    /// The ticket at this place, and what comes of it.
    Ticket(usize, Verdict),
    /// It was said by another row.
    Repeated(usize),
    Refused(RefusedRow),
}

impl Studio {
    /// Opens the list in a file.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn import_open(&self, path: PathBuf) -> Result<ImportOpened, StudioError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.opened(name, move |watch| import::open(&path, watch)).await
    }

    /// Opens a list that was copied: as a page has it, where it was copied from one, and as text.
    ///
    /// # Errors
    /// [`StudioError::TooLong`]; those of the studio's files.
    pub async fn import_paste(&self, html: Option<String>, text: String) -> Result<ImportOpened, StudioError> {
        if html.as_ref().map_or(0, String::len).max(text.len()) > IMPORT_TEXT_MAX {
            return Err(StudioError::TooLong {
                argument: "text",
                max: u32::try_from(IMPORT_TEXT_MAX).unwrap_or(u32::MAX),
            });
        }
        self.opened(String::new(), move |watch| {
            import::pasted(html.as_deref(), &text, watch)
        })
        .await
    }

    async fn opened(
        &self,
        name: String,
        read: impl FnOnce(&mut dyn FnMut(import::Progress) -> ControlFlow<()>) -> import::Result<Document> + Send + 'static,
    ) -> Result<ImportOpened, StudioError> {
        let _one = self.import.one.lock().await;
        self.import.called_off.store(false, Ordering::Relaxed);
        let mut watch = self.watch();
        let document = blocking(move || read(&mut watch)).await?;
        let proposed = document.and_then(|document| {
            let (table, proposal) = document.propose()?;
            Ok((document, table, proposal))
        });
        let (document, table, proposal) = match proposed {
            Ok(proposed) => proposed,
            Err(ImportError::Cancelled) => return Ok(ImportOpened::CalledOff),
            Err(error) => {
                let why = match error {
                    ImportError::Unreadable(why) => shown::unreadable(why),
                    ImportError::Io(_) | ImportError::Cancelled => UnreadableView::NotReadable,
                };
                return Ok(ImportOpened::Unreadable { name, why });
            }
        };
        let remembered: Option<Mapping> = self.cache.portal.mapping(proposal.key.as_str()).await?;
        let sure = |sureness: &Sureness| *sureness == Sureness::Certain;
        let certain = proposal.sureness.iter().filter(|(_, sureness)| sure(sureness));
        let open = Open {
            name,
            document: Arc::new(document),
            table,
            certain: certain.map(|(field, _)| *field).collect(),
            remembered: remembered.is_some(),
            header: proposal.header,
            mapping: remembered.unwrap_or(proposal.mapping),
            read: None,
        };
        self.shown(open).await
    }

    /// Matches the columns of the list that is open as the person says, and remembers it for lists of the same header.
    ///
    /// # Errors
    /// [`StudioError::ListExpired`] where none is open; [`StudioError::InvalidArgument`] for a table or a column that it
    /// has not.
    pub async fn import_match(&self, matching: &ImportMatching) -> Result<ImportOpened, StudioError> {
        let _one = self.import.one.lock().await;
        self.import.called_off.store(false, Ordering::Relaxed);
        let known = self.import.known()?;
        let table = usize::try_from(matching.table).unwrap_or(usize::MAX);
        let tables = known.document.tables();
        let chosen = tables
            .get(table)
            .ok_or(StudioError::InvalidArgument { argument: "table" })?;
        let (header, mapping, certain) = if table == known.table {
            let mut mapping = known.mapping.clone();
            mapping.columns.clear();
            for column in &matching.columns {
                let named = known.header.columns.iter().find(|one| one.name.as_str() == column.name);
                let named = named.ok_or(StudioError::InvalidArgument { argument: "columns" })?;
                mapping.assign(&named.name, Some(shown::named(column.field)));
            }
            for state in &matching.states {
                crate::parse::text("states", &state.text, crate::limits::LABEL_MAX)?;
                mapping.explain_state(&state.text, shown::state(state.status));
            }
            self.cache
                .portal
                .remember(known.header.key().as_str(), &mapping, self.now().instant())
                .await?;
            (known.header.clone(), mapping, known.certain.clone())
        } else {
            // The first row of a table in which nothing is recognised is taken for its header.
            let first = || chosen.rows().next().and_then(|row| chosen.propose_at(row.number));
            let proposal = chosen.propose().or_else(first);
            let proposal = proposal.ok_or(StudioError::InvalidArgument { argument: "table" })?;
            let certain = proposal.sureness.iter();
            let certain = certain.filter(|(_, sureness)| **sureness == Sureness::Certain);
            (
                proposal.header,
                proposal.mapping,
                certain.map(|(field, _)| *field).collect(),
            )
        };
        let open = Open {
            name: known.name.clone(),
            document: Arc::clone(&known.document),
            table,
            header,
            mapping,
            certain,
            remembered: table == known.table,
            read: None,
        };
        self.shown(open).await
    }

    /// Rows of the list that is open, of one kind, from the `offset`th on; what lies beyond its end is not there.
    ///
    /// # Errors
    /// [`StudioError::ListExpired`], [`StudioError::InvalidArgument`] for more than
    /// [`WINDOW_MAX`](crate::limits::WINDOW_MAX) rows.
    pub fn import_rows(&self, filter: ImportFilter, offset: u32, limit: u32) -> Result<Vec<ImportRow>, StudioError> {
        if limit > WINDOW_MAX {
            return Err(StudioError::InvalidArgument { argument: "limit" });
        }
        let known = self.import.known()?;
        let Some(read) = &known.read else { return Ok(Vec::new()) };
        let (skip, take) = (
            usize::try_from(offset).unwrap_or(usize::MAX),
            usize::try_from(limit).unwrap_or(usize::MAX),
        );
        Ok(read
            .lines
            .iter()
            .filter(|line| is_of(line, filter))
            .skip(skip)
            .take(take)
            .map(|line| read.row(line))
            .collect())
    }

    /// Takes the list that is open, in one transaction: as far as its rows can be taken, all of it or nothing.
    ///
    /// # Errors
    /// [`StudioError::ListExpired`], [`StudioError::NothingSelected`] while its columns are not matched; those of the
    /// studio's files.
    pub async fn import_take(&self) -> Result<ImportOutcome, StudioError> {
        let _one = self.import.one.lock().await;
        self.import.called_off.store(false, Ordering::Relaxed);
        let known = self.import.known()?;
        let read = known.read.as_ref().ok_or(StudioError::NothingSelected)?;
        let total = read.tickets.len();
        let (herald, called_off) = (Arc::clone(&self.herald), Arc::clone(&self.import.called_off));
        let progress = move |done: usize| {
            tell(&herald, Work::ImportList, done, total);
            if called_off.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let portal = &self.cache.portal;
        let taken = portal.import(&read.tickets, self.now().instant(), progress).await?;
        let Some(imported) = taken else {
            return Ok(ImportOutcome::CalledOff);
        };
        let counts = counted(imported, &read.besides);
        *self.import.open() = None;
        self.herald.work_changed();
        Ok(ImportOutcome::Imported {
            counts,
            bookable: self.cache.pulled.bookable_now(self.now()).await?,
        })
    }

    /// Calls off what is being read or taken.
    pub fn import_call_off(&self) {
        self.import.called_off.store(true, Ordering::Relaxed);
    }

    /// Closes the list that is open, if one is.
    pub fn import_close(&self) {
        self.import_call_off();
        *self.import.open() = None;
    }

    /// Reads the rows of `open` where its columns are matched, compares them, and keeps it as the list that is open.
    async fn shown(&self, mut open: Open) -> Result<ImportOpened, StudioError> {
        let missing = open.mapping.missing(&open.header);
        if missing.is_empty() {
            let (document, table) = (Arc::clone(&open.document), open.table);
            let (header, mapping) = (open.header.clone(), open.mapping.clone());
            let (today, mut watch) = (self.now().today(), self.watch());
            let reading = blocking(move || {
                let table = &document.tables()[table];
                read_rows(table, &header, &mapping, today, &mut watch)
            });
            open.read = match reading.await? {
                Ok(reading) => Some(self.compared(reading, today).await?),
                Err(_) => return Ok(ImportOpened::CalledOff),
            };
        }
        let list = Box::new(open.view(&missing));
        *self.import.open() = Some(Arc::new(open));
        Ok(ImportOpened::Read { list })
    }

    async fn compared(&self, reading: Reading, today: NaiveDate) -> Result<Read, StudioError> {
        let rows: Vec<u32> = reading.tickets.iter().map(|ticket| ticket.row).collect();
        let tickets: Vec<PortalTicket> = reading.tickets.into_iter().map(|ticket| ticket.ticket).collect();
        let preview = self.cache.portal.preview(&tickets, today).await?;
        let besides = ImportCounts {
            same: count(reading.repeated.len()),
            refused: count(reading.refused.len()),
            asides: count(reading.asides.len()),
            ..ImportCounts::default()
        };
        let counts = counted(preview.counts(), &besides);
        let mut lines: Vec<Line> = rows
            .iter()
            .zip(preview.verdicts)
            .enumerate()
            .map(|(at, (row, verdict))| Line {
                row: *row,
                comes: Comes::Ticket(at, verdict),
            })
            .collect();
        for repeated in &reading.repeated {
            // The tickets are in the order of their rows.
            if let Ok(at) = rows.binary_search(&repeated.first) {
                lines.push(Line {
                    row: repeated.row,
                    comes: Comes::Repeated(at),
                });
            }
        }
        lines.extend(reading.refused.into_iter().map(|refused| Line {
            row: refused.row,
            comes: Comes::Refused(refused),
        }));
        lines.sort_by_key(|line| line.row);
        Ok(Read {
            lines,
            tickets: Arc::new(tickets),
            unknown_states: reading
                .unknown_states
                .into_iter()
                .map(|(text, rows)| UnknownState {
                    text,
                    rows: count(rows),
                })
                .collect(),
            counts,
            besides,
        })
    }

    /// Tells the page how far the reading is, and hears whether it was called off.
    fn watch(&self) -> impl FnMut(import::Progress) -> ControlFlow<()> + Send + 'static {
        let (herald, called_off) = (Arc::clone(&self.herald), Arc::clone(&self.import.called_off));
        move |progress| {
            if progress.stage == Stage::Reading {
                tell(&herald, Work::ReadList, progress.rows, progress.of.unwrap_or_default());
            }
            if called_off.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StudioError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| {
        StudioError::Bug(cache::CacheError::Bug {
            what: "reading a list was interrupted".to_owned(),
        })
    })
}

fn tell(herald: &Herald, work: Work, done: usize, total: usize) {
    if total >= WORTH_A_FIGURE {
        herald.progress(Progress {
            work,
            done: count(done),
            total: count(total),
        });
    }
}

/// How many rows came to what, with those `besides` that were not compared.
fn counted(imported: Imported, besides: &ImportCounts) -> ImportCounts {
    ImportCounts {
        new: imported.new,
        changed: imported.changed,
        same: imported.same + besides.same,
        refused: imported.refused + besides.refused,
        asides: besides.asides,
    }
}

fn is_of(line: &Line, filter: ImportFilter) -> bool {
    match (filter, &line.comes) {
        (ImportFilter::All, _)
        | (ImportFilter::New, Comes::Ticket(_, Verdict::New))
        | (ImportFilter::Changed, Comes::Ticket(_, Verdict::Changed(_)))
        | (ImportFilter::Same, Comes::Ticket(_, Verdict::Same) | Comes::Repeated(_))
        | (ImportFilter::Refused, Comes::Ticket(_, Verdict::Refused(_)) | Comes::Refused(_)) => true,
        (ImportFilter::New | ImportFilter::Changed | ImportFilter::Same | ImportFilter::Refused, _) => false,
    }
}

impl Read {
    fn row(&self, line: &Line) -> ImportRow {
        let of = |at: usize, comes| self.row_of(line.row, &self.tickets[at], comes);
        match &line.comes {
            Comes::Ticket(at, verdict) => of(*at, shown::comes(verdict)),
            Comes::Repeated(at) => of(*at, RowOutcomeView::Same),
            Comes::Refused(refused) => ImportRow {
                row: line.row,
                code: refused.code.clone(),
                company: String::new(),
                subject: String::new(),
                opened_on: None,
                status: None,
                comes: RowOutcomeView::Refused {
                    faults: refused.faults.iter().map(shown::fault).collect(),
                },
            },
        }
    }

    fn row_of(&self, row: u32, ticket: &PortalTicket, comes: RowOutcomeView) -> ImportRow {
        let company = ticket.company_name.as_ref().map(ToString::to_string);
        let company = company.or_else(|| ticket.company.as_ref().map(ToString::to_string));
        ImportRow {
            row,
            code: ticket.code.to_string(),
            company: company.unwrap_or_else(|| ticket.position.to_string()),
            subject: ticket.subject.to_string(),
            opened_on: Some(time::date(ticket.opened_on)),
            status: Some(mapping::portal::status(ticket.status)),
            comes,
        }
    }
}

impl Open {
    fn view(&self, missing: &[Field]) -> ImportList {
        let tables = self.document.tables();
        let table = &tables[self.table];
        let column = |column: &import::Column| {
            let field = self.mapping.field_of(&column.name);
            let below = table.rows().filter(|row| row.number > self.header.row);
            let filled = below
                .map(|row| row.cell(column.position))
                .filter(|cell| !cell.is_empty());
            ImportColumn {
                name: column.name.as_str().to_owned(),
                letters: column.letters(),
                title: column.title.chars().take(EXAMPLE_LENGTH).collect(),
                certain: field.is_none_or(|field| self.remembered || self.certain.contains(&field)),
                field: field.map(shown::field),
                examples: filled
                    .take(EXAMPLES)
                    .map(|cell| cell.shown().chars().take(EXAMPLE_LENGTH).collect())
                    .collect(),
            }
        };
        ImportList {
            name: self.name.clone(),
            format: shown::format(self.document.source()),
            tables: tables
                .iter()
                .map(|table| ImportTable {
                    name: table.name().unwrap_or_default().to_owned(),
                    rows: count(table.len()),
                })
                .collect(),
            table: count(self.table),
            columns: self.header.columns.iter().map(column).collect(),
            missing: missing.iter().copied().map(shown::field).collect(),
            unknown_states: self
                .read
                .as_ref()
                .map(|read| read.unknown_states.clone())
                .unwrap_or_default(),
            remembered: self.remembered,
            counts: self.read.as_ref().map(|read| read.counts),
        }
    }
}
