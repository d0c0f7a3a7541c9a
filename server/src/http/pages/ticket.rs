//! One ticket: where it stands, what can be done, who and what it is about, what it costs, how it came here and why.

pub mod facts;
pub mod files;
mod map;
pub mod step;
mod story;
pub mod talk;
pub mod tell;
mod timeline;

use aftercare_engine::definition::messages::{Permission, Role};
use aftercare_engine::explain::Explainer;
use aftercare_engine::facts::words;
use aftercare_engine::statechart::Statechart;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Request, Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::board::Query;
use super::form::PageForm;
use super::goods;
use super::leads;
use super::people::{self, Names};
use super::tasks::told as told_task;
use super::view::View;
use super::{choices, input, letters, pictures, print};
use crate::app::App;
use crate::auth::policy;
use crate::entity::ticket;
use crate::http::api::lookup::{Found, known};
use crate::http::api::tickets::charges::charges_of;
use crate::http::api::tickets::explanations::explanations_of;
use crate::http::api::tickets::messages::messages_of;
use crate::http::api::tickets::show::present;
use crate::http::api::tickets::steps::offered;
use crate::http::api::tickets::{chart, find, is_outside};
use crate::http::hidden;
use crate::http::problem::{Kind, Problem};
use crate::http::request_id;
use crate::http::shown::Shown;
use crate::http::signed_in::SignedIn;
use crate::store::task::{TaskFilter, Whose};

pub use step::submit;

const TEMPLATE: &str = "ticket.html";
/// Most tasks that are shown.
const MOST_TASKS: u64 = 50;

/// GET /tickets/{code}
#[handler]
pub async fn show(request: &Request, mut view: View, Path(code): Path<String>) -> Result<Response, Problem> {
    let query = Query::of(request);
    view.put("open_step", &query.get("step"));
    view.put("shown", &query.get("show").filter(|group| timeline::GROUPS.contains(group)));
    let who = view.signed_in()?;
    let row = find(&view.app, &who, &code).await?;
    // An address can bring what is typed already, such as whom somebody has chosen elsewhere.
    let typed = query.0.iter().filter(|(name, _)| name.starts_with("f:"));
    let typed = PageForm(typed.map(|(name, value)| (name.clone(), value.clone())).collect());
    let begun = query.get("step").map(|event| Begun { event: event.to_owned(), typed });
    whole(view, &who, &row, None, begun).await
}

/// A form that is to be open, with what is typed in it already.
struct Begun {
    event: String,
    typed: PageForm,
}

/// A step that was not taken: which, what was typed into its form, and why.
pub struct Refusal {
    pub event: String,
    pub typed: PageForm,
    pub problem: Problem,
}

/// The page of a ticket as it stands now. What was typed into a form that was refused is in it again.
pub async fn page(
    view: View,
    who: &SignedIn,
    row: &ticket::Model,
    refusal: Option<Refusal>,
) -> Result<Response, Problem> {
    whole(view, who, row, refusal, None).await
}

async fn whole(
    mut view: View,
    who: &SignedIn,
    row: &ticket::Model,
    refusal: Option<Refusal>,
    begun: Option<Begun>,
) -> Result<Response, Problem> {
    let app = view.app.clone();
    let chart = chart(&app, row).await?;
    let outside = is_outside(&who.scope(&app));
    let hidden = who.hidden_in(&app, &row.branch);

    let ticket = present(&app, who, row).await?;
    view.put("title", &row.code);
    let mut whole = ticket.to_json().unwrap_or_default();
    hidden::strip(&mut whole, &hidden);
    view.put("fields", &facts::fields(&view, &chart, &whole["fields"]).await?);
    goods::name_one(&view, &mut whole["ticket"]).await?;
    view.put("ticket", &whole["ticket"]);
    view.put("product_name", &whole["ticket"]["product_name"]);
    let mut names = Names::default();
    in_charge(&mut view, row, &mut names).await?;
    let mut charges = charges_of(&app, who, row).await?.json();
    goods::name_lines(&view, &mut charges).await?;
    view.put("by_cost", &is_by_cost(&charges["charges"]["lines"]));
    view.put("charges", &charges);
    view.put("file_kinds", &words::FILE_KINDS);
    view.put("files", &files::of(&view, who, row, &mut names).await?);
    let messages = messages_of(&app, who, row).await?;
    view.put("outside", &outside);
    view.put("reads_books", &(!outside && who.may(&app, Permission::VouchersRead).is_ok()));
    view.put("papers", &print::listed(&view, who, row, print::Reader::Staff).await?);
    if !outside {
        let told = explanations_of(&app, who, row).await?;
        view.put("verdict", &facts::latest(&told));
        view.put("told", &told.to_json());
        let story = story::of(&view, who, row, &chart).await?;
        view.put("map", &map::of(&chart, row, &story, who.language));
        let timeline = timeline::of(&view, who, row, &story, &messages, &mut names).await?;
        view.put("talk", &timeline.talk);
        view.put("timeline", &timeline.rest);
        tasks(&mut view, who, row, &mut names).await?;
        view.put("letters", &letters::of(&view, who, row).await?);
        tell::offer(&mut view, who, row).await?;
        view.put("links", &whole["links"]);
        if let Some(about) = looked_up(&app, who, row).await? {
            let mut about = about.json();
            goods::name_one(&view, &mut about).await?;
            view.put("about", &about);
        }
    }
    steps(&mut view, who, row, &chart, refusal.as_ref(), begun.as_ref()).await?;
    view.put("once", &request_id::new());
    let status = refusal.map_or(StatusCode::OK, |refusal| refusal.problem.kind.status());
    view.page_with(TEMPLATE, status)
}

/// Who has the ticket in hand, and where: by the names that people know.
async fn in_charge(view: &mut View, row: &ticket::Model, names: &mut Names) -> Result<(), Problem> {
    let branches = people::branches(view).await?;
    view.put("branch_name", branches.get(&row.branch).unwrap_or(&row.branch));
    if let Some(name) = &row.technician {
        let full = names.of(view, name).await?;
        view.put("technician", &full);
    }
    for (key, code) in [("agency", &row.agency), ("partner", &row.partner)] {
        if let Some(code) = code {
            let name = people::agency(view, code).await?;
            view.put(key, &name);
        }
    }
    Ok(())
}

/// Whether nothing of it has a price: goods that come in or are counted are told by what they cost.
fn is_by_cost(lines: &Value) -> bool {
    let is_zero = |line: &Value, key: &str| {
        line[key].as_str().is_none_or(|text| text.trim_matches(['0', '.']).is_empty())
    };
    let lines = lines.as_array().map(Vec::as_slice).unwrap_or_default();
    lines.iter().all(|line| is_zero(line, "unit_price")) && lines.iter().any(|line| !is_zero(line, "cost"))
}

/// What is to be done around the ticket, by whom, and to whom more can be given.
async fn tasks(
    view: &mut View,
    who: &SignedIn,
    row: &ticket::Model,
    names: &mut Names,
) -> Result<(), Problem> {
    let filter = TaskFilter { ticket: Some(row.code.clone()), ..TaskFilter::default() };
    let mut shown = Vec::new();
    for task in view.app.store.tasks(Whose::All(&who.scope(&view.app)), &filter, 0, MOST_TASKS).await? {
        shown.push(told_task(view, who, task, names).await?);
    }
    view.put("tasks", &shown);
    let (colleagues, roles) = (people::colleagues(view, &row.branch).await?, people::roles(view));
    view.put("colleagues", &colleagues);
    view.put("roles", &roles);
    Ok(())
}

/// What is known about the device, for those who may look it up.
async fn looked_up(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Option<Shown<Found>>, Problem> {
    let Some(serial) = row.device.as_deref() else { return Ok(None) };
    match known(app, who, serial, None).await {
        Ok(about) => Ok(Some(about)),
        Err(problem) if matches!(problem.kind, Kind::Forbidden | Kind::NotFound) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// The steps with their forms: those that can be taken now, and the others with the reasons.
async fn steps(
    view: &mut View,
    who: &SignedIn,
    row: &ticket::Model,
    chart: &Statechart,
    refusal: Option<&Refusal>,
    begun: Option<&Begun>,
) -> Result<(), Problem> {
    let explainer = Explainer::new(chart, who.language);
    let mut offered = offered(&view.app, who, row).await?;
    leads::sort(&mut offered.steps, chart, row);
    let open = offered.steps.iter().filter(|step| step.possible).flat_map(|step| &step.form);
    choices::offer(view, who, &row.branch, open).await?;
    let (nothing, none) = (PageForm::default(), std::collections::BTreeMap::new());
    let wrong = refusal.map(|refusal| step::wrong(&refusal.problem, who.language));
    let shown = offered.steps.iter().map(|step| {
        let refused = refusal.filter(|refusal| refusal.event == step.event);
        let begun = begun.filter(|begun| begun.event == step.event).map(|begun| &begun.typed);
        let typed = refused.map(|refusal| &refusal.typed).or(begun).unwrap_or(&nothing);
        let wrong = wrong.as_ref().filter(|_| refused.is_some());
        let mut json = step.to_json().unwrap_or_default();
        json["inputs"] =
            input::shown(&step.form, typed, wrong.map_or(&none, |wrong| &wrong.fields), &view.writing).into();
        json["refused"] = json!(refused.is_some());
        json["photos"] = json!(pictures::has_photo(&step.form));
        json["mine"] = json!(step.reasons.iter().all(|why| !is_about_whom(&why.code)));
        json
    });
    let shown: Vec<_> = shown.collect();
    view.put("steps", &shown);
    let turn = whose_turn(view, chart, row, &explainer).await?;
    view.put("turn", &turn);
    view.put("revision", &offered.revision);
    if let Some((refusal, wrong)) = refusal.zip(wrong.as_ref()) {
        view.put(
            "refusal",
            &json!({
                "event": refusal.event,
                // What was said or sent in beside steps is typed again nowhere else.
                "text": refusal.typed.get("text"),
                // A form beside the steps has nothing beside its fields.
                "texts": if refusal.event.is_empty() { wrong.all() } else { wrong.texts.clone() },
                "stale": refusal.problem.kind == Kind::Conflict,
                // Whatever the form had that the step no longer asks for is not lost either.
                "left": step::left_over(refusal, &offered.steps, &explainer),
            }),
        );
    }
    Ok(())
}

/// Whom the ticket waits for, as the first of its states that names somebody says: who is in
/// charge, or the company that has it, where it waits for such a role.
async fn whose_turn(
    view: &View,
    chart: &Statechart,
    row: &ticket::Model,
    explainer: &Explainer<'_>,
) -> Result<String, Problem> {
    let mut active: Vec<_> = row.states.split(' ').filter_map(|path| chart.state_at(path)).collect();
    active.sort_unstable();
    let owners = active.into_iter().map(|id| chart.owner(id)).find(|owner| !owner.is_empty());
    let owners = owners.unwrap_or_default();
    let waits_for =
        |is: fn(&Role) -> bool| owners.iter().filter_map(|role| chart.library.roles.get(role)).any(is);
    if waits_for(|role| role.in_charge)
        && let Some(name) = choices::person(view, row.technician.as_deref()).await?
    {
        return Ok(name);
    }
    if waits_for(|role| policy::is_outside(role) && !role.portal)
        && let Some(code) = &row.agency
    {
        return people::agency(view, code).await;
    }
    Ok(owners.iter().map(|role| explainer.role(role)).collect::<Vec<_>>().join(" · "))
}

/// Codes of the engine for steps that are somebody else's.
fn is_about_whom(code: &str) -> bool {
    matches!(code, "not_allowed" | "not_in_charge")
}
