//! The demo company: an empty store becomes a company with a past.
//!
//! Registers are made from a seed; the tickets are driven through the same write path as everybody's, over three
//! simulated months, by walking whatever processes the bundle has. Nothing here knows a process by name.

mod catalogue;
mod company;
mod devices;
mod dice;
mod forms;
mod letters;
mod names;
mod opening;
mod papers;
mod walk;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

use crate::app::App;
use crate::auth::password;
use crate::entity;
use crate::store::step::VoucherWrite;
use crate::store::voucher::entry;
use crate::store::{StoreError, setting, stock};

use dice::Dice;

pub use walk::Walked;

/// What everybody in the demo signs in with.
pub const PASSWORD: &str = "aftercare-demo";
/// The seed of the demo that `serve` makes by itself.
pub const SEED: u64 = 1404;
/// Who brought in what was there before the demo's past.
const KEEPER: &str = "system";
/// Length of the demo's past.
const DAYS: i64 = 92;
/// Tickets in it, unless somebody asks for fewer or more.
pub const TICKETS: usize = 300;

/// Setting that marks a store as a demo: the seed it was made from.
const MARK: &str = "demo_seed";
/// Setting that says whether all of it is there: [`BEGUN`] from the first row on, until the last one.
const STATE: &str = "demo_state";
const BEGUN: &str = "begun";
const WHOLE: &str = "whole";

/// All register rows, before they are written.
struct Made {
    at: DateTime<Utc>,
    today: NaiveDate,
    shops: Vec<entity::shop::Model>,
    branches: Vec<entity::branch::Model>,
    warehouses: Vec<entity::warehouse::Model>,
    balances: Vec<entity::stock_balance::Model>,
    agencies: Vec<entity::agency::Model>,
    skills: Vec<entity::skill::Model>,
    users: Vec<entity::user::Model>,
    roles: Vec<entity::user_role::Model>,
    categories: Vec<entity::product_category::Model>,
    policies: Vec<entity::policy::Model>,
    products: Vec<entity::product::Model>,
    parts: Vec<entity::part::Model>,
    services: Vec<entity::service::Model>,
    plans: Vec<entity::service_plan::Model>,
    fragments: Vec<entity::letter_fragment::Model>,
    letters: Vec<entity::letter_type::Model>,
    customers: Vec<entity::customer::Model>,
    phones: Vec<entity::customer_phone::Model>,
    devices: Vec<entity::device::Model>,
    cards: Vec<entity::card::Model>,
}

/// Why the demo could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("the store is not empty: the demo company is only made in a new one")]
    NotEmpty,
    #[error("the bundle has no `company:` file")]
    NoCompany,
    #[error("the demo's password cannot be hashed")]
    Password,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether the store has nobody in it yet.
pub async fn is_empty(app: &App) -> Result<bool, StoreError> {
    let user = entity::user::Entity::find().one(app.store.reader()).await?;
    Ok(user.is_none())
}

/// Whether the store holds no real company: only then may its clock be moved.
pub async fn is_demo(app: &App) -> Result<bool, StoreError> {
    Ok(app.store.setting(MARK).await?.is_some() || is_empty(app).await?)
}

/// Whether a demo has been begun and is not, or not yet, whole.
pub async fn is_half(app: &App) -> Result<bool, StoreError> {
    Ok(app.store.setting(STATE).await?.is_some_and(|state| state == BEGUN))
}

/// Fills an empty store with the company and its last three months, up to the clock's present.
///
/// Nobody waits for its single commits, so they need not be durable before all of it is. If we die on the way,
/// the store says that it is half made, and no command takes it for anything else.
pub async fn fill(app: &App, seed: u64, tickets: usize) -> Result<Walked, DemoError> {
    if !is_empty(app).await? {
        return Err(DemoError::NotEmpty);
    }
    let version = app.catalog.current();
    let library = &version.bundle().library;
    let books = library.company.as_ref().ok_or(DemoError::NoCompany)?;
    let now = app.clock.now();
    let begin = now - chrono::TimeDelta::days(DAYS);
    let mut made = Made::nothing(begin);
    // Each from a seed of its own: one role more must not give every device another serial.
    catalogue::make(&mut made, &mut Dice::new(seed));
    letters::make(&mut made);
    company::make(&mut made, &mut Dice::new(seed.wrapping_add(1)), library);
    devices::make(&mut made, &mut Dice::new(seed.wrapping_add(2)), books);
    let hash = password::hash_now(PASSWORD).ok_or(DemoError::Password)?;
    made.users.iter_mut().for_each(|user| user.password = Some(hash.clone()));
    let opening = opening::voucher(&version, &made.balances, begin)?;
    app.store.be_durable(false).await?;
    app.store.write(move |transaction| Box::pin(made.save(transaction, seed, opening))).await?;
    let walked = walk::walk(app, &mut Dice::new(seed.wrapping_add(3)), begin, now, tickets).await?;
    app.store.be_durable(true).await?;
    app.store.set_setting(STATE, WHOLE).await?;
    Ok(walked)
}

impl Made {
    fn nothing(at: DateTime<Utc>) -> Self {
        Self {
            at,
            today: at.date_naive(),
            shops: Vec::new(),
            branches: Vec::new(),
            warehouses: Vec::new(),
            balances: Vec::new(),
            agencies: Vec::new(),
            skills: Vec::new(),
            users: Vec::new(),
            roles: Vec::new(),
            categories: Vec::new(),
            policies: Vec::new(),
            products: Vec::new(),
            parts: Vec::new(),
            services: Vec::new(),
            plans: Vec::new(),
            fragments: Vec::new(),
            letters: Vec::new(),
            customers: Vec::new(),
            phones: Vec::new(),
            devices: Vec::new(),
            cards: Vec::new(),
        }
    }

    async fn save(
        self,
        transaction: &DatabaseTransaction,
        seed: u64,
        opening: Option<VoucherWrite>,
    ) -> Result<(), StoreError> {
        setting::set(transaction, MARK, &seed.to_string()).await?;
        setting::set(transaction, STATE, BEGUN).await?;
        rows::<entity::shop::ActiveModel, _>(transaction, self.shops).await?;
        rows::<entity::branch::ActiveModel, _>(transaction, self.branches).await?;
        rows::<entity::warehouse::ActiveModel, _>(transaction, self.warehouses).await?;
        rows::<entity::agency::ActiveModel, _>(transaction, self.agencies).await?;
        rows::<entity::product_category::ActiveModel, _>(transaction, self.categories).await?;
        rows::<entity::policy::ActiveModel, _>(transaction, self.policies).await?;
        rows::<entity::product::ActiveModel, _>(transaction, self.products).await?;
        rows::<entity::part::ActiveModel, _>(transaction, self.parts).await?;
        rows::<entity::service::ActiveModel, _>(transaction, self.services).await?;
        rows::<entity::service_plan::ActiveModel, _>(transaction, self.plans).await?;
        rows::<entity::letter_fragment::ActiveModel, _>(transaction, self.fragments).await?;
        rows::<entity::letter_type::ActiveModel, _>(transaction, self.letters).await?;
        stock::open(transaction, self.balances, KEEPER, self.at).await?;
        rows::<entity::customer::ActiveModel, _>(transaction, self.customers).await?;
        rows::<entity::customer_phone::ActiveModel, _>(transaction, self.phones).await?;
        rows::<entity::device::ActiveModel, _>(transaction, self.devices).await?;
        rows::<entity::card::ActiveModel, _>(transaction, self.cards).await?;
        rows::<entity::user::ActiveModel, _>(transaction, self.users).await?;
        rows::<entity::user_role::ActiveModel, _>(transaction, self.roles).await?;
        rows::<entity::skill::ActiveModel, _>(transaction, self.skills).await?;
        if let Some(opening) = opening {
            entry::enter(transaction, opening).await?;
        }
        Ok(())
    }
}

/// Inserts rows, many to a statement.
async fn rows<A, M>(transaction: &DatabaseTransaction, models: Vec<M>) -> Result<(), StoreError>
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
    M: IntoActiveModel<A>,
{
    let mut models = models.into_iter().map(|model| model.into_active_model().reset_all()).peekable();
    while models.peek().is_some() {
        let some: Vec<A> = models.by_ref().take(200).collect();
        A::Entity::insert_many(some).exec_without_returning(transaction).await?;
    }
    Ok(())
}
