//! Sets of states as bits: every question of the algorithm is a few machine words.

use smallvec::SmallVec;

use super::StateId;

/// States of one chart, in document order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateSet {
    words: SmallVec<[u64; 4]>,
}

impl StateSet {
    /// An empty set for a chart with this many states.
    pub fn new(states: usize) -> Self {
        Self { words: SmallVec::from_elem(0, states.div_ceil(64)) }
    }

    pub fn insert(&mut self, id: StateId) {
        if let Some(word) = self.words.get_mut(id.index() / 64) {
            *word |= 1 << (id.0 % 64);
        }
    }

    pub fn remove(&mut self, id: StateId) {
        if let Some(word) = self.words.get_mut(id.index() / 64) {
            *word &= !(1 << (id.0 % 64));
        }
    }

    #[inline]
    pub fn contains(&self, id: StateId) -> bool {
        self.words.get(id.index() / 64).is_some_and(|word| word >> (id.0 % 64) & 1 == 1)
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether a state is in both.
    pub fn intersects(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    pub fn union(&mut self, other: &Self) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a |= b;
        }
    }

    pub fn subtract(&mut self, other: &Self) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a &= !b;
        }
    }

    /// The states from `first` up to, but without, `end`.
    pub fn between(&self, first: u16, end: u16) -> Self {
        let words =
            self.words.iter().zip(0u32..).map(|(word, n)| word & mask(n * 64, first.into(), end.into()));
        Self { words: words.collect() }
    }

    /// In document order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = StateId> + '_ {
        Members { set: self, first: 0, last: self.words.len() * 64 }
    }
}

/// Bits of the word that starts at `base` which lie in `first..end`.
fn mask(base: u32, first: u32, end: u32) -> u64 {
    let low = first.saturating_sub(base).min(64);
    let high = end.saturating_sub(base).min(64);
    let below = |n: u32| if n >= 64 { u64::MAX } else { (1 << n) - 1 };
    below(high) & !below(low)
}

/// Walks the bits from both ends.
struct Members<'a> {
    set: &'a StateSet,
    first: usize,
    last: usize,
}

impl Iterator for Members<'_> {
    type Item = StateId;
    fn next(&mut self) -> Option<StateId> {
        while self.first < self.last {
            let word = self.set.words.get(self.first / 64)? >> (self.first % 64);
            if word == 0 {
                self.first = (self.first / 64 + 1) * 64;
                continue;
            }
            let at = self.first + word.trailing_zeros() as usize;
            if at >= self.last {
                break;
            }
            self.first = at + 1;
            return u16::try_from(at).ok().map(StateId);
        }
        None
    }
}

impl DoubleEndedIterator for Members<'_> {
    fn next_back(&mut self) -> Option<StateId> {
        while self.first < self.last {
            let top = self.last - 1;
            let word = self.set.words.get(top / 64)? << (63 - top % 64);
            if word == 0 {
                self.last = top / 64 * 64;
                continue;
            }
            let at = top - word.leading_zeros() as usize;
            if at < self.first {
                break;
            }
            self.last = at;
            return u16::try_from(at).ok().map(StateId);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_in_document_order_from_both_ends() {
        let mut set = StateSet::new(300);
        for n in [0, 1, 63, 64, 130, 299] {
            set.insert(StateId(n));
        }
        let forward: Vec<u16> = set.iter().map(|id| id.0).collect();
        let mut backward: Vec<u16> = set.iter().rev().map(|id| id.0).collect();
        backward.reverse();
        assert_eq!(forward, [0, 1, 63, 64, 130, 299]);
        assert_eq!(backward, forward);
        assert_eq!(set.between(1, 64).iter().map(|id| id.0).collect::<Vec<_>>(), [1, 63]);
        assert_eq!(set.len(), 6);
    }
}
