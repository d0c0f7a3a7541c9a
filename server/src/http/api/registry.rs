//! The registers on the wire. Five verbs, the same for every register; what a register looks like stands in a
//! file of its own beside this one.

pub mod add;
pub mod change;
pub mod entry;
pub mod list;
pub mod remove;
pub mod routes;
pub mod show;

pub mod agencies;
mod branches;
mod cards;
mod categories;
mod customers;
mod devices;
pub mod parts;
mod policies;
pub mod products;
pub mod services;
mod shops;
mod stock;
mod users;
mod warehouses;

pub use entry::{Change, Entry, Names, Reading, Writing};

use crate::app::App;

/// All registers' routes.
pub fn routes(app: &App) -> impl poem_openapi::OpenApi + use<> {
    (
        (shops::Shops(app.clone()), branches::Branches(app.clone()), categories::Categories(app.clone())),
        (policies::Policies(app.clone()), products::Products(app.clone()), devices::Devices(app.clone())),
        (cards::Cards(app.clone()), parts::Parts(app.clone()), warehouses::Warehouses(app.clone())),
        (services::Services(app.clone()), agencies::Agencies(app.clone()), stock::Stock(app.clone())),
        (customers::Customers(app.clone()), customers::Merge(app.clone()), users::Users(app.clone())),
    )
}
