//! Which entries of a register somebody may see who is bound: those that hang on tickets within the asker's scope.
//! The scope itself is said in one place, for tickets.

use sea_orm::sea_query::{Alias, Expr, Query, SqliteQueryBuilder};
use sea_orm::{ConnectionTrait, Value};

use crate::auth::Scope;
use crate::register::Register;
use crate::store::StoreError;
use crate::store::read::search::{is_one_of, within};
use crate::store::table::statement;

/// The condition in SQL with its values; none: every entry may be seen.
pub fn condition(register: &Register, scope: &Scope) -> Option<(String, Vec<Value>)> {
    if *scope == Scope::All {
        return None;
    }
    let (own, named) = register.by_ticket?;
    let own = Expr::col((Alias::new(register.table), Alias::new(own)));
    let fits = Query::select().expr(is_one_of(within(scope), named, own)).take();
    let (sql, values) = fits.build(SqliteQueryBuilder);
    Some((format!("({sql})"), values.into_iter().collect()))
}

/// Whether the entry with this key is among them.
pub async fn is_within(
    db: &impl ConnectionTrait,
    register: &Register,
    key: &str,
    scope: &Scope,
) -> Result<bool, StoreError> {
    let Some((condition, values)) = condition(register, scope) else { return Ok(true) };
    let key_column = register.key().column;
    let sql =
        format!("SELECT 1 AS found FROM \"{}\" WHERE \"{key_column}\" = ? AND {condition}", register.table);
    let values = [key.into()].into_iter().chain(values);
    Ok(db.query_one_raw(statement(db.get_database_backend(), &sql, values)).await?.is_some())
}
