//! A small company with one process of its own, in a fresh database.

use std::path::Path;
use std::sync::Arc;

use aftercare::app::App;
use aftercare::catalog::{Catalog, DeployError, read_folder};
use aftercare::clock::StandingClock;
use aftercare::config::Config;
use aftercare::entity::*;
use aftercare::step::{Answer, Opening, Take};
use aftercare::store::step::Key;
use aftercare::store::{Store, StoreError, stock};
use aftercare_engine::facts::{Actor, Map, Value};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel};

use crate::database::Fresh;

pub const SERIAL: &str = "WM-100200";
pub const BRANCH: &str = "TEH";

/// The app over a fresh database, and its clock.
pub struct Company {
    pub app: App,
    pub clock: Arc<StandingClock>,
}

pub fn morning() -> DateTime<Utc> {
    "2026-11-21T06:00:00Z".parse().unwrap()
}

pub async fn found(fresh: &Fresh) -> Company {
    let company = open(&fresh.store).await;
    seed(&fresh.store).await.unwrap();
    company.app.catalog.deploy(files(), "designer", morning()).await.map(drop).unwrap_or_else(|error| {
        match error {
            DeployError::Wrong(bundle, found) => {
                let text = aftercare_engine::diagnostic::render::short(&found, &bundle.sources);
                panic!("{text}")
            }
            other => panic!("{other}"),
        }
    });
    company
}

/// The app over a database that is there already.
pub async fn open(store: &Store) -> Company {
    let clock = Arc::new(StandingClock::at(morning()));
    let catalog = Arc::new(Catalog::open(store.clone()).await.unwrap());
    let config = Arc::new(Config::default());
    Company { app: App { store: store.clone(), catalog, clock: clock.clone(), config }, clock }
}

/// The company, books, calendar and roles of the repository, and a process made for these tests.
pub fn files() -> Vec<(String, String)> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let kept = [
        "workflows/company.yaml",
        "workflows/accounts.yaml",
        "workflows/calendars/default.yaml",
        "workflows/roles.yaml",
        "workflows/reasons.yaml",
        "workflows/vouchers/payment_received.yaml",
    ];
    let mut files = read_folder(repository).unwrap();
    files.retain(|(path, _)| kept.contains(&path.as_str()));
    // What the parts of an errand cost is posted nowhere, so no account carries their stock.
    files.iter_mut().for_each(|(_, text)| *text = text.replace("    control: stock\n", ""));
    // Nobody is sent to an errand: it has no fields by which people could be compared.
    files.iter_mut().for_each(|(_, text)| *text = text.replace("\ndispatch: {", "\n# {"));
    files.push(("workflows/processes/errand.yaml".into(), include_str!("company/errand.yaml").into()));
    files.push(("workflows/processes/case.yaml".into(), include_str!("company/case.yaml").into()));
    files
        .push(("workflows/messages/errand.yaml".into(), include_str!("company/errand.messages.yaml").into()));
    files
}

async fn seed(store: &Store) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                house(tx, morning()).await?;
                people(tx, morning()).await?;
                goods(tx, morning()).await?;
                Ok(())
            })
        })
        .await
}

fn washer() -> String {
    r#"{"en": "Washer", "fa": "لباسشویی"}"#.to_owned()
}

/// Inserts a row of a register.
macro_rules! put {
    ($tx:ident, $at:ident, $table:ident { $($key:ident: $value:expr),* $(,)? }) => {
        $table::Model { $($key: $value,)* created_at: $at, updated_at: $at, version: 1 }
            .into_active_model().insert($tx).await?;
    };
}

async fn house(tx: &DatabaseTransaction, at: DateTime<Utc>) -> Result<(), StoreError> {
    put!(tx, at, shop { code: "01".into(), name: washer(), phone: None, address: None, active: true });
    put!(
        tx,
        at,
        warehouse {
            code: "W1".into(),
            branch: Some(BRANCH.into()),
            name: washer(),
            kind: "main".into(),
            agency: None,
            technician: None,
            active: true,
        }
    );
    put!(
        tx,
        at,
        branch {
            code: BRANCH.into(),
            shop: "01".into(),
            number: "03".into(),
            name: washer(),
            city: None,
            phone: None,
            address: None,
            warehouse: Some("W1".into()),
            calendar: Some("default".into()),
            active: true,
        }
    );
    Ok(())
}

async fn people(tx: &DatabaseTransaction, at: DateTime<Utc>) -> Result<(), StoreError> {
    for role in ["reception", "dispatcher", "technician"] {
        put!(
            tx,
            at,
            user {
                name: role.into(),
                full_name: role.to_uppercase(),
                email: None,
                phone: None,
                language: "en".into(),
                password: None,
                branch: Some(BRANCH.into()),
                agency: None,
                customer: None,
                kind: None,
                territories: None,
                hourly_cost: None,
                active: true,
            }
        );
        user_role::Model { user_name: role.into(), role: role.into(), branch: String::new() }
            .into_active_model()
            .insert(tx)
            .await?;
    }
    put!(
        tx,
        at,
        customer {
            code: "C1".into(),
            kind: "person".into(),
            name: "Jan Nowak".into(),
            name_key: "jan nowak".into(),
            national_id: None,
            tax_id: None,
            email: Some("jan@example.org".into()),
            language: "pl".into(),
            province: None,
            city: None,
            address: None,
            postcode: None,
            notes: None,
            credit_limit: None,
            merged_into: None,
        }
    );
    customer_phone::Model {
        customer: "C1".into(),
        digits: "989121234567".into(),
        number: "0912 123 4567".into(),
        position: 0,
    }
    .into_active_model()
    .insert(tx)
    .await?;
    Ok(())
}

async fn goods(tx: &DatabaseTransaction, at: DateTime<Utc>) -> Result<(), StoreError> {
    put!(tx, at, product_category { code: "washer".into(), parent: None, name: washer() });
    put!(
        tx,
        at,
        product {
            code: "WM-7".into(),
            category: "washer".into(),
            name: washer(),
            brand: None,
            price: 1000,
            hazard: "electric".into(),
            policy: None,
            serial_prefix: None,
            serial_suffix: None,
            serial_width: None,
            attributes: None,
            active: true,
        }
    );
    put!(
        tx,
        at,
        device {
            serial: SERIAL.into(),
            product: "WM-7".into(),
            status: "sold".into(),
            owner: Some("C1".into()),
            parent: None,
            batch: None,
            produced_on: NaiveDate::from_ymd_opt(2026, 1, 2),
            sold_on: None,
            installed_on: None,
            usage: None,
            repairs: 0,
            attributes: None,
        }
    );
    put!(
        tx,
        at,
        part {
            code: "P1".into(),
            name: washer(),
            oem: true,
            price: 500,
            agency_price: None,
            unit: "piece".into(),
            min_level: 0,
            active: true,
        }
    );
    let held = stock_balance::Model {
        warehouse: "W1".into(),
        part: "P1".into(),
        quantity: 10_000,
        value: 3_000,
        version: 1,
    };
    stock::open(tx, vec![held], "test", at).await?;
    Ok(())
}

impl Company {
    pub async fn open_errand(&self) -> String {
        match self.try_open(None).await {
            Answer::Done { code, .. } => code,
            other => panic!("{other:?}"),
        }
    }

    pub async fn try_open(&self, key: Option<Key>) -> Answer {
        let opening = Opening {
            process: "errand".into(),
            branch: BRANCH.into(),
            channel: "counter".into(),
            customer: None,
            device: Some(SERIAL.into()),
            agency: None,
            data: data(&[("fault", Value::text("does not spin"))]),
            parent: None,
        };
        self.app.open_ticket(Actor::role("reception"), opening, key).await.unwrap()
    }

    /// A ticket that waits for an errand.
    pub async fn open_case(&self, form: Map, key: Option<Key>) -> Answer {
        let opening = Opening {
            process: "case".into(),
            branch: BRANCH.into(),
            channel: "counter".into(),
            customer: None,
            device: Some(SERIAL.into()),
            agency: None,
            data: form,
            parent: None,
        };
        self.app.open_ticket(Actor::role("reception"), opening, key).await.unwrap()
    }

    pub async fn step(&self, role: &str, code: &str, event: &str, form: Map) -> Answer {
        self.step_at(role, code, event, None, form).await
    }

    pub async fn step_at(
        &self,
        role: &str,
        code: &str,
        event: &str,
        revision: Option<i64>,
        data: Map,
    ) -> Answer {
        let take = Take { code: code.into(), event: event.into(), revision, data, ticket: None };
        self.app.take_step(Actor::role(role), take, None).await.unwrap()
    }

    /// A ticket that a technician works on.
    pub async fn working(&self) -> String {
        let code = self.open_errand().await;
        let assigned =
            self.step("dispatcher", &code, "assign", data(&[("technician", Value::text("technician"))]));
        assert!(matches!(assigned.await, Answer::Done { .. }));
        code
    }

    pub async fn ticket(&self, code: &str) -> ticket::Model {
        self.app.store.ticket(code).await.unwrap().unwrap()
    }
}

pub fn data(entries: &[(&str, Value)]) -> Map {
    entries.iter().map(|(name, value)| ((*name).into(), value.clone())).collect()
}

pub fn parts(code: &str, quantity: i64) -> Map {
    let line = data(&[("code", Value::text(code)), ("quantity", Value::Int(quantity))]);
    data(&[("spare", Value::List(vec![Value::Map(line)]))])
}
