//! A chart and its inputs out of any bytes, for property tests and fuzzing: every byte sequence means some
//! chart, shorter ones mean smaller charts.
//!
//! The chart is YAML text (JSON, which is YAML), so that everything from the reader to the step is exercised.

use serde_json::{Map, Value, json};

/// Events that charts wait for and inputs bring.
const EVENTS: [&str; 4] = ["e", "f", "g.h", "g"];
/// The same for one of several instances.
const ADDRESSED: [&str; 4] = ["e@1", "f@2", "g@3", "e@3"];
/// What the list of a state with instances may hold.
const LISTS: [&str; 3] = ["[#{id: 1, n: 0}, #{id: 2, n: 0}]", "[#{id: 2, n: 0}, #{id: 3, n: 0}]", "[]"];
/// States that may wait for another ticket, and what they call it.
const AWAITED: [(&str, &str); 4] = [("a", "x"), ("b", "y"), ("a.a", "z"), ("b.b", "w")];
/// What such tickets answer.
const ANSWERS: [&str; 9] = [
    "done.invoke.x",
    "done.invoke.y",
    "error.invoke.y",
    "done.invoke.z",
    "error.invoke.z",
    "done.invoke.w",
    "done.invoke.z@1",
    "error.invoke.z@2",
    "done.invoke.w@1",
];
/// Deepest nesting of states.
const DEPTH: usize = 4;

/// Bytes, taken one by one; when they run out, zeros.
pub struct Dice<'a>(std::slice::Iter<'a, u8>);

impl<'a> Dice<'a> {
    /// Dice that fall as these bytes say.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.iter())
    }

    /// A number below `sides`.
    pub fn throw(&mut self, sides: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % sides.max(1)
    }

    fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> Option<&'t T> {
        let n = self.throw(from.len());
        from.get(n).copied()
    }

    /// Once in so many throws; never when the bytes have run out.
    fn seldom(&mut self, sides: usize) -> bool {
        self.throw(sides) + 1 == sides
    }

    /// Whether bytes are left.
    pub fn is_left(&self) -> bool {
        !self.0.as_slice().is_empty()
    }
}

/// A chart as text.
pub fn chart(dice: &mut Dice<'_>) -> String {
    let mut tree = Tree { kind: Kind::Compound, each: false, children: Vec::new() };
    for _ in 0..=dice.throw(4) {
        tree.children.push(state(dice, 1, false));
    }
    let mut paths = Vec::new();
    tree.paths("", 0, &mut paths);
    let mut root = written(&tree, "", Names { all: &paths, within: 0 }, dice);
    let list = json!({
        "type": "records",
        "of": {"id": {"type": "integer", "required": true}, "n": {"type": "integer"}},
        "default": LISTS[0],
    });
    root.insert("fields".to_owned(), json!({"n": {"type": "integer", "default": 0}, "list": list}));
    Value::Object(root).to_string()
}

/// An event's name, and how many seconds pass before it.
pub fn input(dice: &mut Dice<'_>) -> (Option<&'static str>, i64) {
    if dice.seldom(6) {
        return (dice.pick(&ANSWERS), 0);
    }
    let events = if dice.seldom(3) { &ADDRESSED } else { &EVENTS };
    let event = if dice.seldom(5) { None } else { dice.pick(events) };
    let seconds = if dice.seldom(3) { dice.throw(8) } else { 0 };
    (event, i64::try_from(seconds).unwrap_or(0))
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Atomic,
    Compound,
    Parallel,
    Final,
    History,
}

struct Tree {
    kind: Kind,
    /// Its inside runs once for each record of the list.
    each: bool,
    children: Vec<Tree>,
}

/// Paths of all states, each with the number of the state with instances that it lies in; 0: in none.
#[derive(Clone, Copy)]
struct Names<'n> {
    all: &'n [(String, usize)],
    /// Where one is written down.
    within: usize,
}

fn state(dice: &mut Dice<'_>, depth: usize, inside: bool) -> Tree {
    let kind = match dice.throw(10) {
        0..=3 => Kind::Atomic,
        4 | 5 if depth < DEPTH => Kind::Compound,
        6 | 7 if depth < DEPTH => Kind::Parallel,
        8 => Kind::Final,
        9 if depth > 1 => Kind::History,
        _ => Kind::Atomic,
    };
    let size = match kind {
        Kind::Compound => 1 + dice.throw(3),
        Kind::Parallel => 2 + dice.throw(2),
        _ => 0,
    };
    let each = kind == Kind::Compound && !inside && dice.seldom(3);
    let children = (0..size).map(|_| state(dice, depth + 1, inside || each)).collect();
    Tree { kind, each, children }
}

impl Tree {
    /// Dotted paths of all states below, in document order.
    fn paths(&self, prefix: &str, within: usize, paths: &mut Vec<(String, usize)>) {
        for (child, name) in self.children.iter().zip('a'..) {
            let path = join(prefix, name);
            paths.push((path.clone(), within));
            let within = if child.each { paths.len() } else { within };
            child.paths(&path, within, paths);
        }
    }
}

fn join(prefix: &str, name: char) -> String {
    if prefix.is_empty() { name.to_string() } else { format!("{prefix}.{name}") }
}

/// The state's keys.
fn written(tree: &Tree, path: &str, paths: Names<'_>, dice: &mut Dice<'_>) -> Map<String, Value> {
    let mut keys = Map::new();
    match tree.kind {
        Kind::Parallel => keys.insert("type".to_owned(), json!("parallel")),
        Kind::Final => keys.insert("type".to_owned(), json!("final")),
        Kind::History => keys.insert("type".to_owned(), json!("history")),
        Kind::Atomic | Kind::Compound => None,
    };
    if tree.kind == Kind::History {
        if dice.seldom(2) {
            keys.insert("history".to_owned(), json!("deep"));
        }
        if dice.seldom(2) {
            keys.insert("target".to_owned(), target(paths, dice));
        }
        return keys;
    }
    if tree.each {
        let mut each = json!({"over": "list", "as": "one", "key": "id"});
        if dice.seldom(2) {
            each["complete_when"] = json!(format!("in(\"{path}.a\")"));
        }
        keys.insert("each".to_owned(), each);
    }
    let within = paths.all.iter().position(|(known, _)| known == path).map_or(0, |n| n + 1);
    let inner = if tree.each { Names { within, ..paths } } else { paths };
    if tree.kind == Kind::Compound {
        let n = dice.throw(tree.children.len());
        keys.insert("initial".to_owned(), json!(('a'..).nth(n).unwrap_or('a').to_string()));
    }
    if !tree.children.is_empty() {
        let states: Map<String, Value> = tree
            .children
            .iter()
            .zip('a'..)
            .map(|(child, name)| {
                let keys = written(child, &join(path, name), inner, dice);
                (name.to_string(), Value::Object(keys))
            })
            .collect();
        keys.insert("states".to_owned(), Value::Object(states));
    }
    behaviour(tree, path, paths, dice, &mut keys);
    keys
}

/// Entry, exit and transitions.
fn behaviour(tree: &Tree, path: &str, paths: Names<'_>, dice: &mut Dice<'_>, keys: &mut Map<String, Value>) {
    for key in ["entry", "exit"] {
        if dice.seldom(4) && !path.is_empty() {
            keys.insert(key.to_owned(), json!([action(paths, dice)]));
        }
    }
    if tree.kind == Kind::Final {
        return;
    }
    let mut on = Map::new();
    for event in EVENTS.iter().chain(&["*"]) {
        if dice.seldom(3) {
            on.insert((*event).to_owned(), transition(paths, dice));
        }
    }
    if !on.is_empty() {
        keys.insert("on".to_owned(), Value::Object(on));
    }
    if dice.seldom(5) && !path.is_empty() {
        keys.insert("always".to_owned(), transition(paths, dice));
    }
    if dice.seldom(5) && !path.is_empty() {
        keys.insert("after".to_owned(), json!({ "3 s": transition(paths, dice) }));
    }
    if let Some((_, id)) = AWAITED.iter().find(|(at, _)| *at == path).filter(|_| dice.seldom(2)) {
        let answers = (transition(paths, dice), transition(paths, dice));
        let invoke = json!({"id": id, "process": "other", "on_done": answers.0, "on_error": answers.1});
        keys.insert("invoke".to_owned(), invoke);
    }
    if !tree.children.is_empty() && dice.seldom(2) && !path.is_empty() {
        keys.insert("on_done".to_owned(), transition(paths, dice));
    }
}

fn transition(paths: Names<'_>, dice: &mut Dice<'_>) -> Value {
    let mut keys = Map::new();
    if !dice.seldom(6) {
        keys.insert("target".to_owned(), target(paths, dice));
    }
    match dice.throw(5) {
        3 => keys.insert("guard".to_owned(), json!("n % 2 == 0")),
        4 => keys.insert("guard".to_owned(), json!(format!("in(\"{}\")", any_path(paths, dice)))),
        _ => None,
    };
    if dice.seldom(3) {
        keys.insert("actions".to_owned(), json!([action(paths, dice)]));
    }
    if dice.seldom(4) {
        keys.insert("internal".to_owned(), json!(true));
    }
    Value::Object(keys)
}

/// One target, now and then two, which may or may not fit together.
fn target(paths: Names<'_>, dice: &mut Dice<'_>) -> Value {
    let first = path(paths, dice);
    if dice.seldom(60) { json!([first, path(paths, dice)]) } else { json!(first) }
}

/// A state that can be led to: of the same instances, or of none.
fn path(paths: Names<'_>, dice: &mut Dice<'_>) -> String {
    let in_reach = paths.all.iter().filter(|(_, within)| *within == 0 || *within == paths.within);
    let in_reach: Vec<&String> = in_reach.map(|(path, _)| path).collect();
    in_reach.get(dice.throw(in_reach.len())).map(|path| (*path).clone()).unwrap_or_default()
}

/// Any state can be asked for.
fn any_path(paths: Names<'_>, dice: &mut Dice<'_>) -> String {
    paths.all.get(dice.throw(paths.all.len())).map(|(path, _)| path.clone()).unwrap_or_default()
}

fn action(paths: Names<'_>, dice: &mut Dice<'_>) -> Value {
    let event = dice.pick(&EVENTS).unwrap_or_default();
    if paths.within > 0 && dice.seldom(3) {
        return json!({"set": {"one.n": "one.n + 1"}});
    }
    match dice.throw(6) {
        5 => json!({"set": {"list": dice.pick(&LISTS)}}),
        0 => json!({"raise": event}),
        1 => json!({"send": event}),
        2 => json!({"send": {"event": event, "after": "2 s", "id": "late"}}),
        3 => json!({"cancel": "late"}),
        _ => json!({"set": {"n": "n + 1"}}),
    }
}
