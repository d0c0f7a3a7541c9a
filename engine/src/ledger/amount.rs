//! Money as a whole number of minor units of one currency.

use std::fmt;
use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// The largest amount in minor units, so that the sums of many are still numbers: a voucher that only just fits would
/// spoil every balance that it stands in.
const LARGEST: i64 = 10_000_000_000_000_000;

/// A currency of the books.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Currency {
    /// ISO 4217 code.
    pub code: Arc<str>,
    /// Digits after the decimal point.
    pub minor_digits: u8,
}

impl Currency {
    pub fn new(code: impl Into<Arc<str>>, minor_digits: u8) -> Self {
        Self { code: code.into(), minor_digits }
    }
}

/// An exact amount, negative too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    minor: i64,
    currency: Currency,
}

/// Why a number is not an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    #[error("{0} has more digits than the {1} minor digits of {2}; round it first")]
    TooPrecise(Decimal, u8, Arc<str>),
    #[error("{0} {1} is too large")]
    TooLarge(String, Arc<str>),
    #[error("{0} and {1} are two currencies")]
    TwoCurrencies(Arc<str>, Arc<str>),
}

impl Amount {
    pub fn from_minor(minor: i64, currency: &Currency) -> Self {
        Self { minor, currency: currency.clone() }
    }

    /// The amount that is exactly this number.
    ///
    /// # Errors
    /// When it has too many digits after the point, or does not fit.
    pub fn exact(number: Decimal, currency: &Currency) -> Result<Self, AmountError> {
        let places = u32::from(currency.minor_digits);
        if number.round_dp_with_strategy(places, RoundingStrategy::ToZero) != number {
            let code = currency.code.clone();
            return Err(AmountError::TooPrecise(number.normalize(), currency.minor_digits, code));
        }
        Self::scaled(number, currency)
    }

    /// The nearest amount; a half goes away from zero.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn half_up(number: Decimal, currency: &Currency) -> Result<Self, AmountError> {
        let places = u32::from(currency.minor_digits);
        let rounded = number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
        Self::scaled(rounded, currency)
    }

    fn scaled(number: Decimal, currency: &Currency) -> Result<Self, AmountError> {
        10i64
            .checked_pow(u32::from(currency.minor_digits))
            .and_then(|factor| number.checked_mul(Decimal::from(factor)))
            .and_then(|minor| i64::try_from(minor.normalize()).ok())
            .filter(|minor| (-LARGEST..=LARGEST).contains(minor))
            .map(|minor| Self::from_minor(minor, currency))
            .ok_or_else(|| AmountError::TooLarge(number.to_string(), currency.code.clone()))
    }

    pub fn minor(&self) -> i64 {
        self.minor
    }

    pub fn currency(&self) -> &Currency {
        &self.currency
    }

    pub fn to_decimal(&self) -> Decimal {
        decimal(self.minor, &self.currency)
    }
}

/// Minor units as the number that people write.
pub fn decimal(minor: i64, currency: &Currency) -> Decimal {
    Decimal::from_i128_with_scale(i128::from(minor), u32::from(currency.minor_digits.min(28)))
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zloty() -> Currency {
        Currency::new("PLN", 2)
    }

    #[test]
    fn an_amount_keeps_every_digit_that_the_currency_has() {
        let amount = Amount::exact("1234.50".parse().unwrap(), &zloty()).unwrap();
        assert_eq!((amount.minor(), amount.to_string().as_str()), (123_450, "1234.50 PLN"));
    }

    #[test]
    fn more_digits_than_the_currency_has_are_refused_not_rounded() {
        let error = Amount::exact("0.005".parse().unwrap(), &zloty()).unwrap_err();
        assert_eq!(error.to_string(), "0.005 has more digits than the 2 minor digits of PLN; round it first");
        assert!(Amount::exact("0.5".parse().unwrap(), &Currency::new("IRR", 0)).is_err());
        assert_eq!(Amount::exact("7.000".parse().unwrap(), &Currency::new("IRR", 0)).unwrap().minor(), 7);
    }

    #[test]
    fn half_a_unit_rounds_away_from_zero() {
        let minor = |text: &str| Amount::half_up(text.parse().unwrap(), &zloty()).unwrap().minor();
        assert_eq!((minor("0.005"), minor("0.00499"), minor("-0.005"), minor("2.675")), (1, 0, -1, 268));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(Amount::exact(Decimal::MAX, &zloty()).is_err());
        assert!(Amount::exact(Decimal::from(i64::MAX), &zloty()).is_err());
        let rial = Currency::new("IRR", 0);
        assert!(Amount::exact(Decimal::from(LARGEST), &rial).is_ok());
        assert!(Amount::exact(Decimal::from(LARGEST + 1), &rial).is_err());
        assert!(Amount::half_up(Decimal::from(-LARGEST - 1), &rial).is_err());
    }

    proptest! {
        #[test]
        fn every_amount_comes_back_from_its_decimal(minor in -LARGEST..=LARGEST, digits in 0u8..5) {
            let currency = Currency::new("XXX", digits);
            let amount = Amount::from_minor(minor, &currency);
            prop_assert_eq!(Amount::exact(amount.to_decimal(), &currency).unwrap(), amount);
        }
    }
}
