//! Opened lists of tickets, by handle: the newest few.

use std::collections::VecDeque;
use std::sync::Arc;

/// How many lists stay open.
const KEPT: usize = 8;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    last: u32,
    open: VecDeque<(u32, Arc<[u32]>)>,
}

impl Lists {
    /// Keeps a list; the oldest gives way. Returns its handle, never 0.
    pub(crate) fn keep(&mut self, rowids: Arc<[u32]>) -> u32 {
        self.last = self.last.checked_add(1).unwrap_or(1);
        self.open.push_back((self.last, rowids));
        if self.open.len() > KEPT {
            self.open.pop_front();
        }
        self.last
    }

    /// The list of a handle, while it is open.
    pub(crate) fn get(&self, handle: u32) -> Option<Arc<[u32]>> {
        self.open
            .iter()
            .find(|(known, _)| *known == handle)
            .map(|(_, rowids)| Arc::clone(rowids))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_eight_lists_stay_open() {
        let mut lists = Lists::default();
        let handles: Vec<u32> = (0..9).map(|row| lists.keep(Arc::from([row]))).collect();
        assert_eq!(lists.get(handles[0]), None, "the ninth took its place");
        assert_eq!(lists.get(handles[1]).as_deref(), Some(&[1][..]));
        assert_eq!(lists.get(handles[8]).as_deref(), Some(&[8][..]));
        assert_eq!(lists.get(0), None);
    }
}
