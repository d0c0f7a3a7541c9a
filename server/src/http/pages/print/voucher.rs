//! A voucher as an accountant expects it: accounts by level, debit and credit, totals, the amount in words, and the
//! four who answer for it.

use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use aftercare_engine::definition::messages::Permission;

use crate::facts::in_language;
use crate::http::access::library;
use crate::http::api::vouchers::show::find;
use crate::http::pages::choices::person;
use crate::http::pages::view::View;
use crate::http::portal::company;
use crate::http::problem::Problem;

/// GET /vouchers/{reference}/print
#[handler]
pub async fn show(mut view: View, Path(reference): Path<i64>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let app = view.app.clone();
    let found = find(&app, &who, Permission::VouchersRead, reference).await?;
    let library = library(&app);
    let language = view.writing.language;
    let mut voucher = found.to_json().unwrap_or_default();
    for line in voucher["lines"].as_array_mut().into_iter().flatten() {
        name_accounts(line, &library, language);
    }
    let branch = match voucher["ticket"].as_str() {
        Some(code) => app.store.ticket(code).await?.map(|ticket| ticket.branch),
        None => None,
    };
    let branch = match branch {
        Some(code) => app.store.branch(&code).await?.map(|branch| in_language(&branch.name, language)),
        None => None,
    };
    view.put("branch", &branch);
    let mut signers = Vec::new();
    for role in ["prepared_by", "reviewed_by", "approved_by", "finalised_by"] {
        let name = voucher[role].as_str().map(str::to_owned);
        let full = person(&view, name.as_deref()).await?.or(name);
        signers.push(json!({"role": role, "name": full, "at": voucher[role.replace("_by", "_at").as_str()]}));
    }
    view.put("signers", &signers);
    view.put("attached", &found.attachments.len());
    view.put("voucher", &voucher);
    view.put("company", &company(&app, language));
    view.put("economic_code", &library.company.as_ref().and_then(|company| company.economic_code.clone()));
    view.page("print_voucher.html")
}

/// The names of a line's account, from its group down.
fn name_accounts(
    line: &mut Value,
    library: &aftercare_engine::library::Library,
    language: aftercare_engine::language::Language,
) {
    let code = line["account"].as_str().unwrap_or_default().to_owned();
    let title = |length: usize| {
        let account = code.get(..length).and_then(|code| library.accounts.get(code));
        account.map(|account| account.title.best(language).to_owned())
    };
    line["general"] = json!(code.get(..3));
    line["general_title"] = json!(title(3));
    line["title"] = json!(title(6));
}
