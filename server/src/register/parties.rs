//! Who we deal with: customers, agencies and partners.

use aftercare_engine::definition::messages::Permission;

use super::field::{Kind, amount, day, key, language, names, of, refers, text, whole, word};
use super::{Beside, PLAIN, Register};
use crate::entity::ticket::Column;

pub const CUSTOMERS: Register = Register {
    name: "customers",
    one: "customer",
    entry: "Customer",
    about: "Customers: one entry per person or company, never two under one number",
    table: "customer",
    facts: "customer",
    fields: &[
        key("code"),
        word("kind", &["person", "company"]),
        text("name"),
        of("phones", Kind::Phones)
            .column("")
            .about("The first one gets messages. However they are written, a number belongs to one customer"),
        of("national_id", Kind::Digits).optional(),
        of("tax_id", Kind::Digits).optional(),
        of("email", Kind::Email).optional(),
        language(),
        text("province").optional(),
        text("city").optional(),
        text("address").optional(),
        text("postcode").optional(),
        text("notes").optional(),
        amount("credit_limit").optional().about("In major units"),
        text("merged_into").optional().read_only().about("Code of the customer that this one is now part of"),
    ],
    folded: &[("name_key", "name")],
    searched: &["code", "name", "national_id", "phones"],
    by_ticket: Some(("code", Column::Customer)),
    read: Permission::CustomersRead,
    beside: Beside::Phones,
    ..PLAIN
};

pub const AGENCIES: Register = Register {
    name: "agencies",
    one: "agency",
    entry: "Agency",
    about: "Agencies and partners",
    table: "agency",
    facts: "agency",
    fields: &[
        key("code"),
        names(),
        word("kind", &["service", "sales", "both", "partner"]),
        word("status", &["active", "suspended"]),
        refers("branch", "branches").optional().about("Branch that looks after it"),
        text("region").optional().about("Where it works"),
        text("brands").optional().about("Brands that it sells or repairs"),
        text("contract_no").optional(),
        text("certificate").optional().about("What shows that it is able"),
        text("level").optional().about("How able it is, by its vetting"),
        text("vetted_by").optional().about("Who vetted it"),
        day("vetted_to").about("Last day of its vetting: from then on no work is given to it"),
        amount("credit_limit").or("\"0\"").about("In major units"),
        whole("labour_percent", 0).or("100").about("Its tariff in percent of the labour price"),
        language(),
        of("email", Kind::Email).optional(),
        of("phone", Kind::Phone).optional(),
        text("city").optional(),
        text("address").optional(),
    ],
    searched: &["code", "name", "city", "phone", "region", "brands"],
    branch: Some("branch"),
    read: Permission::AgenciesRead,
    ..PLAIN
};
