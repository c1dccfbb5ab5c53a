//! From the columns before a transaction to those after it: what did not change is copied, never read again.

use std::collections::HashMap;

use super::{Columns, Line, Names};

/// Where a ticket's place went that is gone.
const GONE: u32 = u32::MAX;

/// What a transaction left of the tickets that it touched.
#[derive(Debug, Default)]
pub(super) struct Alteration {
    /// Those that are there, by id. The ids of new ones are higher than all that were there before.
    pub(super) lines: Vec<Line>,
    /// The ids of those that are gone, ascending.
    pub(super) gone: Vec<u32>,
    /// For each new one the id of the one whose code comes right before its own; nothing where its code is the first.
    pub(super) before: Vec<(u32, Option<u32>)>,
    pub(super) company_names: Names,
    pub(super) topic_names: Names,
    pub(super) indexed: u32,
}

impl Columns {
    /// The columns after a transaction.
    pub(super) fn altered(&self, alteration: Alteration) -> Self {
        let Alteration {
            lines,
            gone,
            before,
            company_names,
            topic_names,
            indexed,
        } = alteration;
        let mut after = Self {
            company_names,
            topic_names,
            indexed,
            ..Self::default()
        };
        after.reserve(self.len() + before.len());
        let mut lines = lines.iter().peekable();
        let mut gone = gone.iter().peekable();
        let mut moved = Vec::with_capacity(self.len());
        for place in self.places() {
            let id = self.id(place);
            if gone.next_if_eq(&&id).is_some() {
                moved.push(GONE);
                continue;
            }
            moved.push(u32::try_from(after.len()).unwrap_or(GONE));
            match lines.next_if(|line| line.id == id) {
                Some(line) => after.push(line),
                None => after.push(&self.line(place)),
            }
        }
        let first_new = after.places().end;
        for line in lines {
            after.push(line);
        }
        after.by_code = self.codes_after(&after, &moved, &before);
        after.by_bookable = self.bookable_after(&after, &moved, first_new);
        after
    }

    /// No ticket ever changes its code: what is gone leaves the order, and each new one comes after its predecessor.
    fn codes_after(&self, after: &Self, moved: &[u32], before: &[(u32, Option<u32>)]) -> Vec<u32> {
        let next: HashMap<Option<u32>, u32> = before.iter().map(|(new, known)| (*known, *new)).collect();
        let mut order = Vec::with_capacity(after.len());
        let put_new_after = |order: &mut Vec<u32>, mut last: Option<u32>| {
            while let Some(new) = next.get(&last) {
                order.extend(after.place(*new));
                last = Some(*new);
            }
        };
        put_new_after(&mut order, None);
        for place in &self.by_code {
            let place_after = moved[*place as usize];
            if place_after != GONE {
                order.push(place_after);
                if !next.is_empty() {
                    put_new_after(&mut order, Some(self.id(*place)));
                }
            }
        }
        order
    }

    fn bookable_after(&self, after: &Self, moved: &[u32], first_new: u32) -> Vec<u32> {
        let mut order = Vec::with_capacity(after.len());
        let mut others: Vec<u32> = (first_new..after.places().end).collect();
        for place in &self.by_bookable {
            let place_after = moved[*place as usize];
            if place_after == GONE {
                continue;
            }
            if self.bookable_from[*place as usize] == after.bookable_from[place_after as usize] {
                order.push(place_after);
            } else {
                others.push(place_after);
            }
        }
        after.sort_by_bookable(&mut others);
        order.append(&mut others);
        after.sort_by_bookable(&mut order);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: u32, bookable_from: i64) -> Line {
        Line {
            id,
            company: 1,
            topic: 1,
            position: 0,
            status: 0,
            opened: 0,
            carried: None,
            bookable_from,
        }
    }

    fn three() -> Columns {
        // Codes in the order of ids 2, 3, 1.
        Columns::default().altered(Alteration {
            lines: vec![line(1, 30), line(2, 10), line(3, 20)],
            before: vec![(1, Some(3)), (2, None), (3, Some(2))],
            ..Alteration::default()
        })
    }

    fn ids(columns: &Columns, places: &[u32]) -> Vec<u32> {
        places.iter().map(|place| columns.id(*place)).collect()
    }

    #[test]
    fn new_tickets_take_their_places_in_every_order() {
        let columns = three();
        assert_eq!(columns.ids, [1, 2, 3]);
        assert_eq!(ids(&columns, &columns.by_code), [2, 3, 1]);
        assert_eq!(ids(&columns, &columns.by_bookable), [2, 3, 1]);
    }

    #[test]
    fn what_is_gone_leaves_every_order_and_what_changed_moves() {
        let columns = three().altered(Alteration {
            lines: vec![line(2, 40), line(5, 35), line(6, 5)],
            gone: vec![3, 4],
            // The codes of 5 and 6 stand, in this order, between those of 2 and 1.
            before: vec![(5, Some(2)), (6, Some(5))],
            ..Alteration::default()
        });
        assert_eq!(columns.ids, [1, 2, 5, 6], "4 was put and removed at once");
        assert_eq!(ids(&columns, &columns.by_code), [2, 5, 6, 1]);
        assert_eq!(ids(&columns, &columns.by_bookable), [6, 1, 5, 2]);
    }

    #[test]
    fn what_ripens_between_two_moments_is_a_piece_of_the_order() {
        let columns = three();
        let between = |from, to| ids(&columns, columns.ripening(from, to));
        assert_eq!(between(10, 30), [2, 3], "the end is not within");
        assert_eq!(between(11, 31), [3, 1]);
        assert_eq!(between(31, 10), [0; 0]);
    }
}
