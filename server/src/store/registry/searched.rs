//! The words by which entries are found, for those that no register door has written: made by steps, by an older
//! release or by hand. What is found by its own words is left alone.

use sea_orm::{ConnectionTrait, Value};

use super::super::table::statement;
use crate::register::value::Locale;
use crate::register::{Register, enter};
use crate::store::registry::{self, Window};
use crate::store::{Store, StoreError};

/// Entries in one piece.
const PIECE: u64 = 500;

impl Store {
    /// Fills in the words of entries that have none. How many there were.
    pub async fn fill_search(&self, locale: &Locale) -> Result<usize, StoreError> {
        let mut filled = 0;
        for register in crate::register::ALL {
            let missing = format!("SELECT 1 FROM \"{}\" WHERE search_key IS NULL LIMIT 1", register.table);
            let asked = statement(self.backend(), &missing, []);
            if self.reader().query_one_raw(asked).await?.is_some() {
                filled += self.fill(register, locale).await?;
            }
        }
        Ok(filled)
    }

    async fn fill(&self, register: &'static Register, locale: &Locale) -> Result<usize, StoreError> {
        let (mut after, mut filled) = (None, 0);
        loop {
            let window = Window { after, limit: PIECE, ..Window::default() };
            let rows = registry::page(self.reader(), register, &window).await?;
            let Some(last) = rows.last().map(|row| row.key().to_owned()) else { return Ok(filled) };
            let keys: Vec<String> = rows.iter().map(|row| row.key().to_owned()).collect();
            let entries = enter::shown(self.reader(), register, rows, locale).await?;
            let words: Vec<(String, String)> = keys
                .into_iter()
                .zip(entries.iter().map(|entry| register.search_key(entry, locale)))
                .collect();
            filled += words.len();
            self.write::<(), StoreError, _>(move |tx| {
                Box::pin(async move {
                    let sql = format!(
                        "UPDATE \"{}\" SET search_key = ? WHERE \"{}\" = ? AND search_key IS NULL",
                        register.table,
                        register.key().column
                    );
                    for (key, words) in words {
                        let values: [Value; 2] = [words.into(), key.into()];
                        tx.execute_raw(statement(tx.get_database_backend(), &sql, values)).await?;
                    }
                    Ok(())
                })
            })
            .await?;
            after = Some(last);
        }
    }
}
