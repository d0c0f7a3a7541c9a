//! The house: stores, branches, warehouses and the people who work there.

use aftercare_engine::definition::messages::Permission;

use super::field::{Kind, active, amount, day, key, language, names, of, refers, text, whole, word};
use super::{Beside, PLAIN, Register};

pub const STORES: Register = Register {
    name: "stores",
    one: "store",
    entry: "Shop",
    about: "Stores, to which branches belong",
    table: "shop",
    fields: &[
        key("code").about("First part of its tracking codes"),
        names(),
        of("phone", Kind::Phone).optional(),
        text("address").optional(),
        active(),
    ],
    searched: &["code", "name"],
    ..PLAIN
};

pub const BRANCHES: Register = Register {
    name: "branches",
    one: "branch",
    entry: "Branch",
    about: "Branches: where tickets are opened and staff work",
    table: "branch",
    fields: &[
        key("code"),
        refers("store", "stores").column("shop").about("Code of its store"),
        text("number").about("Its part of a tracking code, such as `03`"),
        names(),
        text("city").optional(),
        of("phone", Kind::Phone).optional(),
        text("address").optional(),
        of("warehouse", Kind::RefersLater("warehouses")).optional().about("Code of its main warehouse"),
        text("calendar").optional().about("Name of its working calendar"),
        active(),
    ],
    searched: &["code", "name", "city"],
    branch: Some("code"),
    ..PLAIN
};

pub const WAREHOUSES: Register = Register {
    name: "warehouses",
    one: "warehouse",
    entry: "Warehouse",
    about: "Warehouses, vans and agencies' stores: where parts are kept",
    table: "warehouse",
    fields: &[
        key("code"),
        refers("branch", "branches").optional().about("Code of its branch"),
        names(),
        word("kind", &["main", "van", "agency", "defective"]),
        refers("agency", "agencies").optional().about("Code of the agency that keeps our parts in it"),
        of("technician", Kind::RefersLater("users"))
            .optional()
            .about("Sign-in name of the technician whose van it is"),
        active(),
    ],
    searched: &["code", "name"],
    branch: Some("branch"),
    ..PLAIN
};

pub const USERS: Register = Register {
    name: "users",
    one: "user",
    entry: "User",
    about: "Persons and programs that sign in",
    table: "user",
    fields: &[
        key("name").about("Sign-in name"),
        text("full_name"),
        of("email", Kind::Email).optional(),
        of("phone", Kind::Phone).optional(),
        language(),
        refers("branch", "branches").optional().about("Home branch; left out: all branches"),
        refers("agency", "agencies").optional().about("Code of the agency or partner whose staff this is"),
        refers("customer", "customers").optional().about("Code of the customer this is"),
        word("kind", &["internal", "authorised", "provider"])
            .optional()
            .about("For technicians: whose staff they are"),
        text("territories")
            .optional()
            .about("For technicians: towns and provinces where they work, with commas between them"),
        amount("hourly_cost").optional().about("For technicians: what an hour of their work costs us"),
        active(),
        of("roles", Kind::Roles).column("").or("[]"),
    ],
    searched: &["name", "full_name", "phone"],
    beside: Beside::Roles,
    read: Permission::UsersRead,
    write: Permission::UsersWrite,
    ..PLAIN
};

pub const SKILLS: Register = Register {
    name: "skills",
    one: "skill",
    entry: "Skill",
    about: "What technicians have been trained for, by category or model; dispatch goes by it",
    table: "skill",
    fields: &[
        key("code"),
        refers("technician", "users").about("Sign-in name"),
        refers("category", "product-categories"),
        refers("product", "products").optional().about("Model; left out: the whole category"),
        whole("level", 1).about("From 1 for trained to 5 for an expert"),
        day("certified_to").about("Last day of the certificate; left out: it does not lapse"),
    ],
    searched: &["code", "technician", "category"],
    ..PLAIN
};
