//! The machine with the database is lost while clients book; a synchronous standby takes its place and its address.

use std::time::Duration;

use crate::clients::Crowd;
use crate::servers::Fleet;

const CLIENTS: usize = 8;
const STUDIOS: usize = 4;
const LOSSES: u32 = 3;
/// Outcomes between two losses.
const AT_LEAST: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn servers_and_clients_go_on_with_a_standby_that_has_all_that_was_acknowledged() {
    let fleet = Fleet::begin().await;
    let crowd = Crowd::begin(&fleet, CLIENTS, STUDIOS).await;
    for loss in 1..=LOSSES {
        let standby = fleet.standby();
        crowd.goes_on(AT_LEAST).await;
        tokio::time::sleep(Duration::from_micros(1_700) * loss).await;
        fleet.fail_over(standby);
        crowd.goes_on(AT_LEAST).await;
    }
    crowd.end(&fleet, LOSSES).await;
}
