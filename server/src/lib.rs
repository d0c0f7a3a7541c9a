//! Aftercare server.

pub mod auth;
pub mod cli;
pub mod config;
pub mod http;
pub mod i18n;
pub mod telemetry;
