//! The API: every verb in a file of its own, described as OpenAPI and browsable under `/api`.

pub mod books;
pub mod bundles;
pub mod exports;
pub mod imports;
pub mod incidents;
pub mod lookup;
pub mod payments;
pub mod periods;
pub mod registry;
pub mod reports;
pub mod runs;
pub mod session;
pub mod tasks;
pub mod tickets;
pub mod vouchers;

use std::sync::Arc;

use poem_openapi::{OpenApi, OpenApiService, Tags};

use crate::app::App;
use crate::auth::throttle::Throttle;

/// How the description groups the routes.
#[derive(Clone, Copy, Debug, Tags)]
pub enum Tag {
    /// Signing in and out
    Session,
    /// Opening, finding and driving tickets
    Tickets,
    /// Vouchers
    Books,
    /// What the files of the bundle ask about tickets
    Reports,
    /// What went wrong and what leaves the house
    Operation,
    /// Process files and rules
    Definitions,
    /// Stores, branches, people, products, devices, parts
    Registers,
}

const ABOUT: &str = "\
Sign in with `POST /api/session` and send the token as `Authorization: Bearer …`.\n\n\
Amounts are texts in major units with the digits of the company's currency, such as `\"1250.00\"`, beside a \
`currency`. Moments are RFC 3339 in UTC, days `YYYY-MM-DD`.\n\n\
What changes something takes an `Idempotency-Key`: the same request under the same key is done once and \
answered again, byte for byte. Signing in and out and runs take none: done twice they leave what done once leaves. Lists come in pieces: give `next` as `after` to get the following one.\n\n\
Errors are problem documents (RFC 9457) in the language of `Accept-Language` or of the user: `en`, `fa`, \
`zh`, `pl`. Unknown fields are errors. A stale `revision` or `version` is answered with 409 and the `present` \
state.";

/// The API with its description.
pub fn service(app: &App, throttle: Arc<Throttle>) -> OpenApiService<impl OpenApi + use<>, ()> {
    OpenApiService::new(routes(app, throttle), "Aftercare", env!("CARGO_PKG_VERSION"))
        .description(ABOUT)
        .url_prefix("/api")
}

fn routes(app: &App, throttle: Arc<Throttle>) -> impl OpenApi + use<> {
    (
        (session::routes(app, throttle), vouchers::routes(app)),
        (tickets::routes(app), tasks::routes(app)),
        (runs::routes(app), periods::Periods(app.clone()), books::routes(app)),
        reports::Reports(app.clone()),
        (
            bundles::Bundles(app.clone()),
            incidents::Incidents(app.clone()),
            incidents::resolve::Resolve(app.clone()),
        ),
        (lookup::Lookup(app.clone()), registry::routes(app), payments::Payments::new(app)),
        (imports::Imports(app.clone()), exports::Exports(app.clone())),
    )
}
