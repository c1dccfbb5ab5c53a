//! Promise 1 over HTTPS: whoever asks at the same moment, through whichever server.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::Utc;
use domain::code::{AppointmentId, DecisionId};
use sede_for_tests::copy::Copy;
use sede_for_tests::database::assert_sound;
use sede_for_tests::world::{DESKS, decided, fill, first_slot_after, ticket, wishing};
use store::BookOutcome;
use tokio::task::JoinSet;

use crate::clients::Client;
use crate::servers::{DATABASE, Fleet};

const CLIENTS: usize = 32;
const STUDIOS: usize = 4;
/// Decisions of each client.
const ROUNDS: usize = 100;
/// The points with one, two and three desks of one sede, and those with two and three of another: fifty slots of a day.
const POINTS: [(&str, u16, usize); 4] = [("LU", 1, 12), ("LU", 2, 13), ("LU", 3, 12), ("PI", 2, 13)];

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_clients_through_two_servers_book_exactly_what_there_is() {
    let fleet = Fleet::begin().await;
    let store = fleet.store().await;
    fill(&store.desk(), STUDIOS, CLIENTS / STUDIOS * 30).await;
    let first = first_slot_after(Utc::now());
    let asked_in_all = Arc::new(AtomicU32::new(0));
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let client = Client::of(&fleet, &store, number % STUDIOS).await;
        let asked_in_all = asked_in_all.clone();
        clients.spawn(async move {
            let mut booked = BTreeMap::<DecisionId, AppointmentId>::new();
            // Of the studio's tickets for each point, those that are this client's.
            let mut next = [number / STUDIOS * 30; POINTS.len()];
            for round in 0..ROUNDS {
                let which = (number + round) % POINTS.len();
                let (sede, desks, slots) = POINTS[which];
                let begin = number * 31 + round * 17;
                let wishes: Vec<i32> = (0..=round % 3)
                    .map(|step| first + i32::try_from((begin + step) % slots).unwrap())
                    .collect();
                let asked = wishing(
                    &ticket(number % STUDIOS, sede, desks, next[which]),
                    sede,
                    desks,
                    &wishes,
                );
                let attempt = decided();
                let server = number + round;
                let outcome = match round % 5 {
                    // Twice at once, through both.
                    0 => {
                        let (one, two) = tokio::join!(
                            client.book(server, attempt, &asked),
                            client.book(server + 1, attempt, &asked)
                        );
                        assert_eq!(one, two, "one key has one outcome, whichever server is asked");
                        one
                    }
                    // Twice one after the other, through both.
                    1 => {
                        let one = client.book(server, attempt, &asked).await;
                        assert_eq!(one, client.book(server + 1, attempt, &asked).await);
                        one
                    }
                    _ => client.book(server, attempt, &asked).await,
                };
                asked_in_all.fetch_add(if round % 5 < 2 { 2 } else { 1 }, Ordering::Relaxed);
                if let BookOutcome::Booked { appointment } = outcome {
                    next[which] += 1;
                    booked.insert(attempt.decision, appointment.id);
                }
            }
            (client, booked)
        });
    }
    let (clients, booked): (Vec<Client>, Vec<_>) = clients.join_all().await.into_iter().unzip();
    let booked: BTreeMap<DecisionId, AppointmentId> = booked.into_iter().flatten().collect();
    println!(
        "{} asked, {} booked",
        asked_in_all.load(Ordering::Relaxed),
        booked.len()
    );
    let places: usize = POINTS.iter().map(|(_, desks, slots)| slots * usize::from(*desks)).sum();
    assert_eq!(
        booked.len(),
        places,
        "exactly as many as there are places: none lost, none too many"
    );
    assert!(POINTS.iter().all(|(_, desks, _)| DESKS.contains(desks)));
    fleet.at_the_database(|cluster| assert_sound(cluster, DATABASE));

    // Whose device sees which studio's: four of them, one of each studio, see everything once.
    let mut seen = BTreeMap::new();
    for client in &clients {
        for appointment in Copy::pulled(client.through(1)).await.appointments() {
            *seen.entry(appointment.to_owned()).or_insert(0) += 1;
        }
    }
    let of_each = CLIENTS / STUDIOS;
    assert!(
        seen.values().all(|devices| *devices == of_each),
        "a studio's devices see the same"
    );
    let mut told: Vec<String> = booked.values().map(ToString::to_string).collect();
    told.sort_unstable();
    assert_eq!(
        seen.into_keys().collect::<Vec<_>>(),
        told,
        "what was answered is what is there, once"
    );
}
