//! POST /api/devices/lookup: a serial, and what is known about it, with the verdict on its warranty today.

use std::sync::Arc;

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::definition::{Action, walk};
use aftercare_engine::effect::Ruling;
use aftercare_engine::explain::Explainer;
use aftercare_engine::statechart::Statechart;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::Value;

use super::registry::list::in_reach;
use super::tickets::Summary;
use super::tickets::explanations::{Told, told};
use super::tickets::list::{told as lines, veiled};
use crate::app::App;
use crate::catalog::Version;
use crate::facts::lookup::{fact, of_device};
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::hidden::Veil;
use crate::http::problem::Problem;
use crate::http::shown::Shown;
use crate::http::signed_in::SignedIn;
use crate::register;
use crate::store::read::search::TicketFilter;

/// Name of the fact that holds a warranty verdict, whichever rule decides it.
pub const VERDICT: &str = "verdict";

/// The route.
pub struct Lookup(pub App);

/// Which device
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    serial: String,
    /// Fault code, since some faults are not covered
    #[oai(default)]
    #[serde(default)]
    fault_code: Option<String>,
}

/// A device with its history
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Found {
    /// By the names of the facts `device`
    device: Value,
    product: Option<Value>,
    policy: Option<Value>,
    card: Option<Value>,
    customer: Option<Value>,
    /// Whether its warranty holds today, as a list of checks
    verdict: Option<Told>,
    /// Its tickets, newest first, those that you may see
    tickets: Vec<Summary>,
}

#[OpenApi(tag = "Tag::Registers")]
impl Lookup {
    /// A device by its serial, with the warranty verdict of today
    #[oai(path = "/devices/lookup", method = "post")]
    async fn lookup(&self, who: SignedIn, body: Body<Asked>) -> Result<Shown<Found>, Problem> {
        known(&self.0, &who, &body.value.serial, body.value.fault_code.as_deref()).await
    }
}

/// A device as the caller may see it, with the warranty verdict of today.
pub async fn known(
    app: &App,
    who: &SignedIn,
    serial: &str,
    fault_code: Option<&str>,
) -> Result<Shown<Found>, Problem> {
    let serial = aftercare_engine::text::latin_digits(serial.trim());
    let devices = register::find("devices").ok_or_else(Problem::unavailable)?;
    in_reach(app, who, devices, &serial).await?;
    let (version, now) = (app.catalog.current(), app.clock.now());
    let facts = of_device(&app.store, &version, &serial, now).await?;
    let mut facts = facts.ok_or_else(|| Problem::not_found("device", serial.as_str()))?;
    facts.insert("fault_code".into(), fault_code.into());
    let hidden = who.hidden(app);
    // No ticket, so no fields of one.
    let veil = Veil { facts: hidden.clone(), ..Veil::default() };
    let verdict = judges(&version).into_iter().find_map(|(rule, chart)| {
        let decided = version.library().rules.call(&rule, &|name| fact(&facts, name));
        match decided {
            Ok((value, conditions)) => {
                let ruling = Ruling { rule, into: VERDICT.to_owned(), value, conditions };
                Some(told(&Explainer::new(&chart, who.language), &ruling, &veil, now))
            }
            // A rule that looks at what only a ticket knows, such as the day of a sale that is disputed.
            Err(error) => {
                tracing::debug!("The rule `{rule}` could not decide about a device: {error}");
                None
            }
        }
    });
    let filter = TicketFilter { device: Some(serial), ..TicketFilter::default() };
    let scope = who.scope(app);
    let rows = app.store.tickets(&filter, &scope, None, 50).await?;
    let json = |name: &str| facts.get(name).filter(|value| !value.is_null()).map(|value| value.to_json());
    let found = Found {
        device: json("device").unwrap_or_default(),
        product: json("product"),
        policy: json("policy"),
        card: json("card"),
        customer: json("customer").filter(|_| who.has(app, Permission::CustomersRead)),
        verdict,
        tickets: lines(app, who, &rows, false).await?,
    };
    let mut shown = Shown::each(&found, "tickets", |line| veiled(app, who, line));
    shown.strip(&hidden);
    Ok(shown)
}

/// The rules that decide the verdict, each with a chart that uses it: found in the definitions, since no rule has
/// a name here. First comes the one that most processes ask: others judge a case of their own.
fn judges(version: &Version) -> Vec<(String, Arc<Statechart>)> {
    let charts = version.processes().filter_map(|name| version.chart(name));
    let all: Vec<(String, Arc<Statechart>)> =
        charts.filter_map(|chart| Some((judge(chart)?, Arc::clone(chart)))).collect();
    let asked = |rule: &str| all.iter().filter(|(one, _)| one == rule).count();
    let mut judges: Vec<(String, Arc<Statechart>)> = Vec::new();
    for (rule, chart) in &all {
        if judges.iter().all(|(one, _)| one != rule) {
            judges.push((rule.clone(), Arc::clone(chart)));
        }
    }
    judges.sort_by_key(|(rule, _)| std::cmp::Reverse(asked(rule)));
    judges
}

/// The rule by which a process first decides the verdict.
fn judge(chart: &Statechart) -> Option<String> {
    walk::actions(&chart.definition).into_iter().find_map(|action| match action {
        Action::Decide(decide) => {
            let into = decide.into.as_ref().unwrap_or(&decide.rule);
            (into.value == VERDICT).then(|| decide.rule.value.clone())
        }
        _ => None,
    })
}
