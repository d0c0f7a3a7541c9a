//! The pages: HTML over the same functions as the API. One page a file.
//!
//! A page asks a function of `http/api`, puts the answer into a template and says nothing else: no SQL, no rule,
//! no second way to take a step. Every page works without scripts.

mod account;
mod asset;
mod board;
mod books;
mod bulk;
mod choices;
mod confirm;
mod day;
mod device;
mod dispatch;
mod drawing;
mod failure;
pub mod form;
mod format;
mod goods;
mod home;
mod icon;
mod inbox;
mod input;
mod intake;
mod label;
mod leads;
mod letters;
mod life;
mod live;
mod moves;
mod navigation;
mod operation;
mod own;
mod people;
mod pictures;
mod preferences;
mod print;
mod qr;
mod registers;
mod reports;
mod runs;
mod sign_in;
mod sign_out;
mod tasks;
mod template;
mod ticket;
mod track;
mod view;
mod welcome;

use std::sync::Arc;

use poem::{Endpoint, EndpointExt, IntoEndpoint, Response, get, post};

use crate::app::App;
use crate::auth::throttle::Throttle;

pub use failure::{Asker, respond};
pub use preferences::Preferences;
pub use view::to;

/// Whether an address is that of a page, not of the API or of what machines ask.
pub fn is_page(path: &str) -> bool {
    !["/api", "/healthz", "/readyz", "/metrics", "/assets"]
        .iter()
        .any(|other| path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// All pages, and what they are made of.
pub fn routes(app: &App, throttle: &Arc<Throttle>) -> impl Endpoint<Output = Response> + use<> {
    account::routes(operation::routes(registers::routes(print::routes(track::routes()))))
        .at("/", get(home::show))
        .at("/sign-in", get(sign_in::show).post(sign_in::submit))
        .at("/welcome/:secret", get(welcome::show).post(welcome::submit))
        .at("/confirm", post(confirm::submit))
        .at("/sign-out", post(sign_out::submit))
        .at("/preferences", post(preferences::submit))
        .at("/tickets", get(board::show))
        .at("/tickets/export", get(bulk::export))
        .at("/tickets/:code", get(ticket::show))
        .at("/tickets/:code/label", get(label::show))
        .at("/tickets/:code/moves/:group", get(moves::show))
        .at("/bulk", post(bulk::submit))
        .at("/bulk/:event", post(bulk::apply))
        .at("/saved-filters", post(board::saved::submit))
        .at("/tickets/:code/live", get(live::ticket))
        .at("/tickets/:code/steps/:event", post(ticket::submit))
        .at("/tickets/:code/notes", post(ticket::talk::submit))
        .at("/tickets/:code/messages", post(ticket::tell::submit))
        .at("/tickets/:code/files", post(ticket::files::submit))
        .at("/tickets/:code/files/:id", get(drawing::show).post(drawing::submit))
        .at("/tickets/:code/letters", post(letters::begin))
        .at("/tickets/:code/letters/:id", get(letters::show).post(letters::submit))
        .at("/tickets/:code/letters/:id/print", get(letters::print))
        .at("/letters", get(letters::all))
        .at("/tickets/:code/tasks", post(tasks::give))
        .at("/tasks", get(tasks::show))
        .at("/tasks/:id/done", post(tasks::done))
        .at("/tasks/:id/hand-over", post(tasks::hand_over))
        .at("/live", get(live::any))
        .at("/intake", get(intake::show).post(intake::submit))
        .at("/dispatch", get(dispatch::show))
        .at("/inbox", get(inbox::show))
        .at("/my-day", get(day::show))
        .at("/own", get(own::show))
        .at("/vouchers", get(books::show))
        .at("/vouchers/balance", get(books::ledgers::balance))
        .at("/vouchers/ledger/:account", get(books::ledgers::ledger))
        .at("/vouchers/journal", get(books::ledgers::journal))
        .at("/vouchers/finalise", post(books::finalise))
        .at("/vouchers/vat", get(books::figures::vat))
        .at("/vouchers/roll-forward", get(books::figures::provisions))
        .at("/vouchers/roll-forward/:of", get(books::figures::roll_forward))
        .at("/vouchers/check", get(books::figures::check))
        .at("/vouchers/periods/:deed", post(books::periods::submit))
        .at("/vouchers/review", post(books::many::review))
        .at("/vouchers/:reference/:deed", post(books::submit))
        .at("/runs", get(runs::show))
        .at("/runs/:name", post(runs::submit))
        .at("/reports", get(reports::all))
        .at("/reports/:name", get(reports::show))
        .at("/devices/:serial", get(life::device))
        .at("/customers/:code", get(life::customer))
        .at("/technicians/:name", get(life::technician))
        .at("/worker.js", get(asset::worker))
        .at("/manifest.webmanifest", get(asset::manifest))
        .at("/assets/:version/:name", get(asset::serve))
        .around(failure::framed)
        .data(app.clone())
        .data(Arc::clone(throttle))
        .data(live::Changes::default())
        .data(Arc::new(track::enter::Attempts::default()))
        .data(track::payments(app))
        .into_endpoint()
        .map_to_response()
}
