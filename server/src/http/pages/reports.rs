//! Reports over tickets: which there are, and one of them for the days and fields that were chosen.

use poem::web::Path;
use poem::{Request, Response, handler};
use poem_openapi::types::ToJSON;

use super::board::Query;
use super::preferences::Calendar;
use super::view::View;
use crate::http::api::reports::{self, Wanted, worked_out};
use crate::http::problem::Problem;

/// GET /reports
#[handler]
pub async fn all(mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    who.may(&view.app, aftercare_engine::definition::messages::Permission::ReportsRead)?;
    let reports = reports::all(&view.app, &who);
    view.put("reports", &reports.to_json());
    view.page("reports.html")
}

/// GET /reports/{name}
#[handler]
pub async fn show(request: &Request, mut view: View, Path(name): Path<String>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let query = Query::of(request);
    // Days that are given the wrong way round are meant the other way; the page shows them so.
    let (from, to) = match (view.asked_day(&query, "from"), view.asked_day(&query, "to")) {
        (Some(from), Some(to)) if from > to => (Some(to), Some(from)),
        given => given,
    };
    let wanted = Wanted { name, from, to, by: query.owned("by") };
    let report = worked_out(&view.app, &who, &wanted).await?;
    let written = |day| match view.writing.calendar {
        Calendar::Jalali => view.writing.date(day),
        Calendar::Gregorian => day.to_string(),
    };
    let (from, to) = (written(report.from), written(report.to));
    let whole = reports::all(&view.app, &who).into_iter().find(|one| one.name == report.report.name);
    view.put("fields", &whole.map(|whole| whole.by).to_json());
    view.put("by", &query.get("by"));
    view.put("from", &from);
    view.put("until", &to);
    view.put("told", &report.to_json());
    view.page("report.html")
}
