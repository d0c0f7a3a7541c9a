//! Parts and services as forms name them and as their register knows them.

use super::{Entry, Kind, e};

pub const PART: &[Entry] = &[
    e("code", Kind::Text, "part code"),
    e("name", Kind::Text, "name"),
    e("oem", Kind::Bool, "original part"),
    e("price", Kind::Money, "list price"),
    e("agency_price", Kind::Money, "price for agencies"),
    e("cost", Kind::Money, "moving average cost in the warehouse, now"),
    e("stock", Kind::Decimal, "quantity in the warehouse, now"),
    e("stock_value", Kind::Money, "what all of it in the warehouse has cost, now"),
    e("van_cost", Kind::Money, "moving average cost in the van of the technician in charge, now"),
    e("van_stock", Kind::Decimal, "quantity in that van, now"),
    e("consigned_cost", Kind::Money, "moving average cost of ours at the agency, now"),
    e("consigned_stock", Kind::Decimal, "quantity of ours at the agency, now"),
];

pub const PART_LINE: &[Entry] = &[
    e("code", Kind::Text, "part code"),
    e("quantity", Kind::Decimal, "quantity"),
    e("old_serial", Kind::Text, "serial of the removed part"),
    e("new_serial", Kind::Text, "serial of the fitted part"),
    e(
        "source",
        Kind::Text,
        "`warehouse` (default), `van` (of the technician in charge), `consigned` (ours, at the agency) or `agency` (its own)",
    ),
    e("approved", Kind::Bool, "the customer approved a non-original part"),
    e("unit_cost", Kind::Money, "what one has cost, where parts are bought"),
    e("part", Kind::Map(PART), "the part's register entry"),
];

pub const SERVICE: &[Entry] = &[
    e("code", Kind::Text, "service code"),
    e("name", Kind::Text, "name"),
    e("kind", Kind::Text, "`labour`, `travel`, `fee`"),
    e("hours", Kind::Decimal, "standard hours"),
    e("price", Kind::Money, "price"),
];

pub const SERVICE_LINE: &[Entry] = &[
    e("code", Kind::Text, "service code"),
    e("quantity", Kind::Decimal, "quantity"),
    e("service", Kind::Map(SERVICE), "the service's register entry"),
];

/// A service plan as the company sells it.
pub const SERVICE_PLAN: &[Entry] = &[
    e("code", Kind::Text, "plan code"),
    e("name", Kind::Text, "name"),
    e("category", Kind::Text, "code of the category of goods that it is for; none: any"),
    e("categories", Kind::Texts, "codes of that category and of all below it; none: any"),
    e("product", Kind::Text, "the one model that it is for; none: any"),
    e("service_months", Kind::Int, "months between visits"),
    e("service_usage", Kind::Int, "usage between visits"),
    e("contract_months", Kind::Int, "how long it holds"),
    e("price", Kind::Money, "price without VAT"),
    e("active", Kind::Bool, "whether it is still sold"),
];

/// What a message tells of a part of which a warehouse holds too little.
pub const SHORT_PART: &[Entry] = &[
    e("code", Kind::Text, "part code"),
    e("name", Kind::Text, "part name"),
    e("warehouse", Kind::Text, "code of the warehouse"),
    e("quantity", Kind::Decimal, "what it still holds"),
    e("min_level", Kind::Decimal, "the least that it should hold"),
];

/// What a pricing rule is given: a part line or a service line of a form.
pub const ITEM: &[Entry] = &[
    e("code", Kind::Text, "part or service code"),
    e("quantity", Kind::Decimal, "quantity"),
    e("old_serial", Kind::Text, "serial of the removed part"),
    e("new_serial", Kind::Text, "serial of the fitted part"),
    e(
        "source",
        Kind::Text,
        "`warehouse` (default), `van` (of the technician in charge), `consigned` (ours, at the agency) or `agency` (its own)",
    ),
    e("approved", Kind::Bool, "the customer approved a non-original part"),
    e("unit_cost", Kind::Money, "what one has cost, where parts are bought"),
    e("part", Kind::Map(PART), "the part's register entry, for a part line"),
    e("service", Kind::Map(SERVICE), "the service's register entry, for a service line"),
];
