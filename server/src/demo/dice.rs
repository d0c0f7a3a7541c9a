//! Chance from a seed: the same seed makes the same company.

/// A small generator of numbers (SplitMix64). Not for secrets.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).unsigned_abs().saturating_add(1);
        low.saturating_add_unsigned(self.roll() % span.max(1))
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, chance: i64) -> bool {
        self.between(1, 100) <= chance
    }

    /// One of them; nothing only when there is none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(from.len()).ok()?.checked_sub(1)?;
        let at = usize::try_from(self.between(0, last)).ok()?;
        from.get(at)
    }

    /// One of them by weight; nothing when all weights are zero.
    pub fn weighted<'a, T>(&mut self, from: &'a [(T, i64)]) -> Option<&'a T> {
        let total: i64 = from.iter().map(|(_, weight)| *weight).sum();
        let mut at = self.between(1, total.max(1));
        from.iter()
            .find(|(_, weight)| {
                at -= weight;
                at <= 0 && *weight > 0
            })
            .map(|(item, _)| item)
    }
}
