//! Whatever a rule holds: it is read or refused, and what is read ends.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/any_rule.rs"]
mod any_rule;

fuzz_target!(|text: &str| any_rule::run(text));
