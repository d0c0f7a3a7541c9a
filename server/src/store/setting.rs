//! Settings kept in the store.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::{Store, StoreError};
use crate::entity::setting;

/// Puts a setting, inside somebody's transaction.
pub async fn set<C: ConnectionTrait>(connection: &C, name: &str, value: &str) -> Result<(), StoreError> {
    let row = setting::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) };
    let over = OnConflict::column(setting::Column::Name).update_column(setting::Column::Value).to_owned();
    setting::Entity::insert(row).on_conflict(over).exec_without_returning(connection).await?;
    Ok(())
}

/// Takes a setting away.
pub async fn remove<C: ConnectionTrait>(connection: &C, name: &str) -> Result<(), StoreError> {
    setting::Entity::delete_by_id(name).exec(connection).await?;
    Ok(())
}

impl Store {
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(setting::Entity::find_by_id(name).one(&self.readers).await?.map(|row| row.value))
    }

    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.write(move |tx| Box::pin(async move { set(tx, &name, &value).await })).await
    }
}
