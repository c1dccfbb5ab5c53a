//! Servers and the database are ended hard, again and again, while clients book and ask again.

use std::time::Duration;

use crate::clients::Crowd;
use crate::servers::Fleet;

const CLIENTS: usize = 8;
const STUDIOS: usize = 4;
const ROUNDS: u32 = 10;
/// Outcomes between two ends.
const AT_LEAST: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_server_was_killed_is_there_once() {
    let fleet = Fleet::begin().await;
    let crowd = Crowd::begin(&fleet, CLIENTS, STUDIOS).await;
    for round in 1..=ROUNDS {
        crowd.goes_on(AT_LEAST).await;
        // Each time a little later in what they are at.
        tokio::time::sleep(Duration::from_micros(900) * round).await;
        let server = usize::try_from(round % 2).unwrap();
        fleet.kill(server);
        crowd.goes_on(AT_LEAST).await;
        fleet.start(server);
        fleet.ready(server).await;
    }
    crowd.end(&fleet, ROUNDS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_go_on_by_themselves_when_the_power_of_the_database_comes_back() {
    let fleet = Fleet::begin().await;
    let crowd = Crowd::begin(&fleet, CLIENTS, STUDIOS).await;
    for round in 1..=ROUNDS {
        crowd.goes_on(AT_LEAST).await;
        tokio::time::sleep(Duration::from_micros(900) * round).await;
        fleet.power_goes();
    }
    crowd.end(&fleet, ROUNDS).await;
}
