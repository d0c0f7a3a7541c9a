//! The codes about tickets that open others, in order.

use super::{Code, code};

pub const CODES: &[Code] = &[
    code(
        "AC0801",
        "unknown process to open",
        "`invoke` or `open` names a process that no file defines.",
        "invoke: {id: repair, process: onsite_repiar}",
    ),
    code(
        "AC0802",
        "input that is not asked for",
        "`input` gives a field that the opening form of the other process does not ask for: the ticket would be refused.",
        "",
    ),
    code(
        "AC0803",
        "input that is missing",
        "The opening form of the other process requires a field that `input` does not give: the ticket would be refused.",
        "",
    ),
    code(
        "AC0804",
        "ticket without a device",
        "The other process is about a device, this one is not, and `device` does not say which one it is.",
        "",
    ),
    code(
        "AC0805",
        "invoke that cannot be",
        "Two invokes of a process have the same id, the id cannot be part of an event's name, or nobody ever rests in the state.",
        "",
    ),
    code(
        "AC0806",
        "answer that nobody waits for",
        "The state opens a ticket but nothing answers when it has ended, or when it cannot be opened: this ticket would stand still.",
        "invoke: {id: repair, process: onsite_repair, on_done: closed}     # and on_error",
    ),
    code(
        "AC0807",
        "ticket that cannot be called off",
        "The state may be left while the ticket that it has opened still runs, but that process never answers `cancel.invoke`: its ticket goes on although nobody waits for it.",
        "on: {cancel.invoke: {target: cancelled}}",
    ),
    code(
        "AC0808",
        "tickets that open one another",
        "Before anybody does anything, a ticket opens a ticket that opens one of the first kind again: there is no end to it, and the first step is refused.",
        "",
    ),
    code(
        "AC0809",
        "answer of nobody",
        "A transition waits for the answer of an invoke that the process does not have.",
        "on: {done.invoke.repiar: closed}",
    ),
];
