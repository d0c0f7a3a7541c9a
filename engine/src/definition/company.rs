//! The company's own file and its working calendars, as the administrator writes them.
//!
//! Only what stands in the files; [`company`](crate::company) and [`deadline`](crate::deadline) compile them.

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{OneOrMany, Table, Translated};
use crate::diagnostic::Sp;

/// Who keeps the books, in what money and by what rules.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyFile {
    /// Short name, in lower case.
    pub company: Sp<String>,
    pub name: Translated,
    /// Number under which the tax office knows the company.
    #[serde(default)]
    pub economic_code: Option<Sp<String>>,
    pub currency: CurrencyEntry,
    /// Offset from UTC, such as `+03:30`.
    pub time_zone: Sp<String>,
    /// Calling code that the leading 0 of a phone number stands for, such as `98`. Left out, numbers are written
    /// with a `+`.
    #[serde(default)]
    pub calling_code: Option<Sp<String>>,
    /// Language of the texts in the books: `en`, `fa`, `zh` or `pl`.
    pub books_language: Sp<String>,
    pub fiscal_year: FiscalYearEntry,
    /// Calendar whose months the terms of warranties and contracts are counted in. Left out: that of the fiscal year.
    #[serde(default)]
    pub calendar: Option<Sp<CalendarSystem>>,
    pub vat: VatEntry,
    /// Rounds what a customer pays; left out, documents are not rounded.
    #[serde(default)]
    pub document_rounding: Option<DocumentRounding>,
    /// Surcharge on labour for an urgent visit.
    pub urgency_percent: Sp<u16>,
    /// What bears the cost of cover. Default `provision`.
    #[serde(default)]
    pub warranty_costs: Option<Sp<WarrantyCosts>>,
    /// Share of a sale that is set aside for its warranty: the expected claims in percent of the price.
    #[serde(default)]
    pub provision_percent: Option<Exact>,
    /// The cost of own staff's covered work is booked. Default `false`.
    #[serde(default)]
    pub labour_absorption: Option<Sp<bool>>,
    /// Output VAT is owed on what is given as goodwill, of what it costs. Default `false`.
    #[serde(default)]
    pub goodwill_vat: Option<Sp<bool>>,
    /// Tax and insurance that is kept back from what technicians and agencies earn, in percent. Default 0.
    #[serde(default)]
    pub withholding_percent: Option<Exact>,
    /// Whoever prepared a voucher may not review it. Default `true`.
    #[serde(default)]
    pub reviewed_by_another: Option<Sp<bool>>,
    /// Days without a step or a word after which an open ticket is listed as stale. Default 7.
    #[serde(default)]
    pub stale_after_days: Option<Sp<u16>>,
    /// How requests find somebody. Left out, dispatch has no suggestions and its queue goes by age.
    #[serde(default)]
    pub dispatch: Option<DispatchEntry>,
    /// Series (`tracking_code`, `invoice` …) to how its numbers look.
    pub numbers: Table<NumberEntry>,
}

/// The one currency of the books.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CurrencyEntry {
    /// ISO 4217 code.
    pub code: Sp<String>,
    /// Digits after the decimal point: 0 for the rial, 2 for the zloty and the yuan.
    pub minor_digits: Sp<u8>,
}

/// Which calendar the years and months of a document follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendarSystem {
    #[default]
    Gregorian,
    Jalali,
}

impl CalendarSystem {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gregorian => "gregorian",
            Self::Jalali => "jalali",
        }
    }

    /// The calendar of this word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Gregorian, Self::Jalali].into_iter().find(|system| system.word() == word)
    }
}

/// When the fiscal year begins.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FiscalYearEntry {
    pub calendar: Sp<CalendarSystem>,
    /// Month and day of its first day, such as `01-01`.
    pub starts: Sp<String>,
}

/// Value added tax.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VatEntry {
    pub rounding: Sp<VatRounding>,
    pub rates: Vec<VatRate>,
}

/// Where VAT is rounded. Never both ways in one company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VatRounding {
    /// On each line; the document's VAT is their sum.
    Line,
    /// On the sum of each rate; lines get their shares by largest remainder.
    Document,
}

/// A rate from a day on.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VatRate {
    /// `standard`, or what the company calls its other rates.
    pub kind: Sp<String>,
    /// First day, Gregorian: `2024-03-20`.
    pub from: Sp<String>,
    pub percent: Exact,
}

/// An exact number with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Exact(pub Sp<Decimal>);

/// What a customer pays is rounded to a multiple.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentRounding {
    /// 10, 100, 1000 … in units of the currency.
    pub to: Sp<u32>,
}

/// How requests find somebody: two rules, and how long a job takes.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DispatchEntry {
    /// Rule that says how well a `candidate` suits a request: `fit`, `score`, and the names of the conditions that speak
    /// for him (`reasons`) and against him (`missing`).
    pub suits: Sp<String>,
    /// Rule that says how soon a request must find somebody; of those that wait, the highest number comes first.
    pub urgency: Sp<String>,
    /// How long a job takes, such as `1 hours`: two that begin nearer to each other are a conflict.
    pub job: Sp<String>,
}

/// What bears the cost of cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WarrantyCosts {
    /// A provision built up when the product is sold.
    #[default]
    Provision,
    /// The expense of the day.
    Expense,
}

/// How the numbers of a series look and when they start again at 1.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberEntry {
    /// Text with `{store}`, `{branch}`, `{yyyy}`, `{yy}`, `{mm}`, `{dd}`, `{fiscal}` and `{seq:4}`.
    pub pattern: Sp<String>,
    /// Calendar of `{yyyy}`, `{mm}` and `{dd}`. Default `gregorian`.
    #[serde(default)]
    pub calendar: Option<Sp<CalendarSystem>>,
    /// When counting starts again. Default `never`.
    #[serde(default)]
    pub restarts: Option<Sp<Restart>>,
    /// What has its own counter. Default: the company.
    #[serde(default)]
    pub per: Option<Sp<CounterOwner>>,
}

/// When a counter starts again at 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Restart {
    #[default]
    Never,
    FiscalYear,
    Year,
    Month,
    Day,
}

/// What has its own counter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CounterOwner {
    #[default]
    Company,
    Store,
    Branch,
}

/// Working hours and holidays.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarFile {
    /// Name of the calendar, the same as its file's name.
    pub calendar: Sp<String>,
    #[serde(default)]
    pub title: Option<Translated>,
    /// Offset from UTC, such as `+03:30`.
    pub time_zone: Sp<String>,
    pub hours: Week,
    /// Days on which nobody works.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// Working hours by weekday, such as `08:00-12:00` or a list of them; a day left out is off.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Week {
    pub saturday: OneOrMany<Sp<String>>,
    pub sunday: OneOrMany<Sp<String>>,
    pub monday: OneOrMany<Sp<String>>,
    pub tuesday: OneOrMany<Sp<String>>,
    pub wednesday: OneOrMany<Sp<String>>,
    pub thursday: OneOrMany<Sp<String>>,
    pub friday: OneOrMany<Sp<String>>,
}

/// A day off. One of `date` and `jalali`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Gregorian day, `2026-03-21`.
    #[serde(default)]
    pub date: Option<Sp<String>>,
    /// Jalali day, `1405-01-01`.
    #[serde(default)]
    pub jalali: Option<Sp<String>>,
    pub name: Translated,
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Sp::<String>::deserialize(deserializer)?;
        let number = Decimal::from_str_exact(text.value.trim())
            .map_err(|_| D::Error::custom(format!("`{}` is not a number", text.value)))?;
        Ok(Self(Sp::new(number, text.place)))
    }
}

impl JsonSchema for Exact {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ExactNumber".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["number", "string"]})
    }
}
