//! Whatever the chart and whatever comes to it: no panic and a legal configuration.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/any_chart.rs"]
mod any_chart;
#[path = "../../src/any_run.rs"]
mod any_run;

fuzz_target!(|bytes: &[u8]| any_run::drive(bytes));
