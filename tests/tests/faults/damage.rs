//! The studio's files damaged, with work in them, as a killed program left them: started again, the program says what it
//! found, keeps what is safe, and does nothing twice.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use agenda_sede_tests::desk_process::DeskProcess;
use agenda_sede_tests::world::{self, Tickets};
use sqlx::{Connection, SqliteConnection};
use store::{AppointmentFilter, SedeRecords};
use store_sqlite::SqliteStore;
use studio::view::app::Repair;
use studio::view::drafts::DraftStateView;
use studio::view::failure::FailureCode;
use studio::view::tickets::{BookableFilter, TicketQuery, TicketSort};
use studio::{Studio, StudioError};
use sync::{TracingWatcher, Waypoint};

use crate::desk::{self, ticket};
use crate::dice::{self, Dice};

/// Times that each file is damaged in each way that has a place.
const TIMES: usize = 6;

const PROGRAM: &str = env!("CARGO_BIN_EXE_desk_process");

/// What is done to a file.
#[derive(Debug, Clone, Copy)]
enum Damage {
    /// A few bytes, each somewhere, are others.
    BytesFlipped,
    /// A stretch of some pages holds something else.
    Overwritten,
    /// It ends somewhere.
    CutOff,
    /// It is not there.
    Deleted,
    /// It is something else, and as long.
    Garbage,
}

const SOMEWHERE: [Damage; 3] = [Damage::BytesFlipped, Damage::Overwritten, Damage::CutOff];
const WHOLE: [Damage; 2] = [Damage::Deleted, Damage::Garbage];

fn damage(path: &Path, how: Damage, dice: &mut Dice) {
    let mut content = fs::read(path).unwrap();
    let length = content.len();
    match how {
        Damage::BytesFlipped => {
            for _ in 0..=dice.below(12) {
                let at = dice.below(length);
                content[at] ^= u8::try_from(dice.below(255) + 1).unwrap();
            }
        }
        Damage::Overwritten => {
            let at = dice.below(length);
            let end = (at + 512 + dice.below(16 * 1024)).min(length);
            content[at..end].fill_with(|| u8::try_from(dice.below(256)).unwrap());
        }
        Damage::CutOff => content.truncate(dice.below(length)),
        Damage::Deleted => {
            fs::remove_file(path).unwrap();
            return;
        }
        Damage::Garbage => content.fill_with(|| u8::try_from(dice.below(256)).unwrap()),
    }
    fs::write(path, content).unwrap();
}

/// What a person had when the program was killed.
struct Lived {
    folder: tempfile::TempDir,
    /// In the last backup: being written.
    written: String,
    /// In the last backup, and sent since.
    sent: String,
    /// Begun since, and sent: the program was killed on its way.
    newer: String,
}

/// A studio whose program was killed on the way of a booking. With `log`, what was written last stands beside the files;
/// without, a later start has taken it in.
async fn lived(log: bool) -> Lived {
    let folder = tempfile::tempdir().unwrap();
    let tickets = Tickets {
        answered_ko: 12,
        answered_ok: 4,
        fresh: 4,
    };
    world::make_with(folder.path(), tickets).await;
    let store = SqliteStore::open(&world::store_file(folder.path()), world::clock())
        .await
        .unwrap();
    let start = || async {
        let opened = world::open_on(&store, folder.path(), Arc::new(TracingWatcher)).await;
        opened.unwrap()
    };
    let studio = start().await;
    desk::online(&studio).await;
    desk::booked(&studio, &ticket(0), world::now()).await;
    let written = desk::written(&studio, &ticket(1), world::now()).await.id;
    let sent = desk::written(&studio, &ticket(2), world::now()).await.id;
    studio.close().await;
    // The first start of a day backs up.
    let studio = start().await;
    let draft = studio.draft_open(&sent).await.unwrap();
    desk::sent(&studio, &draft).await;
    let newer = desk::written(&studio, &ticket(3), world::now()).await.id;
    studio.close().await;
    killed(folder.path(), &newer);
    if !log {
        start().await.close().await;
    }
    store.close().await;
    Lived {
        folder,
        written,
        sent,
        newer,
    }
}

/// A process is killed before what it decided has left, or after the store has it.
fn killed(folder: &Path, draft: &str) {
    let point = format!("{:?}", Waypoint::AfterStoreCommit);
    let mut process = DeskProcess::start(PROGRAM, folder, ("send", draft), &point);
    process.states("settled");
    process.hear("sending");
    process.hear(&format!("at {point}"));
    process.kill();
}

fn copied(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    copy(from, to.path());
    to
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// What the program answers, whatever is in its files: something, or a failure that has a text for people.
fn told<T>(answer: Result<T, StudioError>) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer),
        Err(error) => {
            assert_eq!(error.code(), FailureCode::StorageFailed, "{error:?}");
            None
        }
    }
}

/// Everything that a person looks at. Returns how much of it can't be read, and is told as that.
async fn looked_at(studio: &Studio) -> u32 {
    let query = TicketQuery {
        bookable: BookableFilter::Any,
        statuses: Vec::new(),
        company: None,
        topic: None,
        opened_from: None,
        opened_to: None,
        text: String::new(),
        sort: TicketSort::Code,
        descending: false,
    };
    let mut unread = 0;
    let list = told(studio.tickets_open(query).await);
    unread += u32::from(list.is_none());
    if let Some(list) = list {
        let rows = told(studio.tickets_window(list.list, 0, 100).await);
        unread += u32::from(rows.is_none());
        for row in rows.unwrap_or_default() {
            unread += u32::from(told(studio.ticket_open(&row.code).await).is_none());
        }
    }
    unread += u32::from(told(studio.today_read().await).is_none());
    let agenda = told(studio.agenda_list(false).await);
    unread += u32::from(agenda.is_none());
    for row in agenda.unwrap_or_default() {
        unread += u32::from(told(studio.appointment_open(&row.id).await).is_none());
    }
    let drafts = told(studio.drafts_list().await);
    unread += u32::from(drafts.is_none());
    for row in drafts.unwrap_or_default() {
        unread += u32::from(told(studio.draft_open(&row.id).await).is_none());
    }
    unread + u32::from(told(studio.status().await).is_none())
}

/// The store has each decision once, whatever the files said.
async fn nothing_twice(folder: &Path) {
    let store = SqliteStore::open(&world::store_file(folder), world::clock())
        .await
        .unwrap();
    let records = store.records();
    let checkup = records.checkup().await.unwrap();
    assert!(checkup.is_kept(), "{:?}", checkup.broken().collect::<Vec<_>>());
    let mut of_ticket: BTreeMap<String, usize> = BTreeMap::new();
    for record in records
        .appointments(&AppointmentFilter::default(), None, 100)
        .await
        .unwrap()
    {
        for ticket in record.appointment.tickets {
            *of_ticket.entry(ticket.to_string()).or_default() += 1;
        }
    }
    assert!(of_ticket.values().all(|count| *count == 1), "{of_ticket:?}");
    // What the store had when the program was killed.
    for number in [0, 2, 3] {
        assert_eq!(
            of_ticket.get(ticket(number).as_str()),
            Some(&1),
            "nothing is lost there"
        );
    }
    store.close().await;
}

async fn open(folder: &Path) -> Studio {
    world::open(folder, Arc::new(TracingWatcher)).await
}

/// Runs `work` over a copy for each way of damage, and names the way where it fails.
fn each_way(lived: &Lived, file: &str, work: impl AsyncFn(PathBuf, Option<Vec<u8>>, Damage)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ways = SOMEWHERE.iter().flat_map(|how| [*how; TIMES]).chain(WHOLE);
    for (number, how) in ways.enumerate() {
        let seed = dice::seed() + number as u64;
        let folder = copied(lived.folder.path());
        let path = folder.path().join(file);
        damage(&path, how, &mut Dice::of(seed));
        let damaged = fs::read(&path).ok();
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(work(folder.path().to_owned(), damaged, how));
        }));
        if let Err(why) = done {
            eprintln!("{file}, {how:?}, seed {seed}");
            std::panic::resume_unwind(why);
        }
    }
}

fn lived_in(log: bool) -> Lived {
    tokio::runtime::Runtime::new().unwrap().block_on(lived(log))
}

async fn state(studio: &Studio, draft: &str) -> DraftStateView {
    studio.draft_open(draft).await.unwrap().state
}

#[test]
fn a_cache_that_is_damaged_is_read_again_and_what_was_decided_is_not_touched() {
    for log in [true, false] {
        let lived = lived_in(log);
        each_way(&lived, "cache.db", async |folder, _, how| {
            let studio = open(&folder).await;
            let repairs = studio.status().await.unwrap().repairs;
            assert!(matches!(&repairs[..], [] | [Repair::CacheRebuilt]), "{repairs:?}");
            assert_eq!(looked_at(&studio).await, 0, "what was opened can be read");
            studio.sync_now().await.unwrap();
            if matches!(how, Damage::Deleted | Damage::Garbage) || !repairs.is_empty() {
                // All that was pulled is pulled again.
                assert_eq!(studio.agenda_list(false).await.unwrap().len(), 3);
            }
            assert_eq!(looked_at(&studio).await, 0);
            for sent in [&lived.sent, &lived.newer] {
                let state = state(&studio, sent).await;
                assert_ne!(state, DraftStateView::NeedsAttention, "it was booked");
            }
            assert_eq!(state(&studio, &lived.written).await, DraftStateView::Editing);
            studio.close().await;
            nothing_twice(&folder).await;
        });
    }
}

#[test]
fn a_studio_file_that_is_damaged_is_set_aside_as_it_was_and_what_is_safe_is_brought_back() {
    for log in [true, false] {
        let lived = lived_in(log);
        each_way(&lived, "studio.db", async |folder, damaged, how| {
            let studio = open(&folder).await;
            let repairs = studio.status().await.unwrap().repairs;
            match &repairs[..] {
                // In the log beside it stood what it lacks, or the bytes were of no page that anything is in.
                [] => assert!(
                    !matches!(how, Damage::Garbage),
                    "what is no file of ours is said to be none"
                ),
                [Repair::StudioRestored { name, backup_of, .. }] => {
                    assert!(backup_of.is_some(), "there was a backup");
                    if let Some(damaged) = damaged {
                        let kept = fs::read(folder.join(name)).unwrap();
                        assert!(kept == damaged, "what was set aside is as it was found");
                    }
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(looked_at(&studio).await, 0, "what was opened can be read");
            for draft in [&lived.written, &lived.sent] {
                let opened = studio.draft_open(draft).await;
                assert!(
                    opened.is_ok(),
                    "what the backup has is there, {repairs:?}: {:?}",
                    opened.err()
                );
            }
            studio.sync_now().await.unwrap();
            assert_eq!(looked_at(&studio).await, 0);
            studio.close().await;
            nothing_twice(&folder).await;
            let studio = open(&folder).await;
            assert_eq!(studio.status().await.unwrap().repairs, [], "mended once");
            studio.close().await;
        });
    }
}

#[test]
fn files_of_a_newer_version_are_refused_as_such_and_left_as_they_are() {
    let lived = lived_in(false);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for file in ["studio.db", "cache.db"] {
        let folder = copied(lived.folder.path());
        runtime.block_on(async {
            let path = folder.path().join(file);
            let mut connection = SqliteConnection::connect(&format!("sqlite://{}", path.display()))
                .await
                .unwrap();
            let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                         VALUES (9999, 'of a later release', 1, x'00', 0)";
            sqlx::query(newer).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            let files = || ["studio.db", "cache.db"].map(|file| fs::read(folder.path().join(file)).unwrap());
            let before = files();
            let store = SqliteStore::open(&world::store_file(folder.path()), world::clock())
                .await
                .unwrap();
            let opened = world::open_on(&store, folder.path(), Arc::new(TracingWatcher)).await;
            let refused = opened
                .err()
                .expect("an older program does not open what a newer one wrote");
            assert_eq!(refused.code(), FailureCode::NewerVersion, "{file}");
            assert!(before == files(), "nothing was touched");
        });
    }
}

#[test]
fn files_that_are_damaged_under_a_program_that_runs_are_told_and_mended_at_the_next_start() {
    let lived = lived_in(false);
    for (number, file) in ["studio.db", "cache.db"]
        .into_iter()
        .flat_map(|file| [file; 4])
        .enumerate()
    {
        let mut dice = Dice::of(dice::seed() + number as u64);
        let folder = copied(lived.folder.path());
        let path = folder.path().join(file);
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let studio = open(folder.path()).await;
            // In place, as a disk that fails does it: whoever has the file open meets it.
            let mut open_file = fs::File::options().read(true).write(true).open(&path).unwrap();
            let mut bytes = Vec::new();
            open_file.read_to_end(&mut bytes).unwrap();
            let at = 4_096 * (1 + dice.below(bytes.len() / 4_096 - 1));
            open_file.seek(SeekFrom::Start(at as u64)).unwrap();
            let rest: Vec<u8> = bytes[at..]
                .iter()
                .map(|_| u8::try_from(dice.below(256)).unwrap())
                .collect();
            open_file.write_all(&rest).unwrap();
            drop(open_file);
            looked_at(&studio).await;
            told(studio.sync_now().await);
            told(studio.draft_discard(&lived.written).await);
            looked_at(&studio).await;
            studio.close().await;

            let studio = open(folder.path()).await;
            assert_eq!(looked_at(&studio).await, 0, "what was damaged is mended");
            studio.sync_now().await.unwrap();
            studio.close().await;
            nothing_twice(folder.path()).await;
        });
    }
}
