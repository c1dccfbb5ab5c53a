//! A studio at work beside the sede of the world: what the stories of this crate begin with.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each story uses a part of it"
)]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use domain::ticket::{Outcome, Ticket};
use store::{Clock, DeviceRegister, DeviceToken, InviteOutcome};
use studio::notices::Notice;
use studio::view::app::{Area, Changed, Progress};
use studio::view::board::Board;
use studio::view::desk::DeskView;
use studio::view::drafts::{DraftChange, DraftDetail, WishView};
use studio::view::failure::{Failure, FailureCode};
use studio::view::tickets::{BookableFilter, TicketQuery, TicketSort};
use studio::{Listener, Options, Studio, StudioError};
use sync::{TracingWatcher, Watcher};

use crate::world::gate::Gate;
use crate::world::{POINT, World, closed, elsewhere, open_ticket};

/// What the page was told.
#[derive(Default)]
pub struct Heard {
    pub areas: Mutex<Vec<Area>>,
    pub progress: Mutex<Vec<Progress>>,
    pub notices: Mutex<Vec<Notice>>,
}

impl Listener for Heard {
    fn changed(&self, changed: Changed) {
        self.areas.lock().unwrap().extend(changed.areas);
    }
    fn progress(&self, progress: Progress) {
        self.progress.lock().unwrap().push(progress);
    }
    fn noticed(&self, notice: Notice) {
        self.notices.lock().unwrap().push(notice);
    }
}

/// See the module.
pub struct Office {
    pub world: World,
    pub gate: Arc<Gate>,
    pub heard: Arc<Heard>,
    pub studio: Arc<Studio>,
}

/// Tickets of company 1: LU-1 and LU-2 bookable, LU-3 from the 25th, LU-4 closed OK, LU-5 closed KO, LU-6 bookable at the
/// other point; LU-9, bookable, is of company 2, another client.
pub fn tickets() -> Vec<Ticket> {
    vec![
        open_ticket("LU-1", 1, 6),
        open_ticket("LU-2", 1, 12),
        open_ticket("LU-3", 1, 4),
        closed(open_ticket("LU-4", 1, 20), Outcome::Ok),
        closed(open_ticket("LU-5", 1, 21), Outcome::Ko),
        elsewhere(open_ticket("LU-6", 1, 8)),
        open_ticket("LU-9", 2, 9),
    ]
}

impl Office {
    /// Studio 1 with its two clients, everything pulled.
    pub async fn new() -> Self {
        Self::with(tickets()).await
    }

    pub async fn with(tickets: Vec<Ticket>) -> Self {
        let world = World::new().await;
        world.enrol(1).await;
        world.admit_company(1, 2, "Zeta Trasporti").await;
        world.admit(tickets).await;
        admit_colleague(&world).await;
        let office = Self::over(world, Arc::new(TracingWatcher)).await;
        office.studio.sync_now().await.unwrap();
        office
    }

    pub async fn over(world: World, watcher: Arc<dyn Watcher>) -> Self {
        let session = world.store.studio(&"STUDIO-1".parse().unwrap());
        let gate = Gate::before(session.in_the_name_of("Anna Ricci".parse().ok()));
        let heard = Arc::new(Heard::default());
        let studio = Studio::open(Options {
            desk: DeskView::training(),
            folder: world.folder.path().join("desk"),
            clock: world.clock.clone() as Arc<dyn Clock>,
            store: Some(gate.clone()),
            watcher,
            listener: heard.clone(),
        });
        Self {
            studio: Arc::new(studio.await.unwrap()),
            gate,
            heard,
            world,
        }
    }

    /// Another computer of the studio, Bruno's, everything pulled.
    pub async fn colleague(&self) -> Studio {
        let studio = Studio::open(Options {
            desk: DeskView::training(),
            folder: self.world.folder.path().join("colleague"),
            clock: self.world.clock.clone() as Arc<dyn Clock>,
            store: {
                let session = self.world.store.studio(&"STUDIO-1".parse().unwrap());
                Some(Arc::new(session.in_the_name_of("Bruno Verdi".parse().ok())))
            },
            watcher: Arc::new(TracingWatcher),
            listener: Arc::new(Heard::default()),
        })
        .await
        .unwrap();
        studio.sync_now().await.unwrap();
        studio
    }

    /// The program died and was started again.
    pub async fn restarted(self) -> Self {
        let Self { world, studio, .. } = self;
        drop(studio);
        Self::over(world, Arc::new(TracingWatcher)).await
    }

    /// Waits until the page was told that all of these areas are old.
    pub async fn told(&self, areas: &[Area]) {
        let wait = async {
            while !areas.iter().all(|area| self.heard.areas.lock().unwrap().contains(area)) {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), wait)
            .await
            .expect("the page is told of what changed");
    }

    /// Waits until so many notices were given.
    pub async fn noticed(&self, count: usize) {
        let wait = async {
            while self.heard.notices.lock().unwrap().len() < count {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), wait)
            .await
            .expect("the notices are given");
    }

    /// A file on the person's desktop.
    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let folder = self.world.folder.path().join("desktop");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub async fn prepare(&self, tickets: &[&str]) -> DraftDetail {
        self.studio.booking_prepare(&texts(tickets)).await.unwrap()
    }

    /// A draft that lacks nothing, for the slot of that clock time on Thursday the 26th.
    pub async fn ready(&self, tickets: &[&str], times: &[&str]) -> DraftDetail {
        let draft = self.prepare(tickets).await;
        let change = DraftChange {
            wishes: Some(times.iter().map(|time| thursday(time)).collect()),
            phone: Some("0583 123456".into()),
            ..DraftChange::default()
        };
        self.studio.draft_save(&draft.id, draft.revision, change).await.unwrap()
    }

    pub async fn send(&self, draft: &DraftDetail) -> DraftDetail {
        self.studio.draft_send(&draft.id, draft.revision).await.unwrap()
    }

    pub async fn board(&self) -> Board {
        self.studio.board_read(POINT, None, 14).await.unwrap()
    }
}

/// Bruno has a computer of his own.
async fn admit_colleague(world: &World) {
    let register = world.store.register();
    let (studio, person) = ("STUDIO-1".parse().unwrap(), "Bruno Verdi".parse().unwrap());
    let invited = register.invite(&studio, &person, TimeDelta::hours(1)).await;
    let InviteOutcome::Invited { code, .. } = invited.unwrap() else {
        panic!("the studio is enrolled");
    };
    let device = "SCRIVANIA-2".parse().unwrap();
    register.redeem(&code, &device, &DeviceToken::random()).await.unwrap();
}

pub fn texts(codes: &[&str]) -> Vec<String> {
    codes.iter().map(ToString::to_string).collect()
}

/// The slot of Thursday 26 November that begins at `time`.
pub fn thursday(time: &str) -> WishView {
    WishView::Slot {
        start: format!("2026-11-26T{time}:00+01:00[Europe/Rome]"),
        date: String::new(),
        time: String::new(),
        free: None,
    }
}

pub fn everything() -> TicketQuery {
    TicketQuery {
        bookable: BookableFilter::Any,
        statuses: Vec::new(),
        company: None,
        topic: None,
        opened_from: None,
        opened_to: None,
        in_charge: None,
        text: String::new(),
        sort: TicketSort::Code,
        descending: false,
    }
}

/// How a command is refused.
pub fn failure<T: std::fmt::Debug>(answer: Result<T, StudioError>) -> Failure {
    answer.unwrap_err().into()
}

pub fn code<T: std::fmt::Debug>(answer: Result<T, StudioError>) -> FailureCode {
    failure(answer).code
}
