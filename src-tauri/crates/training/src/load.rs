//! Fills a store.

use store::{CalendarStore, SedeDesk, StoreError};

use crate::Training;

/// How many tickets go into one transaction.
const CHUNK: usize = 500;

/// Fills a store with `training`: what the sedi offer, both studios, companies and tickets, and what `rival` (a device of
/// [`Training::rival`]) has booked. `progress` hears how many tickets are in, and of how many; the last time when all is
/// done.
///
/// May be repeated, and after it was interrupted too. A booking of the rival's that the store refuses is left out: a board
/// with a place more is no reason to fail.
///
/// # Errors
/// The first [`StoreError`] of the store.
pub async fn load(
    desk: &dyn SedeDesk,
    rival: &dyn CalendarStore,
    training: &Training,
    progress: &mut (dyn FnMut(u32, u32) + Send),
) -> Result<(), StoreError> {
    let admissions = training.admissions(CHUNK);
    let (mut done, all) = (0, admissions.tickets_in_all());
    progress(done, all);
    desk.publish(&training.offering()).await?;
    for studio in training.studios() {
        desk.enrol(&studio).await?;
    }
    for admission in admissions {
        desk.admit(&admission).await?;
        done += u32::try_from(admission.tickets.len()).unwrap_or_default();
        if 0 < done && done < all {
            progress(done, all);
        }
    }
    for (attempt, booking) in training.rival_bookings() {
        rival.book(*attempt, booking).await?;
    }
    progress(all, all);
    Ok(())
}
