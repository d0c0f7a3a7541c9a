//! Files and what is in them.

use super::{Code, code};

pub const CODES: &[Code] = &[
    code(
        "AC0001",
        "file too large",
        "A file is longer than what is read. Such a file is no definition that a person wrote; split it.",
        "",
    ),
    code(
        "AC0002",
        "not readable as YAML",
        "The text is not YAML, has the same key twice, nests too deep, or uses tags or aliases beyond what a definition needs. Nothing after the place can be trusted, so only this is told about the file.",
        "states:\n  a: {}\n  a: {}        # the same key twice",
    ),
    code(
        "AC0003",
        "unknown kind of file",
        "Every file is recognised by a top key: `process`, `fragment`, `voucher`, `accounts`, `messages`, `reasons`, `roles`, `calendar`, `company`, `scenario` and so on. None of them stands in this file.",
        "proces: onsite_repair   # a letter is missing",
    ),
    code(
        "AC0004",
        "the same name twice",
        "Two files, or two entries, have the same name, so that it is not clear which of them is meant.",
        "",
    ),
    code(
        "AC0005",
        "name and file differ",
        "A file is called like what it defines, so that everybody finds it.",
        "# workflows/processes/repair.yaml\nprocess: onsite_repair",
    ),
    code(
        "AC0006",
        "unused fragment",
        "A fragment that no process uses is never read: it is either forgotten, or mistyped where it should be used.",
        "",
    ),
    code(
        "AC0007",
        "unused parameter",
        "A fragment declares a parameter that stands nowhere in its body or fields: what the user gives for it would have no effect.",
        "",
    ),
    code(
        "AC0010",
        "cannot be read",
        "A value has the right form but its content cannot be read as what stands here.",
        "",
    ),
    code(
        "AC0011",
        "unknown key",
        "A key is not one of those that may stand here, most often because of a mistyped letter. Unknown keys are errors, because a construct that loads and does nothing is the worst defect of all.",
        "states:\n  registered:\n    entyr: [{decide: coverage}]   # entry",
    ),
    code(
        "AC0012",
        "missing key",
        "A key that must stand here is not there.",
        "entry:\n  - notify: {to: customer}      # which message?",
    ),
    code(
        "AC0013",
        "wrong kind of value",
        "A text, a number, a list or a map stands where something else is expected, or a number is out of its range.",
        "progress: almost done           # a whole number from 0 to 100",
    ),
    code(
        "AC0014",
        "not one of the values",
        "Only certain words may stand here, and this is none of them.",
        "type: finall",
    ),
    code("AC0015", "unknown fragment", "`use` names a fragment that no file defines.", "use: setlement"),
    code(
        "AC0016",
        "unknown parameter",
        "`with` gives, or a fragment's body uses, a parameter that the fragment does not declare.",
        "",
    ),
    code("AC0017", "missing parameter", "A fragment is used without a parameter that has no default.", ""),
    code("AC0018", "a fragment uses itself", "Fragments may use fragments, but not in a circle.", ""),
    code(
        "AC0019",
        "fragments out of bounds",
        "Fragments use each other in too long a chain, or grow the process beyond what is read.",
        "",
    ),
    code(
        "AC0020",
        "not a length of time",
        "A length of time is written like `90 s`, `3 days`, `2 working days` or `PT20M`.",
        "deadline: {within: soon}",
    ),
    code(
        "AC0021",
        "no working hours",
        "Working hours are written like `08:00-12:00`, in order and without overlap.",
        "",
    ),
    code(
        "AC0022",
        "no working time",
        "A calendar without any working hours would let no deadline ever pass.",
        "",
    ),
    code("AC0023", "no such day", "The date does not exist in its calendar.", "date: 2026-02-30"),
    code("AC0024", "not an offset", "An offset from UTC is written like `+03:30`.", ""),
];
