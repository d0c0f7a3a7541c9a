//! How long to wait before the next try.

use chrono::TimeDelta;

/// The first wait; each further one is twice as long.
const FIRST: i64 = 5;
/// The longest.
const LONGEST: i64 = 3600;

/// The wait after so many tries, in milliseconds, with up to a quarter more or less, so that what failed together
/// does not come back together. `chance` is any number.
pub fn wait(tries: i64, chance: u32) -> TimeDelta {
    let doubled = FIRST.checked_shl(u32::try_from(tries.saturating_sub(1)).unwrap_or(0).min(20));
    let ms = doubled.unwrap_or(LONGEST).min(LONGEST) * 1000;
    let share = i64::from(chance % 1001);
    TimeDelta::milliseconds(ms - ms / 4 + ms / 2 * share / 1000)
}

/// Some number.
pub fn chance() -> u32 {
    getrandom::u32().unwrap_or(500)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_spread_around_their_middle() {
        assert_eq!(wait(1, 500).num_milliseconds(), 5_000);
        assert_eq!(wait(2, 500).num_milliseconds(), 10_000);
        assert_eq!(wait(40, 500).num_milliseconds(), 3_600_000);
        assert_eq!((wait(1, 0).num_milliseconds(), wait(1, 1000).num_milliseconds()), (3_750, 6_250));
    }
}
