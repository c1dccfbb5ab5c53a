//! The disk full at every write of the studio's files: it is told as that, and when there is room again nothing is lost that
//! was acknowledged.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use agenda_sede_tests::documents;
use agenda_sede_tests::world::{self, Tickets};
use domain::appointment::SedeChange;
use store::{AppointmentFilter, SedeDesk, SedeRecords};
use store_sqlite::SqliteStore;
use studio::view::app::{Settings, Theme};
use studio::view::attachments::FileRefusal;
use studio::view::drafts::{DraftChange, DraftStateView};
use studio::view::failure::FailureCode;
use studio::view::tickets::AssessmentView;
use studio::{Studio, StudioError};
use sync::TracingWatcher;

use crate::desk::{self, ticket};
use crate::small_disk::{BELOW, Room, SmallDisk};

/// Runs the test of this name in a process of its own, on a small disk.
fn on_a_small_disk(test: &str) {
    let small = SmallDisk::new();
    // In memory where that can be: hundreds of times everything is made durable.
    let disk = ["/dev/shm", "/tmp"]
        .into_iter()
        .find_map(|place| tempfile::tempdir_in(place).ok())
        .unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .envs(small.variables(disk.path().join("disk")))
        .status()
        .unwrap();
    assert!(status.success(), "{status}");
}

/// Where things lie: what is copied for each run, and what a run has.
#[derive(Clone)]
struct Places {
    /// The studio's files, on the small disk.
    disk: PathBuf,
    /// The store's file, elsewhere.
    store: PathBuf,
    /// A file to attach, elsewhere.
    document: PathBuf,
}

impl Places {
    fn of(name: &str) -> Self {
        let disk = PathBuf::from(std::env::var_os(BELOW).unwrap());
        let elsewhere = disk.with_file_name("elsewhere");
        Self {
            disk: disk.join(name),
            store: world::store_file(&elsewhere.join(name)),
            document: elsewhere.join("delega.pdf"),
        }
    }

    /// The same things, of their own.
    fn copied(&self, name: &str) -> Self {
        let copy = Self::of(name);
        copy_folder(&self.disk, &copy.disk);
        copy_folder(self.store.parent().unwrap(), copy.store.parent().unwrap());
        copy
    }

    fn removed(self) {
        fs::remove_dir_all(&self.disk).unwrap();
        fs::remove_dir_all(self.store.parent().unwrap()).unwrap();
    }

    async fn store(&self) -> SqliteStore {
        SqliteStore::open(&self.store, world::clock()).await.unwrap()
    }

    async fn open(&self, store: &SqliteStore) -> Result<Studio, StudioError> {
        world::open_on(store, &self.disk, Arc::new(TracingWatcher)).await
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

/// What a person has before the disk is full.
struct Before {
    places: Places,
    draft: String,
    to_discard: String,
    communication: String,
}

async fn before() -> Before {
    let places = Places::of("before");
    let sede = places.store.parent().unwrap();
    fs::create_dir_all(sede).unwrap();
    let tickets = Tickets {
        answered_ko: 3,
        answered_ok: 1,
        fresh: 0,
    };
    world::make_with(sede, tickets).await;
    documents::put(
        places.document.parent().unwrap(),
        "delega.pdf",
        &documents::pdf("Delega").repeat(120),
    );
    let store = places.store().await;
    let studio = places.open(&store).await.unwrap();
    desk::online(&studio).await;
    let appointment = desk::booked(&studio, &ticket(0), world::now()).await.id;
    let label = SedeChange::Say {
        label: "documenti".into(),
    };
    let told = store
        .desk()
        .tell(appointment.parse().unwrap(), label, "Portare il DURC.")
        .await;
    told.unwrap();
    desk::online(&studio).await;
    let communication = studio.today_read().await.unwrap().communications.remove(0).id;
    let draft = desk::written(&studio, &ticket(1), world::now()).await.id;
    let to_discard = desk::written(&studio, &ticket(2), world::now()).await.id;
    studio.close().await;
    store.close().await;
    Before {
        places,
        draft,
        to_discard,
        communication,
    }
}

/// What was acknowledged.
#[derive(Debug, Default)]
struct Told {
    notes: bool,
    attached: bool,
    sent: bool,
    read: bool,
    judged: bool,
    discarded: bool,
    settings: bool,
}

const NOTES: &str = "Si porta la visura.";

/// Whether it was done; where not, it was told that the disk is full, and nothing else.
#[track_caller]
fn done<T>(what: &str, came: &Result<T, StudioError>) -> bool {
    if let Err(error) = came {
        assert_eq!(error.code(), FailureCode::DiskFull, "{what}: {error:?}");
    }
    came.is_ok()
}

fn settings() -> Settings {
    Settings {
        theme: Theme::Dark,
        phone: "0583 955012".into(),
        email: String::new(),
        ..Settings::default()
    }
}

async fn save(studio: &Studio, draft: &str) -> Result<(), StudioError> {
    let detail = studio.draft_open(draft).await?;
    let change = DraftChange {
        notes: Some(NOTES.into()),
        ..DraftChange::default()
    };
    studio.draft_save(draft, detail.revision, change).await.map(drop)
}

async fn send(studio: &Studio, draft: &str) -> Result<(), StudioError> {
    let detail = studio.draft_open(draft).await?;
    studio.draft_send(draft, detail.revision).await.map(drop)
}

/// A morning's work, all of it as far as the disk allows.
async fn work(studio: &Studio, of: &Before, places: &Places) -> Told {
    done("pull", &studio.sync_now().await);
    let mut told = Told {
        notes: done("save", &save(studio, &of.draft).await),
        ..Told::default()
    };
    match studio.attach(&of.draft, vec![places.document.clone()]).await {
        Ok(attached) => {
            told.attached = attached.refused.is_empty();
            let mut why = attached.refused.iter().map(|refused| &refused.reason);
            assert!(why.all(|why| *why == FileRefusal::NoRoom), "{:?}", attached.refused);
        }
        failed => drop(done("attach", &failed)),
    }
    // Whoever could not attach the file does not send the booking without it.
    told.sent = told.attached && done("send", &send(studio, &of.draft).await);
    done("sync", &studio.sync_now().await);
    told.read = done(
        "acknowledge",
        &studio.communication_acknowledge(&of.communication).await,
    );
    let (answered, judgement) = (world::answered_code(0).to_string(), AssessmentView::Unsatisfactory);
    told.judged = done("judge", &studio.ticket_assess(&answered, judgement).await);
    told.discarded = done("discard", &studio.draft_discard(&of.to_discard).await);
    told.settings = done("settings", &studio.settings_save(settings()).await);
    done("sync", &studio.sync_now().await);
    told
}

/// All that was acknowledged is there; what was not can be done now.
async fn nothing_is_lost(studio: &Studio, of: &Before, places: &Places, told: &Told) {
    let status = studio.status().await.unwrap();
    assert_eq!(status.repairs, [], "a disk that was full has damaged nothing");
    let draft = studio.draft_open(&of.draft).await.unwrap();
    assert!(!told.notes || draft.notes == NOTES);
    assert!(!told.attached || draft.attachments.len() == 1);
    assert!(!told.sent || draft.state != DraftStateView::Editing);
    assert!(!told.settings || status.settings == settings());
    let discarded = studio.draft_open(&of.to_discard).await.unwrap();
    assert!(!told.discarded || discarded.state == DraftStateView::Discarded);

    if draft.state == DraftStateView::Editing {
        save(studio, &of.draft).await.unwrap();
        if draft.attachments.is_empty() {
            let attached = studio.attach(&of.draft, vec![places.document.clone()]).await.unwrap();
            assert_eq!(attached.refused, []);
        }
        send(studio, &of.draft).await.unwrap();
    }
    desk::online(studio).await;
    let draft = studio.draft_open(&of.draft).await.unwrap();
    assert_eq!(
        (draft.state, draft.notes.as_str()),
        (DraftStateView::Booked, NOTES),
        "{:?}",
        draft.attention
    );
    assert!(!told.read || studio.today_read().await.unwrap().communications.is_empty());
    studio.settings_save(settings()).await.unwrap();
    let attachments = fs::read_dir(places.disk.join("attachments")).unwrap().count();
    assert_eq!(attachments, 1, "no half copy is left");
}

/// The store has each decision once, and the file of the one that names one.
async fn the_store_has_it(of: &Before, store: &SqliteStore, told: &Told) {
    let records = store.records();
    let all = records
        .appointments(&AppointmentFilter::default(), None, 100)
        .await
        .unwrap();
    assert_eq!(all.len(), 2, "the one that was there, and the one that was decided");
    let read = all.iter().flat_map(|record| &record.appointment.communications);
    assert!(
        !told.read || read.clone().all(|said| said.acknowledged_at.is_some()),
        "{}",
        of.communication
    );
    let files = all.iter().map(|record| record.appointment.content.attachments.len());
    assert_eq!(files.sum::<usize>(), 1);
    let checkup = records.checkup().await.unwrap();
    assert!(checkup.is_kept(), "{:?}", checkup.broken().collect::<Vec<_>>());
    let outcomes = 2 + u64::from(told.read) + u64::from(told.judged);
    assert_eq!(checkup.counts.outcomes, outcomes, "one outcome for each decision");
}

/// One run with room for so many writes. What comes after has room again: in the same process, or after another start.
async fn run(of: &Before, room: &Room, writes: i64) -> i64 {
    let places = of.places.copied("now");
    let store = places.store().await;
    let before = room.asked();
    room.leave(writes);
    let opened = places.open(&store).await;
    let mut told = Told::default();
    let studio = match opened {
        Ok(studio) => {
            told = work(&studio, of, &places).await;
            Some(studio)
        }
        failed => {
            done("open", &failed);
            None
        }
    };
    let goes_on = writes % 2 == 0;
    if let Some(studio) = studio.as_ref().filter(|_| !goes_on) {
        studio.close().await;
    }
    let asked = room.asked() - before;
    room.make();
    let studio = match studio.filter(|_| goes_on) {
        Some(studio) => studio,
        None => places.open(&store).await.expect("there is room again"),
    };
    nothing_is_lost(&studio, of, &places, &told).await;
    studio.close().await;
    the_store_has_it(of, &store, &told).await;
    store.close().await;
    places.removed();
    asked
}

#[test]
fn a_disk_that_is_full_at_any_write_is_told_as_that_and_nothing_acknowledged_is_lost() {
    let Some(room) = Room::here() else {
        return on_a_small_disk(
            "disk::a_disk_that_is_full_at_any_write_is_told_as_that_and_nothing_acknowledged_is_lost",
        );
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let before = before().await;
        let whole = run(&before, &room, 1_000_000).await;
        assert!(whole > 100, "{whole} writes: this disk is not the one that is small");
        for writes in 0..whole {
            eprintln!("room for {writes} of {whole} writes");
            run(&before, &room, writes).await;
        }
    });
}
