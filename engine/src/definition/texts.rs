//! Texts of files that every process shares and that people read: books, company, calendars.

use super::Translated;
use super::books::{AccountEntry, VoucherTemplate};
use super::company::{CalendarFile, CompanyFile};
use super::export::ExportFile;
use super::report::ReportFile;
use crate::diagnostic::{Place, Sp};

/// A text that people read, apart from its file.
#[derive(Clone, Debug)]
pub struct Text {
    /// What it is, in an author's words.
    pub what: String,
    pub text: Translated,
    /// Where to point when no language is there.
    pub place: Place,
}

fn text(what: String, text: &Translated, place: Place) -> Text {
    Text { what, text: text.clone(), place }
}

pub fn of_voucher(voucher: &VoucherTemplate) -> Vec<Text> {
    let Sp { value: name, place } = &voucher.voucher;
    let mut texts = vec![
        text(format!("the title of voucher `{name}`"), &voucher.title, *place),
        text(format!("the text of voucher `{name}`"), &voucher.text, *place),
    ];
    for line in &voucher.lines {
        let own = line.text.iter().map(|own| text(format!("a line of voucher `{name}`"), own, *place));
        texts.extend(own);
    }
    texts
}

pub fn of_fragment(title: &Translated, place: Place) -> Text {
    text("the fragment's title".to_owned(), title, place)
}

pub fn of_account(code: &Sp<String>, account: &AccountEntry) -> Text {
    text(format!("account `{}`", code.value), &account.title, code.place)
}

pub fn of_export(export: &ExportFile) -> Vec<Text> {
    let Sp { value: name, place } = &export.export;
    let columns = export.columns.iter();
    let columns = columns.map(|column| text(format!("a column of export `{name}`"), &column.title, *place));
    let title = text(format!("the title of export `{name}`"), &export.title, *place);
    [title].into_iter().chain(columns).collect()
}

pub fn of_report(report: &ReportFile) -> Vec<Text> {
    let Sp { value: name, place } = &report.report;
    let columns = report.columns.iter();
    let columns = columns.map(|(key, column)| {
        text(format!("the column `{}` of report `{name}`", key.value), &column.title, key.place)
    });
    let head = [&report.title].into_iter().chain(&report.about);
    let head = head.map(|title| text(format!("the title of report `{name}`"), title, *place));
    head.chain(columns).collect()
}

pub fn of_company(company: &CompanyFile) -> Text {
    text("the company's name".to_owned(), &company.name, company.company.place)
}

pub fn of_calendar(calendar: &CalendarFile) -> Vec<Text> {
    let Sp { value: name, place } = &calendar.calendar;
    let title =
        calendar.title.iter().map(|title| text(format!("the title of calendar `{name}`"), title, *place));
    let days = calendar.holidays.iter().map(|day| {
        let date = day.date.as_ref().or(day.jalali.as_ref());
        text("a holiday".to_owned(), &day.name, date.map_or(*place, |date| date.place))
    });
    title.chain(days).collect()
}
