//! The codes about states that run for each record of a list, in order.

use super::{Code, code};

pub const CODES: &[Code] = &[
    code(
        "AC0820",
        "no list to run over",
        "`each` names a field that is not there, or one that does not hold a list of records.",
        "each: {over: ofers, as: offer, key: agency}",
    ),
    code(
        "AC0821",
        "key that tells nothing apart",
        "The part of the record that `each` takes as its key is not there, may be missing, or is no code.",
        "",
    ),
    code(
        "AC0822",
        "record without a name of its own",
        "What the record is called inside is the name of a field or of a fact.",
        "each: {over: offers, as: agency, key: agency}",
    ),
    code(
        "AC0823",
        "nothing to run for each",
        "`each` belongs to a compound state: its states inside are what every instance runs.",
        "",
    ),
    code(
        "AC0824",
        "instances inside instances",
        "A state that runs for each record cannot hold another such state.",
        "",
    ),
    code(
        "AC0825",
        "state of no certain instance",
        "From outside, or from another list's instances, a state inside `each` is named where one certain instance would be needed. `in(\"…\")` may ask: any instance will do there.",
        "",
    ),
    code(
        "AC0826",
        "instances without an end",
        "No state inside is final and `complete_when` is missing: the state would never be done.",
        "",
    ),
    code(
        "AC0827",
        "record that cannot be",
        "`type: records` and `of` belong together, and what a record holds are plain values.",
        "offers: {type: records, of: {agency: {type: agency, required: true}}}",
    ),
    code(
        "AC0828",
        "fixed part without a row",
        "A `fixed` part of a record is shown and never asked: it stands inside `of`, and a form that asks for the list begins with its rows (`from`).",
        "form: [{field: decisions, from: checks.rows}]",
    ),
    code(
        "AC0829",
        "opening that begins with something",
        "A form that opens a ticket begins empty; `from` is for the forms of steps.",
        "fields: {urgent: {type: flag, default: false}}",
    ),
    code(
        "AC0840",
        "parts of a row that cannot be asked",
        "A form's `columns` names parts that the rows have, and every part that is required.",
        "form: [{field: offers, required: true, columns: [agency]}]",
    ),
];
