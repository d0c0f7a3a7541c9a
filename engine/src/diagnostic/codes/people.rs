//! People, times and languages.

use super::{Code, code};

pub const CODES: &[Code] = &[
    code(
        "AC0401",
        "role without a step",
        "A role is in the roles file, but no process lets it do anything and it has no permission either.",
        "",
    ),
    code(
        "AC0402",
        "waiting without an owner",
        "A state in which a ticket waits names nobody who has to act: it would stall in silence.",
        "states:\n  inspecting: {owner: technician, deadline: {within: 2 working days}}",
    ),
    code(
        "AC0403",
        "waiting without a deadline",
        "A state in which a ticket waits has no deadline, no `after` and no deadline of the process over it: nobody hears of it when it takes too long.",
        "",
    ),
    code(
        "AC0404",
        "role that the portal cannot give",
        "The portal gives one role, which is outside the house.",
        "",
    ),
    code(
        "AC0405",
        "right that gives nothing",
        "A role has a right that does nothing without another one: to change users without seeing them, for instance.",
        "roles:\n  chief: {may: [users.read, users.write]}",
    ),
    code(
        "AC0501",
        "missing translation",
        "A text that people read is not there in all four languages.",
        "title: {en: Repair, fa: تعمیر}     # zh and pl are missing",
    ),
    code(
        "AC0502",
        "not a valid template",
        "A message's text is not a template that can be read.",
        "sms: {en: \"Dear {{ customer.name\"}",
    ),
    code("AC0503", "message without a text", "A message has no channel.", ""),
    code(
        "AC0504",
        "template beyond its limits",
        "A message's text is too long or uses what messages may not.",
        "",
    ),
    code(
        "AC0505",
        "message that does not render",
        "With facts that look real the text could not be made; it would fail when it is to be sent.",
        "sms: {en: \"{{ custmer.name }}\"}",
    ),
    code("AC0506", "unused message", "No process sends this message.", ""),
    code(
        "AC0507",
        "reason without a text",
        "A condition of a rule, or one of the engine's own reasons, has no text: people would read its key.",
        "",
    ),
    code(
        "AC0508",
        "paper that is never printed",
        "A paper has a text and a series or process to print it for.",
        "",
    ),
    code(
        "AC0509",
        "text with a name that nothing fills",
        "What stands in braces in a reason's text is a fact, a field of some process, or what reasons carry themselves, such as `field` and `row`.",
        "no_stock: {en: \"{part}: only {count} left\"}",
    ),
];
