//! Reading what a step needs to know: few statements, side by side.

pub mod party;
pub mod subject;
pub mod ticket;
