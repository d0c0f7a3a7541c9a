//! Role by step by field: what nobody has allowed is refused everywhere, and what a role never sees stands in no
//! answer of any kind. The roles, steps and fields are those of the shipped definitions; the tickets are those of
//! their stories.

use std::collections::BTreeSet;

use aftercare_engine::bundle::Bundle;
use aftercare_engine::definition::scenario::Scenario;
use aftercare_tests::client::{Client, Reply};
use aftercare_tests::story::{AUDITOR, Stage, left_out, watch};
use aftercare_tests::world::World;
use serde_json::{Value, json};

/// The user of each role, signed in.
async fn users(world: &World, bundle: &Bundle) -> Vec<(String, Client)> {
    let mut users = Vec::new();
    for role in bundle.library.roles.keys() {
        users.push((role.to_owned(), world.as_user(role).await));
    }
    users
}

fn stories(bundle: &Bundle) -> impl Iterator<Item = &Scenario> {
    bundle.scenarios.iter().filter(|story| left_out(bundle, story).is_none())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_is_refused_to_every_role_that_is_not_named_for_it() {
    let stage = Stage::build().await;
    let bundle = stage.version.bundle();
    let (mut places, mut tried, mut allowed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    // The first story of each file: together they pass through nearly all states.
    let mut files = BTreeSet::new();
    for story in stories(bundle).filter(|story| files.insert(story.scenario.place.source)) {
        let process = story.process.value.clone();
        let mut signed_in = Vec::new();
        watch(&stage, story, async |world, code| {
            let path = format!("/api/tickets/{code}");
            let auditor = world.as_user(AUDITOR).await;
            let before = auditor.get(&path).await;
            if !places.insert((process.clone(), before.at("/ticket/states").to_string())) {
                return;
            }
            if signed_in.is_empty() {
                signed_in = users(world, bundle).await;
            }
            for (role, client) in &signed_in {
                let offered = client.get(&format!("{path}/steps")).await;
                if offered.status != 200 {
                    assert!(matches!(offered.status, 403 | 404), "{role}: {}", offered.text);
                    continue;
                }
                for step in offered.at("/steps").as_array().into_iter().flatten() {
                    let event = step["event"].as_str().unwrap_or_default().to_owned();
                    let named =
                        step["by"].as_array().into_iter().flatten().any(|by| by["role"] == json!(role));
                    let why = step["reasons"].as_array().into_iter().flatten();
                    let is_refused = why.into_iter().any(|reason| reason["code"] == "not_allowed");
                    assert_eq!(is_refused, !named, "{process} {event} {role}: {step}");
                    if named {
                        allowed.insert((process.clone(), event, role.clone()));
                    } else if tried.insert((process.clone(), event.clone(), role.clone())) {
                        let body = json!({"revision": before.at("/ticket/revision"), "data": {}});
                        let reply = client.post(&format!("{path}/steps/{event}"), &body).await;
                        assert_eq!(reply.status, 403, "{process} {event} {role}: {}", reply.text);
                    }
                }
            }
            let after = auditor.get(&path).await;
            assert_eq!(after.text, before.text, "what was refused has changed something");
        })
        .await;
    }
    assert!(
        places.len() > 15 && tried.len() > 100 && allowed.len() > 30,
        "{} {} {}",
        places.len(),
        tried.len(),
        allowed.len()
    );
}

/// What a role never sees, with its value in this ticket: amounts and texts that stand nowhere else.
async fn hidden_values(auditor: &Client, code: &str, given: &Value) -> BTreeSet<(String, String)> {
    let path = format!("/api/tickets/{code}");
    let ticket = auditor.get(&path).await.json();
    let charges = auditor.get(&format!("{path}/charges")).await.json();
    let mut found = BTreeSet::new();
    for (name, value) in ticket["fields"].as_object().into_iter().flatten() {
        found.insert((name.clone(), plain(value)));
    }
    for (name, value) in charges["charges"].as_object().into_iter().flatten() {
        found.insert((format!("charges.{name}"), plain(value)));
    }
    for (name, value) in charges["charges"]["lines"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|line| line.as_object())
        .flatten()
    {
        found.insert((format!("charges.lines.{name}"), plain(value)));
    }
    for (name, value) in given.as_object().into_iter().flatten() {
        found.insert((name.clone(), plain(value)));
    }
    // Short values stand in many places by chance.
    found.retain(|(_, value)| value.len() >= 6);
    found
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Every path of the API that can be read, for this ticket.
async fn readable(auditor: &Client, code: &str) -> Vec<String> {
    let described = auditor.get("/api/openapi.json").await.json();
    let paths = described["paths"].as_object().cloned().unwrap_or_default();
    let mut all = Vec::new();
    for (path, _) in paths.iter().filter(|(_, verbs)| verbs.get("get").is_some()) {
        let path = if path.starts_with("/api") { path.clone() } else { format!("/api{path}") };
        let Some((before, _)) = path.split_once('{') else {
            all.push(path);
            continue;
        };
        if path.contains("{code}") {
            all.push(path.replace("{code}", code));
            continue;
        }
        // A register's entries, or vouchers: by the keys that its list tells.
        let list = auditor.get(before.trim_end_matches('/')).await.json();
        for item in list["items"].as_array().into_iter().flatten() {
            let keys = ["code", "serial", "number", "name", "reference"];
            let key = keys.iter().find_map(|key| item.get(*key).filter(|key| !key.is_object()));
            let rest = path.split_once('}').map(|(_, rest)| rest).unwrap_or_default();
            all.extend(key.map(|key| format!("{before}{}{rest}", plain(key))));
        }
    }
    all
}

/// Digits without what groups them.
fn flat(reply: &Reply) -> String {
    reply.text.chars().filter(|letter| !matches!(letter, ',' | '\u{a0}' | '\u{202f}' | '\u{66c}')).collect()
}

/// What this role never sees of these values: those that stand in nothing which it may see.
fn secrets(bundle: &Bundle, role: &str, values: &BTreeSet<(String, String)>) -> Vec<(String, String)> {
    let hidden = bundle.library.roles.get(role).map(|role| role.hidden.as_slice()).unwrap_or_default();
    let is_hidden = |name: &String| hidden.iter().any(|path| path.value == *name);
    let visible: BTreeSet<&String> =
        values.iter().filter(|(name, _)| !is_hidden(name)).map(|(_, value)| value).collect();
    let secret = values.iter().filter(|(name, value)| is_hidden(name) && !visible.contains(value));
    secret.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The answers to everything that somebody may ask, and to steps of which none can succeed.
async fn tries(
    client: &Client,
    code: &str,
    paths: &[String],
    events: &[String],
    revision: &Value,
) -> Vec<(String, Reply)> {
    let mut replies = Vec::new();
    for path in paths {
        replies.push((path.clone(), client.get(path).await));
    }
    let serial = json!({"serial": "RF560-000123"});
    replies.push(("lookup".to_owned(), client.post("/api/devices/lookup", &serial).await));
    for event in events {
        for revision in [&json!(0), revision] {
            // A field that nobody asks for, so that nothing moves.
            let body = json!({"revision": revision, "data": {"nobody_asks_for_this": 1}});
            let path = format!("/api/tickets/{code}/steps/{event}");
            let reply = client.post(&path, &body).await;
            replies.push((path, reply));
        }
    }
    replies
}

/// Holds every answer to every role against what the role never sees. How many answers, and what was looked for.
async fn looked_through(
    world: &World,
    bundle: &Bundle,
    code: &str,
    paths: &[String],
    events: &[String],
    values: &BTreeSet<(String, String)>,
) -> (usize, BTreeSet<String>) {
    let auditor = world.as_user(AUDITOR).await;
    let revision = auditor.get(&format!("/api/tickets/{code}")).await.at("/ticket/revision");
    let (mut answers, mut names) = (0, BTreeSet::new());
    for (role, client) in users(world, bundle).await {
        let secret = secrets(bundle, &role, values);
        if secret.is_empty() {
            continue;
        }
        names.extend(secret.iter().map(|(name, _)| name.clone()));
        for (path, reply) in tries(&client, code, paths, events, &revision).await {
            answers += 1;
            let text = flat(&reply);
            for (name, value) in &secret {
                assert!(!stands_in(&text, value), "{role} sees `{name}` ({value}) at {path}: {}", reply.text);
            }
        }
    }
    (answers, names)
}

/// Whether a value stands in a text by itself: `300000` is not told by `3000000`.
fn stands_in(text: &str, value: &str) -> bool {
    let joined = |end: Option<char>, edge: Option<char>| {
        end.is_some_and(char::is_alphanumeric) && edge.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(value).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + value.len()..]);
        !joined(before.chars().next_back(), value.chars().next())
            && !joined(value.chars().next_back(), after.chars().next())
    })
}

/// Stories in which something hidden happens: costs, notes, an agency's account, a partner's invoice.
const TELLING: [&str; 5] = [
    "a fridge in its guarantee is repaired",
    "out of warranty the customer accepts",
    "bad work comes back to the same place",
    "an outsourced warranty goes to the partner",
    "an agency within its limit buys",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_a_role_never_sees_stands_in_no_answer() {
    let stage = Stage::build().await;
    let bundle = stage.version.bundle();
    // What registers hold and no ticket shows by itself; the amounts are those of the stories' givens.
    let given =
        json!({"part.cost": "4500000", "agency.credit_limit": "100000000", "agency.balance": "92000000"});
    let (mut looked, mut finds, mut hidden_somewhere) = (0, 0, BTreeSet::new());
    for start in TELLING {
        let story = stories(bundle).find(|story| story.scenario.value.starts_with(start));
        let story = story.unwrap_or_else(|| panic!("no story begins with `{start}`"));
        let steps = story.steps.len();
        let mut n = 0;
        watch(&stage, story, async |world, code| {
            n += 1;
            // Before the end, where there is something to refuse; one story also at its end, where all is told.
            let is_first = start == TELLING[0];
            if n != steps - 1 && !(is_first && n == steps + 1) {
                return;
            }
            let auditor = world.as_user(AUDITOR).await;
            let values = hidden_values(&auditor, code, &given).await;
            let mut paths = readable(&auditor, code).await;
            assert!(paths.len() > 40, "{paths:?}");
            // What is no ticket is the same in every story.
            paths.retain(|path| is_first || path.starts_with("/api/tickets"));
            let chart = stage.version.chart(&story.process.value).expect("the process");
            let events: Vec<String> = chart.event_names().map(str::to_owned).collect();
            let (answers, names) = looked_through(world, bundle, code, &paths, &events, &values).await;
            looked += answers;
            hidden_somewhere.extend(names);
            let charges = flat(&auditor.get(&format!("/api/tickets/{code}/charges")).await);
            finds += usize::from(
                values.iter().any(|(name, value)| name == "part.cost" && charges.contains(value)),
            );
        })
        .await;
    }
    assert!(finds > 1 && looked > 500, "who may see the cost finds it {finds} times; {looked} answers");
    for name in ["part.cost", "charges.cost", "charges.lines.cost", "quality_note", "agency.balance"] {
        assert!(hidden_somewhere.contains(name), "`{name}` was never looked for: {hidden_somewhere:?}");
    }
}
