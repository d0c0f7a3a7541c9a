//! Whatever a message's text holds: it is refused, or rendered within its limits.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/any_message.rs"]
mod any_message;

fuzz_target!(|text: &str| any_message::render(text));
