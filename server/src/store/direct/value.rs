//! Values of the ORM bound for SQLite, exactly as sqlx binds them: both write the same columns.

use chrono::{DateTime, SecondsFormat, TimeZone};
use rusqlite::Error;
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use sea_orm::Value;

/// A value to be bound.
pub fn bound(value: &Value) -> rusqlite::Result<ToSqlOutput<'_>> {
    let number =
        |number: Option<i64>| number.map_or(NULL, |number| ToSqlOutput::Owned(Owned::Integer(number)));
    let text = |text: Option<String>| text.map_or(NULL, |text| ToSqlOutput::Owned(Owned::Text(text)));
    Ok(match value {
        Value::Bool(one) => number(one.map(i64::from)),
        Value::Int(one) => number(one.map(i64::from)),
        Value::BigInt(one) => number(*one),
        Value::BigUnsigned(one) => number(one.map(i64::try_from).transpose().map_err(unfit)?),
        Value::String(Some(one)) => ToSqlOutput::Borrowed(ValueRef::Text(one.as_bytes())),
        Value::String(None) => NULL,
        Value::ChronoDate(one) => text(one.map(|day| day.format("%F").to_string())),
        Value::ChronoDateTimeUtc(one) => text(one.as_ref().map(rfc3339)),
        other => return Err(unfit(std::io::Error::other(format!("{other:?} is in no column of a step")))),
    })
}

const NULL: ToSqlOutput<'static> = ToSqlOutput::Borrowed(ValueRef::Null);

fn unfit(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::ToSqlConversionFailure(Box::new(error))
}

fn rfc3339<Z: TimeZone<Offset: std::fmt::Display>>(moment: &DateTime<Z>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, Utc};
    use rusqlite::types::FromSql;

    use super::*;

    /// What stands in the file after a value was bound, and the value read back.
    fn back<T: FromSql>(value: &Value) -> (String, T) {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        let stored = database.query_row("SELECT CAST(?1 AS text)", [bound(value).unwrap()], |row| {
            row.get::<_, Option<String>>(0)
        });
        let read = database.query_row("SELECT ?1", [bound(value).unwrap()], |row| row.get(0));
        (stored.unwrap().unwrap_or_default(), read.unwrap())
    }

    #[test]
    fn values_come_back_as_they_were_in_the_form_that_the_files_have() {
        let at = "2026-11-22T04:05:06.789Z".parse::<DateTime<Utc>>().unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 2, 3).unwrap();
        assert_eq!(back(&"é `x`".into()), ("é `x`".into(), "é `x`".to_owned()));
        assert_eq!(back(&(-7_i64).into()), ("-7".into(), -7_i64));
        assert_eq!(back(&true.into()), ("1".into(), true));
        assert_eq!(back(&at.into()), ("2026-11-22T04:05:06.789+00:00".into(), at));
        assert_eq!(back(&day.into()), ("2026-02-03".into(), day));
        assert_eq!(back::<Option<i64>>(&None::<i64>.into()).1, None);
    }
}
