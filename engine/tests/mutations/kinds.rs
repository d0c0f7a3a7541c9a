//! The kinds of mistakes that people make in definitions, and where each can be made.

/// A kind of mistake.
pub struct Kind {
    pub name: &'static str,
    /// Codes of which one has to be told.
    pub codes: &'static [&'static str],
    pub told: Told,
    pub make: fn(&[(String, String)]) -> Vec<Mutant>,
}

/// Where a kind of mistake is told.
#[derive(Clone, Copy, PartialEq)]
pub enum Told {
    /// In the very line, and each of any number of them.
    Each,
    /// In the very line, but only the first one of a file.
    First,
    /// Anywhere, because what it breaks lies elsewhere.
    Elsewhere,
}

/// One mistake in one file.
pub struct Mutant {
    pub path: String,
    /// From 1.
    pub line: u32,
    /// How many lines fall away.
    pub without: usize,
    /// What stands there instead.
    pub with: Option<String>,
}

impl Mutant {
    /// The text of its file with the mistake.
    pub fn apply(&self, text: &str) -> String {
        let at = self.line as usize - 1;
        let lines: Vec<&str> = text.lines().collect();
        let (before, rest) = lines.split_at(at);
        let after = rest.get(self.without..).unwrap_or_default();
        let all = before.iter().copied().chain(self.with.as_deref()).chain(after.iter().copied());
        all.flat_map(|line| [line, "\n"]).collect()
    }
}

const fn near(
    name: &'static str,
    codes: &'static [&'static str],
    make: fn(&[(String, String)]) -> Vec<Mutant>,
) -> Kind {
    Kind { name, codes, told: Told::Each, make }
}

const fn first(
    name: &'static str,
    codes: &'static [&'static str],
    make: fn(&[(String, String)]) -> Vec<Mutant>,
) -> Kind {
    Kind { name, codes, told: Told::First, make }
}

const fn far(
    name: &'static str,
    codes: &'static [&'static str],
    make: fn(&[(String, String)]) -> Vec<Mutant>,
) -> Kind {
    Kind { name, codes, told: Told::Elsewhere, make }
}

pub const KINDS: &[Kind] = &[
    near("misspell the state in a target", &["AC0102", "AC0103", "AC0016"], |files| {
        edit(files, "workflows/", |line| longer(line, "target: "))
    }),
    far("rename a state that others lead to", &["AC0102", "AC0210"], |files| {
        edit(files, "workflows/processes/", |line| {
            let key = line.trim().strip_suffix(':')?;
            let state = [
                "register",
                "settlement",
                "visit",
                "closing",
                "cancelling",
                "delivered",
                "return_window",
                "approval",
            ];
            state.contains(&key).then(|| line.replace(key, &format!("{key}_x")))
        })
    }),
    near("misspell a part of a fact", &["AC0302", "AC0505"], |files| {
        edit(files, "workflows/", |line| {
            // A reason may say any value that its guard has looked at; no check knows these yet.
            let hidden = line.contains("{device.")
                || line.contains("charges.cost, ")
                || line.contains("part.cost")
                || line.contains("agency.labour_percent,");
            FACTS.iter().filter(|_| !hidden).find_map(|fact| longer(line, fact))
        })
    }),
    near("misspell a fact", &["AC0301", "AC0505"], |files| {
        edit(files, "workflows/", |line| {
            let hidden = line.contains("{device.")
                || line.contains("charges.cost, ")
                || line.contains("part.cost")
                || line.contains("agency.labour_percent,");
            let fact = FACTS.iter().find(|fact| at_word(line, fact) && !hidden)?;
            Some(line.replacen(fact, &format!("{}x.", fact.trim_end_matches('.')), 1))
        })
    }),
    near("misspell what a form brought", &["AC0302"], |files| {
        edit(files, "workflows/", |line| longer(line, "data."))
    }),
    near("misspell an item of a checklist", &["AC0302"], |files| {
        edit(files, "workflows/", |line| {
            line.contains("data.safety.").then(|| longer(line, "safety.")).flatten()
        })
    }),
    near("misspell a fact in a rule", &["AC0302"], |files| {
        edit(files, "rules/", |line| {
            let code = !line.trim_start().starts_with("//");
            FACTS.iter().filter(|_| code).find_map(|fact| longer(line, fact))
        })
    }),
    near("misspell a function", &["AC0303"], |files| {
        edit(files, "", |line| {
            let call = ["pluck(", "max(", "min(", "months("].iter().find(|call| at_word(line, call))?;
            Some(line.replacen(call, &format!("{}x(", call.trim_end_matches('(')), 1))
        })
    }),
    near("misspell a field in a form", &["AC0110"], |files| {
        edit(files, "workflows/", |line| longer(line, "{field: "))
    }),
    near("misspell a field in a short form", &["AC0110"], |files| {
        edit(files, "workflows/", |line| longer(line, "form: ["))
    }),
    near("misspell a field that is set", &["AC0110"], |files| {
        edit(files, "workflows/processes/", |line| {
            let rest = line.split("set: {").nth(1)?;
            (!line.contains("change"))
                .then(|| longer(line, "set: {"))
                .flatten()
                .filter(|_| rest.contains(':'))
        })
    }),
    near("compare a choice with an option that is not there", &["AC0014"], |files| {
        edit(files, "workflows/", |line| {
            let choice = [
                "warranty_kind == \"",
                "outcome == \"",
                "line.status == \"",
                "line.kind == \"",
                "line.decision == \"",
            ]
            .into_iter()
            .find(|start| line.contains(start) && !line.contains("verdict.outcome"))?;
            longer(line, choice)
        })
    }),
    near("set a field to an option that is not there", &["AC0014"], |files| {
        edit(files, "workflows/", |line| {
            ["outcome: '\"", "status: '\"", "decision: '\""].iter().find_map(|start| longer(line, start))
        })
    }),
    near("misspell a role that may", &["AC0105"], |files| {
        edit(files, "workflows/", |line| longer(line, " by: ["))
    }),
    near("misspell a role that opens", &["AC0105"], |files| {
        edit(files, "workflows/", |line| longer(line, "opened_by: ["))
    }),
    near("misspell a role that owns", &["AC0105"], |files| {
        edit(files, "workflows/", |line| longer(line, "owner: ["))
    }),
    near("misspell a role in a recipient", &["AC0105"], |files| {
        edit(files, "workflows/", |line| longer(line, "{role: "))
    }),
    near("misspell the role of a user's field", &["AC0105"], |files| {
        edit(files, "workflows/", |line| {
            line.trim().starts_with("role: ").then(|| longer(line, "role: ")).flatten()
        })
    }),
    near("misspell a fact that is hidden", &["AC0110"], |files| {
        edit(files, "workflows/roles.yaml", |line| {
            longer(line, "charges.").or_else(|| longer(line, "charges.lines."))
        })
    }),
    near("misspell a message", &["AC0106"], |files| {
        edit(files, "workflows/", |line| longer(line, "message: "))
    }),
    near("misspell a reason", &["AC0111"], |files| {
        edit(files, "workflows/", |line| longer(line, "because: "))
    }),
    near("misspell a voucher", &["AC0108"], |files| {
        edit(files, "workflows/processes/", |line| {
            longer(line, "- voucher: ").or_else(|| longer(line, "template: "))
        })
    }),
    near("misspell a rule", &["AC0107"], |files| edit(files, "workflows/", |line| longer(line, "rule: "))),
    near("misspell a number series", &["AC0109"], |files| {
        edit(files, "workflows/processes/", |line| longer(line, "series: "))
    }),
    near("misspell a fragment", &["AC0015"], |files| {
        edit(files, "workflows/processes/", |line| longer(line, "fragment: "))
    }),
    near("misspell a parameter", &["AC0016", "AC0017"], |files| {
        edit(files, "workflows/processes/", |line| longer(line, "with: {"))
    }),
    near("misspell an account", &["AC0601", "AC0605"], |files| {
        edit(files, "workflows/vouchers/", |line| {
            let at = ["debit: ", "credit: "].iter().find_map(|side| Some(line.find(side)? + side.len()))?;
            let code = line.get(at..at + 6)?;
            Some(format!("{}00{}{}", &line[..at], &code[2..], &line[at + 6..]))
        })
    }),
    near("misspell a state in a condition", &["AC0104"], |files| {
        edit(files, "workflows/", |line| longer(line, "in(\""))
    }),
    near("misspell a state in a clock", &["AC0102", "AC0104"], |files| {
        edit(files, "workflows/processes/", |line| {
            longer(line, "until: [").or_else(|| longer(line, "paused_in: ["))
        })
    }),
    first("misspell a key", &["AC0011"], |files| {
        edit(files, "workflows/", |line| {
            let key = line.trim().split(':').next()?;
            let known = KEYS.contains(&key);
            known.then(|| line.replacen(key, &format!("{key}x"), 1))
        })
    }),
    near("misspell a length of time", &["AC0019", "AC0020"], |files| {
        edit(files, "workflows/", |line| {
            let word = ["working days", " days", " hours"]
                .iter()
                // A default that every user overrides is never read.
                .find(|word| line.contains(*word) && line.contains("within: ") && !line.contains("about:"))?;
            Some(line.replacen(word, &format!("{word}x"), 1))
        })
    }),
    near("misspell a placeholder of a message", &["AC0504", "AC0505"], |files| {
        edit(files, "workflows/messages/", |line| longer(line, "{{ "))
    }),
    far("misspell a filter of a message", &["AC0502"], |files| {
        edit(files, "workflows/messages/", |line| {
            line.contains("| money").then(|| line.replacen("| money", "| mony", 1))
        })
    }),
    near("leave a brace of a message open", &["AC0502"], |files| {
        edit(files, "workflows/messages/", |line| {
            let own = ["en: \"", "fa: \"", "zh: \"", "pl: \""]
                .iter()
                .any(|language| line.trim().starts_with(language));
            (own && line.contains(" }}")).then(|| line.replacen(" }}", " }", 1))
        })
    }),
    near("misspell a placeholder of a voucher's text", &["AC0301", "AC0302"], |files| {
        edit(files, "workflows/vouchers/", |line| longer(line, "{ticket."))
    }),
    near("take a language out of a text", &["AC0501"], |files| {
        edit(files, "workflows/", |line| {
            let from = line.find(", zh: ")?;
            let to = line.find(", pl: ")?;
            (line.contains("{en: ") && from < to).then(|| format!("{}{}", &line[..from], &line[to..]))
        })
    }),
    far("take a language out of a message", &["AC0501"], |files| {
        delete(files, "workflows/messages/", |line| line.trim().starts_with("zh: \""), false)
    }),
    far("take a language out of a voucher", &["AC0501"], |files| {
        delete(files, "workflows/vouchers/", |line| line.trim().starts_with("zh: "), false)
    }),
    far("take a title out", &["AC0501", "AC0012"], |files| {
        let mut all =
            delete(files, "workflows/processes/", |line| line.trim().starts_with("title: {en"), true);
        all.retain(|mutant| !has_another_title(files, mutant));
        all
    }),
    far("take an owner out", &["AC0402"], |files| {
        delete(files, "workflows/", |line| line.trim().starts_with("owner: ["), true)
    }),
    far("take the deadline of a waiting state out", &["AC0403"], |files| {
        let deadline = |line: &str| line.trim().starts_with("deadline:");
        let mut all = delete(files, "workflows/processes/warranty_card.yaml", deadline, true);
        all.extend(delete(files, "workflows/fragments/refund.yaml", deadline, true));
        all
    }),
    far("take `by` out of a step", &["AC0214"], |files| {
        delete(files, "workflows/", |line| line.trim().starts_with("by: ["), true)
    }),
    far("take `initial` out", &["AC0202"], |files| {
        delete(files, "workflows/", |line| line.trim().starts_with("initial: "), true)
    }),
    far("take a reason out", &["AC0111", "AC0507"], |files| {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let named = |key: &str| {
            let because = format!("because: {key}");
            let mut lines = files.iter().flat_map(|(_, text)| text.lines());
            lines.any(|line| line.split_once(&because).is_some_and(|(_, rest)| ends(rest)))
        };
        delete(files, "workflows/reasons.yaml", |line| named(line.trim().trim_end_matches(':')), true)
    }),
    far("take a role out", &["AC0105"], |files| {
        delete(
            files,
            "workflows/roles.yaml",
            |line| {
                line.starts_with("  ")
                    && !line.starts_with("   ")
                    && !line.contains("designer")
                    && !line.contains("admin")
            },
            true,
        )
    }),
    far("take the only way into a state out", &["AC0210", "AC0211", "AC0217", "AC0013"], |files| {
        let only = [
            "set_out:",
            "arrive:",
            "diagnosed:",
            "dispatch:",
            "refuse:",
            "approve:",
            "register_sale:",
            "appeal:",
            "next_visit:",
        ];
        delete(files, "workflows/", |line| only.contains(&line.trim()) && line.trim() != "next_visit:", true)
    }),
    far("take the only payment out", &["AC0632", "AC0013"], |files| {
        delete(files, "workflows/fragments/settlement.yaml", |line| line.trim() == "pay:", true)
    }),
    near("give a guard that is no condition", &["AC0310", "AC0305"], |files| {
        edit(files, "workflows/", |line| {
            let (start, rest) = ["guard: '", "when: '", "where: '"].iter().find_map(|key| {
                let at = line.find(key)? + key.len();
                Some(line.split_at(at))
            })?;
            let (_, rest) = rest.split_once('\'')?;
            Some(format!("{start}charges.count{rest}'").trim_end_matches('\'').to_owned())
                .map(|line| line.replacen("charges.count", "charges.count'", 1))
        })
    }),
    far("change an amount of a voucher", &["AC0630"], |files| {
        edit(files, "workflows/vouchers/", |line| {
            let (start, amount) = line.split_once("amount: ")?;
            // One that stands in the lines below it.
            let is_folded = amount.starts_with(['>', '|']);
            (!is_folded).then(|| format!("{start}amount: ({amount}) * 2"))
        })
    }),
    far("take a line of a voucher out", &["AC0630", "AC0607", "AC0002"], |files| {
        delete(
            files,
            "workflows/vouchers/",
            |line| line.starts_with("  - credit: ") || line.starts_with("  - debit: "),
            true,
        )
    }),
    first("write a key twice", &["AC0002"], |files| {
        edit(files, "workflows/processes/", |line| {
            line.trim().starts_with("progress: ").then(|| format!("{line}\n{line}"))
        })
    }),
    near("raise an event that nothing waits for", &["AC0218"], |files| {
        edit(files, "workflows/", |line| longer(line, "raise: "))
    }),
    near("give progress as a word", &["AC0013"], |files| {
        edit(files, "workflows/processes/", |line| {
            line.trim().starts_with("progress: ").then(|| line.replacen("progress: ", "progress: about ", 1))
        })
    }),
    near("misspell a field's type", &["AC0014"], |files| {
        edit(files, "workflows/processes/", |line| {
            line.starts_with("    type: ").then(|| longer(line, "type: ")).flatten()
        })
    }),
];

/// Facts at the start of dotted paths.
const FACTS: &[&str] =
    &["charges.", "card.", "policy.", "device.", "agency.", "product.", "ticket.", "rates.", "customer."];

/// Keys of states and transitions.
const KEYS: &[&str] = &[
    "title",
    "states",
    "on",
    "entry",
    "exit",
    "owner",
    "deadline",
    "within",
    "then",
    "category",
    "progress",
    "target",
    "guard",
    "actions",
    "form",
    "by",
    "always",
    "after",
    "initial",
    "customer_sees",
    "fields",
    "deadlines",
];

/// A word longer by a letter behind the first of these marks.
fn longer(line: &str, mark: &str) -> Option<String> {
    if !at_word(line, mark) {
        return None;
    }
    let at = line.find(mark)? + mark.len();
    let rest = &line[at..];
    let word = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let wrong = format!("{}x{}", &line[..at + word], &line[at + word..]);
    (word > 0 && !line.trim_start().starts_with(['#', '/'])).then_some(wrong)
}

/// Whether the mark stands in the line, and not in the middle of a word.
fn at_word(line: &str, mark: &str) -> bool {
    let inside = |at: usize| {
        line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            || line[..at].ends_with('.') && !mark.starts_with("safety")
    };
    let commented = |at: usize| line[..at].contains("# ") || line.trim_start().starts_with("//");
    line.find(mark).is_some_and(|at| !inside(at) && !commented(at))
}

/// A mutant for each line of the files under the path that the change changes.
fn edit(files: &[(String, String)], under: &str, change: impl Fn(&str) -> Option<String>) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with(under)) {
        for (n, line) in text.lines().enumerate() {
            let Some(changed) = change(line).filter(|changed| changed != line) else { continue };
            let line = u32::try_from(n + 1).unwrap_or(0);
            mutants.push(Mutant { path: path.clone(), line, without: 1, with: Some(changed) });
        }
    }
    mutants
}

/// A mutant for each such line without it, and with `whole` without all that is indented below it.
fn delete(files: &[(String, String)], under: &str, which: impl Fn(&str) -> bool, whole: bool) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with(under)) {
        let lines: Vec<&str> = text.lines().collect();
        for (n, line) in lines.iter().enumerate().filter(|(_, line)| which(line)) {
            let indent = |line: &str| line.len() - line.trim_start().len();
            let inside = |other: &&&str| whole && (other.trim().is_empty() || indent(other) > indent(line));
            let below = lines.iter().skip(n + 1).take_while(inside).count();
            let line = u32::try_from(n + 1).unwrap_or(0);
            mutants.push(Mutant { path: path.clone(), line, without: 1 + below, with: None });
        }
    }
    mutants
}

/// Whether the state that loses its title here gets one from a fragment all the same.
fn has_another_title(files: &[(String, String)], mutant: &Mutant) -> bool {
    let text = files.iter().find(|(path, _)| *path == mutant.path).map_or("", |(_, text)| text);
    let above = (mutant.line as usize).checked_sub(2).and_then(|at| text.lines().nth(at)).unwrap_or("");
    let fragments = files.iter().filter(|(path, _)| path.starts_with("workflows/fragments/"));
    let mut pairs = fragments.flat_map(|(_, text)| text.lines().zip(text.lines().skip(1)));
    pairs.any(|(key, inside)| key == above && inside.trim().starts_with("title:"))
}
