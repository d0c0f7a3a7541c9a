//! Log lines, and counters for `/metrics`. Log once, where a thing is handled; never a secret, never a body.

pub mod mask;
pub mod metrics;

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Starts writing log lines to standard error. A second call changes nothing.
pub fn start(log: &Log) {
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let ansi = std::io::stderr().is_terminal() && !log.json;
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(mask::Masked { ansi }).with_ansi(ansi);
    let started = if log.json { lines.json().try_init() } else { lines.with_target(false).try_init() };
    // Tests start several servers in one process; the first one's choice stays.
    drop(started);
}
