//! The compiled chart.

/// Active states.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configuration {}
