//! Links by which somebody sets a password without having one: given, looked up, used. A new one takes the place of the
//! one before, and each is used once, whoever is first.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};

use super::{session, user};
use crate::entity::{outbox, password_link};
use crate::store::outbox::put;
use crate::store::{Store, StoreError};

impl Store {
    /// Gives a user a link, and the message that brings it if there is one.
    pub async fn give_password_link(
        &self,
        row: password_link::Model,
        message: Option<outbox::Model>,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                password_link::Entity::delete_by_id(row.user_name.clone()).exec(tx).await?;
                row.into_active_model().reset_all().insert(tx).await?;
                if let Some(message) = message {
                    put(tx, message).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Whose link it is, if it still holds.
    pub async fn password_link(
        &self,
        token_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<password_link::Model>, StoreError> {
        let found = password_link::Entity::find()
            .filter(password_link::Column::TokenHash.eq(token_hash))
            .filter(password_link::Column::ExpiresAt.gt(now));
        Ok(found.one(self.reader()).await?)
    }

    /// Sets the password, ends all sessions of the user and tells the owner. False: the link was used meanwhile.
    pub async fn use_password_link(
        &self,
        link: password_link::Model,
        hash: String,
        told: outbox::Model,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                if !take(tx, &link).await? {
                    return Ok(false);
                }
                user::set_password(tx, &link.user_name, hash, now).await?;
                session::end(tx, &link.user_name, None, now).await?;
                put(tx, told).await?;
                Ok(true)
            })
        })
        .await
    }
}

/// Uses it up.
async fn take(tx: &DatabaseTransaction, link: &password_link::Model) -> Result<bool, StoreError> {
    let gone = password_link::Entity::delete_many()
        .filter(password_link::Column::UserName.eq(&link.user_name))
        .filter(password_link::Column::TokenHash.eq(&link.token_hash))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected == 1)
}
