//! A statechart as text for other tools: Mermaid's state diagram and SCXML. Pure and in document order, so that
//! the same chart always gives the same text.

mod mermaid;
mod scxml;

pub use mermaid::mermaid;
pub use scxml::scxml;
