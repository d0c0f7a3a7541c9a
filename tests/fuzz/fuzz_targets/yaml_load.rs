//! Loading a definition never panics, never runs away, whatever the file holds.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/any_file.rs"]
mod any_file;

fuzz_target!(|text: &str| any_file::load(text));
