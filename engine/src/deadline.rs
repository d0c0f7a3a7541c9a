//! Working time.

/// Working hours and holidays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calendar {}
