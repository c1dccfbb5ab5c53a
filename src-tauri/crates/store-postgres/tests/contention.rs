//! Promise 1 through two servers on one database: whoever asks at the same moment.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::code::{AppointmentId, DecisionId};
use sede_for_tests::copy::Copy;
use sede_for_tests::database::{Database, assert_sound, cluster};
use sede_for_tests::world::{DESKS, clock, decided, fill, point, studio, ticket, wishing};
use store::{BookOutcome, CalendarStore};

const CLIENTS: usize = 32;
const STUDIOS: usize = 4;
/// Attempts of each client.
const ROUNDS: usize = 100;
/// Slots of the points with one, two and three desks: fifty in all.
const SLOTS: [i32; 3] = [17, 17, 16];

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_clients_of_four_studios_book_exactly_what_there_is() {
    let database = Database::fresh().await;
    let servers = [database.store(clock()).await, database.store(clock()).await];
    fill(&servers[0].desk(), STUDIOS, CLIENTS / STUDIOS * 30).await;
    let asked_in_all = Arc::new(AtomicU32::new(0));
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let session = servers[client % 2].studio(&studio(client % STUDIOS));
        let asked_in_all = asked_in_all.clone();
        clients.spawn(async move {
            let mut booked = BTreeMap::<DecisionId, AppointmentId>::new();
            // Of the studio's tickets for each point, those that are this client's.
            let mut next = [client / STUDIOS * 30; 3];
            for round in 0..ROUNDS {
                let kind = (client + round) % 3;
                let slots = SLOTS[kind];
                let first = i32::try_from(client * 31 + round * 17).unwrap() % slots;
                let wishes: Vec<i32> = (0..=i32::try_from(round % 3).unwrap())
                    .map(|step| (first + step) % slots)
                    .collect();
                let ticket = ticket(client % STUDIOS, "LU", DESKS[kind], next[kind]);
                let asked = wishing(&ticket, "LU", DESKS[kind], &wishes);
                let attempt = decided();
                let outcome = match round % 5 {
                    // Twice at once, and twice one after the other.
                    0 => {
                        let (one, two) = tokio::join!(session.book(attempt, &asked), session.book(attempt, &asked));
                        assert_eq!(one, two, "one key has one outcome, also when it is asked twice at once");
                        one
                    }
                    1 => {
                        let one = session.book(attempt, &asked).await;
                        assert_eq!(one, session.book(attempt, &asked).await);
                        one
                    }
                    _ => session.book(attempt, &asked).await,
                };
                asked_in_all.fetch_add(if round % 5 < 2 { 2 } else { 1 }, Ordering::Relaxed);
                if let BookOutcome::Booked { appointment } = outcome.expect("an outcome") {
                    next[kind] += 1;
                    booked.insert(attempt.decision, appointment.id);
                }
            }
            booked
        });
    }
    let booked: BTreeMap<DecisionId, AppointmentId> = clients.join_all().await.into_iter().flatten().collect();
    println!(
        "{} asked, {} booked",
        asked_in_all.load(Ordering::Relaxed),
        booked.len()
    );
    let places: usize = SLOTS
        .iter()
        .zip(DESKS)
        .map(|(slots, desks)| usize::try_from(*slots).unwrap() * usize::from(desks))
        .sum();
    assert_eq!(
        booked.len(),
        places,
        "exactly as many as there are places: none lost, none too many"
    );
    for desks in DESKS {
        let held = format!(
            "SELECT count(*) FROM taken WHERE point = '{}' AND count <> {desks}",
            point("LU", desks)
        );
        assert_eq!(database.sql(&held), "0", "every slot is full");
    }
    assert_sound(cluster(), &database.name);

    let mut seen = Vec::new();
    for number in 0..STUDIOS {
        let copy = Copy::pulled(&servers[number % 2].studio(&studio(number))).await;
        seen.extend(copy.appointments().map(str::to_owned));
    }
    let mut told: Vec<String> = booked.values().map(ToString::to_string).collect();
    seen.sort_unstable();
    told.sort_unstable();
    assert_eq!(seen, told, "what was answered is what is there, once");
}
