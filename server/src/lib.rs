//! Aftercare server.

pub mod app;
pub mod auth;
pub mod catalog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod effects;
pub mod entity;
pub mod facts;
pub mod http;
pub mod i18n;
pub mod step;
pub mod store;
pub mod telemetry;
