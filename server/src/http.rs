//! The HTTP face of the server.

pub mod body;
pub mod problem;
pub mod request_id;
