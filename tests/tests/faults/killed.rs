//! The program killed on the way of a deposit, of one that is taken back, of a change and of a cancellation. (`kills` has
//! the way of a booking.)

use std::path::Path;
use std::sync::Arc;

use agenda_sede_tests::desk_process::DeskProcess;
use agenda_sede_tests::world::{self, Tickets};
use domain::appointment::AppointmentState;
use store::{AppointmentFilter, SedeRecords};
use store_sqlite::SqliteStore;
use studio::Studio;
use studio::view::agenda::AppointmentStateView;
use studio::view::drafts::DraftStateView;
use sync::{TracingWatcher, Waypoint};

use crate::desk::{self, ticket};

const PROGRAM: &str = env!("CARGO_BIN_EXE_desk_process");

/// Kills at each waypoint of each way.
const AT_EACH: usize = 2;

/// The waypoints of a decision that is made with a button of its own.
const OF_A_DECISION: &[Waypoint] = &Waypoint::ALL;

/// Those of what goes to the sede because of something else that was done.
const ON_THE_WAY: &[Waypoint] = &[
    Waypoint::BeforeRequest,
    Waypoint::AfterStoreCommit,
    Waypoint::BeforeAnswerWritten,
    Waypoint::AfterAnswerWritten,
];

/// A way that is walked until the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Deposit,
    Withdrawal,
    Change,
    Cancellation,
}

impl Way {
    const fn waypoints(self) -> &'static [Waypoint] {
        match self {
            Self::Withdrawal => ON_THE_WAY,
            _ => OF_A_DECISION,
        }
    }

    const fn act(self) -> &'static str {
        match self {
            Self::Deposit | Self::Change => "send",
            Self::Withdrawal => "recall",
            Self::Cancellation => "cancel",
        }
    }

    /// What there is to be done, the `number`-th time; its id.
    async fn prepared(self, studio: &Studio, number: usize) -> String {
        let now = world::now();
        match self {
            Self::Deposit => desk::written(studio, &world::fresh_code(number), now).await.id,
            Self::Withdrawal => {
                let draft = desk::written(studio, &world::fresh_code(number), now).await;
                let draft = desk::sent(studio, &draft).await;
                desk::online(studio).await;
                draft
            }
            Self::Change => {
                let appointment = desk::booked(studio, &ticket(number), now).await.id;
                desk::changed(studio, &appointment, "Viene il titolare.").await.id
            }
            Self::Cancellation => desk::booked(studio, &ticket(number), now).await.id,
        }
    }

    /// Whether it was done; otherwise it is as it was.
    async fn is_done(self, studio: &Studio, id: &str) -> bool {
        if self == Self::Cancellation {
            return match desk::appointment(studio, id).await.state {
                AppointmentStateView::CancelledByStudio => true,
                AppointmentStateView::Confirmed => false,
                other => panic!("{id} is {other:?}"),
            };
        }
        let draft = studio.draft_open(id).await.unwrap();
        match (self, draft.state, draft.deposit.is_some()) {
            (Self::Deposit, DraftStateView::Queued, true) => true,
            (Self::Withdrawal, DraftStateView::Editing, false) => !draft.withdrawing,
            (Self::Change, DraftStateView::Booked, false) => true,
            (Self::Deposit | Self::Change, DraftStateView::Editing, false) => false,
            other => panic!("{id} is neither as it was nor through: {other:?}"),
        }
    }
}

fn settle(folder: &Path) {
    let mut last = DeskProcess::start(PROGRAM, folder, ("-", "-"), "-");
    last.states("settled");
    last.end();
}

/// What the store has in the end: each thing done once.
async fn check(way: Way, folder: &Path, count: usize) {
    let store = SqliteStore::open(&world::store_file(folder), world::clock())
        .await
        .unwrap();
    let records = store.records();
    let all = records
        .appointments(&AppointmentFilter::default(), None, 1_000)
        .await
        .unwrap();
    let checkup = records.checkup().await.unwrap();
    assert!(checkup.is_kept(), "{:?}", checkup.broken().collect::<Vec<_>>());
    // A deposit has none before its day; what was taken back has one, a change and a cancellation have one besides the
    // booking's.
    let (appointments, outcomes) = match way {
        Way::Deposit => (0, 0),
        Way::Withdrawal => (0, count),
        Way::Change | Way::Cancellation => (count, count * 2),
    };
    assert_eq!(all.len(), appointments);
    assert_eq!(
        checkup.counts.outcomes, outcomes as u64,
        "{way:?}: one outcome for each decision"
    );
    for record in all {
        let appointment = record.appointment;
        match way {
            Way::Change => assert_eq!(appointment.edits.len(), 1, "changed once"),
            _ => assert!(matches!(appointment.state, AppointmentState::Cancelled { .. })),
        }
    }
    store.close().await;
}

/// Kills a process at each waypoint of `way`; the next one goes on with what it left.
fn killed_on(way: Way) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let count = way.waypoints().len() * AT_EACH;
    let ids = runtime.block_on(async {
        let tickets = Tickets {
            answered_ko: count,
            answered_ok: 0,
            fresh: count,
        };
        world::make_with(folder, tickets).await;
        let studio = world::open(folder, Arc::new(TracingWatcher)).await;
        desk::online(&studio).await;
        let mut ids = Vec::new();
        for number in 0..count {
            ids.push(way.prepared(&studio, number).await);
        }
        studio.close().await;
        ids
    });
    let each = way.waypoints().iter().flat_map(|waypoint| [waypoint; AT_EACH]);
    for (id, waypoint) in ids.iter().zip(each.clone()) {
        let point = format!("{waypoint:?}");
        let mut process = DeskProcess::start(PROGRAM, folder, (way.act(), id), &point);
        process.states("settled");
        process.hear("sending");
        process.hear(&format!("at {point}"));
        process.kill();
    }
    settle(folder);
    runtime.block_on(async {
        let studio = world::open(folder, Arc::new(TracingWatcher)).await;
        assert_eq!(studio.status().await.unwrap().repairs, []);
        for (id, waypoint) in ids.iter().zip(each) {
            let decided = *waypoint != Waypoint::BeforeOutboxRow;
            assert_eq!(
                way.is_done(&studio, id).await,
                decided,
                "{way:?}, killed at {waypoint:?}"
            );
            if !decided {
                match way {
                    Way::Cancellation => drop(studio.appointment_cancel(id).await.unwrap()),
                    _ => {
                        let draft = studio.draft_open(id).await.unwrap();
                        desk::sent(&studio, &draft).await;
                    }
                }
            }
        }
        desk::online(&studio).await;
        for id in &ids {
            assert!(
                way.is_done(&studio, id).await,
                "what was not decided can still be, once"
            );
        }
        studio.close().await;
        check(way, folder, count).await;
    });
}

#[test]
fn killed_on_the_way_of_a_deposit_it_lies_with_the_sede_once() {
    killed_on(Way::Deposit);
}

#[test]
fn killed_while_a_deposit_is_taken_back_nothing_comes_of_it() {
    killed_on(Way::Withdrawal);
}

#[test]
fn killed_on_the_way_of_a_change_the_appointment_is_changed_once() {
    killed_on(Way::Change);
}

#[test]
fn killed_on_the_way_of_a_cancellation_the_appointment_is_cancelled_once() {
    killed_on(Way::Cancellation);
}
