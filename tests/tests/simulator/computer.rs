//! A computer of the studio: its program over real files, a clock that may be wrong, a network that may fail, and an end that
//! may come at any waypoint.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use domain::code::DecisionId;
use store::{Clock, SetClock};
use studio::view::desk::DeskView;
use studio::{Deaf, Options, Studio, StudioError};
use sync::{Watcher, Waypoint};

use crate::world::World;
use crate::world::gate::{Call, Fault, Gate, unreachable};

/// All that a network can cut.
const CALLS: [Call; 13] = [
    Call::Hello,
    Call::Pull,
    Call::Book,
    Call::Deposit,
    Call::Withdraw,
    Call::Change,
    Call::Cancel,
    Call::Assess,
    Call::OpenTicket,
    Call::Remind,
    Call::Acknowledge,
    Call::Enter,
    Call::Upload,
];

/// The clock of one computer: the store's, and wrong by something.
struct LocalClock {
    right: Arc<SetClock>,
    wrong_by: Mutex<TimeDelta>,
}

impl Clock for LocalClock {
    fn now(&self) -> DateTime<Utc> {
        self.right.now() + *self.wrong_by.lock().unwrap()
    }
}

/// Ends the program at a waypoint, once it was told to.
#[derive(Default)]
struct Fate(Mutex<Option<Waypoint>>);

/// What the program's end says: the hook that reports panics knows it.
pub const ON_PURPOSE: &str = "the program ends here, on purpose";

impl Watcher for Fate {
    fn reached(&self, waypoint: Waypoint, _: DecisionId) {
        let mut fate = self.0.lock().unwrap();
        if *fate == Some(waypoint) {
            *fate = None;
            drop(fate);
            panic!("{ON_PURPOSE}: {waypoint:?}");
        }
    }
}

/// What became of something that a person did.
pub enum Did<T> {
    /// It was done.
    Well(T),
    /// The program said why not.
    Not,
    /// The program ended in the middle of it, and was started again.
    Crashed,
}

impl<T> Did<T> {
    pub fn well(self) -> Option<T> {
        match self {
            Self::Well(value) => Some(value),
            Self::Not | Self::Crashed => None,
        }
    }
}

/// See the module.
pub struct Computer {
    pub folder: PathBuf,
    clock: Arc<LocalClock>,
    gate: Arc<Gate>,
    fate: Arc<Fate>,
    studio: Arc<Studio>,
    pub crashes: u32,
}

impl Computer {
    pub async fn on(world: &World, folder: &str) -> Self {
        let folder = world.folder.path().join(folder);
        let clock = Arc::new(LocalClock {
            right: world.clock.clone(),
            wrong_by: Mutex::new(TimeDelta::zero()),
        });
        let gate = Gate::before(world.store.studio(&"STUDIO-1".parse().unwrap()));
        let fate = Arc::new(Fate::default());
        let studio = started(&folder, &clock, &gate, &fate).await;
        Self {
            folder,
            clock,
            gate,
            fate,
            studio,
            crashes: 0,
        }
    }

    /// Somebody does something with the program. What no person can be answered with is a bug.
    pub async fn does<T, F>(&mut self, what: impl FnOnce(Arc<Studio>) -> F) -> Did<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StudioError>> + Send + 'static,
    {
        match tokio::spawn(what(Arc::clone(&self.studio))).await {
            Ok(Ok(value)) => Did::Well(value),
            Ok(Err(error @ (StudioError::Bug(_) | StudioError::Storage(_)))) => panic!("{error:?}"),
            Ok(Err(_)) => Did::Not,
            Err(died) => {
                let why = died.into_panic();
                let said = why.downcast_ref::<String>().map_or("", String::as_str);
                assert!(said.starts_with(ON_PURPOSE), "the program died of itself: {said}");
                self.crashes += 1;
                self.start_again().await;
                Did::Crashed
            }
        }
    }

    /// The program is ended by force and started again.
    pub async fn start_again(&mut self) {
        *self.fate.0.lock().unwrap() = None;
        self.studio = started(&self.folder, &self.clock, &self.gate, &self.fate).await;
    }

    pub async fn sync(&mut self) {
        self.does(|studio| async move { studio.sync_now().await }).await;
    }

    pub fn end_at(&self, waypoint: Waypoint) {
        *self.fate.0.lock().unwrap() = Some(waypoint);
    }

    pub fn cut(&self) {
        for call in CALLS {
            self.gate.shut(call, unreachable());
        }
    }

    pub fn mend(&self) {
        self.gate.open();
    }

    /// The request is carried out, and its answer gets lost; or it does not arrive.
    pub fn lose(&self, call: usize, arrives: bool) {
        let call = CALLS[call % CALLS.len()];
        let fault = if arrives { Fault::After } else { Fault::Before };
        self.gate.once(call, fault(unreachable()));
    }

    pub fn set_clock_wrong_by(&self, wrong_by: TimeDelta) {
        *self.clock.wrong_by.lock().unwrap() = wrong_by;
    }

    pub async fn close(self) -> PathBuf {
        self.studio.close().await;
        self.folder
    }
}

async fn started(folder: &std::path::Path, clock: &Arc<LocalClock>, gate: &Arc<Gate>, fate: &Arc<Fate>) -> Arc<Studio> {
    let studio = Studio::open(Options {
        desk: DeskView::training(),
        folder: folder.to_owned(),
        clock: clock.clone() as Arc<dyn Clock>,
        store: Some(gate.clone()),
        watcher: fate.clone(),
        listener: Arc::new(Deaf),
    });
    Arc::new(studio.await.expect("the program starts, whatever happened before"))
}
