//! What must hold when everybody has heard everything, whatever happened before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cache::Cache;
use cache::drafts::{Aim, Attention, Draft, DraftState};
use cache::outbox::Work;
use cache::requests::{RequestDraft, RequestState};
use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::booking::{Booking, Refusal};
use domain::code::{AppointmentId, DecisionId, TicketCode};
use domain::eligibility::ripe_on;
use domain::slot::Slot;
use domain::ticket::{Party, StatusChange, Ticket};
use domain::time::{civil_day, midnight};
use domain::topic::WaitingThreshold;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};
use store::{AppointmentFilter, BookOutcome, BookRefusal, SedeRecords};

use crate::scene::Scene;

macro_rules! tally {
    ($($count:ident),* $(,)?) => {
        /// What was seen in a run: a simulation in which nothing happens proves nothing.
        #[derive(Debug, Default, Clone, Copy)]
        pub struct Tally {
            $(pub $count: u32,)*
        }

        impl Tally {
            pub fn add(&mut self, other: Self) {
                $(self.$count += other.$count;)*
            }

            /// What was never seen.
            pub fn unseen(self) -> Vec<&'static str> {
                let counts = [$((stringify!($count), self.$count)),*];
                counts.into_iter().filter(|(_, times)| *times == 0).map(|(count, _)| count).collect()
            }
        }
    };
}

tally! {
    drafts,
    booked,
    changed,
    cancelled,
    deposits,
    deposits_booked,
    still_lying,
    needs_attention,
    overtaken,
    answered,
    crashes,
    met,
    notes,
    reminders,
    requests,
    requests_taken_back,
}

/// A deposit as the store keeps it, with what came of it.
struct Lain {
    number: i64,
    studio: i64,
    decision: DecisionId,
    booking: Booking,
    deposited_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    waits: bool,
    outcome: Option<BookOutcome>,
}

impl Lain {
    /// Whether it lay there when somebody booked. What was refused for want of a place lay there until that very moment;
    /// what was taken back then may have been gone before.
    fn lay_at(&self, moment: DateTime<Utc>) -> bool {
        let refused = matches!(
            self.outcome,
            Some(BookOutcome::Refused {
                why: BookRefusal::Rule {
                    refusal: Refusal::AllTaken { .. },
                },
            })
        );
        match self.ended_at {
            None => true,
            Some(ended) if refused => moment <= ended,
            Some(ended) => moment < ended,
        }
    }
}

/// What somebody was told is kept stands in both colleagues' copies, once; what nobody was told of, at most once. Returns how
/// many notes these are.
async fn every_note_stands_once(scene: &mut Scene) -> u32 {
    let expected = std::mem::take(&mut scene.notes);
    for computer in &mut scene.computers {
        for (ticket, words, kept) in &expected {
            let code = ticket.to_string();
            let opened = computer
                .does(move |studio| async move { studio.ticket_open(&code).await })
                .await;
            let notes = opened.well().expect("its company is the studio's").dossier.notes;
            let times = notes.iter().filter(|note| note.text == *words).count();
            assert!(
                times == 1 || (times == 0 && !kept),
                "{words} about {ticket} stands {times} times"
            );
        }
    }
    u32::try_from(expected.len()).unwrap()
}

/// Everybody hears everything; then each promise is looked at.
pub async fn holds(mut scene: Scene) -> Tally {
    let mut tally = Tally::default();
    for computer in &mut scene.computers {
        computer.mend();
        computer.start_again().await;
    }
    for _ in 0..6 {
        for computer in &mut scene.computers {
            computer.sync().await;
        }
    }
    let store = &scene.world.store;
    let checkup = store.records().checkup().await.unwrap();
    assert!(checkup.is_kept(), "{:?}", checkup.broken().collect::<Vec<_>>());

    let records = store
        .records()
        .appointments(&AppointmentFilter::default(), None, 10_000)
        .await
        .unwrap();
    let all: Vec<Appointment> = records.iter().map(|record| record.appointment.clone()).collect();
    let ours: BTreeMap<AppointmentId, &Appointment> = records
        .iter()
        .filter(|record| record.studio.as_str() == "STUDIO-1")
        .map(|record| (record.appointment.id, &record.appointment))
        .collect();
    let mut file = opened(&scene.world.store_file()).await;
    let deposits = lain(&mut file).await;
    every_booking_was_allowed(&mut file, &all).await;
    deposits_were_granted_in_order(&mut file, &deposits, &all).await;
    tally.met = together_the_first_chose_first(&mut file, &deposits, &all).await;

    tally.notes = every_note_stands_once(&mut scene).await;

    let at = scene.now();
    let truth = fresh(&scene).await;
    let tickets = tickets_of_requests(&mut file).await;
    let requested = std::mem::take(&mut scene.requests);
    let mut asked = BTreeSet::new();
    let [anna, bruno] = scene.computers;
    let mut found = BTreeSet::new();
    let mut lying = BTreeSet::new();
    let mut arrived = 0;
    for computer in [anna, bruno] {
        tally.crashes += computer.crashes;
        let folder = computer.close().await;
        the_copy_is_the_truth(&folder, &truth, at).await;
        let (cache, repairs) = Cache::open(&folder, at).await.unwrap();
        assert_eq!(repairs, [], "nothing was damaged");
        for row in cache.outbox.pending().await.unwrap() {
            assert!(matches!(row.work, Work::Book { .. }), "still on its way: {row:?}");
            assert!(row.deposit.is_some(), "what waits lies with the store: {row:?}");
        }
        let drafts = cache.drafts.list(DateTime::<Utc>::UNIX_EPOCH).await.unwrap();
        for draft in &drafts {
            tally.drafts += 1;
            a_draft_says_what_is_so(draft, &ours, &mut found, &mut lying, &mut tally);
        }
        for request in cache.requests.list(DateTime::<Utc>::UNIX_EPOCH).await.unwrap() {
            a_request_says_what_is_so(&request, &tickets, &mut asked, &mut tally);
        }
        cache.close().await;
        arrived += reminders_that_arrived(&folder).await;
    }
    for words in &requested {
        assert!(asked.contains(words), "somebody was told that this is kept: {words}");
    }
    tally.reminders = reminders_told(&mut file).await;
    assert_eq!(
        arrived, tally.reminders,
        "every reminder that arrived stands in its conversation, once"
    );
    assert_eq!(
        found,
        ours.keys().copied().collect(),
        "every appointment of the studio is of one draft, and no draft's appointment is missing"
    );
    let live: BTreeSet<DecisionId> = deposits
        .iter()
        .filter(|lain| lain.studio == 1 && lain.ended_at.is_none())
        .map(|lain| lain.decision)
        .collect();
    assert_eq!(lying, live, "what lies with the store is what drafts wait for");
    tally.deposits = u32::try_from(deposits.len()).unwrap();
    let booked = |lain: &&Lain| matches!(lain.outcome, Some(BookOutcome::Booked { .. }));
    tally.deposits_booked = u32::try_from(deposits.iter().filter(booked).count()).unwrap();
    let gone = |one: &&&Appointment| one.carries_until().is_none();
    tally.cancelled = u32::try_from(ours.values().filter(gone).count()).unwrap();
    tally
}

fn a_draft_says_what_is_so(
    draft: &Draft,
    ours: &BTreeMap<AppointmentId, &Appointment>,
    found: &mut BTreeSet<AppointmentId>,
    lying: &mut BTreeSet<DecisionId>,
    tally: &mut Tally,
) {
    let by_decision = |decision: Option<DecisionId>| {
        let mut all = ours.values();
        decision.and_then(|decision| all.find(|one| one.decision == decision))
    };
    match (&draft.state, &draft.aim) {
        (DraftState::Booked { appointment }, Aim::Book) => {
            let known = ours.get(appointment).expect("a booked draft has its appointment");
            assert_eq!(Some(known.decision), draft.decision, "and its own");
            assert!(found.insert(*appointment), "one decision, one appointment");
            tally.booked += 1;
        }
        (
            DraftState::Booked { appointment },
            Aim::Change {
                appointment: changed, ..
            },
        ) => {
            assert_eq!(appointment, changed);
            tally.changed += 1;
        }
        (DraftState::Sending, _) => panic!("nothing is on its way any more: {draft:?}"),
        (DraftState::Queued { .. }, Aim::Change { .. }) => panic!("a change waits for nothing: {draft:?}"),
        (DraftState::Queued { .. }, Aim::Book) => {
            assert!(lying.insert(draft.decision.expect("it was sent")));
            tally.still_lying += 1;
        }
        (state, aim) => {
            if *aim == Aim::Book {
                assert_eq!(
                    by_decision(draft.decision),
                    None,
                    "nothing was booked behind its back: {draft:?}"
                );
            }
            if let DraftState::NeedsAttention { why } = state {
                tally.needs_attention += 1;
                match why {
                    Attention::ChangeRefused {
                        why: store::ChangeRefusal::Overtaken { .. },
                    } => tally.overtaken += 1,
                    Attention::Refused {
                        why:
                            BookRefusal::Rule {
                                refusal: Refusal::Answered { .. },
                            },
                    } => tally.answered += 1,
                    _ => {}
                }
            }
        }
    }
}

/// The tickets that requests of the studio became, by the words of the request, which are each another's.
async fn tickets_of_requests(file: &mut SqliteConnection) -> BTreeMap<String, Vec<TicketCode>> {
    let bodies: Vec<String> = sqlx::query_scalar("SELECT body FROM ticket WHERE id IN (SELECT ticket FROM request)")
        .fetch_all(file)
        .await
        .unwrap();
    let mut by_words: BTreeMap<String, Vec<TicketCode>> = BTreeMap::new();
    for body in bodies {
        let ticket: Ticket = serde_json::from_str(&body).unwrap();
        by_words
            .entry(ticket.messages[0].text.clone())
            .or_default()
            .push(ticket.code);
    }
    by_words
}

/// One decision has one ticket at most; what was sent and not taken back has one.
fn a_request_says_what_is_so(
    request: &RequestDraft,
    opened: &BTreeMap<String, Vec<TicketCode>>,
    asked: &mut BTreeSet<String>,
    tally: &mut Tally,
) {
    let words = &request.content.notes;
    asked.insert(words.clone());
    let tickets = opened.get(words).map_or(&[][..], Vec::as_slice);
    assert!(tickets.len() <= 1, "{words} was opened as {tickets:?}");
    match &request.state {
        RequestState::Opened { ticket } => {
            assert_eq!(tickets, std::slice::from_ref(ticket), "a request has its own ticket");
            tally.requests += 1;
        }
        RequestState::Editing | RequestState::Discarded => tally.requests_taken_back += 1,
        RequestState::Queued | RequestState::Sending => panic!("nothing is on its way any more: {request:?}"),
        RequestState::NeedsAttention { .. } => panic!("nothing was wrong with it: {request:?}"),
    }
}

async fn opened(path: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path).read_only(true))
        .await
        .unwrap()
}

async fn lain(file: &mut SqliteConnection) -> Vec<Lain> {
    let rows = sqlx::query(
        "SELECT d.id, d.studio, d.decision, d.booking, d.deposited_at, d.ended_at, d.waits, a.outcome FROM deposit AS d
         LEFT JOIN attempt AS a ON a.studio = d.studio AND a.decision = d.decision AND a.number = d.number ORDER BY d.id",
    )
    .fetch_all(file)
    .await
    .unwrap();
    let moment = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
    rows.iter()
        .map(|row| Lain {
            number: row.get("id"),
            studio: row.get("studio"),
            decision: DecisionId::new(uuid::Uuid::from_slice(row.get("decision")).unwrap()),
            booking: serde_json::from_str(row.get("booking")).unwrap(),
            deposited_at: moment(row.get("deposited_at")),
            ended_at: row.get::<Option<i64>, _>("ended_at").map(moment),
            waits: row.get("waits"),
            outcome: row
                .get::<Option<&str>, _>("outcome")
                .map(|text| serde_json::from_str(text).unwrap()),
        })
        .collect()
}

/// How many reminders a computer of the studio was told to have arrived.
async fn reminders_that_arrived(folder: &Path) -> u32 {
    let mut file = opened(&folder.join("studio.db")).await;
    sqlx::query_scalar("SELECT count(*) FROM outbox WHERE kind = 'remind' AND state = 'done'")
        .fetch_one(&mut file)
        .await
        .unwrap()
}

/// How many reminders stand in the conversations at the sede.
async fn reminders_told(file: &mut SqliteConnection) -> u32 {
    let bodies: Vec<String> = sqlx::query_scalar("SELECT body FROM ticket")
        .fetch_all(file)
        .await
        .unwrap();
    let tickets = bodies.iter().map(|body| serde_json::from_str::<Ticket>(body).unwrap());
    let reminders = tickets
        .flat_map(|ticket| ticket.messages)
        .filter(|message| message.reminder);
    u32::try_from(reminders.count()).unwrap()
}

async fn ticket(file: &mut SqliteConnection, code: &str) -> Ticket {
    let body: String = sqlx::query_scalar("SELECT body FROM ticket WHERE code = ?1")
        .bind(code)
        .fetch_one(file)
        .await
        .unwrap();
    serde_json::from_str(&body).unwrap()
}

/// R3 to R5, counted from the conversations and not by the rules' own functions.
async fn every_booking_was_allowed(file: &mut SqliteConnection, all: &[Appointment]) {
    for appointment in all {
        for code in &appointment.tickets {
            let ticket = ticket(file, code.as_str()).await;
            let at = appointment.booked_at;
            let said = |before: &dyn Fn(DateTime<Utc>) -> bool| {
                ticket.messages.iter().filter(|message| before(message.at)).count()
            };
            // What happened at that very moment may have been before or after.
            let allowed =
                (said(&|then| then < at)..=said(&|then| then <= at)).any(|entries| may_be_booked(&ticket, entries, at));
            assert!(allowed, "{code} was booked at {at}: {ticket:?}");
        }
    }
}

/// Whether a ticket whose conversation has come to so many entries may be booked.
fn may_be_booked(ticket: &Ticket, entries: usize, at: DateTime<Utc>) -> bool {
    let (mut closed, mut counts_from, mut withdrawn) = (false, ticket.opened_at, false);
    for message in &ticket.messages[..entries] {
        match message.change {
            Some(StatusChange::ClosedOk | StatusChange::ClosedKo) => closed = true,
            Some(StatusChange::Opened) => (closed, counts_from) = (false, message.at),
            Some(StatusChange::Withdrawn) => withdrawn = true,
            Some(StatusChange::TakenInProgress) | None => {}
        }
    }
    let waited = (civil_day(at) - civil_day(counts_from)).num_days();
    !withdrawn && (closed || waited > 5)
}

/// Promise 4: whoever waited, was ripe and would have taken the place has it before anybody who came later.
async fn deposits_were_granted_in_order(file: &mut SqliteConnection, deposits: &[Lain], all: &[Appointment]) {
    for lain in deposits {
        if matches!(lain.outcome, Some(BookOutcome::Booked { .. })) || !may_be_compared(file, lain, all).await {
            continue;
        }
        let ripe_at = ripe_at(file, lain).await;
        for later in all {
            let number = deposits
                .iter()
                .find(|other| other.decision == later.decision)
                .map_or(i64::MAX, |other| other.number);
            // Where it stood when it was booked; the sede or its studio may have moved it since.
            let booked_to = first_slot(later);
            let waited = lain.deposited_at < later.booked_at
                && ripe_at <= later.booked_at
                && lain.lay_at(later.booked_at)
                && number > lain.number
                && (lain.waits || later.booked_at <= ripe_at);
            let wanted = *booked_to.point.as_str() == *lain.booking.point.as_str()
                && lain.booking.wishes.iter().any(|wish| wish.accepts(&booked_to));
            assert!(
                !(waited && wanted),
                "deposit {} waited since {} and {} got {:?} at {}",
                lain.number,
                lain.deposited_at,
                later.code,
                booked_to,
                later.booked_at
            );
        }
    }
}

/// Promise 4, for deposits that became due at the same moment: nobody has a place that an earlier one would rather have had.
/// Returns how many wanted what a later one has or might have had.
async fn together_the_first_chose_first(file: &mut SqliteConnection, deposits: &[Lain], all: &[Appointment]) -> u32 {
    let mut granted = Vec::new();
    for lain in deposits {
        let booked = all.iter().find(|one| one.decision == lain.decision);
        let ripe_at = ripe_at(file, lain).await;
        if let Some(booked) = booked.filter(|_| lain.deposited_at < ripe_at) {
            granted.push((lain, ripe_at, booked.booked_at, first_slot(booked)));
        }
    }
    let mut met = 0;
    for (first, ripe_at, at, slot) in &granted {
        let preference = |slot: &Slot| {
            let wish = first.booking.wishes.iter().position(|wish| wish.accepts(slot));
            wish.filter(|_| first.booking.point == slot.point)
                .map(|wish| (wish, slot.start))
        };
        // One that waits may have been granted what somebody else gave back in the same moment.
        let together = granted.iter().filter(|(other, ripe, then, _)| {
            other.number > first.number && !other.waits && (ripe, then) == (ripe_at, at)
        });
        for (other, _, _, theirs) in together {
            let Some(wanted) = preference(theirs) else { continue };
            met += 1;
            assert!(
                preference(slot).is_some_and(|mine| mine <= wanted),
                "deposit {} has {slot:?}, and {} has {theirs:?}",
                first.number,
                other.number
            );
        }
    }
    met
}

/// Only what had nothing else against it, all the time that it lay there, can say that a place was its.
async fn may_be_compared(file: &mut SqliteConnection, lain: &Lain, all: &[Appointment]) -> bool {
    for booked in &lain.booking.tickets {
        let ticket = ticket(file, booked.code.as_str()).await;
        let spoken_of = ticket.messages.iter().any(|message| message.author == Party::Sede);
        let carried = all.iter().any(|one| one.tickets.contains(&booked.code));
        if spoken_of || carried || ticket.withdrawn.is_some() {
            return false;
        }
    }
    true
}

async fn ripe_at(file: &mut SqliteConnection, lain: &Lain) -> DateTime<Utc> {
    let mut latest = DateTime::<Utc>::MIN_UTC;
    for booked in &lain.booking.tickets {
        let ticket = ticket(file, booked.code.as_str()).await;
        latest = latest.max(midnight(ripe_on(civil_day(ticket.opened_at), WaitingThreshold(5))));
    }
    latest
}

fn first_slot(appointment: &Appointment) -> Slot {
    use domain::communication::Change;
    let by_studio = appointment
        .edits
        .iter()
        .filter_map(|edit| Some((edit.at, edit.slot.clone()?)));
    let by_sede = appointment.communications.iter().filter_map(|said| match &said.change {
        Change::Rescheduled { before, .. } | Change::Relocated { before, .. } => Some((said.at, before.clone())),
        _ => None,
    });
    let moves = by_studio.chain(by_sede);
    moves
        .min_by_key(|(at, _)| *at)
        .map_or_else(|| appointment.slot.clone(), |(_, slot)| slot)
}

/// What a computer knows that has just pulled everything for the first time.
async fn fresh(scene: &Scene) -> BTreeMap<&'static str, Vec<String>> {
    let mut computer = crate::computer::Computer::on(&scene.world, "fresh").await;
    computer.sync().await;
    let folder = computer.close().await;
    pulled(&folder, scene.now()).await
}

async fn the_copy_is_the_truth(folder: &Path, truth: &BTreeMap<&'static str, Vec<String>>, at: DateTime<Utc>) {
    let copy = pulled(folder, at).await;
    for (what, rows) in truth {
        assert_eq!(copy[what], *rows, "{what} of {}", folder.display());
    }
}

/// What was pulled, row by row.
async fn pulled(folder: &Path, at: DateTime<Utc>) -> BTreeMap<&'static str, Vec<String>> {
    let mut file = opened(&folder.join("cache.db")).await;
    let now = at.timestamp();
    let queries = [
        ("appointments", "SELECT body FROM appointment ORDER BY id".to_owned()),
        ("deposits", "SELECT body FROM deposit ORDER BY decision".to_owned()),
        (
            "tickets",
            "SELECT t.code || ' ' || t.status || ' ' || t.assessment || ' ' || coalesce(t.carried, '-') || ' '
                 || coalesce(t.bookable_from, 'never') || ' ' || b.body
             FROM ticket AS t JOIN ticket_body AS b ON b.id = t.id ORDER BY t.code"
                .to_owned(),
        ),
        (
            "places",
            format!(
                "SELECT point || ' ' || starts || ' ' || places FROM taken
                 WHERE places > 0 AND ends > {now} ORDER BY point, starts"
            ),
        ),
        ("points", "SELECT body FROM point ORDER BY code".to_owned()),
        (
            "delegations",
            "SELECT position || from_day || coalesce(until_day, '') FROM delegation ORDER BY position".to_owned(),
        ),
    ];
    let mut pulled = BTreeMap::new();
    for (what, query) in queries {
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(query))
            .fetch_all(&mut file)
            .await
            .unwrap();
        pulled.insert(what, rows);
    }
    pulled
}
