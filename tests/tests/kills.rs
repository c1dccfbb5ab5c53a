//! The promise of the outbox: whenever the program dies between *Invia* and the confirmation, starting it again leaves
//! exactly one appointment. Real processes are killed with SIGKILL, at every named point of the path and at random moments.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use agenda_sede_tests::desk_process::{DeskProcess, States};
use agenda_sede_tests::world;
use domain::appointment::{Appointment, AppointmentState};
use domain::code::TicketCode;
use store::{CalendarStore as _, Change, Entity};
use store_sqlite::SqliteStore;
use studio::view::drafts::{DraftChange, WishView};
use sync::{TracingWatcher, Waypoint};

/// Kills at each waypoint.
const AT_EACH: usize = 40;

/// Kills at moments that nobody chose.
const AT_RANDOM: usize = 40;

const PROGRAM: &str = env!("CARGO_BIN_EXE_desk_process");

/// A process that sends `draft`.
fn start(folder: &Path, draft: &str, waypoint: &str) -> DeskProcess {
    DeskProcess::start(PROGRAM, folder, ("send", draft), waypoint)
}

/// A sede with `count` drafts that could be sent, each for a ticket of its own.
async fn prepare(folder: &Path, count: usize) -> Vec<(String, TicketCode)> {
    world::make(folder, count).await;
    let studio = world::open(folder, Arc::new(TracingWatcher)).await;
    studio.sync_now().await.expect("the store is read");
    let mut drafts = Vec::with_capacity(count);
    for number in 0..count {
        let code = world::ticket_code(number);
        let draft = studio.booking_prepare(&[code.to_string()]).await.expect("a draft");
        let change = DraftChange {
            wishes: Some(vec![WishView::Pattern {
                weekdays: Vec::new(),
                from: None,
                to: None,
                until: None,
            }]),
            phone: Some("0583 955012".to_owned()),
            ..DraftChange::default()
        };
        studio
            .draft_save(&draft.id, draft.revision, change)
            .await
            .expect("the draft is kept");
        drafts.push((draft.id, code));
    }
    studio.close().await;
    drafts
}

/// What the store has, as the studio sees it.
struct Truth {
    appointments: Vec<Appointment>,
    taken: BTreeMap<i64, u32>,
}

async fn truth(folder: &Path) -> Truth {
    let store = SqliteStore::open(&world::store_file(folder), world::clock())
        .await
        .expect("the store can be opened");
    let session = store.studio(&world::studio_code());
    let (mut appointments, mut taken, mut cursor) = (BTreeMap::new(), BTreeMap::new(), None);
    loop {
        let page = session.pull(cursor.as_ref()).await.expect("the store can be read");
        for change in page.changes {
            match change {
                Change::Put(Entity::Appointment(appointment)) => {
                    appointments.insert(appointment.id, *appointment);
                }
                Change::Put(Entity::Taken(held)) => {
                    taken.insert(held.taken.start.timestamp(), u32::from(held.taken.count));
                }
                _ => {}
            }
        }
        cursor = Some(page.cursor);
        if !page.more {
            break;
        }
    }
    store.close().await;
    Truth {
        appointments: appointments.into_values().collect(),
        taken,
    }
}

/// One decision, one appointment; one ticket, one appointment; as many places held as there are appointments.
fn check(truth: &Truth, drafts: &[(String, TicketCode)]) {
    let mut of_ticket: BTreeMap<&TicketCode, usize> = BTreeMap::new();
    let mut of_decision = BTreeMap::new();
    let mut held: BTreeMap<i64, u32> = BTreeMap::new();
    for appointment in &truth.appointments {
        assert_eq!(
            appointment.state,
            AppointmentState::Confirmed,
            "nobody cancelled anything"
        );
        *of_decision.entry(appointment.decision).or_insert(0_usize) += 1;
        *held.entry(appointment.slot.start.instant().timestamp()).or_insert(0) += 1;
        for ticket in &appointment.tickets {
            *of_ticket.entry(ticket).or_insert(0) += 1;
        }
    }
    for (decision, count) in of_decision {
        assert_eq!(count, 1, "decision {decision} was booked {count} times");
    }
    for (draft, ticket) in drafts {
        let count = of_ticket.get(ticket).copied().unwrap_or_default();
        assert_eq!(
            count, 1,
            "the ticket of draft {draft} stands in {count} appointments instead of one"
        );
    }
    assert_eq!(
        truth.appointments.len(),
        drafts.len(),
        "there are appointments that nobody asked for"
    );
    let counted: BTreeMap<i64, u32> = truth
        .taken
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(at, count)| (*at, *count))
        .collect();
    assert_eq!(counted, held, "the places held are not those of the appointments");
}

/// Says it aloud, also where a test that passes is kept quiet.
fn tell(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("somebody listens");
}

/// What a draft must be after a kill at `waypoint` and a new start.
const fn expected_after(waypoint: Waypoint) -> &'static str {
    match waypoint {
        // Nothing was written: nothing was decided, and nothing is lost of what was prepared.
        Waypoint::BeforeOutboxRow => "editing",
        _ => "booked",
    }
}

/// Kills a process at `waypoint`, again and again, each over a draft of its own; the next process finds out what is left.
async fn kill_at(waypoint: Waypoint) {
    let began = Instant::now();
    let folder = tempfile::tempdir().expect("a folder");
    let drafts = prepare(folder.path(), AT_EACH).await;
    let point = format!("{waypoint:?}");
    let mut before: Option<&str> = None;
    let mut kills = 0;
    for (draft, _) in &drafts {
        let mut desk = start(folder.path(), draft, &point);
        let states = desk.states("settled");
        if let Some(before) = before {
            assert_eq!(
                states[before],
                expected_after(waypoint),
                "draft {before} after a kill at {point}"
            );
        }
        desk.hear("sending");
        desk.hear(&format!("at {point}"));
        desk.kill();
        kills += 1;
        before = Some(draft);
    }
    let states = settle(folder.path());
    let left: Vec<&str> = undecided(&states).collect();
    let expected = if waypoint == Waypoint::BeforeOutboxRow {
        AT_EACH
    } else {
        0
    };
    assert_eq!(
        left.len(),
        expected,
        "drafts that nobody decided after kills at {point}"
    );
    send_all(folder.path(), &left);
    check(&truth(folder.path()).await, &drafts);
    tell(&format!(
        "{point}: {kills} kills, {AT_EACH} appointments, {:.1} s",
        began.elapsed().as_secs_f64()
    ));
}

/// The states when nothing is on its way any more.
fn settle(folder: &Path) -> States {
    let mut desk = DeskProcess::start(PROGRAM, folder, ("-", "-"), "-");
    let states = desk.states("settled");
    desk.end();
    states
}

/// The drafts that are as they were before the decision. Any other must be an appointment.
fn undecided(states: &States) -> impl Iterator<Item = &str> {
    states.iter().filter_map(|(draft, state)| match state.as_str() {
        "editing" => Some(draft.as_str()),
        "booked" => None,
        other => panic!("draft {draft} is {other}: neither as it was nor an appointment"),
    })
}

/// What was never decided can still be, once, by processes that live.
fn send_all(folder: &Path, drafts: &[&str]) {
    for draft in drafts {
        let mut desk = start(folder, draft, "-");
        desk.states("settled");
        desk.hear("sending");
        let states = desk.states("done");
        assert_eq!(
            states[*draft], "booked",
            "a draft that was never decided can't be sent any more"
        );
        desk.end();
    }
}

#[tokio::test]
async fn killed_before_the_decision_is_written_the_draft_is_as_it_was_and_can_be_sent_once() {
    kill_at(Waypoint::BeforeOutboxRow).await;
}

#[tokio::test]
async fn killed_after_the_decision_is_written_it_is_booked_once_at_the_next_start() {
    kill_at(Waypoint::AfterOutboxRow).await;
}

#[tokio::test]
async fn killed_before_the_request_it_is_booked_once_at_the_next_start() {
    kill_at(Waypoint::BeforeRequest).await;
}

#[tokio::test]
async fn killed_after_the_store_has_committed_the_same_appointment_is_found_at_the_next_start() {
    kill_at(Waypoint::AfterStoreCommit).await;
}

#[tokio::test]
async fn killed_before_the_answer_is_written_down_the_same_appointment_is_found_at_the_next_start() {
    kill_at(Waypoint::BeforeAnswerWritten).await;
}

#[tokio::test]
async fn killed_after_the_answer_is_written_down_nothing_is_sent_again() {
    kill_at(Waypoint::AfterAnswerWritten).await;
}

#[tokio::test]
async fn killed_at_any_moment_there_is_one_appointment_or_a_draft_that_can_be_sent_once() {
    let began = Instant::now();
    let folder = tempfile::tempdir().expect("a folder");
    let drafts = prepare(folder.path(), AT_RANDOM).await;
    let mut seed = 6542_u64;
    let mut kills = 0;
    for (draft, _) in &drafts {
        let mut desk = start(folder.path(), draft, "-");
        desk.states("settled");
        desk.hear("sending");
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // Here the time itself is what is tried: some die before the decision, some within a transaction, some at the end.
        std::thread::sleep(Duration::from_micros((seed >> 33) % 40_000));
        desk.kill();
        kills += 1;
    }
    let states = settle(folder.path());
    let left: Vec<&str> = undecided(&states).collect();
    let decided = AT_RANDOM - left.len();
    send_all(folder.path(), &left);
    check(&truth(folder.path()).await, &drafts);
    tell(&format!(
        "at random moments: {kills} kills, {decided} of them after the decision, {AT_RANDOM} appointments, {:.1} s",
        began.elapsed().as_secs_f64()
    ));
}
