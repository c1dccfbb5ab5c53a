//! Which tickets of a block of ids have a word, in at most 512 bytes: one bit for each ticket of the block, or, where that is
//! shorter, the two-byte numbers of those that have it.

use crate::error::{CacheError, File, Result};

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

/// Ids in a block.
pub(super) const BLOCK: u32 = 4_096;

/// Bytes of a block that says its tickets by bits. Fewer bytes are as many two-byte numbers.
pub(super) const BITS: usize = BLOCK as usize / 8;

/// The block of an id, and its number there.
pub(super) fn place(id: i64) -> Result<(i64, u16)> {
    let block = i64::from(BLOCK);
    let number = u16::try_from(id.rem_euclid(block)).map_err(|_| DAMAGED)?;
    Ok((id.div_euclid(block), number))
}

/// Which of a block's numbers a word has.
#[derive(Clone, Copy)]
pub(super) struct Numbers([u8; BITS]);

impl Numbers {
    pub(super) const NONE: Self = Self([0; BITS]);

    pub(super) fn add(&mut self, number: u16) {
        self.0[usize::from(number / 8)] |= 1 << (number % 8);
    }

    pub(super) fn remove(&mut self, number: u16) {
        self.0[usize::from(number / 8)] &= !(1 << (number % 8));
    }

    pub(super) fn read(ids: &[u8]) -> Result<Self> {
        if let Ok(bits) = ids.try_into() {
            return Ok(Self(bits));
        }
        let mut numbers = Self::NONE;
        for number in listed(ids)? {
            numbers.add(number);
        }
        Ok(numbers)
    }

    /// Adds its bytes to `bytes`; none for none.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        let count: u32 = self.0.iter().map(|bits| bits.count_ones()).sum();
        if count as usize * 2 >= BITS {
            bytes.extend_from_slice(&self.0);
            return;
        }
        for (byte, bits) in (0_u16..).zip(self.0).filter(|(_, bits)| *bits != 0) {
            for bit in (0..8).filter(|bit| bits & (1 << bit) != 0) {
                bytes.extend_from_slice(&(byte * 8 + bit).to_le_bytes());
            }
        }
    }
}

/// The numbers of a block that lists them.
pub(super) fn listed(ids: &[u8]) -> Result<impl Iterator<Item = u16>> {
    let (pairs, rest) = ids.as_chunks::<2>();
    let numbers = pairs.iter().map(|pair| u16::from_le_bytes(*pair));
    if !rest.is_empty() || ids.len() > BITS || numbers.clone().any(|number| u32::from(number) >= BLOCK) {
        return Err(DAMAGED);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_a_block_says_is_read_as_it_was_written(some in prop::collection::btree_set(0_u16..4_096, 0..600)) {
            let mut numbers = Numbers::NONE;
            for number in &some {
                numbers.add(*number);
            }
            let mut bytes = Vec::new();
            numbers.write(&mut bytes);
            prop_assert!(bytes.len() <= BITS);
            prop_assert_eq!(bytes.is_empty(), some.is_empty());
            let mut read = Numbers::read(&bytes).expect("reads");
            prop_assert_eq!(read.0, numbers.0);
            for number in &some {
                read.remove(*number);
            }
            prop_assert_eq!(read.0, Numbers::NONE.0);
        }
    }

    #[test]
    fn what_nobody_wrote_is_damage() {
        for ids in [vec![0], vec![0; 511], vec![0; 514], vec![0, 16]] {
            assert!(Numbers::read(&ids).is_err(), "{ids:?}");
        }
    }

    #[test]
    fn every_id_has_one_place() {
        assert_eq!(place(1).expect("a place"), (0, 1));
        assert_eq!(place(4_095).expect("a place"), (0, 4_095));
        assert_eq!(place(4_096).expect("a place"), (1, 0));
    }
}
