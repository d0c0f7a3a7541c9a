//! Working time: lengths of time, working calendars, budgets with their suspensions.
//!
//! One pure function of (calendar, moment, length); nothing here asks what time it is.

pub mod budget;
pub mod calendar;
pub mod length;

pub use budget::{Budget, Suspended};
pub use calendar::Calendar;
pub use length::{Clock, Length};
