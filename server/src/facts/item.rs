//! The facts of an item of a run: what its balance belongs to.
//!
//! A contract or case is a ticket, with all that a step of it would see; a product, customer or agency is its
//! register entry. It looks things up and decides nothing.

use std::sync::Arc;

use aftercare_engine::company::date::months_after;
use aftercare_engine::definition::company::CalendarSystem;
use aftercare_engine::facts::{Actor, Map, Value, shape};
use aftercare_engine::ledger::DetailKind;
use aftercare_engine::run::Period;
use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Moment, Names, World, assemble, party, subject};
use crate::app::App;
use crate::catalog::Version;
use crate::store::StoreError;
use crate::store::read::balances::Terms;

/// Facts by name, every known name among them.
pub async fn of_item(
    app: &App,
    version: &Version,
    by: DetailKind,
    code: &str,
    period: Period,
) -> Result<Map, StoreError> {
    let mut known = match by {
        DetailKind::Contract | DetailKind::Case => of_ticket(app, code).await?,
        _ => World::new(),
    };
    let names = Names::new(&app.store, version);
    match by {
        DetailKind::Product => {
            let (product, policy) = app.store.model(code).await?;
            subject::put_model(&mut known, product.as_deref(), policy.as_deref(), &names);
            let terms = app.store.terms_of_product(code).await?;
            let calendar = version.company().map(|company| company.calendar).unwrap_or_default();
            put_cover(&mut known, &terms, period, calendar);
        }
        DetailKind::Customer => {
            let customer = party::find_customer(&app.store, Some(code)).await?;
            party::put(&mut known, customer, None, &names);
        }
        DetailKind::Agency | DetailKind::Partner => {
            let agency = party::find_agency(&app.store, Some(code), version).await?;
            party::put(&mut known, None, agency, &names);
        }
        _ => {}
    }
    known.extend(version.rates(period.to).map(|rates| ("rates".into(), rates)));
    let mut facts: Map = known.into_iter().map(|(name, value)| (name, Arc::unwrap_or_clone(value))).collect();
    facts.insert("today".into(), Value::Date(period.to));
    facts.insert("period".into(), days(period));
    for entry in shape::WORLD {
        facts.entry(entry.name.into()).or_default();
    }
    Ok(facts)
}

fn days(period: Period) -> Value {
    let days = [("from", Value::Date(period.from)), ("to", Value::Date(period.to))];
    Value::Map(days.into_iter().map(|(name, day)| (Arc::from(name), day)).collect())
}

/// What a step of the ticket would see, by the definitions that the ticket stays on.
async fn of_ticket(app: &App, code: &str) -> Result<World, StoreError> {
    let Some(ticket) = app.store.ticket(code).await? else { return Ok(World::new()) };
    let version = app.catalog.version(&ticket.bundle).await?;
    let branch = app.store.branch(&ticket.branch).await?;
    let (Some(chart), Some(branch)) = (version.chart(&ticket.process), branch) else {
        return Ok(World::new());
    };
    let home = app.config.home();
    let moment = Moment {
        home: &home,
        now: ticket.updated_at,
        by: Actor::system(),
        data: Map::new(),
        version: &version,
        chart,
        ticket: &ticket,
        branch: &branch,
        opened_as: None,
    };
    Ok(assemble(&app.store, moment).await?.facts.world)
}

/// How much of the cards' terms is left and went by, in whole terms.
fn put_cover(world: &mut World, terms: &[Terms], period: Period, calendar: CalendarSystem) {
    let Some(Value::Map(product)) = world.get_mut("product").map(Arc::make_mut) else { return };
    let (mut in_cover, mut left, mut later, mut used) = (0i64, Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    let year = months_after(period.to, 12, calendar).and_then(|day| day.succ_opt());
    for term in terms {
        let last = term.guarantee_to.max(term.warranty_to);
        let Some((from, to)) = term.guarantee_from.zip(last) else { continue };
        let whole = Decimal::from((to - from).num_days() + 1);
        let share = |from: NaiveDate, to: NaiveDate| {
            let days = Decimal::from(((to - from).num_days() + 1).max(0));
            if whole.is_zero() { Decimal::ZERO } else { days / whole }
        };
        used += share(from.max(period.from), to.min(period.to));
        let Some(next) = period.to.succ_opt() else { continue };
        left += share(from.max(next), to);
        later += year.map_or(Decimal::ZERO, |year| share(from.max(year), to));
        in_cover += i64::from(from <= period.to && period.to <= to);
    }
    product.insert("in_cover".into(), in_cover.into());
    product.insert("cover_left".into(), left.round_dp(8).into());
    product.insert("cover_later".into(), later.round_dp(8).into());
    product.insert("cover_used".into(), used.round_dp(8).into());
}
