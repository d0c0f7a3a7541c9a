//! The queue of dispatch: what has waited longest and what has just come are weighed by the company's rule, and the most
//! urgent are told. So nothing is forgotten behind what came later, and what is urgent does not stand at the back.

use std::collections::BTreeMap;

use aftercare_engine::definition::field::FieldType;
use aftercare_engine::definition::messages::RoleKind;
use aftercare_engine::explain::Explainer;
use aftercare_engine::facts::Map;
use aftercare_engine::library::Library;
use aftercare_engine::statechart::{Statechart, Transition, each};
use poem_openapi::Object;

use super::super::explanations::{Condition, told};
use super::super::list::told as lines;
use super::super::steps::{FormField, Step, offered_at};
use super::super::{Summary, chart, is_outside, reach, veil};
use super::problem;
use crate::app::App;
use crate::dispatch::{self, Way};
use crate::entity::ticket;
use crate::http::access::library;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::store::read::waiting::{End, ReadTo};

/// Requests of either end of the line that are weighed against each other, and those of them that are told.
const WEIGHED: usize = 200;
const TOLD: usize = 40;
/// Tickets that are read at once, and how often at most.
const PIECE: u64 = 500;
const PIECES: usize = 20;

/// Requests that wait
#[derive(Debug, Object)]
pub struct Queue {
    pub waiting: Vec<Waiting>,
}

/// A request that waits for somebody
#[derive(Debug, Object)]
pub struct Waiting {
    pub ticket: Summary,
    /// The rule's number: the highest comes first
    pub urgency: String,
    /// The conditions behind it
    pub conditions: Vec<Condition>,
    /// Steps that put somebody in charge
    pub events: Vec<String>,
}

/// A request that waits, with the steps that put somebody in charge.
pub struct Queued {
    pub ways: Vec<Way>,
    pub told: Waiting,
}

/// The requests that nobody has and that the caller can give to somebody now, the most urgent first; of equals, the
/// oldest.
pub async fn queue(app: &App, who: &SignedIn) -> Result<Vec<Queued>, Problem> {
    // All are looked at as they are at one moment.
    let app = &App { store: app.store.as_of_now().await?, ..app.clone() };
    let mut weighed = Vec::new();
    let mut waiting = at_the(End::Oldest, app, who).await?;
    if waiting.len() == WEIGHED {
        let newest = at_the(End::Newest, app, who).await?;
        let is_new = |row: &ticket::Model| !waiting.iter().any(|other| other.code == row.code);
        let newest: Vec<ticket::Model> = newest.into_iter().filter(is_new).collect();
        waiting.extend(newest);
    }
    for row in waiting {
        let look = app.look_at(who.caller.actor(&row.branch), row, Map::new()).await?;
        let (urgency, ruling) = dispatch::urgency(&look).map_err(problem)?.unzip();
        weighed.push((urgency.unwrap_or_default(), ruling, look));
    }
    weighed.sort_by(|(one, _, this), (other, _, that)| {
        other.cmp(one).then(this.ticket.opened_at.cmp(&that.ticket.opened_at))
    });
    let (mut rows, mut beside) = (Vec::new(), Vec::new());
    for (urgency, ruling, look) in weighed {
        let ways = ways(app, &offered_at(app, who, &look).steps);
        if ways.is_empty() {
            continue;
        }
        let veil = veil(app, who, &look.chart, &look.branch.code);
        let explainer = Explainer::new(&look.chart, who.language);
        let said = |ruling| told(&explainer, &ruling, &veil, look.assembled.facts.now).conditions;
        beside.push((urgency, ruling.map(said).unwrap_or_default(), ways));
        rows.push(look.ticket);
        if rows.len() == TOLD {
            break;
        }
    }
    let tickets = lines(app, who, &rows, is_outside(&who.scope(app))).await?;
    let told = tickets.into_iter().zip(beside).map(|(ticket, (urgency, conditions, ways))| {
        let events = ways.iter().map(|way| way.event.clone()).collect();
        Queued {
            told: Waiting { ticket, urgency: urgency.normalize().to_string(), conditions, events },
            ways,
        }
    });
    Ok(told.collect())
}

/// The tickets at one end of the line of those where somebody can be put in charge.
async fn at_the(end: End, app: &App, who: &SignedIn) -> Result<Vec<ticket::Model>, Problem> {
    let (scope, library) = (reach(app, who)?, library(app));
    let (mut found, mut read_to) = (Vec::new(), None);
    let mut doors: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for _ in 0..PIECES {
        let rows = app.store.unassigned(&scope, end, read_to.as_ref(), PIECE).await?;
        let is_last = u64::try_from(rows.len()).is_ok_and(|read| read < PIECE);
        read_to = rows.last().map(|row| ReadTo { opened_at: row.opened_at, code: row.code.clone() });
        for row in rows {
            let key = (row.bundle.clone(), row.process.clone());
            if !doors.contains_key(&key) {
                doors.insert(key.clone(), doors_of(&*chart(app, &row).await?, &library));
            }
            if doors.get(&key).is_some_and(|doors| stands_before(&row, doors)) {
                found.push(row);
            }
        }
        if is_last || found.len() >= WEIGHED {
            break;
        }
    }
    found.truncate(WEIGHED);
    Ok(found)
}

/// Paths of the states in which a step puts somebody in charge.
fn doors_of(chart: &Statechart, library: &Library) -> Vec<String> {
    let asks_person = |transition: &&Transition| {
        let asked = transition.form.iter().filter_map(|entry| chart.asked(entry)?.field.as_ref());
        let mut people = asked.filter(|field| field.r#type.value == FieldType::User);
        transition.is_step()
            && people.any(|field| field.role.as_ref().is_some_and(|role| is_in_charge(library, &role.value)))
    };
    let doors = chart.transitions().iter().filter(asks_person);
    doors.map(|transition| chart.state(transition.source).path.clone()).collect()
}

/// Whether a ticket is in one of these states or in a state inside.
fn stands_before(row: &ticket::Model, doors: &[String]) -> bool {
    row.states.split_whitespace().any(|path| {
        let path = each::plain(path);
        let is_inside = |door: &str| {
            door.is_empty()
                || path.strip_prefix(door).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        doors.iter().any(|door| is_inside(door))
    })
}

/// Whether people of this role of the house are put in charge of requests.
fn is_in_charge(library: &Library, role: &str) -> bool {
    library.roles.get(role).is_some_and(|role| {
        role.in_charge && role.kind.as_ref().is_none_or(|kind| kind.value != RoleKind::Outside)
    })
}

/// The steps that can be taken now and put somebody in charge: they ask for a person of a role that is in charge.
pub fn ways(app: &App, steps: &[Step]) -> Vec<Way> {
    let library = library(app);
    let person = |field: &&FormField| {
        field.r#type == "user" && field.role.as_deref().is_some_and(|role| is_in_charge(&library, role))
    };
    let way = |step: &Step| {
        let person = step.form.iter().find(person)?;
        let moment =
            step.form.iter().find(|field| field.r#type == "datetime").map(|field| field.field.clone());
        Some(Way {
            event: step.event.clone(),
            title: step.title.clone(),
            person: person.field.clone(),
            role: person.role.clone()?,
            moment,
        })
    };
    steps.iter().filter(|step| step.possible).filter_map(way).collect()
}
