//! Papers to print: documents with their numbers, work orders and reports of tickets, vouchers, statements. Each has a
//! stable address; what its words are, the bundle says where it names a paper.

mod paper;
mod statement;
mod voucher;

use poem::{Route, get};

pub use paper::{Reader, document, listed, whole_and_rest};

/// The papers of staff.
pub fn routes(route: Route) -> Route {
    route
        .at("/tickets/:code/papers/:paper", get(paper::of_ticket))
        .at("/tickets/:code/documents/:step/:index", get(paper::numbered))
        .at("/vouchers/:reference/print", get(voucher::show))
        .at("/statements/:number/print", get(statement::show))
}
