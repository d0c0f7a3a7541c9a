//! What goes with a device that has come in: the label that is stuck on it, 62 mm wide, and the slip that its owner
//! takes home, both with the request's code to scan and to read.

use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::json;

use super::goods;
use super::people::branches;
use super::ticket::facts;
use super::view::View;
use crate::http::api::lookup::known;
use crate::http::api::tickets::show::present;
use crate::http::api::tickets::{chart, find};
use crate::http::hidden;
use crate::http::problem::{Kind, Problem};

const TEMPLATE: &str = "label.html";

/// GET /tickets/{code}/label
#[handler]
pub async fn show(mut view: View, Path(code): Path<String>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let row = find(&view.app, &who, &code).await?;
    let mut whole = present(&view.app, &who, &row).await?.to_json().unwrap_or_default();
    hidden::strip(&mut whole, &who.hidden(&view.app));
    goods::name_one(&view, &mut whole["ticket"]).await?;
    view.put("ticket", &whole["ticket"]);
    let chart = chart(&view.app, &row).await?;
    // What was asked when it was opened is what its owner has said.
    let fields = chart.form.iter().filter_map(|entry| chart.fields.get(usize::from(entry.field)));
    let asked: Vec<&str> = fields.map(|field| &*field.name).collect();
    let mut said = whole["fields"].clone();
    if let Some(fields) = said.as_object_mut() {
        fields.retain(|name, _| asked.contains(&name.as_str()));
    }
    view.put("said", &facts::fields(&view, &chart, &said).await?);
    if let Some(serial) = row.device.as_deref() {
        match known(&view.app, &who, serial, None).await {
            Ok(device) => {
                let mut about = device.json();
                goods::name_one(&view, &mut about).await?;
                view.put("about", &about);
            }
            Err(problem) if matches!(problem.kind, Kind::NotFound | Kind::Forbidden) => {}
            Err(problem) => return Err(problem),
        }
    }
    let branch = branches(&view).await?.remove(&row.branch);
    view.put("branch_name", &branch.unwrap_or(row.branch.clone()));
    let public = view.app.config.home();
    view.put(
        "links",
        &json!({
            "ticket": format!("{public}/tickets/{}", row.code),
            "customer": format!("{public}/track/{}", row.code),
        }),
    );
    view.page(TEMPLATE)
}
