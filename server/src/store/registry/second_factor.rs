//! Second factors: put up, proved, used up. A code or a spare code counts once, whoever is first.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait};

use super::session;
use crate::entity::{outbox, second_factor};
use crate::store::outbox::put;
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

    /// Uses a code's step up. False: somebody has used it before.
    pub async fn use_second_factor(&self, user: &str, step: i64, sealed: String) -> Result<bool, StoreError> {
        let user = user.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE second_factor SET last_step = ?, secret = ? WHERE user_name = ? AND last_step < ?";
                let values = [step.into(), sealed.into(), user.into(), step.into()];
                let used = tx.execute_raw(statement(tx.get_database_backend(), sql, values)).await?;
                Ok(used.rows_affected() == 1)
            })
        })
        .await
    }

    /// Makes one count that was begun, with its spare codes: its owner is told, and other sessions end. False: it
    /// counts already, or the code was used.
    pub async fn prove_second_factor(
        &self,
        step: i64,
        spare: String,
        change: Change,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE second_factor SET last_step = ?, confirmed_at = ?, spare = ?
                    WHERE user_name = ? AND last_step < ? AND confirmed_at IS NULL";
                let values =
                    [step.into(), change.at.into(), spare.into(), change.user.as_str().into(), step.into()];
                let proved = tx.execute_raw(statement(tx.get_database_backend(), sql, values)).await?;
                if proved.rows_affected() != 1 {
                    return Ok(false);
                }
                change.tell(tx).await?;
                Ok(true)
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

    /// Takes the second factor away: its owner is told, and other sessions end.
    pub async fn end_second_factor(&self, change: Change) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "DELETE FROM second_factor WHERE user_name = ?";
                let values = [change.user.as_str().into()];
                tx.execute_raw(statement(tx.get_database_backend(), sql, values)).await?;
                change.tell(tx).await
            })
        })
        .await
    }
}

/// What goes with a change of how somebody signs in.
pub struct Change {
    pub user: String,
    /// Hash of the session that changes it and stays.
    pub but: String,
    /// To its owner.
    pub message: outbox::Model,
    pub at: DateTime<Utc>,
}

impl Change {
    async fn tell(self, tx: &DatabaseTransaction) -> Result<(), StoreError> {
        session::end_others(tx, &self.user, &self.but, self.at).await?;
        put(tx, self.message).await.map(drop)
    }
}
