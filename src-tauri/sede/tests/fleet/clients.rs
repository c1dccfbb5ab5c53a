//! Clients that do not give up: each is a device of a studio, with a way to both servers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use domain::booking::Booking;
use sede_for_tests::copy::Copy;
use sede_for_tests::database::assert_sound;
use sede_for_tests::world::{DESKS, code, decided, fill, first_slot_after, studio, ticket, wishing};
use store::{
    Attempt, BookOutcome, CalendarStore, DeviceRegister, DeviceToken, InviteOutcome, RedeemOutcome, StoreError,
};
use store_http::HttpStore;
use store_postgres::PostgresStore;
use tokio::task::JoinSet;

use crate::servers::{DATABASE, Fleet};

/// A device.
#[derive(Clone)]
pub(crate) struct Client {
    ways: Arc<[HttpStore; 2]>,
    /// How often nobody answered.
    cut: Arc<AtomicU32>,
}

impl Client {
    /// A new device of `studio`.
    pub(crate) async fn of(fleet: &Fleet, store: &PostgresStore, number: usize) -> Self {
        let register = store.register();
        let invited = register
            .invite(&studio(number), &code("Anna Bianchi"), TimeDelta::hours(1))
            .await;
        let InviteOutcome::Invited { code: invitation, .. } = invited.unwrap() else {
            panic!("she must be invited");
        };
        let token = DeviceToken::random();
        let redeemed = register.redeem(&invitation, &code("SCRIVANIA"), &token).await.unwrap();
        assert!(matches!(redeemed, RedeemOutcome::Admitted { .. }), "{redeemed:?}");
        let way = |server| HttpStore::new(fleet.address(server), &fleet.trust, token.clone()).unwrap();
        Self {
            ways: Arc::new([way(0), way(1)]),
            cut: Arc::default(),
        }
    }

    /// The store through one of the servers.
    pub(crate) fn through(&self, server: usize) -> &HttpStore {
        &self.ways[server % 2]
    }

    /// Asks until there is an outcome, one server after the other, beginning with `first`.
    pub(crate) async fn book(&self, first: usize, attempt: Attempt, booking: &Booking) -> BookOutcome {
        let mut server = first;
        loop {
            match self.through(server).book(attempt, booking).await {
                Ok(outcome) => return outcome,
                Err(StoreError::Unreachable { .. }) => {
                    self.cut.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(StoreError::Busy { .. }) => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(error) => panic!("a machine that is lost can only be out of reach: {error:?}"),
            }
            server += 1;
        }
    }
}

/// A decision, what was asked, and what came of it.
type Decided = (usize, Attempt, Booking, BookOutcome);

/// Clients that book at random without an end, each for tickets of its own.
pub(crate) struct Crowd {
    clients: Vec<Client>,
    running: JoinSet<()>,
    done: Arc<AtomicBool>,
    outcomes: Arc<Mutex<Vec<Decided>>>,
    studios: usize,
}

/// Tickets of a client for each point.
const TICKETS: usize = 200;

impl Crowd {
    /// Fills the store and begins.
    pub(crate) async fn begin(fleet: &Fleet, clients: usize, studios: usize) -> Self {
        let store = fleet.store().await;
        fill(&store.desk(), studios, clients / studios * TICKETS).await;
        let mut crowd = Self {
            clients: Vec::new(),
            running: JoinSet::new(),
            done: Arc::default(),
            outcomes: Arc::default(),
            studios,
        };
        for number in 0..clients {
            let client = Client::of(fleet, &store, number % studios).await;
            let (done, outcomes) = (crowd.done.clone(), crowd.outcomes.clone());
            crowd.clients.push(client.clone());
            crowd.running.spawn(async move {
                for round in 0.. {
                    if done.load(Ordering::Relaxed) {
                        return;
                    }
                    let asked = asked(number, studios, round);
                    let attempt = decided();
                    let outcome = client.book(number + round, attempt, &asked).await;
                    outcomes.lock().unwrap().push((number, attempt, asked, outcome));
                }
            });
        }
        store.close().await;
        crowd
    }

    /// Returns once so many more have an outcome.
    pub(crate) async fn goes_on(&self, more: usize) {
        let answered = || self.outcomes.lock().unwrap().len();
        let before = answered();
        while answered() < before + more {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends it, and looks at everything: one outcome a key, nothing acknowledged is lost, nothing is there twice.
    pub(crate) async fn end(mut self, fleet: &Fleet, cuts: u32) {
        self.done.store(true, Ordering::Relaxed);
        while let Some(client) = self.running.join_next().await {
            client.unwrap();
        }
        let outcomes = std::mem::take(&mut *self.outcomes.lock().unwrap());
        let cut: u32 = self
            .clients
            .iter()
            .map(|client| client.cut.load(Ordering::Relaxed))
            .sum();
        let mut booked = BTreeMap::new();
        for (number, attempt, asked, outcome) in &outcomes {
            let again = self.clients[*number].book(*number, *attempt, asked).await;
            assert_eq!(again, *outcome, "one outcome a key, whatever happened since");
            if let BookOutcome::Booked { appointment } = outcome {
                booked.insert(attempt.decision, appointment.id.to_string());
            }
        }
        println!("{} outcomes, {} booked, {cut} calls cut", outcomes.len(), booked.len());
        assert!(cut >= cuts, "what cuts nobody proves nothing: {cut}");
        let mut seen = BTreeSet::new();
        for client in &self.clients[..self.studios] {
            for appointment in Copy::pulled(client.through(0)).await.appointments() {
                assert!(seen.insert(appointment.to_owned()), "one appointment is one studio's");
            }
        }
        assert_eq!(
            seen,
            booked.into_values().collect(),
            "nothing acknowledged is lost, nothing is there twice"
        );
        fleet.at_the_database(|cluster| assert_sound(cluster, DATABASE));
        for line in fleet.log().lines() {
            assert!(!line.contains("panicked"), "{line}");
        }
    }
}

fn asked(client: usize, studios: usize, round: usize) -> Booking {
    let (sede, desks) = (["LU", "PI"][round % 2], DESKS[round / 2 % 3]);
    // After so many it begins again: refused, as its tickets are carried.
    let own = client / studios * TICKETS + round / 6 % TICKETS;
    let first = first_slot_after(Utc::now());
    let slots: Vec<i32> = (0..5)
        .map(|step| first + i32::try_from((client * 11 + round * 7 + step * 3) % 260).unwrap())
        .collect();
    wishing(&ticket(client % studios, sede, desks, own), sede, desks, &slots)
}
