//! States and transitions.

use super::{Code, code};

pub const CODES: &[Code] = &[
    code(
        "AC0201",
        "type does not fit",
        "The `type` of a state does not fit what it holds: a parallel or compound state needs states inside, an atomic or final one has none.",
        "",
    ),
    code(
        "AC0202",
        "missing initial",
        "A compound state does not say in which of its states it starts.",
        "states:\n  work:\n    states: {a: {}, b: {}}      # initial: a",
    ),
    code(
        "AC0203",
        "a key without meaning here",
        "A state has a key that its type does not read. Only a compound state has an `initial`: the regions of a parallel state all start. `target`, `history` and `actions` belong to a history state, which has nothing else.",
        "",
    ),
    code(
        "AC0204",
        "final state that goes on",
        "A final state has transitions that could never be taken.",
        "",
    ),
    code(
        "AC0205",
        "`on_done` without an end",
        "A state waits to be done, but nothing inside it can be: a final child, or regions with final states, is missing.",
        "",
    ),
    code(
        "AC0206",
        "`by` where nobody sends",
        "An eventless, delayed or done transition happens by itself: nobody can be allowed to send it.",
        "",
    ),
    code("AC0207", "too many states", "A process has more states than the engine takes.", ""),
    code(
        "AC0208",
        "not a state name",
        "A state's name has a dot, a space or a `$` in it, which a path could not hold.",
        "",
    ),
    code(
        "AC0209",
        "not an event name",
        "An event descriptor is words joined by dots, with `*` alone or at the end.",
        "",
    ),
    code(
        "AC0210",
        "unreachable state",
        "No chain of transitions leads into this state from the start: it is dead, or a target is missing.",
        "",
    ),
    code(
        "AC0211",
        "no way out",
        "A ticket that comes here stays for ever: neither the state nor anything around it has a transition that leaves, and it is not final.",
        "",
    ),
    code(
        "AC0212",
        "endless eventless transitions",
        "Eventless transitions without guards lead round in a circle: a ticket that comes in would never come to rest, and every step into it is refused.",
        "states:\n  a: {always: b}\n  b: {always: a}",
    ),
    code(
        "AC0213",
        "ambiguous transitions",
        "Two transitions of one state answer the same event and only their order in the file decides: the later one can never be taken, because an earlier one has no guard or the same guard.",
        "",
    ),
    code(
        "AC0214",
        "event that nothing sends",
        "Transitions wait for this event, but it has no `by`, and no action, timer or done state sends it: it can never come.",
        "",
    ),
    code(
        "AC0215",
        "form field that is neither written nor read",
        "A field is declared but no form asks for it, no action sets it and no expression, rule or message reads it; or it is read but nothing can ever write it.",
        "",
    ),
    code(
        "AC0216",
        "progress that falls",
        "On the main path the percentage goes down: the customer would see the work going backwards.",
        "",
    ),
    code(
        "AC0217",
        "no end in reach",
        "From this state, whatever is done, no final state of the process is ever reached: a ticket that comes here stays open for ever.",
        "",
    ),
    code(
        "AC0218",
        "event that nothing waits for",
        "`raise` or `send` names an event that no transition of the process waits for: it would have no effect.",
        "entry: [{raise: sodl}]          # sold",
    ),
    code(
        "AC0219",
        "state that is never done",
        "A transition waits for the state to be done (`on_done`, `done.state.…`), but it holds no final state, or one of its regions does not.",
        "",
    ),
];
