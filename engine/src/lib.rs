//! The pure engine of Aftercare.
//!
//! (definition, ticket, event, facts) → (next configuration, effects, explanation). No clock, no randomness,
//! no files, no threads, no database: same input, same output, for ever.

pub mod bundle;
pub mod check;
pub mod company;
pub mod compile;
pub mod deadline;
pub mod definition;
pub mod diagnostic;
pub mod diagram;
pub mod effect;
pub mod explain;
pub mod export;
pub mod facts;
pub mod interface;
pub mod language;
pub mod ledger;
pub mod library;
pub mod message;
pub mod report;
pub mod rules;
pub mod run;
pub mod scenario;
pub mod schema;
pub mod simulate;
pub mod statechart;
pub mod step;
pub mod text;
