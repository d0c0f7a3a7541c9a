//! What a story gives, as entries of the registers: put in through the API where it has a door, else as the rows
//! that an opening balance is.

use aftercare::entity::{counter, fitted_part, stock_balance, voucher, voucher_line};
use aftercare::store::{StoreError, stock};
use aftercare_engine::bundle::Bundle;
use aftercare_engine::definition::messages::RoleKind;
use aftercare_engine::definition::scenario::{Given, Scenario};
use aftercare_engine::facts::{Map, Value as Fact};
use aftercare_engine::ledger::{Account, DetailKind, Nature};
use aftercare_engine::scenario::whole;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::{Value, json};

use super::{AUDITOR, plain};
use crate::client::Client;
use crate::world::{Person, World};

/// Facts that registers hold. `ticket` is what the request says itself.
const KNOWN: [&str; 6] = ["ticket", "customer", "product", "device", "policy", "card"];

/// Why a story cannot be told to a server, if it cannot.
pub fn left_out(bundle: &Bundle, scenario: &Scenario) -> Option<String> {
    let given = whole(bundle, &scenario.given).expect("givens that exist");
    let other = given.facts.keys().find(|name| !KNOWN.contains(&&***name));
    if let Some(name) = other {
        return Some(format!("no register holds `{name}`"));
    }
    if !given.fields.is_empty() {
        return Some(
            "a ticket is opened with its form alone, not with fields that are filled already".to_owned(),
        );
    }
    if given.facts.get("device").is_some_and(|device| device.get("serial").is_none_or(Fact::is_null)) {
        return Some("the serial is the key of a device: the register has none without".to_owned());
    }
    None
}

/// Puts all that is given into a store that is still empty.
pub async fn put(world: &World, bundle: &Bundle, given: &Given) {
    world.employ(people(bundle, given)).await;
    let admin = world.as_user("admin").await;
    let branch = text(given, "ticket.branch").unwrap_or_else(|| "01".to_owned());
    let warehouse = text(given, "ticket.warehouse");
    add(&admin, "stores", json!({"code": "01", "name": {"en": "Main store"}})).await;
    let body = json!({"code": branch, "store": "01", "number": "01", "name": {"en": "Main"}, "warehouse": warehouse});
    add(&admin, "branches", body).await;
    if let Some(code) = &warehouse {
        let body = json!({"code": code, "branch": branch, "kind": "main", "name": {"en": "Main"}});
        add(&admin, "warehouses", body).await;
    }
    // A van is called after its technician.
    if let Some(van) = text(given, "ticket.van") {
        let technician = van.rsplit('-').next();
        let body = json!({"code": van, "kind": "van", "technician": technician, "name": {"en": "Van"}});
        add(&admin, "warehouses", body).await;
    }
    catalogue(&admin, given).await;
    people_outside(&admin, given).await;
    subject(&admin, given).await;
    service_plans(&admin, given).await;
    for own in given.catalog.devices.values() {
        let Fact::Map(facts) = own else { continue };
        let mut other = given.clone();
        for (name, own) in facts {
            let mut whole = match other.facts.get(name) {
                Some(Fact::Map(base)) => base.clone(),
                _ => Map::new(),
            };
            if let Fact::Map(own) = own {
                whole.extend(own.clone());
            }
            other.facts.insert(name.clone(), Fact::Map(whole));
        }
        subject(&admin, &other).await;
    }
    balances(world, bundle, given, warehouse).await;
}

/// A user of each role, and those whom the story names itself.
fn people(bundle: &Bundle, given: &Given) -> Vec<Person> {
    let branch = text(given, "ticket.branch");
    let customer = text(given, "customer.code");
    let first_agency = given.catalog.agencies.keys().next().map(ToString::to_string);
    let partner = partner(given);
    let roles = &bundle.library.roles;
    let is_outside = |name: &str| {
        roles
            .get(name)
            .and_then(|role| role.kind.as_ref())
            .is_some_and(|kind| kind.value == RoleKind::Outside)
    };
    let person = |name: &str, held: &[&str]| {
        let outside = held.iter().find(|role| is_outside(role));
        let bound = held.iter().all(|role| roles.get(role).is_some_and(|role| role.branch_bound));
        // Whoever is outside is somebody of the story: its customer, its agency or its partner; or whom it says.
        let employer = given.catalog.works_for.get(name).map(|code| code.value.clone());
        let of = |role: &str| outside.is_some_and(|held| *held == role);
        Person {
            branch: branch.clone().filter(|_| bound),
            customer: customer.clone().filter(|_| of("customer")),
            agency: employer
                .or_else(|| first_agency.clone().filter(|_| of("agency")))
                .or_else(|| partner.clone().filter(|_| of("partner"))),
            ..Person::with(name, held)
        }
    };
    let mut people: Vec<Person> = roles.keys().map(|name| person(name, &[name])).collect();
    people.retain(|one| given.catalog.users.get(&one.name).is_none());
    people.extend(given.catalog.users.iter().map(|(name, held)| {
        let held: Vec<&str> = held.iter().map(|role| role.value.as_str()).collect();
        person(&name.value, &held)
    }));
    let house: Vec<&str> = roles.keys().filter(|name| !is_outside(name)).collect();
    people.push(Person { ..Person::with(AUDITOR, &house) });
    people
}

async fn catalogue(admin: &Client, given: &Given) {
    for (code, part) in &given.catalog.parts {
        let mut body = keep(part, &["price", "agency_price"]);
        body["code"] = json!(&**code);
        body["unit"] = json!("piece");
        body["name"] = json!({"en": part.get("name").map(Fact::to_json)});
        body["original"] = part.get("oem").map(Fact::to_json).unwrap_or_default();
        add(admin, "parts", body).await;
    }
    for (code, service) in &given.catalog.services {
        let mut body = keep(service, &["kind", "price", "hours"]);
        body["code"] = json!(&**code);
        body["name"] = json!({"en": service.get("name").map(Fact::to_json)});
        add(admin, "services", body).await;
    }
}

/// What is sold to be looked after, for goods that the story's own device may not be one of.
async fn service_plans(admin: &Client, given: &Given) {
    let own = text(given, "product.category");
    for (code, plan) in &given.catalog.service_plans {
        if let Some(category) =
            plan.get("category").and_then(Fact::as_text).filter(|it| Some(*it) != own.as_deref())
        {
            add(admin, "product-categories", json!({"code": category, "name": {"en": category}})).await;
        }
        let mut body = keep(plan, &["category", "product", "price"]);
        for name in ["service_months", "service_usage", "contract_months", "active"] {
            body[name] = plan.get(name).map(Fact::to_json).unwrap_or_default();
        }
        body["code"] = json!(&**code);
        body["name"] = json!({"en": plan.get("name").map(Fact::to_json)});
        add(admin, "service-plans", body).await;
    }
}

async fn people_outside(admin: &Client, given: &Given) {
    for (code, agency) in &given.catalog.agencies {
        let mut body = keep(
            agency,
            &["kind", "status", "vetted_to", "credit_limit", "labour_percent", "language", "email", "phone"],
        );
        if let Some(percent) = agency.get("labour_percent") {
            body["labour_percent"] = percent.to_json();
        }
        body["code"] = json!(&**code);
        body["name"] = json!({"en": agency.get("name").map(Fact::to_json)});
        if body.get("language").is_none() {
            body["language"] = json!("fa");
        }
        for (register, fact) in [("region", "regions"), ("brands", "brands")] {
            let names = agency.get(fact).map(Fact::as_list).unwrap_or_default();
            let names: Vec<&str> = names.iter().filter_map(Fact::as_text).collect();
            body[register] = json!(Some(names.join(", ")).filter(|text| !text.is_empty()));
        }
        add(admin, "agencies", body).await;
        if let Some(store) = agency.get("warehouse").map(Fact::to_json) {
            let body =
                json!({"code": store, "kind": "agency", "agency": &**code, "name": {"en": "Our parts"}});
            add(admin, "warehouses", body).await;
        }
    }
    if let Some(code) = partner(given) {
        let name = json!({"en": format!("Partner {code}")});
        let body = json!({"code": code, "name": name, "kind": "partner", "status": "active", "language": "en",
            "email": "partner@example.com"});
        add(admin, "agencies", body).await;
    }
    if let Some(customer) = given.facts.get("customer").filter(|fact| !fact.is_null()) {
        let mut body = keep(customer, &["code", "name", "kind", "email", "language", "city", "address"]);
        body["phones"] = json!([customer.get("phone").map(Fact::to_json)]);
        add(admin, "customers", body).await;
    }
}

/// The device with its model, policy and card.
async fn subject(admin: &Client, given: &Given) {
    let fact = |name: &str| given.facts.get(name).filter(|fact| !fact.is_null());
    if let Some(Fact::Map(policy)) = fact("policy") {
        let mut terms = policy.clone();
        let code = terms.remove("code").map(|code| code.to_json());
        add(admin, "policies", json!({"code": code, "name": {"en": "Policy"}, "terms": plain(&terms)})).await;
    }
    if let Some(product) = fact("product") {
        let category = product.get("category").map(Fact::to_json);
        add(admin, "product-categories", json!({"code": category, "name": {"en": category}})).await;
        let mut body = keep(product, &["code", "category", "brand", "price", "hazard"]);
        body["name"] = json!({"en": product.get("name").map(Fact::to_json)});
        body["policy"] = json!(text(given, "policy.code"));
        add(admin, "products", body).await;
    }
    let Some(device) = fact("device") else { return };
    // Somebody else's, whom the story does not tell more about.
    let mut others = vec![text(given, "device.owner"), text(given, "card.holder")];
    others.dedup();
    for code in
        others.into_iter().flatten().filter(|code| Some(code) != text(given, "customer.code").as_ref())
    {
        let body = json!({"code": code, "kind": "person", "name": code, "phones": [], "language": "fa"});
        add(admin, "customers", body).await;
    }
    let mut body = keep(device, &["serial", "status", "owner", "produced_on", "sold_on", "installed_on"]);
    body["product"] = json!(text(given, "product.code"));
    if let Some(earlier) = text(given, "device.earlier") {
        let other = json!({"serial": earlier, "product": body["product"], "status": "in_stock",
            "covered_to": "2027-01-01"});
        add(admin, "devices", other).await;
        body["covered_to"] = json!("2027-12-31");
    }
    add(admin, "devices", body).await;
    if let Some(card) = fact("card") {
        let Fact::Map(card) = card else { return };
        let mut body = keep(&Fact::Map(card.clone()), &card.keys().map(|key| &**key).collect::<Vec<_>>());
        body["device"] = json!(text(given, "device.serial"));
        if body.get("issued_on").is_none() {
            body["issued_on"] = json!(text(given, "device.produced_on"));
        }
        add(admin, "cards", body).await;
    }
}

/// What was there when the books and the stores were opened: stock, what agencies owe, what is left of a
/// provision, parts fitted before.
async fn balances(world: &World, bundle: &Bundle, given: &Given, warehouse: Option<String>) {
    let now = world.app.clock.now();
    let minor = |fact: &Fact, key: &str| fact.get(key).and_then(Fact::as_decimal).unwrap_or_default();
    let agencies = given.catalog.agencies.values();
    let consigned =
        agencies.filter_map(|agency| agency.get("warehouse")?.as_text().map(str::to_owned)).next();
    let van = text(given, "ticket.van");
    let mut held = Vec::new();
    for (code, part) in &given.catalog.parts {
        let kept = [
            (&warehouse, "stock", "cost"),
            (&consigned, "consigned_stock", "consigned_cost"),
            (&van, "van_stock", "van_cost"),
        ];
        for (warehouse, stocked, cost) in kept {
            let (quantity, cost) = (minor(part, stocked), minor(part, cost));
            held.extend(warehouse.as_ref().filter(|_| !quantity.is_zero()).map(|warehouse| {
                stock_balance::Model {
                    warehouse: warehouse.clone(),
                    part: code.to_string(),
                    quantity: whole_number(quantity * Decimal::ONE_THOUSAND),
                    value: whole_number(quantity * cost),
                    version: 1,
                }
            }));
        }
    }
    let mut owed = Vec::new();
    for (code, agency) in &given.catalog.agencies {
        owed.push((DetailKind::Agency, Nature::Debit, code.to_string(), minor(agency, "balance")));
    }
    if let Some(product) = given.facts.get("product").filter(|product| product.get("provision").is_some()) {
        let code = text(given, "product.code").unwrap_or_default();
        owed.push((DetailKind::Product, Nature::Credit, code, minor(product, "provision")));
    }
    owed.retain(|(.., amount)| !amount.is_zero());
    let vouchers: Vec<_> =
        (1..).zip(&owed).map(|(n, entry)| opening_voucher(bundle, n, entry, now)).collect();
    let serial = text(given, "device.serial").unwrap_or_default();
    let fitted = given.facts.get("device").and_then(|device| device.get("fitted")).map(Fact::as_list);
    let fitted: Vec<_> = fitted.unwrap_or_default().iter().map(|part| fitted_row(part, &serial)).collect();
    let written = world.app.store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            stock::open(tx, held, "test", now).await?;
            let last = i64::try_from(vouchers.len()).unwrap_or_default();
            if last > 0 {
                let count = counter::Model { name: "voucher".to_owned(), value: last };
                count.into_active_model().insert(tx).await?;
            }
            for (row, lines) in vouchers {
                row.into_active_model().insert(tx).await?;
                for line in lines {
                    line.into_active_model().insert(tx).await?;
                }
            }
            for row in fitted {
                let mut row = row.into_active_model();
                row.id = sea_orm::ActiveValue::NotSet;
                row.insert(tx).await?;
            }
            Ok(())
        })
    });
    written.await.expect("opening balances");
}

type Owed = (DetailKind, Nature, String, Decimal);

/// A voucher that brings a balance onto the account that keeps such details, against one that asks for none.
fn opening_voucher(
    bundle: &Bundle,
    number: i64,
    (kind, nature, code, amount): &Owed,
    now: chrono::DateTime<chrono::Utc>,
) -> (voucher::Model, Vec<voucher_line::Model>) {
    let accounts = &bundle.library.accounts;
    let needs = |account: &Account, one: &DetailKind| account.details.required.contains(one);
    let keeps = |account: &&Account| {
        account.nature == *nature
            && !account.memo
            && needs(account, kind)
            && account.details.required.len() == 1
    };
    let own = accounts.iter().find(keeps).expect("an account with this detail").code.to_string();
    let other = accounts.iter().find(has_no_details).expect("an account without details").code.to_string();
    let is_debit = (*nature == Nature::Debit) == amount.is_sign_positive();
    let minor = whole_number(amount.abs());
    let details = json!({kind.word(): code}).to_string();
    let party = matches!(kind, DetailKind::Agency).then(|| (kind.word().to_owned(), code.clone())).unzip();
    let line =
        |line: i64, account: &str, debit: bool, (party_kind, party), details: &str| voucher_line::Model {
            voucher: number,
            line,
            account: account.to_owned(),
            memo: false,
            party_kind,
            party,
            details: details.to_owned(),
            text: "opening".to_owned(),
            explanation: "{}".to_owned(),
            debit: if debit { minor } else { 0 },
            credit: if debit { 0 } else { minor },
            currency: "IRR".to_owned(),
            date: now.date_naive(),
        };
    let lines =
        vec![line(1, &own, is_debit, party, &details), line(2, &other, !is_debit, (None, None), "{}")];
    let row = voucher::Model {
        reference_no: number,
        source: format!("opening/{number}"),
        event: "opening".to_owned(),
        template: "opening".to_owned(),
        date: now.date_naive(),
        currency: "IRR".to_owned(),
        status: "draft".to_owned(),
        kind: "ordinary".to_owned(),
        text: "opening".to_owned(),
        detail: "[]".to_owned(),
        total: minor,
        prepared_by: "test".to_owned(),
        prepared_at: now,
        ..voucher::Model::default()
    };
    (row, lines)
}

/// Whether lines of an account go without any detail.
fn has_no_details(account: &&Account) -> bool {
    let details = &account.details;
    !account.memo && details.required.is_empty() && details.one_of.is_empty() && account.code.len() > 3
}

fn fitted_row(part: &Fact, device: &str) -> fitted_part::Model {
    let day = |key: &str| part.get(key).and_then(|day| day.to_string().parse().ok());
    let word = |key: &str| part.get(key).and_then(Fact::as_text).map(str::to_owned);
    fitted_part::Model {
        id: 0,
        device: device.to_owned(),
        part: word("code").unwrap_or_default(),
        serial: word("serial"),
        old_serial: None,
        fitted_on: day("fitted_on").expect("the day it was fitted"),
        removed_on: None,
        covered_to: day("covered_to"),
        ticket: None,
        source: None,
    }
}

/// Whoever gives the cover of an outsourced warranty.
fn partner(given: &Given) -> Option<String> {
    text(given, "card.partner").or_else(|| text(given, "policy.partner"))
}

fn text(given: &Given, path: &str) -> Option<String> {
    let (fact, rest) = path.split_once('.')?;
    let value = given.facts.get(fact)?.at(rest)?;
    Some(value.to_string()).filter(|_| !value.is_null())
}

/// Parts of a fact by their own names; amounts travel as text.
fn keep(fact: &Fact, keys: &[&str]) -> Value {
    let empty = Map::new();
    let map = if let Fact::Map(map) = fact { map } else { &empty };
    let kept = map.iter().filter(|(key, value)| keys.contains(&&***key) && !value.is_null());
    let shown = kept.map(|(key, value)| {
        let json = value.to_json();
        (key.to_string(), if json.is_number() { json!(json.to_string()) } else { json })
    });
    Value::Object(shown.collect())
}

fn whole_number(number: Decimal) -> i64 {
    number.round().to_i64().expect("a number that fits")
}

async fn add(admin: &Client, register: &str, body: Value) {
    let key = body["code"].as_str().unwrap_or_default();
    let shared = ["policies", "product-categories", "products"];
    // Several devices may be of one model.
    if shared.contains(&register) && admin.get(&format!("/api/{register}/{key}")).await.status == 200 {
        return;
    }
    let reply = admin.post(&format!("/api/{register}"), &body).await;
    assert_eq!(reply.status, 201, "{register} {body}: {}", reply.text);
}
