//! Shared test harness.

pub mod any_file;
