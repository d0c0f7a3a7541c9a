//! Names.

use super::{Code, code};

pub const CODES: &[Code] = &[
    code(
        "AC0101",
        "unknown initial state",
        "`initial` names a state that is not among the states inside.",
        "",
    ),
    code(
        "AC0102",
        "unknown state",
        "A target, an `in(\"…\")` or another name of a state leads nowhere. A target is the key of a sibling or a dotted path from the root.",
        "on: {done: {target: clsed}}",
    ),
    code(
        "AC0103",
        "states that do not go together",
        "The states named cannot be active at the same time, or are not inside the state that names them.",
        "",
    ),
    code("AC0104", "unknown state in a clock", "A deadline names a state that does not exist.", ""),
    code("AC0105", "unknown role", "A role is not in the roles file.", ""),
    code("AC0106", "unknown message", "`notify` names a message that no message file has.", ""),
    code(
        "AC0107",
        "unknown rule",
        "`decide` or `charge` names a rule that no rule file defines, or one whose parameters this process cannot give.",
        "",
    ),
    code("AC0108", "unknown voucher", "`voucher` names a template that no file defines.", ""),
    code(
        "AC0109",
        "unknown number series",
        "`document` names a series that the company file has no numbers for.",
        "",
    ),
    code(
        "AC0110",
        "unknown field",
        "A form, a `set` or another action names a field or a fact that does not exist.",
        "",
    ),
    code("AC0111", "unknown reason", "`because` names a reason that the reasons file has no text for.", ""),
    code(
        "AC0112",
        "cannot be stored there",
        "The value is stored in something that the system itself keeps.",
        "",
    ),
    code("AC0113", "nothing to cancel", "No `send` of the process has the id that `cancel` names.", ""),
    code(
        "AC0114",
        "a picture before there is a ticket",
        "The form that opens a ticket asks for a signature or a photo, which are kept among the ticket's files.",
        "",
    ),
];
