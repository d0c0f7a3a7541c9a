//! The codes about scenarios, in order.

use super::{Code, code};

pub const CODES: &[Code] = &[
    code(
        "AC0701",
        "unknown name in a scenario",
        "A scenario names a process, a `given` or a part of the catalogue that does not exist.",
        "",
    ),
    code(
        "AC0702",
        "scenario that fails",
        "A step or an expectation of a scenario does not come out as written.",
        "",
    ),
];
