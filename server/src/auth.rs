//! Who is asking, and what they may do. One policy for every path: pages, API, bulk and import ask here.
//!
//! Passwords are argon2id, tokens are random and stored as hashes, attempts are slowed down, and everything
//! that is not allowed by a role is refused.

pub mod caller;
pub mod password;
pub mod policy;
pub mod seal;
pub mod throttle;
pub mod token;
pub mod totp;

pub use caller::Caller;
pub use policy::{Denied, Scope, hidden, hidden_in, may, needs_second_factor, placed, scope};
