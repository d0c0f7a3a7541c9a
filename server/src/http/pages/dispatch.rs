//! Dispatch: requests that nobody has in hand, the most urgent first, who is free when, and who suits a request best,
//! with the reasons. What it shows is what the API tells.

use std::collections::{BTreeMap, BTreeSet};

use aftercare_engine::definition::field::FieldType;
use aftercare_engine::facts::Map;
use aftercare_engine::statechart::Statechart;
use chrono::{DateTime, Timelike, Utc};
use poem::{Request, Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::board::{Query, cards, dressed, products};
use super::people::{branches, role};
use super::view::View;
use crate::auth::Scope;
use crate::dispatch::plan::{self, is_conflict};
use crate::entity::{ticket, user};
use crate::http::access::library;
use crate::http::api::tickets::dispatch::queue::queue;
use crate::http::api::tickets::dispatch::{Suggestable, Wanted, suggested};
use crate::http::api::tickets::list::told;
use crate::http::api::tickets::show::json as stored;
use crate::http::api::tickets::{chart, find, is_outside, reach};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::store::read::search::is_within;

const TEMPLATE: &str = "dispatch.html";
/// First and last hour of the day's table.
const HOURS: std::ops::RangeInclusive<u32> = 7..=19;

/// GET /dispatch
#[handler]
pub async fn show(request: &Request, mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let query = Query::of(request);
    let day = view.asked_day(&query, "day").unwrap_or_else(|| view.writing.day_of(view.writing.now));
    let people = people(&view, &who).await?;
    let jobs = jobs(&view, &who, &people).await?;
    let waiting = waiting(&view, &who).await?;
    let mut missing = BTreeMap::new();
    if let Some(code) = query.get("ticket") {
        missing = suggestions(&mut view, &who, code, &query, day).await?;
    }
    let rows: Vec<Value> = people
        .iter()
        .map(|(person, role)| {
            let own = jobs.get(&person.name).map(Vec::as_slice).unwrap_or_default();
            let mut row = line(&view, person, role, own, day);
            row["missing"] = json!(missing.get(&person.name));
            row
        })
        .collect();
    view.put("rows", &rows);
    view.put("hours", &HOURS.collect::<Vec<_>>());
    view.put("waiting", &waiting);
    view.put("day", &day.to_string());
    let near = |days: i64| (day + chrono::TimeDelta::days(days)).to_string();
    view.put("before", &near(-1));
    view.put("after", &near(1));
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

/// What somebody has in hand: when, and the ticket as the reader may see it.
struct Job {
    at: Option<DateTime<Utc>>,
    shown: Option<(String, String)>,
}

/// Everything that these people have in hand, by their names.
async fn jobs(
    view: &View,
    who: &SignedIn,
    people: &[(user::Model, String)],
) -> Result<BTreeMap<String, Vec<Job>>, Problem> {
    let (scope, products) = (reach(&view.app, who)?, products(view, who).await?);
    let mut all = BTreeMap::new();
    for (person, _) in people {
        let held = plan::jobs(&view.app, &person.name).await?;
        let own: Vec<ticket::Model> =
            held.iter().filter(|job| is_within(&job.row, &scope)).map(|job| job.row.clone()).collect();
        let cards = cards(view, who, told(&view.app, who, &own, is_outside(&scope)).await?, &products);
        let titled = own.into_iter().zip(cards).map(|(row, card)| {
            let title = card["product_name"].as_str().or(card["process_title"].as_str()).unwrap_or_default();
            (row.code, title.to_owned())
        });
        let titles: BTreeMap<String, String> = titled.collect();
        let jobs = held.into_iter().map(|job| Job {
            at: job.at,
            shown: titles.get_key_value(&job.row.code).map(|(code, title)| (code.clone(), title.clone())),
        });
        all.insert(person.name.clone(), jobs.collect());
    }
    Ok(all)
}

/// One person's day: an entry for every hour, and whether two jobs are too near to each other.
fn line(view: &View, person: &user::Model, role: &str, jobs: &[Job], day: chrono::NaiveDate) -> Value {
    let local = |job: &Job| job.at.map(|at| at.with_timezone(&view.writing.zone));
    let version = view.app.catalog.current();
    let length =
        version.company().and_then(|company| company.dispatch.as_ref()).map(|dispatch| &dispatch.job);
    let calendar = version.calendar(None);
    let is_near = |one: &Job| {
        jobs.iter().filter(|other| !std::ptr::eq(*other, one)).any(|other| {
            let both = one.at.zip(other.at).zip(length);
            both.is_some_and(|((one, other), length)| is_conflict(&calendar, length, one, other))
        })
    };
    let hour = |hour: u32| {
        let here = jobs
            .iter()
            .filter(|job| local(job).is_some_and(|at| at.date_naive() == day && at.hour() == hour));
        let shown = here.map(|job| {
            let (code, title) = job.shown.as_ref().map(|(code, title)| (code, title)).unzip();
            json!({"code": code, "title": title, "at": job.at.map(|at| at.to_rfc3339()), "conflict": is_near(job)})
        });
        json!({"hour": hour, "jobs": shown.collect::<Vec<_>>()})
    };
    json!({
        "name": person.name, "full_name": person.full_name, "role": role, "open": jobs.len(),
        "hours": HOURS.map(hour).collect::<Vec<_>>(),
    })
}

/// Requests that nobody has and that the reader can give to somebody now.
async fn waiting(view: &View, who: &SignedIn) -> Result<Vec<Value>, Problem> {
    let queue = queue(&view.app, who).await?;
    let products = products(view, who).await?;
    let (mut tickets, mut beside) = (Vec::new(), Vec::new());
    for one in queue {
        let step = one.ways.first();
        beside.push((
            json!(step.map(|way| json!({"event": way.event, "person": way.person, "moment": way.moment}))),
            one.told.conditions.to_json().unwrap_or_default(),
        ));
        tickets.push(one.told.ticket);
    }
    let mut cards = cards(view, who, tickets, &products);
    dressed(view, &mut cards).await?;
    for (card, (step, why)) in cards.iter_mut().zip(beside) {
        card["step"] = step;
        card["why"] = why;
    }
    Ok(cards)
}

/// Who suits a request, best first. What each lacks comes back, by name.
async fn suggestions(
    view: &mut View,
    who: &SignedIn,
    code: &str,
    query: &Query,
    day: chrono::NaiveDate,
) -> Result<BTreeMap<String, Vec<String>>, Problem> {
    let row = find(&view.app, who, code).await?;
    let chart = chart(&view.app, &row).await?;
    let look = view.app.look_at(who.caller.actor(&row.branch), row.clone(), Map::new()).await?;
    let rule = crate::dispatch::policy(&look).map(|policy| policy.suits.value.clone());
    let wishes = wishes(&chart, rule.as_deref(), query, &stored(&row.fields));
    let data =
        wishes.iter().filter_map(|wish| Some((wish.field.clone(), json!(wish.chosen.clone()?)))).collect();
    let told = suggested(&view.app, who, &row, &Wanted::with(data)).await?;
    let address = |wish: &Wish, value: &str| {
        let mut parts = form_urlencoded::Serializer::new(String::new());
        parts.append_pair("day", &day.to_string()).append_pair("ticket", code);
        for other in &wishes {
            let chosen = if other.field == wish.field { Some(value) } else { other.chosen.as_deref() };
            chosen.map(|value| parts.append_pair(&format!("f:{}", other.field), value));
        }
        format!("/dispatch?{}#suggestions", parts.finish())
    };
    let language = view.writing.language;
    let shown = |wish: &Wish| {
        let options = wish.options.iter().map(|(value, text)| {
            json!({"title": text.best(language), "on": wish.chosen.as_deref() == Some(value.as_str()),
                   "href": address(wish, value)})
        });
        json!({"title": wish.title.as_ref().map(|text| text.best(language)), "options": options.collect::<Vec<_>>()})
    };
    let shown: Vec<Value> = wishes.iter().map(shown).collect();
    let people: Vec<Value> = told.suggestions.iter().map(|one| with_link(view, code, one)).collect();
    let missing = told
        .suggestions
        .into_iter()
        .map(|one| (one.technician, one.missing.into_iter().map(|condition| condition.text).collect()));
    let missing = missing.collect();
    view.put("asked", &code);
    view.put("wishes", &shown);
    view.put("suggestions", &people);
    Ok(missing)
}

/// A choice of the ticket on which the rule goes, and what it is or might be.
struct Wish {
    field: String,
    title: Option<aftercare_engine::definition::Translated>,
    options: Vec<(String, aftercare_engine::definition::Translated)>,
    chosen: Option<String>,
}

/// The choices for which the rule asks: they can be tried out.
fn wishes(chart: &Statechart, rule: Option<&str>, query: &Query, fields: &Value) -> Vec<Wish> {
    let rules = &chart.library.rules;
    let asked: BTreeSet<&str> =
        rule.and_then(|rule| rules.parameters(rule)).map(Iterator::collect).unwrap_or_default();
    let wish = |field: &aftercare_engine::statechart::ChartField| {
        let written = field.field.as_ref().filter(|written| written.r#type.value == FieldType::Choice)?;
        let tried = query.owned(&format!("f:{}", field.name));
        let options =
            written.options.iter().map(|(value, text)| (value.value.clone(), text.clone())).collect();
        Some(Wish {
            field: field.name.to_string(),
            title: written.title.clone(),
            options,
            chosen: tried.or_else(|| fields.get(&*field.name)?.as_str().map(str::to_owned)),
        })
    };
    chart.fields.iter().filter(|field| asked.contains(&*field.name)).filter_map(wish).collect()
}

/// A suggestion with the address of its step's form, filled in.
fn with_link(view: &View, code: &str, one: &Suggestable) -> Value {
    let mut parts = form_urlencoded::Serializer::new(String::new());
    parts.append_pair("step", &one.event);
    parts.append_pair(&format!("f:{}", one.person_field), &one.technician);
    if let Some(moment) = &one.moment_field {
        let local = one.free_at.with_timezone(&view.writing.zone);
        parts.append_pair(&format!("f:{moment}:date"), &local.format("%F").to_string());
        parts.append_pair(&format!("f:{moment}:time"), &local.format("%H:%M").to_string());
    }
    let mut json = one.to_json().unwrap_or_default();
    json["href"] = json!(format!("/tickets/{code}?{}#step-{}", parts.finish(), one.event));
    json["role_title"] = json!(role(view, &one.role));
    json
}
