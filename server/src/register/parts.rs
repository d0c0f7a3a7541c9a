//! Spare parts, services and service plans with their prices.

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
        of("min_level", Kind::Quantity).or("\"0\"").about("Below it somebody should order"),
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

pub const SERVICE_PLANS: Register = Register {
    name: "service-plans",
    one: "service-plan",
    entry: "ServicePlan",
    about: "Plans of periodic service that customers buy: how often somebody comes, for how long, at what price",
    table: "service_plan",
    facts: "service_plan",
    fields: &[
        key("code"),
        names(),
        whole("contract_months", 1).about("How many months it holds"),
        amount("price").about("Without VAT, in major units"),
        whole("service_months", 1).optional().about("Months between two visits"),
        whole("service_usage", 1).optional().about("Usage between two visits, as the device's meter counts"),
        refers("category", "product-categories").optional().about("Goods that it is for; left out: any"),
        refers("product", "products").optional().about("The one model that it is for; left out: any"),
        active(),
    ],
    searched: &["code", "name", "product"],
    ..PLAIN
};
