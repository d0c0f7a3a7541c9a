//! Shared test harness.

pub mod any_chart;
pub mod any_file;
pub mod any_line;
pub mod any_message;
pub mod any_rule;
pub mod any_run;
pub mod any_story;
pub mod browser;
pub mod client;
pub mod company;
pub mod database;
mod described;
pub mod plain_browser;
pub mod story;
pub mod wire;
pub mod world;
