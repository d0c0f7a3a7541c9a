//! Splitting an amount so that not one unit is lost.

/// Splits `total` in proportion to `weights` by largest remainder: each part is within one unit of its exact
/// share and the parts sum to `total`. Equal remainders go to the earlier part.
///
/// Nothing comes back when the weights are negative or sum to nothing.
pub fn split(total: i64, weights: &[i64]) -> Option<Vec<i64>> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum <= 0 || weights.iter().any(|weight| *weight < 0) {
        return None;
    }
    let size = i128::from(total).abs();
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (n, weight) in weights.iter().enumerate() {
        let share = size * i128::from(*weight);
        parts.push(share / sum);
        remainders.push((share % sum, n));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let missing = size - parts.iter().sum::<i128>();
    for (_, n) in remainders.iter().take(usize::try_from(missing).unwrap_or(0)) {
        if let Some(part) = parts.get_mut(*n) {
            *part += 1;
        }
    }
    let sign = if total < 0 { -1 } else { 1 };
    parts.into_iter().map(|part| i64::try_from(part * sign).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_odd_units_go_to_the_largest_remainders() {
        assert_eq!(split(100, &[1, 1, 1]).unwrap(), [34, 33, 33]);
        assert_eq!(split(10, &[5, 3, 2]).unwrap(), [5, 3, 2]);
        assert_eq!(split(-100, &[1, 1, 1]).unwrap(), [-34, -33, -33]);
        assert_eq!(split(1, &[0, 1, 9]).unwrap(), [0, 0, 1]);
    }

    #[test]
    fn weights_without_a_sum_split_nothing() {
        assert_eq!(split(5, &[]), None);
        assert_eq!(split(5, &[0, 0]), None);
        assert_eq!(split(5, &[2, -1]), None);
    }

    proptest! {
        #[test]
        fn parts_sum_exactly_and_stay_within_one_unit(
            total: i64,
            weights in proptest::collection::vec(0i64..=i64::MAX, 1..12),
        ) {
            let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            prop_assume!(sum > 0);
            let parts = split(total, &weights).unwrap();
            prop_assert_eq!(parts.iter().map(|p| i128::from(*p)).sum::<i128>(), i128::from(total));
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = (i128::from(total) * i128::from(*weight)).div_euclid(sum);
                prop_assert!((i128::from(*part) - exact).abs() <= 1);
            }
        }
    }
}
