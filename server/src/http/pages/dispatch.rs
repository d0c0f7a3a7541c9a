//! Dispatch: requests that nobody has in hand, who is free when, and who suits a request best, with the reasons.
//!
//! What needs somebody is found in the definitions: a step that can be taken now and asks for a person in charge.

mod suggest;

use std::collections::BTreeMap;

use chrono::{DateTime, Timelike, Utc};
use poem::{Request, Response, handler};
use serde_json::{Value, json};

use super::board::{Query, cards, dressed, products};
use super::day::planned;
use super::people::{branches, role};
use super::view::View;
use super::{input, leads};
use crate::auth::Scope;
use crate::entity::user;
use crate::http::access::library;
use crate::http::api::lookup::VERDICT;
use crate::http::api::tickets::list::found;
use crate::http::api::tickets::show::json as stored;
use crate::http::api::tickets::steps::{FormField, offered};
use crate::http::api::tickets::{chart, find};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::store::read::search::TicketFilter;

use suggest::{Candidate, Wish};

const TEMPLATE: &str = "dispatch.html";
/// Requests looked at for the list, and jobs looked at for the day.
const LIST: u64 = 40;
const JOBS: u64 = 200;
/// First and last hour of the day's table.
const HOURS: std::ops::RangeInclusive<u32> = 7..=19;
/// Minutes that a job takes at least: two that are nearer are a conflict.
const JOB: i64 = 60;

/// GET /dispatch
#[handler]
pub async fn show(request: &Request, mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let query = Query::of(request);
    let day = query.get("day").and_then(input::day).unwrap_or_else(|| view.writing.day_of(view.writing.now));
    let people = people(&view, &who).await?;
    let jobs = jobs(&view, &who).await?;
    let waiting = waiting(&view, &who).await?;
    if let Some(code) = query.get("ticket") {
        let wish = query.get("prefer").and_then(Wish::named).unwrap_or_default();
        suggestions(&mut view, &who, code, wish, &people, &jobs).await?;
    }
    let rows: Vec<Value> =
        people.iter().map(|(person, role)| line(&view, person, role, &jobs, day)).collect();
    view.put("rows", &rows);
    view.put("hours", &HOURS.collect::<Vec<_>>());
    view.put("waiting", &waiting);
    view.put("day", &day.to_string());
    let near = |days: i64| (day + chrono::TimeDelta::days(days)).to_string();
    view.put("before", &near(-1));
    view.put("after", &near(1));
    view.put("wishes", &Wish::ALL.map(Wish::name));
    view.page(TEMPLATE)
}

/// Everybody who can be put in charge where the reader looks, with their roles' titles.
async fn people(view: &View, who: &SignedIn) -> Result<Vec<(user::Model, String)>, Problem> {
    let scope = who.scope(&view.app);
    let own: Vec<String> = branches(view)
        .await?
        .into_keys()
        .filter(|code| match &scope {
            Scope::Branches(own) => own.contains(code),
            Scope::All => true,
            _ => false,
        })
        .collect();
    let library = library(&view.app);
    let roles = library.roles.iter().filter(|(_, role)| role.in_charge).map(|(name, _)| name.value.clone());
    let mut found: BTreeMap<String, (user::Model, String)> = BTreeMap::new();
    for name in roles {
        for branch in &own {
            for person in view.app.store.users_with_role(&name, branch).await? {
                found.entry(person.name.clone()).or_insert_with(|| (person, role(view, &name)));
            }
        }
    }
    Ok(found.into_values().collect())
}

/// A job that somebody has: whose, when, what.
struct Job {
    technician: String,
    at: Option<DateTime<Utc>>,
    code: String,
    title: String,
}

/// Everything that is in somebody's hands and not done.
async fn jobs(view: &View, who: &SignedIn) -> Result<Vec<Job>, Problem> {
    let filter =
        TicketFilter { finished: Some(false), category: Some("open".into()), ..TicketFilter::default() };
    let page = found(&view.app, who, &filter, None, JOBS).await?;
    let products = products(view, who).await?;
    let mut jobs = Vec::new();
    for card in cards(view, who, page.items, &products) {
        let Some(technician) = card["technician"].as_str().map(str::to_owned) else { continue };
        let code = card["code"].as_str().unwrap_or_default().to_owned();
        let row = find(&view.app, who, &code).await?;
        let at = planned(&*chart(&view.app, &row).await?, &stored(&row.fields));
        let title =
            card["product_name"].as_str().or(card["process_title"].as_str()).unwrap_or_default().to_owned();
        jobs.push(Job { technician, at: at.and_then(|at| at.parse().ok()), code, title });
    }
    Ok(jobs)
}

/// One person's day: an entry for every hour, and whether two jobs are too near to each other.
fn line(view: &View, person: &user::Model, role: &str, jobs: &[Job], day: chrono::NaiveDate) -> Value {
    let own: Vec<&Job> = jobs.iter().filter(|job| job.technician == person.name).collect();
    let local = |job: &Job| job.at.map(|at| at.with_timezone(&view.writing.zone));
    let is_near = |one: &Job| {
        own.iter().any(|other| {
            other.code != one.code
                && one.at.zip(other.at).is_some_and(|(one, other)| (one - other).num_minutes().abs() < JOB)
        })
    };
    let hour = |hour: u32| {
        let here =
            own.iter().filter(|job| local(job).is_some_and(|at| at.date_naive() == day && at.hour() == hour));
        let shown = here.map(|job| {
            json!({"code": job.code, "title": job.title, "at": job.at.map(|at| at.to_rfc3339()), "conflict": is_near(job)})
        });
        json!({"hour": hour, "jobs": shown.collect::<Vec<_>>()})
    };
    json!({
        "name": person.name, "full_name": person.full_name, "role": role, "open": own.len(),
        "hours": HOURS.map(hour).collect::<Vec<_>>(),
    })
}

/// The step by which a request gets somebody in charge: its name, the person's field and a moment's.
struct Assignment {
    event: String,
    person: String,
    moment: Option<String>,
}

async fn assignment(view: &View, who: &SignedIn, code: &str) -> Result<Option<Assignment>, Problem> {
    let row = find(&view.app, who, code).await?;
    let chart = chart(&view.app, &row).await?;
    let mut offered = offered(&view.app, who, &row).await?;
    leads::sort(&mut offered.steps, &chart, &row);
    let library = library(&view.app);
    let is_person = |field: &&FormField| {
        let role = field.role.as_deref().and_then(|role| library.roles.get(role));
        field.r#type == "user" && role.is_some_and(|role| role.in_charge)
    };
    let found = offered.steps.iter().filter(|step| step.possible).find_map(|step| {
        let person = step.form.iter().find(is_person)?.field.clone();
        let moment =
            step.form.iter().find(|field| field.r#type == "datetime").map(|field| field.field.clone());
        Some(Assignment { event: step.event.clone(), person, moment })
    });
    Ok(found)
}

/// Requests that nobody has and that the reader can give to somebody now.
async fn waiting(view: &View, who: &SignedIn) -> Result<Vec<Value>, Problem> {
    let filter = TicketFilter {
        unassigned: true,
        finished: Some(false),
        category: Some("open".into()),
        ..TicketFilter::default()
    };
    let page = found(&view.app, who, &filter, None, LIST).await?;
    let products = products(view, who).await?;
    let mut cards = cards(view, who, page.items, &products);
    dressed(view, &mut cards).await?;
    let mut shown = Vec::new();
    for mut card in cards {
        let code = card["code"].as_str().unwrap_or_default().to_owned();
        let Some(step) = assignment(view, who, &code).await? else { continue };
        card["step"] = json!({"event": step.event, "person": step.person, "moment": step.moment});
        shown.push(card);
    }
    // The oldest first: it has waited longest.
    shown.reverse();
    Ok(shown)
}

/// Who suits a request, best first.
async fn suggestions(
    view: &mut View,
    who: &SignedIn,
    code: &str,
    wish: Wish,
    people: &[(user::Model, String)],
    jobs: &[Job],
) -> Result<(), Problem> {
    let row = find(&view.app, who, code).await?;
    let experience = view.app.store.experience(row.product_category.as_deref().unwrap_or_default()).await?;
    let is_covered = stored(&row.decided)[VERDICT]["outcome"] == "in";
    let count = |name: &str, is_model: bool| {
        let own = experience
            .iter()
            .filter(|(person, product, _)| person == name && (!is_model || *product == row.product));
        own.map(|(.., count)| *count).sum()
    };
    let candidates = people.iter().map(|(person, _)| Candidate {
        name: person.name.clone(),
        full_name: person.full_name.clone(),
        is_internal: person.kind.as_deref() == Some("internal"),
        of_model: count(&person.name, true),
        of_category: count(&person.name, false),
        open: jobs.iter().filter(|job| job.technician == person.name).count().try_into().unwrap_or(i64::MAX),
    });
    let ranked = suggest::ranked(candidates.collect(), is_covered, wish);
    let step = assignment(view, who, code).await?;
    let shown: Vec<Value> = ranked.iter().map(|one| one.told(&view.writing)).collect();
    view.put("asked", &code);
    view.put("wish", &wish.name());
    view.put("suggestions", &shown);
    view.put("step", &step.map(|step| json!({"event": step.event, "person": step.person})));
    Ok(())
}
