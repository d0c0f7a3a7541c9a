//! Sets of states as bits: every question of the algorithm is a few machine words.

use super::StateId;

/// States held without a heap allocation.
const INLINE: usize = 128;

/// States of one chart, in document order. All sets of a chart are equally long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateSet {
    /// The first 128 states: as many as nearly every chart has.
    low: [u64; 2],
    /// The rest of a bigger chart, behind one thin pointer: sets are copied in every step.
    #[expect(clippy::box_collection, reason = "a slice's pointer would be twice as long")]
    high: Option<Box<Vec<u64>>>,
}

impl StateSet {
    /// An empty set for a chart with this many states.
    #[inline]
    pub fn new(states: usize) -> Self {
        let rest = states.saturating_sub(INLINE).div_ceil(64);
        Self { low: [0; 2], high: (rest > 0).then(|| Box::new(vec![0; rest])) }
    }

    #[inline]
    fn high(&self) -> &[u64] {
        self.high.as_deref().map_or(&[], Vec::as_slice)
    }

    #[inline]
    fn word(&self, n: usize) -> Option<u64> {
        self.low.get(n).or_else(|| self.high().get(n - self.low.len())).copied()
    }

    #[inline]
    fn word_mut(&mut self, id: StateId) -> Option<&mut u64> {
        let n = id.index() / 64;
        let rest = n.checked_sub(self.low.len());
        match rest {
            None => self.low.get_mut(n),
            Some(rest) => self.high.as_deref_mut()?.get_mut(rest),
        }
    }

    #[inline]
    fn len_in_words(&self) -> usize {
        self.low.len() + self.high().len()
    }

    /// Combines word by word with another set of the same chart.
    #[inline]
    fn combine(&mut self, other: &Self, with: impl Fn(u64, u64) -> u64) {
        let ([a, b], [c, d]) = (self.low, other.low);
        self.low = [with(a, c), with(b, d)];
        if let (Some(high), Some(other)) = (&mut self.high, &other.high) {
            for (a, b) in high.iter_mut().zip(other.iter()) {
                *a = with(*a, *b);
            }
        }
    }

    #[inline]
    pub fn insert(&mut self, id: StateId) {
        if let Some(word) = self.word_mut(id) {
            *word |= 1 << (id.0 % 64);
        }
    }

    #[inline]
    pub fn remove(&mut self, id: StateId) {
        if let Some(word) = self.word_mut(id) {
            *word &= !(1 << (id.0 % 64));
        }
    }

    #[inline]
    pub fn contains(&self, id: StateId) -> bool {
        self.word(id.index() / 64).is_some_and(|word| word >> (id.0 % 64) & 1 == 1)
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.low == [0; 2] && self.high().iter().all(|word| *word == 0)
    }

    pub fn len(&self) -> usize {
        self.low.iter().chain(self.high()).map(|word| word.count_ones() as usize).sum()
    }

    /// Whether a state is in both.
    #[inline]
    pub fn intersects(&self, other: &Self) -> bool {
        self.low.iter().zip(&other.low).any(|(a, b)| a & b != 0)
            || self.high().iter().zip(other.high()).any(|(a, b)| a & b != 0)
    }

    #[inline]
    pub fn union(&mut self, other: &Self) {
        self.combine(other, |a, b| a | b);
    }

    #[inline]
    pub fn subtract(&mut self, other: &Self) {
        self.combine(other, |a, b| a & !b);
    }

    /// The states in both.
    #[must_use]
    #[inline(always)]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.combine(other, |a, b| a & b);
        both
    }

    /// The only state in it, if there is exactly one.
    #[inline]
    pub fn only(&self) -> Option<StateId> {
        let mut found = None;
        for (word, base) in self.low.iter().chain(self.high()).zip((0u16..).step_by(64)) {
            if *word != 0 {
                if found.is_some() || !word.is_power_of_two() {
                    return None;
                }
                found = u16::try_from(word.trailing_zeros()).ok().map(|bit| StateId(base + bit));
            }
        }
        found
    }

    /// The states from `first` up to, but without, `end`.
    #[must_use]
    #[inline]
    pub fn between(&self, first: u16, end: u16) -> Self {
        let mut inside = self.clone();
        let words = inside.low.iter_mut().chain(inside.high.iter_mut().flat_map(|high| high.iter_mut()));
        for (word, n) in words.zip(0u32..) {
            *word &= mask(n * 64, first.into(), end.into());
        }
        inside
    }

    /// In document order.
    #[inline]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = StateId> + Clone + '_ {
        Members { set: self, first: 0, last: self.len_in_words() * 64 }
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
#[derive(Clone)]
struct Members<'a> {
    set: &'a StateSet,
    first: usize,
    last: usize,
}

impl Iterator for Members<'_> {
    type Item = StateId;
    fn next(&mut self) -> Option<StateId> {
        while self.first < self.last {
            let word = self.set.word(self.first / 64)? >> (self.first % 64);
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
            let word = self.set.word(top / 64)? << (63 - top % 64);
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
