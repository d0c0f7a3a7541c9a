//! GET /api/books/trial-balance: with two, four, six or eight columns, at any level.

use aftercare_engine::language::Language;
use aftercare_engine::ledger::Currency;
use chrono::NaiveDate;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;

use super::ledger::yes;
use super::{amount, days, readable};
use crate::app::App;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::problem::{Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::reports::trial_balance::{self as report, Cells, Columns, Depth};
use crate::reports::{Names, title};
use crate::store::read::report::Span;

pub struct TrialBalance(pub App);

/// How deep the rows go
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "ChartLevel", rename_all = "snake_case")]
pub enum Level {
    Group,
    General,
    Subsidiary,
    Detail,
}

/// A trial balance. Amounts are in major units; columns that were not asked for are absent
#[derive(Debug, Object)]
pub struct Balance {
    from: NaiveDate,
    to: NaiveDate,
    level: Level,
    columns: i64,
    currency: String,
    rows: Vec<BalanceRow>,
    /// In each pair of columns debits equal credits
    totals: BalanceCells,
}

/// What stands on an account, or on one detail of it
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct BalanceRow {
    account: String,
    title: String,
    /// Outside the balance sheet
    memo: bool,
    /// Detail kind to code
    details: Option<Value>,
    /// What the details are called
    names: Option<String>,
    /// Its lines: path of the ledger
    ledger: String,
    #[oai(flatten)]
    cells: BalanceCells,
}

/// The amounts of a row
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct BalanceCells {
    /// Six and eight columns: balance before the first day
    opening_debit: Option<String>,
    opening_credit: Option<String>,
    /// Six and eight columns: what was posted in the days. Four columns: the opening included
    debit: Option<String>,
    credit: Option<String>,
    /// Eight columns: opening and days together
    together_debit: Option<String>,
    together_credit: Option<String>,
    /// Balance on the last day
    balance_debit: String,
    balance_credit: String,
}

#[OpenApi(tag = "Tag::Books")]
impl TrialBalance {
    /// The trial balance
    ///
    /// Drafts count unless `only_final` is asked for. With `closing=false` the vouchers of these days that close the
    /// accounts of a year do not count.
    #[oai(path = "/books/trial-balance", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    pub async fn trial_balance(
        &self,
        who: SignedIn,
        /// First day; left out: of the fiscal year
        from: Query<Option<NaiveDate>>,
        /// Last day; left out: today
        to: Query<Option<NaiveDate>>,
        /// `subsidiary` if left out
        level: Query<Option<Level>>,
        /// 2, 4, 6 or 8; 6 if left out
        columns: Query<Option<i64>>,
        /// Only accounts whose codes begin so
        account: Query<Option<String>>,
        /// Only final vouchers and those that were reversed
        #[oai(default)]
        only_final: Query<bool>,
        /// Whether vouchers that close a year count; yes if left out
        #[oai(default = "yes")]
        closing: Query<bool>,
    ) -> Result<Json<Balance>, Problem> {
        readable(&self.0, &who)?;
        let span = days(&self.0, from.0, to.0)?;
        let span = Span { only_final: only_final.0, without_closing: !closing.0, ..span };
        let level = level.0.unwrap_or(Level::Subsidiary);
        let columns = read_columns(columns.0)?;
        let under = account.0.unwrap_or_default();
        let asked = report::Asked { span, depth: level.depth(), under: &under };
        let found = report::trial_balance(&self.0, &asked).await?;
        let currency = currency(&self.0);
        let rows = self.rows(found.rows, &span, columns, who.language).await?;
        Ok(Json(Balance {
            from: span.from,
            to: span.to,
            level,
            columns: columns.count(),
            currency: currency.code.to_string(),
            rows,
            totals: cells(found.totals, columns, &currency),
        }))
    }
}

impl TrialBalance {
    async fn rows(
        &self,
        rows: Vec<report::Row>,
        span: &Span,
        columns: Columns,
        language: Language,
    ) -> Result<Vec<BalanceRow>, Problem> {
        let (version, currency) = (self.0.catalog.current(), currency(&self.0));
        let names = Names::of(&self.0.store, rows.iter().map(|row| &row.details), language).await?;
        let told = rows.into_iter().map(|row| {
            let names = Some(names.told(&row.details)).filter(|names| !names.is_empty());
            let known = version.library().accounts.get(&row.account);
            let mut ledger = format!("/api/books/ledger/{}?from={}&to={}", row.account, span.from, span.to);
            if let Some((kind, code)) = row.details.first_key_value() {
                let code: String = form_urlencoded::byte_serialize(code.as_bytes()).collect();
                ledger += &format!("&detail_kind={}&detail={code}", kind.word());
            }
            BalanceRow {
                title: title(&version, &row.account, language),
                memo: known.is_some_and(|account| account.memo),
                details: (!row.details.is_empty())
                    .then(|| serde_json::to_value(&row.details).unwrap_or_default()),
                names,
                ledger,
                cells: cells(row.sums.cells(), columns, &currency),
                account: row.account,
            }
        });
        Ok(told.collect())
    }
}

impl Level {
    fn depth(self) -> Depth {
        match self {
            Self::Group => Depth::Group,
            Self::General => Depth::General,
            Self::Subsidiary => Depth::Subsidiary,
            Self::Detail => Depth::Detail,
        }
    }
}

fn read_columns(asked: Option<i64>) -> Result<Columns, Problem> {
    match asked.unwrap_or(6) {
        2 => Ok(Columns::Two),
        4 => Ok(Columns::Four),
        6 => Ok(Columns::Six),
        8 => Ok(Columns::Eight),
        _ => Err(Problem::parameter(
            "columns",
            Text::why("why-one-of", vec![("words", "2, 4, 6, 8".to_owned())]),
        )),
    }
}

fn cells(cells: Cells, columns: Columns, currency: &Currency) -> BalanceCells {
    let told = |minor: i64| amount(minor, currency);
    let moved = match columns {
        Columns::Two => None,
        Columns::Four => Some(cells.together),
        Columns::Six | Columns::Eight => Some(cells.moved),
    };
    let opening = matches!(columns, Columns::Six | Columns::Eight).then_some(cells.opening);
    let together = (columns == Columns::Eight).then_some(cells.together);
    BalanceCells {
        opening_debit: opening.map(|pair| told(pair.debit)),
        opening_credit: opening.map(|pair| told(pair.credit)),
        debit: moved.map(|pair| told(pair.debit)),
        credit: moved.map(|pair| told(pair.credit)),
        together_debit: together.map(|pair| told(pair.debit)),
        together_credit: together.map(|pair| told(pair.credit)),
        balance_debit: told(cells.balance.debit),
        balance_credit: told(cells.balance.credit),
    }
}
