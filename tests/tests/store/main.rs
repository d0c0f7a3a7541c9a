//! The store on both databases, driven from outside.

mod database;
mod schema;
