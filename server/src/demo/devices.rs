//! What has been sold: customers, their devices, the cards.

use std::collections::BTreeMap;

use aftercare_engine::effect::card;
use aftercare_engine::facts::Value;
use aftercare_engine::{company::Company, text};
use chrono::{Days, NaiveDate};

use crate::entity;

use super::Made;
use super::catalogue;
use super::dice::Dice;
use super::names::{TONGUES, Tongue};

const CUSTOMERS: i64 = 1_400;
const DEVICES: i64 = 2_000;

pub fn make(made: &mut Made, dice: &mut Dice, company: &Company) {
    for n in 1..=CUSTOMERS {
        customer(made, dice, n);
    }
    let policies: Vec<(&str, Value)> =
        catalogue::policies().into_iter().map(|(code, _, terms)| (code, Value::from_json(&terms))).collect();
    for n in 1..=DEVICES {
        device(made, dice, company, &policies, n);
    }
    // The sign-in named like the role is a real customer's, of somebody who has something to ask for.
    let owners = made.devices.iter().filter_map(|device| device.owner.clone());
    let mut count: BTreeMap<String, u32> = BTreeMap::new();
    owners.for_each(|owner| *count.entry(owner).or_default() += 1);
    let somebody = count.into_iter().find(|(_, devices)| *devices > 1).map(|(owner, _)| owner);
    if let Some(user) = made.users.iter_mut().find(|user| user.name == "customer") {
        user.customer = somebody;
    }
}

fn tongue(dice: &mut Dice) -> &'static Tongue {
    let [fa, pl, zh, en] = &TONGUES;
    dice.weighted(&[(fa, 62), (pl, 16), (zh, 11), (en, 11)]).copied().unwrap_or(fa)
}

fn customer(made: &mut Made, dice: &mut Dice, n: i64) {
    let tongue = tongue(dice);
    let code = format!("K{n:05}");
    let name = tongue.person(dice);
    let (province, city) = tongue.city(dice);
    let number = tongue.phone(n);
    made.phones.push(entity::customer_phone::Model {
        customer: code.clone(),
        digits: number.trim_start_matches('+').to_owned(),
        number,
        position: 0,
    });
    made.customers.push(entity::customer::Model {
        kind: "person".to_owned(),
        name_key: text::folded(&name),
        name,
        national_id: None,
        tax_id: None,
        email: dice.percent(60).then(|| format!("{}@customer.example", code.to_lowercase())),
        language: tongue.code.to_owned(),
        province: Some(province),
        city: Some(city),
        address: Some(tongue.street(dice)),
        postcode: None,
        notes: None,
        credit_limit: None,
        merged_into: None,
        created_at: made.at,
        updated_at: made.at,
        version: 0,
        code,
    });
}

fn device(made: &mut Made, dice: &mut Dice, company: &Company, policies: &[(&str, Value)], n: i64) {
    let Some(product) = dice.pick(&made.products) else { return };
    let age = dice.between(20, 1_500).unsigned_abs();
    let produced = made.today.checked_sub_days(Days::new(age)).unwrap_or(made.today);
    let sold = after(produced, dice.between(5, 120)).filter(|day| *day <= made.today);
    let installed = sold.and_then(|day| after(day, dice.between(1, 20))).filter(|day| *day <= made.today);
    let owner = sold.and_then(|_| dice.pick(&made.customers)).map(|customer| customer.code.clone());
    let serial = format!("{}{n:06}", product.serial_prefix.as_deref().unwrap_or_default());
    let status = match (sold, installed) {
        (None, _) => "in_stock",
        (_, None) => "sold",
        _ => "installed",
    };
    let device = entity::device::Model {
        serial: serial.clone(),
        product: product.code.clone(),
        status: status.to_owned(),
        owner: owner.clone(),
        parent: None,
        batch: Some(format!("B{}", produced.format("%Y%m"))),
        produced_on: Some(produced),
        sold_on: sold,
        installed_on: installed,
        usage: None,
        repairs: 0,
        attributes: None,
        created_at: made.at,
        updated_at: made.at,
        version: 0,
    };
    let policy = product.policy.clone().unwrap_or_default();
    let terms = policies.iter().find(|(code, _)| *code == policy).map(|(_, terms)| terms);
    if let (Some(terms), true) = (terms, sold.is_some() || dice.percent(50)) {
        let card = card(made, dice, company, &device, terms, n);
        made.cards.push(card);
    }
    made.devices.push(device);
}

fn after(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(days.unsigned_abs()))
}

fn card(
    made: &Made,
    dice: &mut Dice,
    company: &Company,
    device: &entity::device::Model,
    policy: &Value,
    n: i64,
) -> entity::card::Model {
    let text_of = |key: &str| policy.get(key).and_then(Value::as_text).map(str::to_owned);
    let issued_on = device.produced_on.unwrap_or(made.today);
    let begins = match text_of("start_basis").as_deref() {
        Some("production") => device.produced_on,
        Some("sale") => device.sold_on,
        _ => device.installed_on,
    };
    let dates = begins
        .map(|from| card::terms(policy, device.produced_on, from, company.calendar))
        .unwrap_or_default();
    let date = |key: &str| dates.get(key).and_then(Value::as_date);
    let stamped = device.sold_on.is_some() && dice.percent(92);
    let fiscal_year = company.fiscal_year.of(issued_on);
    let parts =
        aftercare_engine::company::numbering::Parts { store: "", branch: "", day: issued_on, fiscal_year };
    let number = company
        .numbers
        .get("card")
        .map_or_else(String::new, |format| format.format(&parts, n.unsigned_abs()));
    entity::card::Model {
        number,
        device: device.serial.clone(),
        status: if begins.is_some() { "active" } else { "issued" }.to_owned(),
        kind: text_of("kind").unwrap_or_else(|| "internal".to_owned()),
        partner: text_of("partner"),
        holder: device.owner.clone(),
        issued_on,
        sold_on: device.sold_on,
        store: device.sold_on.and_then(|_| dice.pick(&made.shops)).map(|shop| shop.code.clone()),
        seller: None,
        invoice_no: device.sold_on.map(|_| format!("S-{n:06}")),
        stamped,
        stamped_on: device.sold_on.filter(|_| stamped),
        stamped_by: None,
        guarantee_from: date("guarantee_from"),
        guarantee_to: date("guarantee_to"),
        warranty_from: date("warranty_from"),
        warranty_to: date("warranty_to"),
        commitment_from: date("commitment_from"),
        commitment_to: date("commitment_to"),
        extended_from: None,
        extended_to: None,
        created_at: made.at,
        updated_at: made.at,
        version: 0,
    }
}
