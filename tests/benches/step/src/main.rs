//! An on-site repair of nine steps on the compiled chart against XState 5 on the same chart: guards as plain
//! fields, and then with real rules and their explanation. `bench-step plain` measures only the first, for a profiler.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use aftercare_engine::compile;
use aftercare_engine::definition::Process;
use aftercare_engine::definition::node::Node;
use aftercare_engine::diagnostic::Sources;
use aftercare_engine::facts::{Actor, Facts, Map, Value};
use aftercare_engine::library::Library;
use aftercare_engine::rules::Rules;
use aftercare_engine::statechart::Statechart;
use aftercare_engine::step::{self, Decision, Event, Outcome};
use chrono::DateTime;

/// As the product has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EVENTS: [&str; 9] =
    ["assign", "arrive", "checked", "diagnose", "finish", "pay", "approve", "sign", "rate"];
const ROUNDS: usize = 7;
const TICKETS: usize = 20_000;

fn main() {
    let events: Vec<Event> = EVENTS.iter().map(|name| Event::system(name)).collect();
    let plain = Repair::new(include_str!("../repair.yaml"));
    let ruled = Repair::new(include_str!("../repair_with_rules.yaml"));
    plain.check(&events);
    if std::env::args().nth(1).as_deref() == Some("plain") {
        return println!("A  aftercare, plain fields          {:>10.0} ns a ticket", plain.time(&events));
    }
    let conditions = ruled.check(&events);
    println!("with rules, {conditions} named conditions are explained for each ticket");
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push([plain.time(&events), ruled.time(&events), xstate()]);
    }
    let median = |of: &dyn Fn(&[f64; 3]) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[ROUNDS / 2]
    };
    println!("A  aftercare, plain fields          {:>10.0} ns a ticket", median(&|round| round[0]));
    println!("A' aftercare, rules and explanation {:>10.0} ns a ticket", median(&|round| round[1]));
    println!("B  XState 5, plain fields           {:>10.0} ns a ticket", median(&|round| round[2]));
    println!("B / A   {:>8.1}  (median of {ROUNDS} rounds; at least 40 is promised)", median(&|r| r[2] / r[0]));
    println!("B / A'  {:>8.1}  (at least 2 is promised)", median(&|round| round[2] / round[1]));
}

struct Repair {
    chart: Statechart,
    facts: Facts,
}

impl Repair {
    fn new(text: &str) -> Self {
        let mut sources = Sources::default();
        let rule = include_str!("../coverage.rhai");
        let rule_id = sources.add("rules/coverage.rhai", rule);
        let (rules, found) = Rules::compile(&[(rule_id, rule)], &sources);
        assert!(found.is_empty(), "{found:#?}");
        let library = Arc::new(Library { rules, ..Library::default() });
        let source = sources.add("repair.yaml", text);
        let tree = Node::read(source, text).expect("the chart is YAML");
        let process: Process = tree.to().expect("the chart is a process");
        let (chart, found) = compile::compile(&Arc::new(process), &library, &sources, true);
        let chart = chart.unwrap_or_else(|| panic!("{found:#?}"));
        let mut facts = Facts::new(DateTime::UNIX_EPOCH, Actor::system());
        facts.give(&chart, given());
        let opened = step::start(&chart, &facts);
        facts.apply(&chart, &opened);
        Self { chart, facts }
    }

    fn ticket(&self, events: &[Event], mut each: impl FnMut(&Decision)) -> Decision {
        let mut decision = step::start(&self.chart, &self.facts);
        each(&decision);
        for event in events {
            decision = step::step(&self.chart, &decision.configuration, event, &self.facts);
            each(&decision);
        }
        decision
    }

    /// Nine steps that all move, and an end; gives the number of explained conditions.
    fn check(&self, events: &[Event]) -> usize {
        let mut conditions = 0;
        let last = self.ticket(events, |decision| {
            assert!(matches!(decision.outcome, Outcome::Moved | Outcome::Finished), "{:?}", decision.outcome);
            for effect in &decision.effects {
                if let aftercare_engine::effect::Effect::Decision(ruling) = effect {
                    conditions += ruling.conditions.len();
                }
            }
        });
        assert_eq!(self.chart.leaves(&last.configuration), ["closed"]);
        conditions
    }

    /// Nanoseconds a ticket.
    fn time(&self, events: &[Event]) -> f64 {
        for _ in 0..TICKETS / 10 {
            black_box(self.ticket(black_box(events), |_| {}));
        }
        let begin = Instant::now();
        for _ in 0..TICKETS {
            black_box(self.ticket(black_box(events), |_| {}));
        }
        begin.elapsed().as_secs_f64() * 1e9 / TICKETS as f64
    }
}

/// The facts that the rules ask for.
fn given() -> Map {
    let map = |entries: &[(&str, Value)]| {
        Value::Map(entries.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
    };
    let text = |text: &str| Value::text(text);
    [
        (
            "device",
            map(&[
                ("status", text("sold")),
                ("owner", text("C-1")),
                ("usage", Value::Int(12_000)),
                ("repairs", Value::Int(0)),
            ]),
        ),
        ("card", map(&[("status", text("active")), ("stamped", Value::Bool(true))])),
        (
            "policy",
            map(&[
                ("kind", text("internal")),
                ("stamp_required", Value::Bool(true)),
                ("owner_bound", Value::Bool(true)),
            ]),
        ),
        ("customer", map(&[("code", text("C-1")), ("kind", text("person"))])),
        ("ticket", map(&[("revision", Value::Int(1))])),
    ]
    .into_iter()
    .map(|(key, value)| (key.into(), value))
    .collect()
}

fn xstate() -> f64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the benches").join("xstate");
    let output = Command::new("node").arg("step.mjs").arg(TICKETS.to_string()).current_dir(&folder).output();
    let output = output.expect("node runs");
    assert!(output.status.success(), "run `npm ci` in {}: {}", folder.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}
