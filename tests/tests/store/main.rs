//! The store on both databases, driven from outside.

mod failing;
mod family;
mod kept;
mod schema;
mod seals;
mod steps;
mod tampering;
mod upgrading;
mod workers;
