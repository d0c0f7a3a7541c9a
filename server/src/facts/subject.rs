//! Facts about the device: model, policy, card, fitted parts.

use std::sync::Arc;

use aftercare_engine::facts::{Map, Value};

use super::{Names, World, put_in};
use crate::catalog::Version;
use crate::entity;
use crate::store::read::subject::Subject;
use crate::store::{Store, StoreError};

/// What is left of the warranty provision of a device's model, in minor units; none where the books keep none.
pub async fn provision(
    store: &Store,
    serial: Option<&str>,
    version: &Version,
) -> Result<Option<i64>, StoreError> {
    let accounts = provisions(version);
    match serial.filter(|_| !accounts.is_empty()) {
        Some(serial) => Ok(Some(store.set_aside_for_model_of(serial, &accounts).await?)),
        None => Ok(None),
    }
}

/// Accounts on which something is set aside for a product.
pub fn provisions(version: &Version) -> Vec<String> {
    let own = version.library().accounts.iter().filter(|account| account.sets_aside());
    own.map(|account| account.code.to_string()).collect()
}

/// Puts `product` and `policy` alone.
pub fn put_model(
    world: &mut World,
    model: Option<&entity::product::Model>,
    terms: Option<&entity::policy::Model>,
    names: &Names<'_>,
) {
    world.extend(model.map(|row| ("product".into(), product(row, None, names))));
    world.extend(terms.map(|row| ("policy".into(), policy(row, names))));
}

/// Puts `device`, `product`, `policy` and `card`.
pub fn put(world: &mut World, subject: &Subject, provision: Option<i64>, names: &Names<'_>) {
    put_in(world, "device", device(subject));
    if let Some(row) = &subject.product {
        world.insert("product".into(), product(row, provision, names));
    }
    if let Some(row) = &subject.policy {
        world.insert("policy".into(), policy(row, names));
    }
    if let Some(row) = &subject.card {
        put_in(world, "card", card(row));
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (Arc::from(name), value)).collect())
}

fn device(subject: &Subject) -> Value {
    let row = &subject.device;
    map([
        ("serial", Value::text(row.serial.as_str())),
        ("status", Value::text(row.status.as_str())),
        ("owner", row.owner.as_deref().into()),
        ("batch", row.batch.as_deref().into()),
        ("produced_on", row.produced_on.into()),
        ("sold_on", row.sold_on.into()),
        ("installed_on", row.installed_on.into()),
        ("usage", row.usage.into()),
        ("repairs", row.repairs.into()),
        ("fitted", Value::List(subject.fitted.iter().map(fitted).collect())),
        ("earlier", subject.earlier.as_deref().into()),
    ])
}

fn fitted(row: &entity::fitted_part::Model) -> Value {
    map([
        ("code", Value::text(row.part.as_str())),
        ("serial", row.serial.as_deref().into()),
        ("fitted_on", row.fitted_on.into()),
        ("covered_to", row.covered_to.into()),
    ])
}

fn product(row: &entity::product::Model, provision: Option<i64>, names: &Names<'_>) -> Arc<Value> {
    let mut fact = names.of_entry("product", &row.code, || {
        map([
            ("code", Value::text(row.code.as_str())),
            ("name", names.best(&row.name)),
            ("category", Value::text(row.category.as_str())),
            ("brand", row.brand.as_deref().into()),
            ("price", names.money(row.price)),
            ("hazard", Value::text(row.hazard.as_str())),
        ])
    });
    if let (Some(left), Value::Map(entries)) = (provision, Arc::make_mut(&mut fact)) {
        entries.insert("provision".into(), names.money(left));
    }
    fact
}

/// Terms are kept by the names of the facts; the code is the register's own.
fn policy(row: &entity::policy::Model, names: &Names<'_>) -> Arc<Value> {
    names.of_entry("policy", &row.code, || {
        let mut terms: Map = serde_json::from_str(&row.terms).unwrap_or_default();
        terms.insert("code".into(), Value::text(row.code.as_str()));
        Value::Map(terms)
    })
}

/// A card by the names of the facts.
pub fn card(row: &entity::card::Model) -> Value {
    map([
        ("number", Value::text(row.number.as_str())),
        ("status", Value::text(row.status.as_str())),
        ("issued_on", row.issued_on.into()),
        ("sold_on", row.sold_on.into()),
        ("holder", row.holder.as_deref().into()),
        ("stamped", row.stamped.into()),
        ("kind", Value::text(row.kind.as_str())),
        ("partner", row.partner.as_deref().into()),
        ("guarantee_from", row.guarantee_from.into()),
        ("guarantee_to", row.guarantee_to.into()),
        ("warranty_from", row.warranty_from.into()),
        ("warranty_to", row.warranty_to.into()),
        ("commitment_from", row.commitment_from.into()),
        ("commitment_to", row.commitment_to.into()),
        ("extended_from", row.extended_from.into()),
        ("extended_to", row.extended_to.into()),
    ])
}
