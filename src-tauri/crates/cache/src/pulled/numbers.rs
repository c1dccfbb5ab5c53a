//! Numbers by the thousand out of SQLite: one text of them comes far sooner than as many rows do.

use crate::error::{CacheError, File, Result};

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

/// The numbers of a text as `group_concat` and `concat_ws(' ', …)` write them, in groups of `N`.
pub(super) fn groups<const N: usize>(text: &str) -> Result<Vec<[i64; N]>> {
    let mut groups = Vec::new();
    let mut group = [0; N];
    let mut place = 0;
    for number in text.split([',', ' ']).filter(|number| !number.is_empty()) {
        group[place] = number.parse().map_err(|_| DAMAGED)?;
        place += 1;
        if place == N {
            groups.push(group);
            place = 0;
        }
    }
    if place == 0 { Ok(groups) } else { Err(DAMAGED) }
}

/// The ids of a text as `group_concat` writes them.
pub(super) fn ids(text: &str) -> Result<Vec<u32>> {
    groups(text)?.into_iter().map(|[id]| small(id)).collect()
}

/// A number that was written as a small one.
pub(super) fn small<T: TryFrom<i64>>(number: i64) -> Result<T> {
    T::try_from(number).map_err(|_| DAMAGED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        assert_eq!(groups("1 -2,30 4").expect("reads"), [[1, -2], [30, 4]]);
        assert_eq!(groups::<3>("").expect("reads"), [[0; 3]; 0]);
        assert_eq!(ids("7,4294967295").expect("reads"), [7, u32::MAX]);
    }

    #[test]
    fn what_nobody_wrote_is_damage() {
        for text in ["1 2,3", "1 x", "1 2.5", "9223372036854775808 1"] {
            assert!(groups::<2>(text).is_err(), "{text:?}");
        }
        for text in ["-1", "4294967296"] {
            assert!(ids(text).is_err(), "{text:?}");
        }
    }
}
