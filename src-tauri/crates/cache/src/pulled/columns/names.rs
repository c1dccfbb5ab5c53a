//! What companies or topics are called: by which lists sort, and in which search looks for words.

use super::super::bits::Bits;
use super::super::words;

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::pulled) struct Names {
    /// By id.
    ranks: Vec<u32>,
    /// Ids with their folded words, in the order of the names.
    words: Vec<(u32, Box<str>)>,
}

impl Names {
    /// From ids with their words, in their order.
    pub(super) fn of(words: Vec<(u32, Box<str>)>) -> Self {
        let len = words.iter().map(|(id, _)| *id as usize + 1).max().unwrap_or(0);
        let mut ranks = vec![0; len];
        for (rank, (id, _)) in (0..).zip(&words) {
            ranks[*id as usize] = rank;
        }
        Self { ranks, words }
    }

    /// Where an id that a ticket has stands in the order.
    pub(in crate::pulled) fn rank(&self, id: u32) -> usize {
        self.ranks.get(id as usize).map_or(0, |rank| *rank as usize)
    }

    /// More than every rank.
    pub(in crate::pulled) fn ranks_end(&self) -> usize {
        self.words.len().max(1)
    }

    /// The ids of those with a word that begins with `wanted`.
    pub(in crate::pulled) fn begin(&self, wanted: &str) -> Bits {
        self.words
            .iter()
            .filter(|(_, text)| words::begin(text, wanted))
            .map(|(id, _)| *id)
            .collect()
    }
}
