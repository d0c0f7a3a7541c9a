//! People, agencies, branches, parts, services and service plans that a step refers to.

use std::sync::Arc;

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Statement,
    sea_query::{Expr, ExprTrait},
};

use crate::entity::{
    agency, branch, customer, customer_phone, part, product_category, service, service_plan, skill,
    stock_balance, tariff, user, user_role, warehouse,
};
use crate::store::table::statement;
use crate::store::{Store, StoreError};

/// A customer with the phones, the first one first.
#[derive(Clone, Debug)]
pub struct Customer {
    pub customer: customer::Model,
    pub phones: Vec<customer_phone::Model>,
}

/// A part and what a warehouse holds of it.
#[derive(Clone, Debug)]
pub struct StockedPart {
    pub part: part::Model,
    pub balance: Option<stock_balance::Model>,
}

/// The kind of warehouse that one orders for.
const MAIN: &str = "main";

impl Store {
    pub async fn customer(&self, code: &str) -> Result<Option<Arc<Customer>>, StoreError> {
        let read = || async {
            let phones = customer_phone::Entity::find()
                .filter(customer_phone::Column::Customer.eq(code))
                .order_by_asc(customer_phone::Column::Position)
                .all(&self.readers);
            let customer = customer::Entity::find_by_id(code).one(&self.readers);
            let (customer, phones) = tokio::try_join!(customer, phones)?;
            Ok(customer.map(|customer| Customer { customer, phones }))
        };
        Ok(self.kept("customer", code, read).await?)
    }

    pub async fn agency(&self, code: &str) -> Result<Option<Arc<agency::Model>>, StoreError> {
        Ok(self.kept("agency", code, || agency::Entity::find_by_id(code).one(&self.readers)).await?)
    }

    pub async fn service_plan(&self, code: &str) -> Result<Option<Arc<service_plan::Model>>, StoreError> {
        let read = || service_plan::Entity::find_by_id(code).one(&self.readers);
        Ok(self.kept("service_plan", code, read).await?)
    }

    /// Codes of a group of goods and of all groups below it.
    pub async fn groups_below(&self, code: &str) -> Result<Vec<String>, StoreError> {
        let read = || async { Ok(Some(product_category::Entity::find().all(&self.readers).await?)) };
        let all = self.kept("product_category", "all", read).await?.unwrap_or_default();
        let mut below = vec![code.to_owned()];
        let mut next = 0;
        while let Some(above) = below.get(next).cloned() {
            let children = all.iter().filter(|group| group.parent.as_ref() == Some(&above));
            let new: Vec<String> =
                children.map(|group| group.code.clone()).filter(|code| !below.contains(code)).collect();
            below.extend(new);
            next += 1;
        }
        Ok(below)
    }

    pub async fn branch(&self, code: &str) -> Result<Option<Arc<branch::Model>>, StoreError> {
        Ok(self.kept("branch", code, || branch::Entity::find_by_id(code).one(&self.readers)).await?)
    }

    /// Names of an agency's people.
    pub async fn users_of_agency(&self, code: &str) -> Result<Vec<String>, StoreError> {
        let query = user::Entity::find().select_only().column(user::Column::Name);
        Ok(query.filter(user::Column::Agency.eq(code)).into_tuple().all(&self.readers).await?)
    }

    /// All branches that work.
    pub async fn branches(&self) -> Result<Vec<branch::Model>, StoreError> {
        let query = || branch::Entity::find().filter(branch::Column::Active.eq(true));
        let all = || query().order_by_asc(branch::Column::Code).all(&self.readers);
        let read = || async { Ok(Some(all().await?)) };
        Ok(self.kept("branches", "all", read).await?.map(Arc::unwrap_or_clone).unwrap_or_default())
    }

    /// What a party owes by the books, in minor units: debits less credits on its receivable accounts.
    pub async fn balance_of(
        &self,
        party_kind: &str,
        party: &str,
        accounts: &[String],
    ) -> Result<i64, StoreError> {
        if accounts.is_empty() {
            return Ok(0);
        }
        let row = self.readers.query_one_raw(balance_of(self.backend(), party_kind, party, accounts)).await?;
        Ok(row.map(|row| row.try_get("", "owed")).transpose()?.unwrap_or(0))
    }

    /// What is set aside for the model of a device, in minor units: credits less debits on these accounts.
    pub async fn set_aside_for_model_of(&self, serial: &str, accounts: &[String]) -> Result<i64, StoreError> {
        Ok(self.near.number(set_aside(self.backend(), serial, accounts)).await?.unwrap_or(0))
    }

    /// Parts by code, with their balance in a warehouse.
    pub async fn parts(
        &self,
        codes: &[String],
        warehouse: Option<&str>,
    ) -> Result<Vec<StockedPart>, StoreError> {
        if codes.is_empty() {
            return Ok(Vec::new());
        }
        let (parts, held) = tokio::try_join!(self.parts_alone(codes), self.balances(warehouse, codes))?;
        Ok(stocked(parts, &held))
    }

    /// Parts by code.
    pub async fn parts_alone(&self, codes: &[String]) -> Result<Vec<part::Model>, StoreError> {
        if codes.is_empty() {
            return Ok(Vec::new());
        }
        let parts = || part::Entity::find().filter(part::Column::Code.is_in(codes)).all(&self.readers);
        let read = || async { Ok(Some(parts().await?)) };
        let parts = self.kept("parts", codes.join("\n"), read).await?;
        Ok(parts.map(Arc::unwrap_or_clone).unwrap_or_default())
    }

    /// What warehouses hold, in the order of warehouse and part; or only what is too little where one orders from: vans
    /// and agencies are filled from there.
    pub async fn stock(
        &self,
        warehouse: Option<&str>,
        part: Option<&str>,
        is_short: bool,
        limit: u64,
    ) -> Result<Vec<stock_balance::Model>, StoreError> {
        let enough = "(SELECT min_level FROM part WHERE part.code = stock_balance.part)";
        let orders = format!("stock_balance.warehouse IN (SELECT code FROM warehouse WHERE kind = '{MAIN}')");
        let query = stock_balance::Entity::find()
            .apply_if(is_short.then_some(()), |query, ()| {
                query
                    .filter(Expr::cust(format!("stock_balance.quantity < {enough}")))
                    .filter(Expr::cust(orders))
            })
            .apply_if(warehouse, |query, warehouse| {
                query.filter(stock_balance::Column::Warehouse.eq(warehouse))
            })
            .apply_if(part, |query, part| query.filter(stock_balance::Column::Part.eq(part)))
            .order_by_asc(stock_balance::Column::Warehouse)
            .order_by_asc(stock_balance::Column::Part)
            .limit(limit);
        Ok(query.all(&self.readers).await?)
    }

    /// Whether this is a warehouse that one orders for.
    pub async fn is_main(&self, warehouse: &str) -> Result<bool, StoreError> {
        let found = warehouse::Entity::find_by_id(warehouse).one(&self.readers).await?;
        Ok(found.is_some_and(|row| row.kind == MAIN))
    }

    /// Services by code, with the prices that hold on a day.
    pub async fn services(
        &self,
        codes: &[String],
        day: NaiveDate,
    ) -> Result<Vec<service::Model>, StoreError> {
        if codes.is_empty() {
            return Ok(Vec::new());
        }
        let read = || async {
            let query = service::Entity::find().filter(service::Column::Code.is_in(codes));
            let mut services = query.all(&self.readers).await?;
            let holds =
                Condition::any().add(tariff::Column::ValidTo.is_null()).add(tariff::Column::ValidTo.gte(day));
            let tariffs = tariff::Entity::find()
                .filter(tariff::Column::Service.is_in(codes))
                .filter(tariff::Column::ValidFrom.lte(day))
                .filter(holds)
                .order_by_asc(tariff::Column::ValidFrom)
                .order_by_asc(tariff::Column::Code);
            // The one that began last comes last and stays.
            for tariff in tariffs.all(&self.readers).await? {
                for service in services.iter_mut().filter(|service| service.code == tariff.service) {
                    service.price = tariff.price;
                }
            }
            Ok(Some(services))
        };
        let services = self.kept("services", format!("{day}\n{}", codes.join("\n")), read).await?;
        Ok(services.map(Arc::unwrap_or_clone).unwrap_or_default())
    }

    /// A branch's warehouse of a kind.
    pub async fn warehouse_of_kind(
        &self,
        branch: &str,
        kind: &str,
    ) -> Result<Option<warehouse::Model>, StoreError> {
        Ok(warehouse::Entity::find()
            .filter(warehouse::Column::Branch.eq(branch))
            .filter(warehouse::Column::Kind.eq(kind))
            .order_by_asc(warehouse::Column::Code)
            .one(&self.readers)
            .await?)
    }

    /// The van of a technician.
    pub async fn van_of(&self, technician: &str) -> Result<Option<Arc<warehouse::Model>>, StoreError> {
        let read = || {
            warehouse::Entity::find()
                .filter(warehouse::Column::Technician.eq(technician))
                .filter(warehouse::Column::Kind.eq("van"))
                .filter(warehouse::Column::Active.eq(true))
                .order_by_asc(warehouse::Column::Code)
                .one(&self.readers)
        };
        Ok(self.kept("van", technician, read).await?)
    }

    /// The warehouse in which an agency keeps our parts.
    pub async fn consignment(&self, agency: &str) -> Result<Option<warehouse::Model>, StoreError> {
        Ok(warehouse::Entity::find()
            .filter(warehouse::Column::Agency.eq(agency))
            .filter(warehouse::Column::Active.eq(true))
            .order_by_asc(warehouse::Column::Code)
            .one(&self.readers)
            .await?)
    }

    pub async fn user(&self, name: &str) -> Result<Option<Arc<user::Model>>, StoreError> {
        Ok(self.kept("user", name, || user::Entity::find_by_id(name).one(&self.readers)).await?)
    }

    /// Whether somebody active has this name, and the role if one is asked.
    pub async fn is_user(&self, name: &str, role: Option<&str>) -> Result<bool, StoreError> {
        if !self.user(name).await?.is_some_and(|user| user.active) {
            return Ok(false);
        }
        let Some(role) = role else { return Ok(true) };
        let held = || {
            user_role::Entity::find()
                .filter(user_role::Column::UserName.eq(name))
                .filter(user_role::Column::Role.eq(role))
                .one(&self.readers)
        };
        Ok(self.kept("role", format!("{name}/{role}"), held).await?.is_some())
    }

    /// What people have been trained for in a category of goods.
    pub async fn skills_for(&self, category: &str) -> Result<Vec<skill::Model>, StoreError> {
        let skills = skill::Entity::find().filter(skill::Column::Category.eq(category));
        Ok(skills.all(&self.readers).await?)
    }

    /// Active users who have a role in a branch.
    pub async fn users_with_role(&self, role: &str, branch: &str) -> Result<Vec<user::Model>, StoreError> {
        let read = || async {
            let holders = user_role::Entity::find()
                .select_only()
                .column(user_role::Column::UserName)
                .filter(user_role::Column::Role.eq(role))
                .filter(user_role::Column::Branch.is_in(["", branch]))
                .into_query();
            let holders = user::Entity::find()
                .filter(user::Column::Name.in_subquery(holders))
                .filter(user::Column::Branch.is_null().or(user::Column::Branch.eq(branch)))
                .filter(user::Column::Active.eq(true))
                .order_by_asc(user::Column::Name)
                .all(&self.readers);
            Ok(Some(holders.await?))
        };
        let holders = self.kept("holders", format!("{branch}/{role}"), read).await?;
        Ok(holders.map(Arc::unwrap_or_clone).unwrap_or_default())
    }
}

/// What a party owes on some accounts: debits less credits.
pub(in crate::store) fn balance_of(
    backend: DbBackend,
    party_kind: &str,
    party: &str,
    accounts: &[String],
) -> Statement {
    let marks = vec!["?"; accounts.len()].join(", ");
    let sum = format!(
        "SELECT CAST(coalesce(sum(debit - credit), 0) AS BIGINT) AS owed FROM voucher_line
         WHERE party_kind = ? AND party = ? AND account IN ({marks})"
    );
    let values = [party_kind.into(), party.into()].into_iter();
    statement(backend, &sum, values.chain(accounts.iter().map(|account| account.as_str().into())))
}

/// Each part with its balance, if there is one.
pub fn stocked(parts: Vec<part::Model>, balances: &[stock_balance::Model]) -> Vec<StockedPart> {
    let with_balance = |part: part::Model| {
        let balance = balances.iter().find(|balance| balance.part == part.code).cloned();
        StockedPart { part, balance }
    };
    parts.into_iter().map(with_balance).collect()
}

fn set_aside(backend: DbBackend, serial: &str, accounts: &[String]) -> Statement {
    let marks = vec!["?"; accounts.len()].join(", ");
    let sum = format!(
        "SELECT CAST(coalesce(sum(balance), 0) AS BIGINT) AS left_of_it FROM product_balance
         WHERE product = (SELECT product FROM device WHERE serial = ?) AND account IN ({marks})"
    );
    let values = std::iter::once(serial.into()).chain(accounts.iter().map(|account| account.as_str().into()));
    statement(backend, &sum, values)
}
