//! Expressions and rules.

use super::{Code, code};

pub const CODES: &[Code] = &[
    code(
        "AC0301",
        "unknown name in an expression",
        "A guard, rule or amount uses a name that is neither a field nor a fact.",
        "guard: \"cart.status == 'active'\"   # card",
    ),
    code(
        "AC0302",
        "unknown part of a fact",
        "The fact is there, but it has no such part.",
        "guard: \"card.stauts == 'active'\"",
    ),
    code(
        "AC0303",
        "unknown function",
        "An expression calls a function that rules do not have, or with other arguments than it takes.",
        "",
    ),
    code(
        "AC0304",
        "not readable as an expression",
        "The text is no Rhai expression.",
        "guard: \"charges.paid >\"",
    ),
    code(
        "AC0305",
        "values that do not go together",
        "An operation is given values of kinds that it cannot work on; it would fail for every ticket.",
        "guard: \"customer.name > 3\"",
    ),
    code(
        "AC0306",
        "not offered in rules",
        "Rhai has it, but rules of designers may not use it, because they must end, be repeatable and touch nothing else.",
        "",
    ),
    code(
        "AC0307",
        "condition that cannot be named",
        "`condition` is given a name in quotes and what must hold, so that the explanation can tell it.",
        "",
    ),
    code("AC0308", "cannot be changed", "Facts are read only, and a name is defined once.", ""),
    code(
        "AC0310",
        "not a condition",
        "A guard, a `when` or a `where` must say yes or no. This one is a number, a text or something else, and would refuse every step.",
        "guard: charges.customer_owes",
    ),
    code(
        "AC0311",
        "rule that asks for what is not there",
        "A rule's parameters are the facts that it is given. One of them is neither a field of this process nor a fact.",
        "",
    ),
    code(
        "AC0312",
        "two rules of one name",
        "Two rule files define the same public function, and neither is a dated version of the other.",
        "",
    ),
    code(
        "AC0313",
        "rule file that is not rightly dated",
        "A dated rule file says from which day and by which fact it holds: its name ends with the day, or its first line names the fact.",
        "",
    ),
];
