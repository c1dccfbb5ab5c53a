//! Which words a ticket is found by.
//!
//! Its own are those of its code, its conversation and the names of its files: they stand in the index. Those of its company
//! and topic are the same for many tickets, and change for all of them at once: they are kept once, with the names
//! ([`Names`](super::columns::Names)). Its matricola is a number in a column.

use domain::ticket::Ticket;

use crate::fold::fold_into;

/// Words of up to so many letters stand in the index for all that begin with them.
pub(super) const SHORT: usize = 3;

/// The own words of a ticket, folded, one space between them.
pub(super) fn own(ticket: &Ticket) -> String {
    let mut text = String::with_capacity(1024);
    fold_into(ticket.code.as_str(), &mut text);
    for message in &ticket.messages {
        fold_into(&message.text, &mut text);
        for file in &message.files {
            fold_into(file, &mut text);
        }
    }
    text
}

/// Under what a text stands in the index: its longer words, and the short beginnings of all of them; each once, in order.
pub(super) fn entries(text: &str) -> Vec<&str> {
    let mut entries = Vec::with_capacity(text.len() / 2);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
        entries.extend(ends.by_ref().take(SHORT).map(|end| &word[..end]));
        if ends.next().is_some() {
            entries.push(word);
        }
    }
    entries.sort_unstable();
    entries.dedup();
    entries
}

/// Whether a word of `text` begins with `wanted`.
pub(super) fn begin(text: &str, wanted: &str) -> bool {
    text.split(' ').any(|word| word.starts_with(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_under_its_beginnings_and_if_it_is_longer_under_itself() {
        assert_eq!(entries("rata"), ["r", "ra", "rat", "rata"]);
        assert_eq!(entries("è del del dei"), ["d", "de", "dei", "del", "è"]);
        assert_eq!(entries("日本語版"), ["日", "日本", "日本語", "日本語版"]);
        assert_eq!(entries(""), [""; 0]);
    }
}
