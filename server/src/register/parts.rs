//! Spare parts and services with their prices.

use super::field::{Kind, active, amount, day, key, names, of, refers, text, whole, word};
use super::{Field, Need, PLAIN, Register};

pub const PARTS: Register = Register {
    name: "parts",
    one: "part",
    entry: "Part",
    about: "Spare parts. Amounts are texts in major units of the company's currency",
    table: "part",
    facts: "part",
    fields: &[
        key("code"),
        names(),
        of("original", Kind::YesNo).column("oem").or("false").about("Made by the maker of the product"),
        amount("price").about("List price"),
        amount("agency_price").optional().about("Price for agencies"),
        text("unit").about("Unit of quantity, such as `piece`"),
        whole("min_level", 0).or("0").about("Below it somebody should order, in thousandths of the unit"),
        active(),
    ],
    searched: &["code", "name"],
    ..PLAIN
};

pub const SERVICES: Register = Register {
    name: "services",
    one: "service",
    entry: "Service",
    about: "Services: labour, travel and fees with their tariff",
    table: "service",
    facts: "service",
    fields: &[
        key("code"),
        names(),
        word("kind", &["labour", "travel", "fee"]),
        of("hours", Kind::Number).or("\"0\"").about("Standard hours, a decimal number"),
        amount("price").about("In major units"),
        active(),
    ],
    searched: &["code", "name"],
    ..PLAIN
};

pub const TARIFFS: Register = Register {
    name: "tariffs",
    one: "tariff",
    entry: "Tariff",
    about: "Prices of services that hold from a day on. Of several that hold, the one that began last counts",
    table: "tariff",
    fields: &[
        key("code"),
        refers("service", "services").about("Code of the service"),
        Field { need: Need::Required, ..day("valid_from") },
        day("valid_to").about("Last day; left out: until another one begins"),
        amount("price").about("In major units"),
    ],
    searched: &["code", "service"],
    ..PLAIN
};
