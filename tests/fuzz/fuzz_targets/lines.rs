//! Whatever lines come to `simulate`: no panic and a ticket that can be stored.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/any_chart.rs"]
#[expect(dead_code, reason = "the chart of this target is written by hand")]
mod any_chart;
#[path = "../../src/any_line.rs"]
mod any_line;
#[path = "../../src/any_run.rs"]
#[expect(dead_code, reason = "only its compiler is used")]
mod any_run;

fuzz_target!(|lines: &[u8]| any_line::feed(lines));
