//! Statechart semantics, as the SCXML recommendation has them: runs every case of `tests/scxml/*.yaml`.
//!
//! What the cases look like is said in `tests/scxml/README.md`.

use std::path::Path;
use std::sync::Arc;

use aftercare_engine::bundle;
use aftercare_engine::compile;
use aftercare_engine::definition::Process;
use aftercare_engine::definition::node::Node;
use aftercare_engine::diagnostic::Sources;
use aftercare_engine::facts::{Map, Value};
use aftercare_engine::simulate::{Input, Output, Simulation};
use aftercare_engine::statechart::Statechart;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    about: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    it: String,
    chart: String,
    run: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    send: Option<String>,
    #[serde(default)]
    data: serde_json::Map<String, serde_json::Value>,
    wait: Option<String>,
    r#in: Vec<String>,
    log: Option<String>,
    #[serde(default)]
    fields: serde_json::Map<String, serde_json::Value>,
    outcome: Option<String>,
    reason: Option<String>,
}

#[test]
fn the_engine_does_what_the_recommendation_demands() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scxml");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the cases are there")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    files.sort();
    let (mut cases, mut failures) = (0, Vec::new());
    for file in &files {
        let text = std::fs::read_to_string(file).expect("a text");
        let topic: Topic =
            serde_yaml::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
        for case in &topic.cases {
            cases += 1;
            if let Err(why) = check(case) {
                failures.push(format!("{}\n  {}\n    {why}", topic.about, case.it));
            }
        }
    }
    println!("{cases} cases in {} files", files.len());
    assert!(cases >= 100, "only {cases} cases were found");
    assert!(failures.is_empty(), "{} of {cases} cases fail:\n\n{}\n", failures.len(), failures.join("\n"));
}

/// Runs a case; what went wrong first.
fn check(case: &Case) -> Result<(), String> {
    let chart = compiled(&case.chart)?;
    let now = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000);
    let mut rows = case.run.iter();
    let first = rows.next().ok_or("no rows")?;
    let (mut simulation, output) = Simulation::start(chart, Map::new(), now);
    let mut written = String::new();
    compare(first, &simulation, &output, &mut written).map_err(|why| format!("at the start {why}"))?;
    for (row, n) in rows.zip(1..) {
        let output = simulation.input(input(row, simulation.facts().now)?);
        compare(row, &simulation, &output, &mut written).map_err(|why| format!("in row {n} {why}"))?;
    }
    Ok(())
}

fn input(row: &Row, now: DateTime<Utc>) -> Result<Input, String> {
    let data = row.data.iter().map(|(name, value)| (name.as_str().into(), Value::from_json(value))).collect();
    let at = row.wait.as_deref().map(|text| length(text).map(|length| now + length)).transpose()?;
    Ok(Input { event: row.send.clone(), data, by: None, at })
}

/// A length of time, read here on its own and not by what is tested.
fn length(text: &str) -> Result<TimeDelta, String> {
    let (number, unit) = text.split_once(' ').ok_or_else(|| format!("`{text}` is no length of time"))?;
    let number: i64 = number.parse().map_err(|_| format!("`{number}` is no number"))?;
    match unit {
        "ms" => Ok(TimeDelta::milliseconds(number)),
        "s" => Ok(TimeDelta::seconds(number)),
        "minutes" => Ok(TimeDelta::minutes(number)),
        _ => Err(format!("`{unit}` is no unit")),
    }
}

fn compare(row: &Row, simulation: &Simulation, output: &Output, written: &mut String) -> Result<(), String> {
    if output.configuration != row.r#in {
        return Err(format!(
            "{:?} is active, not {:?}; it {:?}",
            output.configuration, row.r#in, output.reasons
        ));
    }
    let whole = field(simulation, "log").as_text().unwrap_or_default().to_owned();
    let log = whole.strip_prefix(written.as_str()).unwrap_or(&whole).trim().to_owned();
    *written = whole;
    if let Some(expected) = row.log.as_ref().filter(|expected| **expected != log) {
        return Err(format!("the log is `{log}`, not `{expected}`"));
    }
    for (name, expected) in &row.fields {
        let found = field(simulation, name);
        if found != Value::from_json(expected) {
            return Err(format!("`{name}` is {found}, not {expected}"));
        }
    }
    if let Some(expected) = row.outcome.as_deref().filter(|expected| *expected != output.outcome) {
        return Err(format!("the outcome is `{}`, not `{expected}`", output.outcome));
    }
    let reason = output.reasons.first().map(|reason| reason.code.as_str());
    if row.reason.is_some() && row.reason.as_deref() != reason {
        return Err(format!("the reason is {reason:?}, not {:?}", row.reason));
    }
    Ok(())
}

fn field(simulation: &Simulation, name: &str) -> Value {
    let place = simulation.chart().field(name).map(usize::from);
    place.and_then(|n| simulation.facts().fields.get(n)).cloned().unwrap_or_default()
}

/// A chart with its `log(…)` written out and the field that they write to.
fn compiled(text: &str) -> Result<Arc<Statechart>, String> {
    let log = "log: {type: text, default: '\"\"'}";
    let mut text = match text.contains("fields: {") {
        true => text.replacen("fields: {", &format!("fields: {{{log}, "), 1),
        false => format!("fields: {{{log}}}\n{text}"),
    };
    while let Some((before, rest)) = text.split_once("log(") {
        let (word, after) = rest.split_once(')').ok_or("`log(` without `)`")?;
        text = format!("{before}{{set: {{log: 'log + \" {word}\"'}}}}{after}");
    }
    let mut sources = Sources::default();
    let source = sources.add("chart.yaml", text.as_str());
    let tree = Node::read(source, &text).map_err(|problem| format!("{problem:?}\n{text}"))?;
    let process: Process = tree.to().map_err(|problem| format!("{problem:?}\n{text}"))?;
    let (chart, found) = compile::compile(&Arc::new(process), &Arc::default(), &sources, true);
    chart.filter(|_| !bundle::has_errors(&found)).map(Arc::new).ok_or_else(|| {
        let told: Vec<String> =
            found.iter().map(|d| format!("{} {} {:?}", d.code, d.message, d.help)).collect();
        format!("the chart does not compile: {}\n{text}", told.join("; "))
    })
}
