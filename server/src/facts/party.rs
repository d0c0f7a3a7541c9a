//! Facts about people: the customer and the agency.

use std::sync::Arc;

use aftercare_engine::definition::field::FieldType;
use aftercare_engine::facts::{Map, Value};
use aftercare_engine::ledger::DetailKind;
use aftercare_engine::statechart::Statechart;
use aftercare_engine::text;

use super::{Names, World, put_in};
use crate::catalog::Version;
use crate::entity;
use crate::store::read::party::Customer;
use crate::store::step::Owed;
use crate::store::{Store, StoreError};

/// An agency with what it owes and keeps for us.
pub struct Agency {
    pub row: Arc<entity::agency::Model>,
    /// Minor units.
    owes: i64,
    /// Accounts on which it stands.
    accounts: Vec<String>,
    /// Its store of our parts.
    pub warehouse: Option<String>,
}

/// The agency that the form names, or the ticket's.
pub fn agency_code(ticket: &entity::ticket::Model, data: &Map, chart: &Statechart) -> Option<String> {
    let named = chart
        .fields
        .iter()
        .filter(|field| field.field.as_ref().is_some_and(|field| field.r#type.value == FieldType::Agency));
    let named = named.filter_map(|field| data.get(&field.name)?.as_text()).next();
    named.map(str::to_owned).or_else(|| ticket.agency.clone())
}

pub async fn find_customer(store: &Store, code: Option<&str>) -> Result<Option<Arc<Customer>>, StoreError> {
    match code {
        Some(code) => store.customer(code).await,
        None => Ok(None),
    }
}

impl Agency {
    /// What a step that makes it owe more relies on.
    pub fn owed(&self) -> Owed {
        Owed { agency: self.row.code.clone(), accounts: self.accounts.clone(), seen: self.owes }
    }
}

pub async fn find_agency(
    store: &Store,
    code: Option<&str>,
    version: &Version,
) -> Result<Option<Agency>, StoreError> {
    let Some(code) = code else { return Ok(None) };
    let accounts = receivables(version);
    let (row, owes, warehouse) = tokio::try_join!(
        store.agency(code),
        store.balance_of("agency", code, &accounts),
        store.consignment(code),
    )?;
    let warehouse = warehouse.map(|warehouse| warehouse.code);
    Ok(row.map(|row| Agency { row, owes, accounts, warehouse }))
}

/// Accounts on which an agency owes us: those with a debit nature that ask for an agency.
fn receivables(version: &Version) -> Vec<String> {
    let asks = |account: &&aftercare_engine::ledger::Account| {
        let details = &account.details;
        !account.memo
            && account.nature == aftercare_engine::ledger::Nature::Debit
            && [&details.required, &details.one_of].iter().any(|set| set.contains(&DetailKind::Agency))
            && !details.required.contains(&DetailKind::Warehouse)
    };
    version.library().accounts.iter().filter(asks).map(|account| account.code.to_string()).collect()
}

/// The fact `agencies`: those that a form's lists name.
pub async fn asked(
    store: &Store,
    codes: &[String],
    version: &Version,
    names: &Names<'_>,
) -> Result<Value, StoreError> {
    let mut facts = Vec::new();
    for code in codes {
        let found = find_agency(store, Some(code), version).await?;
        facts.extend(found.map(|agency| agency_fact(&agency, names)));
    }
    Ok(Value::List(facts))
}

/// Puts `customer` and `agency`.
pub fn put(world: &mut World, customer: Option<Arc<Customer>>, agency: Option<Agency>, names: &Names<'_>) {
    if let Some(customer) = customer {
        let fact = names.of_entry("customer", &customer.customer.code, || customer_fact(&customer));
        world.insert("customer".into(), fact);
    }
    if let Some(agency) = agency {
        put_in(world, "agency", agency_fact(&agency, names));
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (Arc::from(name), value)).collect())
}

/// A customer by the names of the facts.
pub fn customer_fact(customer: &Customer) -> Value {
    let row = &customer.customer;
    map([
        ("code", Value::text(row.code.as_str())),
        ("name", Value::text(row.name.as_str())),
        ("kind", Value::text(row.kind.as_str())),
        ("phone", customer.phones.first().map(|phone| phone.number.as_str()).into()),
        ("email", row.email.as_deref().into()),
        ("language", Value::text(row.language.as_str())),
        ("province", row.province.as_deref().into()),
        ("city", row.city.as_deref().into()),
        ("address", row.address.as_deref().into()),
    ])
}

fn agency_fact(agency: &Agency, names: &Names<'_>) -> Value {
    let row = &agency.row;
    map([
        ("code", Value::text(row.code.as_str())),
        ("name", names.best(&row.name)),
        ("kind", Value::text(row.kind.as_str())),
        ("status", Value::text(row.status.as_str())),
        ("vetted_to", row.vetted_to.into()),
        ("credit_limit", names.money(row.credit_limit)),
        ("balance", names.money(agency.owes)),
        ("labour_percent", row.labour_percent.into()),
        ("language", Value::text(row.language.as_str())),
        ("email", row.email.as_deref().into()),
        ("phone", row.phone.as_deref().into()),
        ("warehouse", agency.warehouse.as_deref().into()),
        ("regions", named(row.region.as_deref())),
        ("brands", named(row.brands.as_deref())),
    ])
}

/// Names with commas between them, in any script, as a list.
fn named(list: Option<&str>) -> Value {
    Value::List(text::names(list.unwrap_or_default()).map(Value::text).collect())
}
