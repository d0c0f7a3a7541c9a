//! Numbers without gaps, from counter rows that are locked by whoever takes the next.
//!
//! Only cards come from files too, with numbers of their own: what a file has taken is passed over.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use sea_orm::DbErr;

use super::StepWrite;
use crate::store::table::statement;
use crate::store::writes::Writes;

/// Counter of the vouchers' references.
pub const REFERENCES: &str = "voucher";

/// Numbers looked at together, once some are found to be taken.
const TRIED: i64 = 64;

/// How a number is made from a count.
#[derive(Clone)]
pub struct Numbering {
    /// What is counted: its own row in `counter`.
    pub counter: String,
    pub format: Arc<dyn Fn(i64) -> String + Send + Sync>,
}

impl fmt::Debug for Numbering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Numbering({})", self.counter)
    }
}

/// Takes so many numbers of a counter; returns the first.
pub async fn take(transaction: &impl Writes, counter: &str, count: i64) -> Result<i64, DbErr> {
    let take = statement(
        transaction.backend(),
        "INSERT INTO counter (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value",
        [counter.into(), count.into()],
    );
    let last = transaction.number(take).await?;
    let last = last.ok_or_else(|| DbErr::RecordNotFound(format!("the counter `{counter}`")))?;
    Ok(last - count + 1)
}

/// Gives new tickets their tracking codes.
pub async fn name_tickets(transaction: &impl Writes, steps: &mut [StepWrite]) -> Result<(), DbErr> {
    let mut wanted: BTreeMap<String, i64> = BTreeMap::new();
    for opening in steps.iter().filter_map(|step| step.opening.as_ref()) {
        *wanted.entry(opening.counter.clone()).or_default() += 1;
    }
    let mut next = next_of(transaction, wanted).await?;
    for step in steps.iter_mut() {
        let Some(opening) = step.opening.clone() else { continue };
        step.name(&opening.number(&mut next).1);
    }
    Ok(())
}

/// Gives documents, cards and vouchers their numbers.
pub async fn give(transaction: &impl Writes, steps: &mut [StepWrite]) -> Result<(), DbErr> {
    let mut wanted: BTreeMap<String, i64> = BTreeMap::new();
    for step in steps.iter() {
        let cards = step.cards.iter().filter(|card| card.card.number.is_empty());
        let cards = cards.filter_map(|card| card.issue.as_ref());
        for numbering in step.documents.iter().map(|(numbering, _)| numbering).chain(cards) {
            *wanted.entry(numbering.counter.clone()).or_default() += 1;
        }
        for _ in &step.vouchers {
            *wanted.entry(REFERENCES.to_owned()).or_default() += 1;
        }
    }
    let mut next = next_of(transaction, wanted).await?;
    for step in steps.iter_mut() {
        for (numbering, row) in &mut step.documents {
            (row.serial, row.number) = numbering.number(&mut next);
            row.counter.clone_from(&numbering.counter);
        }
        for card in step.cards.iter_mut().filter(|card| card.card.number.is_empty()) {
            let Some(numbering) = &card.issue else { continue };
            card.card.number = numbering.unused_number(transaction, &mut next).await?;
        }
        for card in &mut step.cards {
            card.changes.iter_mut().for_each(|change| change.card.clone_from(&card.card.number));
        }
        for voucher in &mut step.vouchers {
            let reference = next.entry(REFERENCES.to_owned()).or_default();
            voucher.refer(*reference);
            *reference += 1;
        }
    }
    Ok(())
}

impl Numbering {
    fn number(&self, next: &mut BTreeMap<String, i64>) -> (i64, String) {
        let count = next.entry(self.counter.clone()).or_default();
        let number = (self.format)(*count);
        *count += 1;
        (*count - 1, number)
    }

    /// The next number that no card has.
    async fn unused_number(
        &self,
        transaction: &impl Writes,
        next: &mut BTreeMap<String, i64>,
    ) -> Result<String, DbErr> {
        let mut tried = 1;
        loop {
            let first = next.entry(self.counter.clone()).or_default();
            let numbers: Vec<(i64, String)> =
                (*first..*first + tried).map(|count| (count, (self.format)(count))).collect();
            let Some(count) = first_unused(transaction, &numbers).await? else {
                *first += tried;
                // We hold the counter, so that what we take now follows what we have.
                take(transaction, &self.counter, tried).await?;
                tried = TRIED;
                continue;
            };
            let passed = count - *first;
            if passed > 0 {
                take(transaction, &self.counter, passed).await?;
            }
            *first = count + 1;
            return Ok((self.format)(count));
        }
    }
}

/// Of these numbers, the first that no card has.
async fn first_unused(transaction: &impl Writes, numbers: &[(i64, String)]) -> Result<Option<i64>, DbErr> {
    let rows = vec!["(?, ?)"; numbers.len()].join(", ");
    let sql = format!(
        "SELECT column1 FROM (VALUES {rows}) AS wanted
         WHERE NOT EXISTS (SELECT 1 FROM card WHERE number = column2) ORDER BY column1 LIMIT 1"
    );
    let values = numbers.iter().flat_map(|(count, number)| [(*count).into(), number.as_str().into()]);
    transaction.number(statement(transaction.backend(), &sql, values)).await
}

/// The first number of each counter; counters in one order, so that no two writers wait for each other.
async fn next_of(
    transaction: &impl Writes,
    wanted: BTreeMap<String, i64>,
) -> Result<BTreeMap<String, i64>, DbErr> {
    let mut next = BTreeMap::new();
    for (counter, count) in wanted {
        let first = take(transaction, &counter, count).await?;
        next.insert(counter, first);
    }
    Ok(next)
}
