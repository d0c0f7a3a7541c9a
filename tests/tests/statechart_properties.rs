//! Whatever the chart and whatever comes to it: no panic, a legal configuration, the same answer twice.
//! `tests/fuzz` runs the same functions for longer.

use aftercare_tests::any_chart::{self, Dice};
use aftercare_tests::any_run;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_chart_stays_legal_and_answers_alike(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        any_run::drive(&bytes);
    }
}

#[test]
fn most_random_charts_compile() {
    let compiling = (0..500u32)
        .filter(|seed| any_run::compiled(&any_chart::chart(&mut Dice::new(&noise(*seed)))).is_some());
    let compiling = compiling.count();
    assert!(compiling > 250, "only {compiling} of 500 charts compile: the generator makes too much nonsense");
}

/// Bytes without a pattern, the same for the same seed.
fn noise(seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[1]
    };
    (0..300).map(|_| next()).collect()
}
