//! The trial balance, at any level of the chart, with two, four, six or eight columns.

use std::collections::{BTreeMap, HashMap};

use aftercare_engine::ledger::DetailKind;

use super::{Details, details};
use crate::app::App;
use crate::store::StoreError;
use crate::store::read::report::Span;

/// How deep the rows go. A group has 1 digit, a general account 3, a subsidiary one 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    Group,
    General,
    Subsidiary,
    /// Subsidiary accounts, told apart by the details of their lines.
    Detail,
}

/// Two columns for a pair of sides, four for two pairs …
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Balance.
    Two,
    /// What was moved, the opening included, and the balance.
    Four,
    /// Opening, moved, balance.
    Six,
    /// Opening, moved, both together, balance.
    Eight,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    pub span: Span,
    pub depth: Depth,
    /// Only accounts whose codes begin so; empty: all.
    pub under: &'a str,
}

/// What stands on an account or detail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Debits less credits before the span.
    pub opening: i64,
    pub debit: i64,
    pub credit: i64,
}

/// A debit and a credit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    pub debit: i64,
    pub credit: i64,
}

/// A row of the trial balance, or its last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    pub opening: Pair,
    pub moved: Pair,
    pub together: Pair,
    pub balance: Pair,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub account: String,
    pub details: Details,
    pub sums: Sums,
}

/// The whole: rows by code, and the sums of their columns, in which debits equal credits.
#[derive(Clone, Debug, Default)]
pub struct TrialBalance {
    pub rows: Vec<Row>,
    pub totals: Cells,
}

impl Pair {
    /// On the side where it stands.
    fn of_balance(balance: i64) -> Self {
        Self { debit: balance.max(0), credit: balance.min(0).saturating_neg() }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            debit: self.debit.saturating_add(other.debit),
            credit: self.credit.saturating_add(other.credit),
        }
    }
}

impl Sums {
    /// Debits less credits at the end of the span.
    pub fn closing(self) -> i64 {
        self.opening.saturating_add(self.debit).saturating_sub(self.credit)
    }

    fn add(&mut self, other: Self) {
        self.opening = self.opening.saturating_add(other.opening);
        self.debit = self.debit.saturating_add(other.debit);
        self.credit = self.credit.saturating_add(other.credit);
    }

    /// What the row shows.
    pub fn cells(self) -> Cells {
        let (opening, moved) =
            (Pair::of_balance(self.opening), Pair { debit: self.debit, credit: self.credit });
        Cells { opening, moved, together: opening.plus(moved), balance: Pair::of_balance(self.closing()) }
    }
}

impl Cells {
    fn plus(self, other: Self) -> Self {
        Self {
            opening: self.opening.plus(other.opening),
            moved: self.moved.plus(other.moved),
            together: self.together.plus(other.together),
            balance: self.balance.plus(other.balance),
        }
    }
}

impl Columns {
    pub fn count(self) -> i64 {
        match self {
            Self::Two => 2,
            Self::Four => 4,
            Self::Six => 6,
            Self::Eight => 8,
        }
    }
}

impl Depth {
    /// The code of the row that an account counts in.
    fn code(self, account: &str) -> &str {
        let digits = match self {
            Self::Group => 1,
            Self::General => 3,
            Self::Subsidiary | Self::Detail => account.len(),
        };
        account.get(..digits).unwrap_or(account)
    }
}

/// Works it out. Accounts on which nothing ever stood are left out.
pub async fn trial_balance(app: &App, asked: &Asked<'_>) -> Result<TrialBalance, StoreError> {
    let found = match asked.depth {
        Depth::Detail => {
            let accounts = super::accounts_under(app, asked.under).await?;
            app.store.detail_sums(&asked.span, &accounts).await?
        }
        _ => app.store.account_sums(&asked.span).await?,
    };
    let merged = match asked.depth {
        Depth::Detail => app.store.merged_customers().await?.into_iter().collect(),
        _ => HashMap::new(),
    };
    let mut rows: BTreeMap<(String, Details), Sums> = BTreeMap::new();
    for row in found.into_iter().filter(|row| row.account.starts_with(asked.under)) {
        let mut own = row.details.as_deref().map(details).transpose()?.unwrap_or_default();
        if let Some(code) = own.get_mut(&DetailKind::Customer)
            && let Some(into) = merged.get(code)
        {
            code.clone_from(into);
        }
        let code = asked.depth.code(&row.account).to_owned();
        let sums = Sums { opening: row.opening, debit: row.debit, credit: row.credit };
        rows.entry((code, own)).or_default().add(sums);
    }
    rows.retain(|_, sums| *sums != Sums::default());
    let totals = rows.values().fold(Cells::default(), |totals, sums| totals.plus(sums.cells()));
    let rows = rows.into_iter().map(|((account, details), sums)| Row { account, details, sums });
    Ok(TrialBalance { rows: rows.collect(), totals })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_stands_on_one_side_and_openings_count_in_both_together() {
        let cells = Sums { opening: -30, debit: 10, credit: 5 }.cells();
        assert_eq!(cells.opening, Pair { debit: 0, credit: 30 });
        assert_eq!(cells.together, Pair { debit: 10, credit: 35 });
        assert_eq!(cells.balance, Pair { debit: 0, credit: 25 });
    }

    #[test]
    fn a_row_is_as_deep_as_asked_for() {
        assert_eq!(Depth::Group.code("113001"), "1");
        assert_eq!(Depth::General.code("113001"), "113");
        assert_eq!(Depth::Detail.code("113001"), "113001");
    }
}
