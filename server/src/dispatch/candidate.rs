//! What is known about those who could be sent, by the names of the engine's `shape::CANDIDATE`.

use std::sync::Arc;

use aftercare_engine::company::Dispatch;
use aftercare_engine::facts::shape::{self, Kind};
use aftercare_engine::facts::{Map, Value};
use aftercare_engine::ledger::amount;
use aftercare_engine::text;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::Way;
use super::plan::{self, Job};
use crate::app::App;
use crate::entity::{skill, user};
use crate::step::look::Look;
use crate::store::StoreError;

const HOUR_MS: i64 = 3_600_000;

/// Somebody with what is known.
pub struct Candidate {
    pub person: Arc<user::Model>,
    pub way: Way,
    pub free_at: DateTime<Utc>,
    pub facts: Value,
}

/// What is the same for everybody who could be sent to one request.
struct Request<'a> {
    look: &'a Look,
    policy: &'a Dispatch,
    /// Requests brought to an end, by person and model.
    experience: Vec<(String, Option<String>, i64)>,
    skills: Vec<skill::Model>,
    /// When somebody should come, or nobody has said so: from now on.
    wanted: Option<DateTime<Utc>>,
}

/// Everybody whom one of the steps can put in charge, each once.
pub async fn all(
    app: &App,
    look: &Look,
    policy: &Dispatch,
    ways: &[Way],
    wanted: Option<DateTime<Utc>>,
) -> Result<Vec<Candidate>, StoreError> {
    let category = look.ticket.product_category.as_deref().unwrap_or_default();
    let request = Request {
        look,
        policy,
        experience: app.store.experience(category).await?,
        skills: app.store.skills_for(category).await?,
        wanted: wanted.filter(|at| *at > look.assembled.facts.now),
    };
    let mut found: Vec<Candidate> = Vec::new();
    for way in ways {
        for person in app.store.users_with_role(&way.role, &look.branch.code).await? {
            if found.iter().all(|one| one.person.name != person.name) {
                let jobs = plan::jobs(app, &person.name).await?;
                found.push(request.candidate(Arc::new(person), way, &jobs));
            }
        }
    }
    Ok(found)
}

impl Request<'_> {
    fn candidate(&self, person: Arc<user::Model>, way: &Way, jobs: &[Job]) -> Candidate {
        let facts = &self.look.assembled.facts;
        let (calendar, job) = (&facts.calendar, &self.policy.job);
        let from = self.wanted.unwrap_or(facts.now);
        let begins: Vec<DateTime<Utc>> = jobs.iter().filter_map(|one| one.at).collect();
        let free_at = plan::free_at(calendar, job, &begins, from);
        let conflict = self
            .wanted
            .is_some_and(|at| begins.iter().any(|other| plan::is_conflict(calendar, job, at, *other)));
        // Without a wish it is the day on which he can begin.
        let that_day = self.wanted.unwrap_or(free_at);
        let day = self.look.version.day(that_day);
        let planned = begins.iter().filter(|at| self.look.version.day(**at) == day).count();
        let (level, lapsed_on) = self.skill(&person.name);
        let known: [(&str, Value); 14] = [
            ("name", Value::text(person.name.as_str())),
            ("role", Value::text(way.role.as_str())),
            ("kind", person.kind.as_deref().into()),
            ("level", level.into()),
            ("lapsed_on", lapsed_on.into()),
            ("of_model", self.finished(&person.name, true).into()),
            ("of_category", self.finished(&person.name, false).into()),
            ("open", count(jobs.len()).into()),
            ("planned", count(planned).into()),
            ("free_hours", Value::Decimal(self.free_hours(that_day, planned))),
            ("conflict", conflict.into()),
            ("free_at", Value::Time(free_at)),
            ("wait_hours", (free_at - from).num_hours().into()),
            ("near", self.is_near(&person).map_or(Value::Null, Value::Bool)),
        ];
        let cost = person.hourly_cost.map(|cost| amount::decimal(cost, &self.look.version.currency()));
        let mut map: Map = known.into_iter().map(|(name, value)| (name.into(), value)).collect();
        map.insert("hourly_cost".into(), cost.map_or(Value::Null, Value::Decimal));
        let facts = Kind::Map(shape::CANDIDATE).decode(Value::Map(map));
        Candidate { person, way: way.clone(), free_at, facts }
    }

    /// The highest level that holds today; without one, the day on which the last certificate lapsed.
    fn skill(&self, person: &str) -> (i64, Option<chrono::NaiveDate>) {
        let today = self.look.version.day(self.look.assembled.facts.now);
        let is_meant = |skill: &&skill::Model| {
            let model = self.look.ticket.product.as_deref();
            skill.technician == person && skill.product.as_deref().is_none_or(|code| Some(code) == model)
        };
        let own: Vec<&skill::Model> = self.skills.iter().filter(is_meant).collect();
        let holds = own.iter().filter(|skill| skill.certified_to.is_none_or(|end| end >= today));
        match holds.map(|skill| skill.level).max() {
            Some(level) => (level, None),
            None => (0, own.iter().filter_map(|skill| skill.certified_to).max()),
        }
    }

    fn finished(&self, person: &str, is_model: bool) -> i64 {
        let own = self
            .experience
            .iter()
            .filter(|(name, model, _)| name == person && (!is_model || *model == self.look.ticket.product));
        own.map(|(.., count)| *count).sum()
    }

    /// Working hours that are left of the day after what is planned on it.
    fn free_hours(&self, from: DateTime<Utc>, planned: usize) -> Decimal {
        let calendar = &self.look.assembled.facts.calendar;
        let zone = self.look.version.library().zone();
        let midnight = (from.with_timezone(&zone).date_naive() + TimeDelta::days(1)).and_time(NaiveTime::MIN);
        let end = midnight.and_local_timezone(zone).single().map_or(from, |end| end.to_utc());
        let job = (calendar.add(from, &self.policy.job) - from).num_milliseconds();
        let free = calendar.worked_between(from, end) - job.saturating_mul(count(planned));
        (Decimal::from(free.max(0)) / Decimal::from(HOUR_MS)).round_dp(1)
    }

    /// Whether the customer lives where the person works; none: one of the two is not known.
    fn is_near(&self, person: &user::Model) -> Option<bool> {
        let world = &self.look.assembled.facts.world;
        let customer = world.get("customer")?;
        let lives =
            ["city", "province"].map(|key| customer.get(key).and_then(Value::as_text).unwrap_or_default());
        let works = person.territories.as_deref().filter(|text| !text.trim().is_empty())?;
        let is_known = lives.iter().any(|place| !place.is_empty());
        is_known.then(|| lives.iter().any(|place| text::names(works).any(|name| text::same(name, place))))
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
