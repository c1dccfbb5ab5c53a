//! Sets of small numbers: one bit for each.

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn has(&self, number: u32) -> bool {
        self.0
            .get(number as usize / 64)
            .is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    pub(super) fn add(&mut self, number: u32) {
        let word = number as usize / 64;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (number % 64);
    }

    /// Adds the numbers from `from`, a multiple of 64, on whose bits are set in `bytes`, eight to a word.
    pub(super) fn add_bytes<const N: usize>(&mut self, from: u32, bytes: &[u8; N]) {
        let first = from as usize / 64;
        let (words, _) = bytes.as_chunks::<8>();
        if self.0.len() < first + words.len() {
            self.0.resize(first + words.len(), 0);
        }
        for (known, word) in self.0[first..].iter_mut().zip(words) {
            *known |= u64::from_le_bytes(*word);
        }
    }
}

impl FromIterator<u32> for Bits {
    fn from_iter<T: IntoIterator<Item = u32>>(numbers: T) -> Self {
        let mut bits = Self::default();
        for number in numbers {
            bits.add(number);
        }
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_add_the_numbers_of_their_bits() {
        let mut bits: Bits = [3, 200].into_iter().collect();
        bits.add_bytes(128, &[0b101, 0, 0, 0, 0, 0, 0, 0b1000_0000]);
        let numbers: Vec<u32> = (0..1_000).filter(|number| bits.has(*number)).collect();
        assert_eq!(numbers, [3, 128, 130, 191, 200]);
    }
}
