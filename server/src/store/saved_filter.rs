//! Views of the board that people have given names.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Store, StoreError};
use crate::entity::saved_filter::{ActiveModel, Column, Entity, Model};

impl Store {
    /// Somebody's views by name.
    pub async fn saved_filters(&self, user: &str) -> Result<Vec<Model>, StoreError> {
        let own = Entity::find().filter(Column::UserName.eq(user)).order_by_asc(Column::Name);
        Ok(own.all(self.reader()).await?)
    }

    /// Keeps a view; one of the same name is replaced.
    pub async fn save_filter(&self, row: Model) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let row =
                    ActiveModel { user_name: Set(row.user_name), name: Set(row.name), query: Set(row.query) };
                let same = OnConflict::columns([Column::UserName, Column::Name]);
                let over = same.clone().update_column(Column::Query).to_owned();
                Entity::insert(row).on_conflict(over).exec_without_returning(tx).await?;
                Ok(())
            })
        })
        .await
    }

    pub async fn forget_filter(&self, user: &str, name: &str) -> Result<(), StoreError> {
        let (user, name) = (user.to_owned(), name.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                Entity::delete_by_id((user, name)).exec(tx).await?;
                Ok(())
            })
        })
        .await
    }
}
