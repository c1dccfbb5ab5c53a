//! The orders of lists.

use super::bits::Bits;
use super::columns::Columns;
use super::filter::TicketSort;
use crate::pulled::columns::Class;

/// Puts these places, given in ascending order, in the order asked for.
pub(super) fn sorted(columns: &Columns, places: &[u32], sort: TicketSort, descending: bool) -> Vec<u32> {
    let mut sorted = match sort {
        TicketSort::Code => among(columns.by_code(), places),
        TicketSort::Bookable => among(columns.by_bookable(), places),
        TicketSort::Company => {
            let names = columns.company_names();
            by_rank(places, names.ranks_end(), |place| names.rank(columns.company(place)))
        }
        TicketSort::Topic => {
            let names = columns.topic_names();
            by_rank(places, names.ranks_end(), |place| names.rank(columns.topic(place)))
        }
        TicketSort::Status => by_rank(places, 256, |place| columns.status(place).into()),
        TicketSort::Opened => by_opened(columns, places),
    };
    if descending {
        // Those never bookable stay last.
        let turned = match sort {
            TicketSort::Bookable => sorted.partition_point(|place| columns.class(*place, i64::MIN) != Class::Never),
            _ => sorted.len(),
        };
        sorted[..turned].reverse();
        sorted[turned..].reverse();
    }
    sorted
}

/// Those of an order of all that are among `places`.
fn among(order: &[u32], places: &[u32]) -> Vec<u32> {
    if places.len() == order.len() {
        return order.to_vec();
    }
    let wanted: Bits = places.iter().copied().collect();
    let mut sorted = Vec::with_capacity(places.len());
    sorted.extend(order.iter().copied().filter(|place| wanted.has(*place)));
    sorted
}

/// Counts how many there are of each rank below `end`, then puts each where it belongs: no comparison, and those alike stay
/// as they were.
fn by_rank(places: &[u32], end: usize, rank: impl Fn(u32) -> usize) -> Vec<u32> {
    let mut next = vec![0_usize; end + 1];
    for place in places {
        next[rank(*place) + 1] += 1;
    }
    for rank in 1..next.len() {
        next[rank] += next[rank - 1];
    }
    let mut sorted = vec![0; places.len()];
    for place in places {
        let next = &mut next[rank(*place)];
        sorted[*next] = *place;
        *next += 1;
    }
    sorted
}

fn by_opened(columns: &Columns, places: &[u32]) -> Vec<u32> {
    /// Ten thousand years of days would be no order to count in.
    const CENTURY: usize = 36_525;
    let days = || places.iter().map(|place| columns.opened(*place));
    let (first, last) = (days().min().unwrap_or_default(), days().max().unwrap_or_default());
    match usize::try_from(i64::from(last) - i64::from(first)) {
        Ok(span) if span <= CENTURY => by_rank(places, span + 1, |place| {
            usize::try_from(columns.opened(place) - first).unwrap_or_default()
        }),
        Ok(_) | Err(_) => {
            let mut sorted = places.to_vec();
            sorted.sort_by_key(|place| columns.opened(*place));
            sorted
        }
    }
}
