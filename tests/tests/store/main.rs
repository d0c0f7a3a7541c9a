//! The store on both databases, driven from outside.

mod family;
mod kept;
mod schema;
mod steps;
mod tampering;
mod workers;
