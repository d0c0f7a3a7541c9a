//! The HTTP face of the server.

pub mod body;
pub mod edge;
pub mod listen;
pub mod problem;
pub mod request_id;
pub mod signed_in;
