//! Second factors: put up, proved, used up. A code or a spare code counts once, whoever is first.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::entity::second_factor;
use crate::store::table::statement;
use crate::store::{Store, StoreError};

impl Store {
    /// What a user's authenticator shares with us; none: the user has no second factor.
    pub async fn second_factor(&self, user: &str) -> Result<Option<second_factor::Model>, StoreError> {
        Ok(second_factor::Entity::find_by_id(user).one(self.reader()).await?)
    }

    /// Begins one: it counts when it is proved. One that counts already stays.
    pub async fn begin_second_factor(&self, user: &str, secret: &str) -> Result<(), StoreError> {
        let (user, secret) = (user.to_owned(), secret.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "INSERT INTO second_factor (user_name, secret, confirmed_at, last_step, spare)
                    VALUES (?, ?, NULL, 0, '[]')
                    ON CONFLICT (user_name) DO UPDATE SET secret = excluded.secret, last_step = 0
                    WHERE second_factor.confirmed_at IS NULL";
                tx.execute_raw(statement(tx.get_database_backend(), sql, [user.into(), secret.into()]))
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// Uses a code's step up, and with spare codes makes the factor count. False: somebody has used it before.
    pub async fn use_second_factor(
        &self,
        user: &str,
        step: i64,
        spare: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let user = user.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let backend = tx.get_database_backend();
                let used = match spare {
                    Some(spare) => {
                        let sql = "UPDATE second_factor SET last_step = ?, confirmed_at = ?, spare = ?
                            WHERE user_name = ? AND last_step < ?";
                        let values = [step.into(), now.into(), spare.into(), user.into(), step.into()];
                        tx.execute_raw(statement(backend, sql, values)).await?
                    }
                    None => {
                        let sql =
                            "UPDATE second_factor SET last_step = ? WHERE user_name = ? AND last_step < ?";
                        tx.execute_raw(statement(backend, sql, [step.into(), user.into(), step.into()]))
                            .await?
                    }
                };
                Ok(used.rows_affected() == 1)
            })
        })
        .await
    }

    /// Uses a spare code up: `left` are those that stay. False: somebody has used it before.
    pub async fn use_spare_code(&self, user: &str, before: &str, left: &str) -> Result<bool, StoreError> {
        let (user, before, left) = (user.to_owned(), before.to_owned(), left.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE second_factor SET spare = ? WHERE user_name = ? AND spare = ?";
                let values = [left.into(), user.into(), before.into()];
                let used = tx.execute_raw(statement(tx.get_database_backend(), sql, values)).await?;
                Ok(used.rows_affected() == 1)
            })
        })
        .await
    }

    /// Takes the second factor away.
    pub async fn end_second_factor(&self, user: &str) -> Result<(), StoreError> {
        let user = user.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "DELETE FROM second_factor WHERE user_name = ?";
                tx.execute_raw(statement(tx.get_database_backend(), sql, [user.into()])).await?;
                Ok(())
            })
        })
        .await
    }
}
