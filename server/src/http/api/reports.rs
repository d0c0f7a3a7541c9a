//! GET /api/reports, /api/reports/{name}, /api/reports/{name}/file: what the files of the bundle ask about tickets.

use std::sync::Arc;

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::report::{Content, Report};
use aftercare_engine::statechart::Statechart;
use chrono::{Months, NaiveDate};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use rust_decimal::Decimal;

use super::Tag;
use super::tickets::{is_outside, veil};
use crate::app::App;
use crate::auth::Scope;
use crate::export::report::Table;
use crate::http::problem::{Kind, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::i18n::{self, Language};
use crate::reports::tickets::{Asked, Told, Unreported, tell};

pub struct Reports(pub App);

/// A report, as its file describes it
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Described {
    pub name: String,
    pub title: String,
    pub about: Option<String>,
    /// Whose tickets it counts
    pub processes: Vec<String>,
    /// What rows can be made of
    pub by: Vec<Named>,
    pub columns: Vec<ReportColumn>,
}

/// A name with its title
#[derive(Clone, Debug, Object)]
pub struct Named {
    pub name: String,
    pub title: String,
}

/// A column
#[derive(Clone, Debug, Object)]
pub struct ReportColumn {
    pub name: String,
    pub title: String,
    /// An amount in the company's currency
    pub money: bool,
}

/// A report of some days
#[derive(Clone, Debug, Object)]
pub struct ReportOfDays {
    /// What it is; `by` has those fields that make its rows
    pub report: Described,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub currency: String,
    pub rows: Vec<ReportRow>,
    /// The sums of all rows, in the order of the columns
    pub total: Vec<String>,
}

/// A row: the tickets that have these values in common
#[derive(Clone, Debug, Object)]
pub struct ReportRow {
    /// In the order of `by`; `null`: they have none
    pub keys: Vec<Option<String>>,
    /// The same in words
    pub titles: Vec<String>,
    /// In the order of the columns
    pub values: Vec<String>,
}

/// What kind of file
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum TableFormat {
    Csv,
    Xlsx,
}

/// The file
#[derive(ApiResponse)]
enum File {
    #[oai(status = 200)]
    Whole(Binary<Vec<u8>>, #[oai(header = "Content-Disposition")] String),
}

#[OpenApi(tag = "Tag::Reports")]
impl Reports {
    /// Reports over tickets
    #[oai(path = "/reports", method = "get")]
    async fn list(&self, who: SignedIn) -> Result<Json<Vec<Described>>, Problem> {
        readable(&self.0, &who)?;
        Ok(Json(all(&self.0, &who)))
    }

    /// A report of the tickets that were opened within some days
    ///
    /// The tickets are told as they stand now, those of your branches if you are bound to some. Each is in exactly one
    /// row.
    #[oai(path = "/reports/:name", method = "get")]
    async fn show(
        &self,
        who: SignedIn,
        name: Path<String>,
        /// First day; left out: a year before the last
        from: Query<Option<NaiveDate>>,
        /// Last day; left out: today
        to: Query<Option<NaiveDate>>,
        /// Fields that make rows, commas between; left out: all of the report's
        by: Query<Option<String>>,
    ) -> Result<Json<ReportOfDays>, Problem> {
        let wanted = Wanted { name: name.0, from: from.0, to: to.0, by: by.0 };
        Ok(Json(worked_out(&self.0, &who, &wanted).await?))
    }

    /// The same as a file; its last row is the sum of all
    #[oai(path = "/reports/:name/file", method = "get")]
    async fn file(
        &self,
        who: SignedIn,
        name: Path<String>,
        format: Query<TableFormat>,
        from: Query<Option<NaiveDate>>,
        to: Query<Option<NaiveDate>>,
        by: Query<Option<String>>,
    ) -> Result<File, Problem> {
        let wanted = Wanted { name: name.0, from: from.0, to: to.0, by: by.0 };
        let report = worked_out(&self.0, &who, &wanted).await?;
        let table = table(&report, who.language);
        let (bytes, ending) = match format.0 {
            TableFormat::Csv => (table.csv(), "csv"),
            TableFormat::Xlsx => (table.xlsx().map_err(|error| Problem::internal(&error))?, "xlsx"),
        };
        let disposition = format!("attachment; filename=\"{}.{ending}\"", report.report.name);
        Ok(File::Whole(Binary(bytes), disposition))
    }
}

/// What somebody wants to read.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub name: String,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub by: Option<String>,
}

/// Whose tickets the caller's reports are about.
fn readable(app: &App, who: &SignedIn) -> Result<Scope, Problem> {
    let scope = who.may(app, Permission::ReportsRead)?;
    if is_outside(&scope) {
        Err(Problem::new(Kind::Forbidden, "detail-other-branch", vec![]))
    } else {
        Ok(scope)
    }
}

/// All reports that there are.
pub fn all(app: &App, who: &SignedIn) -> Vec<Described> {
    let version = app.catalog.current();
    let reports = version.bundle().reports.values();
    let charts = reports.filter_map(|report| Some((report, version.chart(report.processes.first()?)?)));
    charts
        .map(|(report, chart)| described(report, chart, &seen(app, who, report, chart), who.language))
        .collect()
}

/// Those of a report's fields that the caller sees.
fn seen<'r>(app: &App, who: &SignedIn, report: &'r Report, chart: &Statechart) -> Vec<&'r str> {
    let (hidden, veil) = (who.hidden_somewhere(app), veil(app, who, chart, ""));
    let by = report.by.iter().map(AsRef::as_ref);
    by.filter(|field| !hidden.contains(*field) && !veil.fields.contains(*field)).collect()
}

fn described(report: &Report, chart: &Statechart, by: &[&str], language: Language) -> Described {
    let titled = |name: &&str| {
        let field = chart.fields.iter().find(|field| *field.name == **name);
        let title = field.and_then(|field| field.field.as_ref()?.title.as_ref());
        Named {
            name: (*name).to_owned(),
            title: title.map_or(*name, |title| title.best(language)).to_owned(),
        }
    };
    let columns = report.columns.iter().map(|column| ReportColumn {
        name: column.name.to_string(),
        title: column.title.best(language).to_owned(),
        money: matches!(column.content, Content::Posted { .. }),
    });
    Described {
        name: report.name.to_string(),
        title: report.title.best(language).to_owned(),
        about: report.about.as_ref().map(|about| about.best(language).to_owned()),
        processes: report.processes.iter().map(ToString::to_string).collect(),
        by: by.iter().map(titled).collect(),
        columns: columns.collect(),
    }
}

/// The report in its reader's words.
pub async fn worked_out(app: &App, who: &SignedIn, wanted: &Wanted) -> Result<ReportOfDays, Problem> {
    let scope = readable(app, who)?;
    let version = app.catalog.current();
    let found = version.bundle().reports.get(&wanted.name);
    let found = found
        .and_then(|report| Some((Arc::clone(report), Arc::clone(version.chart(report.processes.first()?)?))));
    let (report, chart) = found.ok_or_else(|| Problem::new(Kind::NotFound, "detail-route", vec![]))?;
    let seen = seen(app, who, &report, &chart);
    let by = match &wanted.by {
        None => seen,
        Some(names) => {
            let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
            let known = |name: &str| seen.iter().copied().find(|known| *known == name);
            let all = names.map(|name| known(name).ok_or_else(|| no_column(name)));
            all.collect::<Result<_, _>>()?
        }
    };
    let to = wanted.to.unwrap_or_else(|| version.day(app.clock.now()));
    let from = wanted.from.unwrap_or_else(|| to - Months::new(12));
    if from > to {
        return Err(Problem::parameter("from", Text::why("why-after-to", vec![])));
    }
    let asked = Asked { report: &report, by, from, to, scope: &scope };
    let told = tell(app, &asked).await?;
    let currency = version.currency();
    let described = described(&report, &chart, &asked.by, who.language);
    let (rows, total) = written(&told, &described, &chart, u32::from(currency.minor_digits), who.language);
    Ok(ReportOfDays { report: described, from, to, currency: currency.code.to_string(), rows, total })
}

fn written(
    told: &Told,
    report: &Described,
    chart: &Statechart,
    digits: u32,
    language: Language,
) -> (Vec<ReportRow>, Vec<String>) {
    let numbers = |numbers: &[Decimal]| -> Vec<String> {
        let each = report.columns.iter().zip(numbers);
        each.map(|(column, number)| {
            let mut number = *number;
            if column.money {
                number.rescale(digits);
            }
            number.to_string()
        })
        .collect()
    };
    let titled = |field: &Named, key: &Option<String>| {
        let Some(key) = key else { return i18n::text(language, "report-none", &[]) };
        let known = chart.fields.iter().find(|known| *known.name == *field.name);
        let option = known.and_then(|known| known.field.as_ref()?.options.get(key));
        option.map_or_else(|| key.clone(), |title| title.best(language).to_owned())
    };
    let rows = told.rows.iter().map(|(keys, values)| ReportRow {
        keys: keys.clone(),
        titles: report.by.iter().zip(keys).map(|(field, key)| titled(field, key)).collect(),
        values: numbers(values),
    });
    (rows.collect(), numbers(&told.total))
}

/// The report as a table for a file.
fn table(report: &ReportOfDays, language: Language) -> Table {
    let described = &report.report;
    let heads = described.by.iter().map(|field| field.title.clone());
    let titles = heads.chain(described.columns.iter().map(|column| column.title.clone())).collect();
    let number = |values: &[String]| values.iter().filter_map(|value| value.parse().ok()).collect();
    let mut rows: Vec<_> = report.rows.iter().map(|row| (row.titles.clone(), number(&row.values))).collect();
    let mut sum = vec![String::new(); described.by.len()];
    if let Some(first) = sum.first_mut() {
        *first = i18n::text(language, "report-total", &[]);
    }
    rows.push((sum, number(&report.total)));
    Table { titles, rows, language }
}

fn no_column(name: &str) -> Problem {
    Problem::parameter("by", Text::why("why-no-field", vec![("name", name.to_owned())]))
}

impl From<Unreported> for Problem {
    fn from(error: Unreported) -> Self {
        match error {
            Unreported::Store(error) => error.into(),
            Unreported::Failed { .. } => {
                Self::because(Kind::Unprocessable, "detail-report", vec![], Text::Raw(error.to_string()))
            }
            Unreported::NoChart { .. } => Self::internal(&error),
        }
    }
}
