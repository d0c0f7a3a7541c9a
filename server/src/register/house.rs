//! The house: stores, branches, warehouses and the people who work there.

use aftercare_engine::definition::messages::Permission;

use super::field::{Kind, active, key, language, names, of, refers, text, word};
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
        text("phone").optional(),
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
        text("phone").optional(),
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
        text("email").optional(),
        text("phone").optional(),
        language(),
        refers("branch", "branches").optional().about("Home branch; left out: all branches"),
        refers("agency", "agencies").optional().about("Code of the agency or partner whose staff this is"),
        refers("customer", "customers").optional().about("Code of the customer this is"),
        text("kind").optional().about("For technicians: `internal` or `authorised`"),
        active(),
        of("roles", Kind::Roles).column("").or("[]"),
    ],
    searched: &["name", "full_name", "phone"],
    beside: Beside::Roles,
    read: Permission::UsersRead,
    write: Permission::UsersWrite,
    ..PLAIN
};
