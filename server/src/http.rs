//! The HTTP face of the server.

pub mod access;
pub mod api;
pub mod body;
pub mod edge;
pub mod hidden;
pub mod idempotency_key;
pub mod listen;
pub mod once;
pub mod problem;
pub mod request_id;
pub mod signed_in;
