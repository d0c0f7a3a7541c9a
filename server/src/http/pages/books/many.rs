//! Many drafts reviewed at once: each is ticked, each is reviewed on its own as if alone, and each says what came of it.

use poem::{Response, handler};
use poem_openapi::param::Path as Parameter;
use serde_json::{Value, json};

use super::{key, page_done};
use crate::http::api::vouchers::review::Review;
use crate::http::pages::board::Query;
use crate::http::pages::form::PageForm;
use crate::http::pages::ticket::step::wrong;
use crate::http::pages::view::{View, to};
use crate::http::problem::{Kind, Problem};

/// Most vouchers of one form: as many as a page shows.
const MOST: usize = 50;

/// POST /vouchers/review
#[handler]
pub async fn review(view: View, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let mut chosen: Vec<i64> = Vec::new();
    let ticked = form.0.iter().filter(|(name, _)| name == "reference");
    for reference in ticked.filter_map(|(_, text)| text.parse().ok()).take(MOST) {
        if !chosen.contains(&reference) {
            chosen.push(reference);
        }
    }
    if chosen.is_empty() {
        return Ok(to(&form.back()));
    }
    let mut done: Vec<Value> = Vec::new();
    for reference in chosen {
        // Sent twice, each is still reviewed once.
        let once = form.get("once").map(|once| PageForm(vec![("once".into(), format!("{once}{reference}"))]));
        let key = key(&once.unwrap_or_default(), format!("POST /vouchers/{reference}/review"));
        done.push(match Review(view.app.clone()).review(who.clone(), Parameter(reference), key).await {
            Ok(answer) => {
                let voucher = answer.json();
                let number = voucher["number"].as_str().map(str::to_owned);
                json!({"reference": reference, "number": number, "text": voucher["text"], "taken": true})
            }
            Err(problem) if problem.kind == Kind::Internal => return Err(problem),
            Err(problem) => {
                let texts = wrong(&problem, view.writing.language).texts;
                json!({"reference": reference, "taken": false, "texts": texts})
            }
        });
    }
    let query = Query::written(form.back().split_once('?').map_or("", |(_, query)| query));
    page_done(view, &who, &query, &done).await
}
