//! The goods: categories, policies, models, the serialised units and their warranty cards.

use aftercare_engine::definition::messages::Permission;

use super::field::{Kind, active, amount, day, key, names, of, refers, text, whole, word};
use super::{Beside, Field, Need, PLAIN, Register};
use crate::entity::ticket::Column;

pub const CATEGORIES: Register = Register {
    name: "product-categories",
    one: "category",
    entry: "Category",
    about: "Product categories, in a tree",
    table: "product_category",
    fields: &[
        key("code"),
        refers("parent", "product-categories").optional().about("Code of the group above"),
        names(),
        of("attributes", Kind::Definitions)
            .optional()
            .about("Attributes that its goods have, and those of the groups below it"),
    ],
    searched: &["code", "name"],
    ..PLAIN
};

pub const POLICIES: Register = Register {
    name: "policies",
    one: "policy",
    entry: "Policy",
    about: "Warranty policies: the terms that a card gets",
    table: "policy",
    fields: &[
        key("code"),
        names(),
        of("terms", Kind::Terms).about(
            "By the names of the `policy` facts: `start_basis`, `guarantee`, `warranty`, `commitment`, …",
        ),
    ],
    searched: &["code", "name"],
    ..PLAIN
};

pub const PRODUCTS: Register = Register {
    name: "products",
    one: "product",
    entry: "Product",
    about: "Products: the models that are sold and repaired",
    table: "product",
    facts: "product",
    fields: &[
        key("code").about("Model code"),
        refers("category", "product-categories").about("Code of its category"),
        names(),
        text("brand").optional(),
        amount("price").about("List price without VAT, in major units"),
        word("hazard", &["none", "electric", "gas", "pressure"])
            .or("\"none\"")
            .about("What the safety check is about"),
        refers("policy", "policies").optional().about("Code of its warranty policy"),
        text("serial_prefix").optional(),
        text("serial_suffix").optional(),
        whole("serial_width", 1).optional().about("Digits between prefix and suffix"),
        of("attributes", Kind::Attributes).optional().about("By the names that its category defines"),
        active(),
    ],
    searched: &["code", "name", "brand"],
    ..PLAIN
};

/// What a unit may be.
pub const STATUSES: &[&str] =
    &["in_stock", "sold", "installed", "in_shop", "at_partner", "replaced", "scrapped"];

pub const DEVICES: Register = Register {
    name: "devices",
    one: "device",
    entry: "Device",
    about: "Devices: the serialised units in the field",
    table: "device",
    facts: "device",
    fields: &[
        key("serial"),
        refers("product", "products").about("Model code"),
        word("status", STATUSES),
        refers("owner", "customers").optional().about("Customer code"),
        refers("parent", "devices").optional().about("Serial of the unit this one is built into"),
        text("batch").optional(),
        day("produced_on"),
        day("sold_on"),
        day("installed_on"),
        day("covered_to").about("Last day of its maker's warranty: what ends first leaves the stock first"),
        whole("usage", 0).optional().about("Meter reading"),
        of("attributes", Kind::Attributes).optional().about("By the names that its category defines"),
    ],
    counted: &["repairs"],
    searched: &["serial", "product", "batch"],
    by_ticket: Some(("serial", Column::Device)),
    read: Permission::DevicesRead,
    ..PLAIN
};

pub const CARDS: Register = Register {
    name: "cards",
    one: "card",
    entry: "Card",
    about: "Warranty cards with their three terms",
    table: "card",
    facts: "card",
    fields: &[
        key("number"),
        refers("device", "devices").about("Serial"),
        word("status", &["issued", "active", "void"]),
        word("kind", &["internal", "outsourced"]),
        refers("partner", "agencies").optional(),
        refers("holder", "customers").optional().about("Customer code"),
        Field { need: Need::Required, ..day("issued_on") },
        day("sold_on"),
        text("store").optional().about("Where the goods were sold"),
        text("seller").optional().about("Who sold the goods"),
        text("invoice_no").optional().about("The seller's invoice"),
        of("stamped", Kind::YesNo).or("false"),
        day("guarantee_from"),
        day("guarantee_to"),
        day("warranty_from"),
        day("warranty_to"),
        day("commitment_from"),
        day("commitment_to"),
        day("extended_from"),
        day("extended_to"),
    ],
    searched: &["number", "device", "invoice_no"],
    by_ticket: Some(("device", Column::Device)),
    read: Permission::DevicesRead,
    beside: Beside::Changes,
    ..PLAIN
};
