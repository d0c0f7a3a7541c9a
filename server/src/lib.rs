//! Aftercare server.

pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod entity;
pub mod http;
pub mod i18n;
pub mod store;
pub mod telemetry;
