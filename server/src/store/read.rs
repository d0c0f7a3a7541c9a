//! Reading what a step needs to know: few statements, side by side.

pub mod around;
pub mod backlog;
pub mod balances;
pub mod books;
pub mod family;
pub mod life;
pub mod names;
pub mod party;
mod pieces;
pub mod report;
pub mod search;
mod steer;
pub mod subject;
pub mod ticket;
pub mod verify;
pub mod waiting;
