//! Search: which tickets have, for each word of a text, a word that begins with it.

use std::ops::Range;

use sqlx::SqliteConnection;

use super::bits::Bits;
use super::columns::Columns;
use super::index;
use crate::error::Result;
use crate::fold;

/// Where one word was found.
#[derive(Debug)]
pub(super) struct Found {
    /// Among the own words of tickets: their ids.
    tickets: Bits,
    /// In names and codes of companies: their ids.
    companies: Bits,
    /// In labels of topics: their ids.
    topics: Bits,
    /// In matricole: what begins with some digits is a span of numbers.
    positions: Range<u64>,
}

impl Found {
    pub(super) fn has(&self, columns: &Columns, place: u32) -> bool {
        self.tickets.has(columns.id(place))
            || self.companies.has(columns.company(place))
            || self.topics.has(columns.topic(place))
            || self.positions.contains(&columns.position(place))
    }
}

/// Looks for each word of `text`, as `tx` and the columns of its state see them. No words look for nothing.
pub(super) async fn find(tx: &mut SqliteConnection, text: &str, columns: &Columns) -> Result<Vec<Found>> {
    let wanted = telling(fold::words(text));
    let Some(ends) = columns.ends() else {
        return Ok(Vec::new());
    };
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let tickets = index::find(tx, &wanted, ends, columns.indexed()).await?;
    Ok(wanted
        .iter()
        .zip(tickets)
        .map(|(wanted, tickets)| Found {
            tickets,
            companies: columns.company_names().begin(wanted),
            topics: columns.topic_names().begin(wanted),
            positions: matricole(wanted),
        })
        .collect())
}

/// Each word once, and none that another one begins with: whoever has that one has it too.
fn telling(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    let mut telling: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        if telling.last().is_some_and(|last| word.starts_with(last.as_str())) {
            telling.pop();
        }
        telling.push(word);
    }
    telling
}

/// The matricole, ten digits each, that begin with `wanted`.
fn matricole(wanted: &str) -> Range<u64> {
    const DIGITS: usize = 10;
    let none = 0..0;
    if wanted.len() > DIGITS || !wanted.bytes().all(|byte| byte.is_ascii_digit()) {
        return none;
    }
    let Ok(number) = wanted.parse::<u64>() else { return none };
    let width = (wanted.len()..DIGITS).fold(1, |width, _| width * 10);
    number * width..(number + 1) * width
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_another_one_begins_with_tells_nothing() {
        let telling = |text: &str| telling(fold::words(text)).join(" ");
        assert_eq!(telling("durc d du irr durc"), "durc irr");
        assert_eq!(telling("b a"), "a b");
        assert_eq!(telling(""), "");
    }

    #[test]
    fn matricole_that_begin_alike_are_a_span_of_numbers() {
        assert_eq!(matricole("45"), 4_500_000_000..4_600_000_000);
        assert_eq!(matricole("0004500001"), 4_500_001..4_500_002);
        assert_eq!(matricole("0"), 0..1_000_000_000);
        for text in ["00045000010", "4x", "è"] {
            assert!(matricole(text).is_empty(), "{text:?}");
        }
    }
}
