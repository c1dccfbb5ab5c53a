//! What lists filter and sort by, in memory: one small column for each fact, so that a list of 200,000 tickets is opened
//! without reading 200,000 rows. They are some 41 bytes a ticket; all else is read with the window that shows it.
//!
//! * [`Columns`] is what one state of `cache.db` says. It never changes.
//! * [`names`] holds what companies and topics are called.
//! * [`read`] reads a state whole, and what a transaction altered of one.
//! * [`shelf`] knows which columns are of which state.
//!
//! A ticket goes by its *place* here: how many ids come before its own. Places in ascending order are the order in which
//! tickets were first pulled, in which those alike stand in every list.

mod altered;
mod names;
mod read;
mod shelf;

use std::collections::HashMap;

pub(super) use names::Names;
pub(super) use shelf::{Shelf, Touch};

/// What [`Columns`] say of a ticket that is never bookable by itself.
const NEVER: i64 = i64::MAX;

/// One ticket across the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    id: u32,
    company: u32,
    topic: u32,
    position: u64,
    status: u8,
    opened: i32,
    carried: Option<i64>,
    bookable_from: i64,
}

/// How a ticket stands at a moment, as lists count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Now,
    Soon,
    Carried,
    Never,
}

/// See the module. Each column holds what that of the table `ticket` does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// Ascending.
    ids: Vec<u32>,
    companies: Vec<u32>,
    topics: Vec<u32>,
    /// Matricole are numbers of ten digits.
    positions: Vec<u64>,
    statuses: Vec<u8>,
    opened: Vec<i32>,
    bookable_from: Vec<i64>,
    /// By id: few tickets are carried.
    carried: HashMap<u32, i64>,
    /// Places in the order of codes.
    by_code: Vec<u32>,
    /// Places in the order of `bookable_from`.
    by_bookable: Vec<u32>,
    company_names: Names,
    topic_names: Names,
    /// Tickets up to this id stand in the index of words.
    indexed: u32,
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Every place, ascending.
    pub(super) fn places(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn id(&self, place: u32) -> u32 {
        self.ids[place as usize]
    }

    /// Its id in the table `company`.
    pub(super) fn company(&self, place: u32) -> u32 {
        self.companies[place as usize]
    }

    /// Its id in the table `topic`.
    pub(super) fn topic(&self, place: u32) -> u32 {
        self.topics[place as usize]
    }

    /// Its matricola.
    pub(super) fn position(&self, place: u32) -> u64 {
        self.positions[place as usize]
    }

    /// The number of its [`StatusKind`](super::StatusKind).
    pub(super) fn status(&self, place: u32) -> u8 {
        self.statuses[place as usize]
    }

    /// Its [`day_number`](crate::instant::day_number).
    pub(super) fn opened(&self, place: u32) -> i32 {
        self.opened[place as usize]
    }

    /// R3–R5 at second `at`.
    pub(super) fn class(&self, place: u32, at: i64) -> Class {
        match self.bookable_from[place as usize] {
            from if from <= at => Class::Now,
            NEVER => Class::Never,
            _ if self.carried.get(&self.id(place)).is_some_and(|until| *until > at) => Class::Carried,
            _ => Class::Soon,
        }
    }

    /// Whether it is bookable at second `at`.
    pub(super) fn is_ripe(&self, place: u32, at: i64) -> bool {
        self.bookable_from[place as usize] <= at
    }

    /// Those that become bookable from second `from` up to, and without, `to`, in the order in which they do.
    pub(super) fn ripening(&self, from: i64, to: i64) -> &[u32] {
        let until = |second: i64| {
            self.by_bookable
                .partition_point(|place| self.bookable_from[*place as usize] < second)
        };
        let (begin, end) = (until(from), until(to));
        &self.by_bookable[begin..end.max(begin)]
    }

    /// All places in the order of codes.
    pub(super) fn by_code(&self) -> &[u32] {
        &self.by_code
    }

    /// All places in the order of the moments from which they are bookable, those never bookable last.
    pub(super) fn by_bookable(&self) -> &[u32] {
        &self.by_bookable
    }

    /// What the companies are called.
    pub(super) fn company_names(&self) -> &Names {
        &self.company_names
    }

    /// What the topics are called.
    pub(super) fn topic_names(&self) -> &Names {
        &self.topic_names
    }

    /// The first and the last id; nothing where there is no ticket.
    pub(super) fn ends(&self) -> Option<(u32, u32)> {
        Some((*self.ids.first()?, *self.ids.last()?))
    }

    /// The last id that stands in the index of words.
    pub(super) fn indexed(&self) -> u32 {
        self.indexed
    }

    fn reserve(&mut self, lines: usize) {
        self.ids.reserve_exact(lines);
        self.companies.reserve_exact(lines);
        self.topics.reserve_exact(lines);
        self.positions.reserve_exact(lines);
        self.statuses.reserve_exact(lines);
        self.opened.reserve_exact(lines);
        self.bookable_from.reserve_exact(lines);
    }

    fn push(&mut self, line: &Line) {
        self.ids.push(line.id);
        self.companies.push(line.company);
        self.topics.push(line.topic);
        self.positions.push(line.position);
        self.statuses.push(line.status);
        self.opened.push(line.opened);
        self.bookable_from.push(line.bookable_from);
        if let Some(until) = line.carried {
            self.carried.insert(line.id, until);
        }
    }

    fn line(&self, place: u32) -> Line {
        let id = self.id(place);
        Line {
            id,
            company: self.company(place),
            topic: self.topic(place),
            position: self.position(place),
            status: self.status(place),
            opened: self.opened(place),
            carried: self.carried.get(&id).copied(),
            bookable_from: self.bookable_from[place as usize],
        }
    }

    fn place(&self, id: u32) -> Option<u32> {
        let place = self.ids.binary_search(&id).ok()?;
        u32::try_from(place).ok()
    }

    /// Puts these places in the order of `bookable_from`.
    fn sort_by_bookable(&self, places: &mut [u32]) {
        // Stable, since that makes use of what is in order already.
        places.sort_by_key(|place| (self.bookable_from[*place as usize], *place));
    }
}
