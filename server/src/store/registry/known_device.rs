//! From where somebody has signed in. The oldest are forgotten: what is told of a new device is worth no long list.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::store::StoreError;
use crate::store::table::statement;

/// Devices that are remembered of one person.
const MOST: i64 = 50;

/// Notes a sign-in. True: from a device that was not known, of somebody who had known ones.
pub async fn note(
    tx: &impl ConnectionTrait,
    user: &str,
    device_hash: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let backend = tx.get_database_backend();
    let seen = "UPDATE known_device SET seen_at = ? WHERE user_name = ? AND device_hash = ?";
    let values = [now.into(), user.into(), device_hash.into()];
    if tx.execute_raw(statement(backend, seen, values)).await?.rows_affected() > 0 {
        return Ok(false);
    }
    let any = "SELECT 1 AS found FROM known_device WHERE user_name = ? LIMIT 1";
    let has_any = tx.query_one_raw(statement(backend, any, [user.into()])).await?.is_some();
    let put = "INSERT INTO known_device (user_name, device_hash, first_at, seen_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (user_name, device_hash) DO NOTHING";
    let values = [user.into(), device_hash.into(), now.into(), now.into()];
    tx.execute_raw(statement(backend, put, values)).await?;
    let forget = "DELETE FROM known_device WHERE user_name = ? AND device_hash NOT IN
        (SELECT device_hash FROM known_device WHERE user_name = ? ORDER BY seen_at DESC LIMIT ?)";
    tx.execute_raw(statement(backend, forget, [user.into(), user.into(), MOST.into()])).await?;
    Ok(has_any)
}
