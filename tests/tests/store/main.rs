//! The store on both databases, driven from outside.

mod kept;
mod schema;
mod steps;
mod tampering;
mod workers;
