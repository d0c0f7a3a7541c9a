use super::*;
use crate::definition::node::Node;
use crate::diagnostic::SourceId;

const SHIPPED: &str = include_str!("../../../workflows/company.yaml");

fn read(text: &str) -> Result<Company, Vec<Diagnostic>> {
    Company::compile(&Node::read(SourceId::default(), text).unwrap().to::<CompanyFile>().unwrap())
}

fn shipped() -> Company {
    read(SHIPPED).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_shipped_company_counts_its_fiscal_years_from_nowruz() {
    let company = shipped();
    assert_eq!(company.fiscal_year.of(day("2026-03-20")), 1404);
    assert_eq!(company.fiscal_year.of(day("2026-03-21")), 1405);
    assert_eq!(company.fiscal_year.span(1403), Some((day("2024-03-20"), day("2025-03-20"))));
}

#[test]
fn a_fiscal_year_may_begin_in_any_month() {
    let company = read(
        &SHIPPED
            .replace(r#"{calendar: jalali, starts: "01-01"}"#, r#"{calendar: gregorian, starts: "07-01"}"#),
    )
    .unwrap();
    assert_eq!(company.fiscal_year.of(day("2026-06-30")), 2025);
    assert_eq!(company.fiscal_year.of(day("2026-07-01")), 2026);
    assert_eq!(company.fiscal_year.span(2026), Some((day("2026-07-01"), day("2027-06-30"))));
}

#[test]
fn a_rate_holds_from_its_day_on() {
    let vat = |on: &str| shipped().vat.percent("standard", day(on));
    assert_eq!((vat("2024-03-19"), vat("2024-03-20")), (Some(9.into()), Some(10.into())));
    assert_eq!(vat("2010-01-01"), None, "before the first rate nobody knows");
    assert_eq!(shipped().vat.percent("reduced", day("2026-11-21")), None);
    assert_eq!(VatRates::default().percent("standard", day("2026-11-21")), Some(0.into()), "no VAT at all");
    assert_eq!(shipped().rates(day("2026-11-21")).get("vat"), Some(&Value::Decimal(10.into())));
}

#[test]
fn the_day_is_the_companys_not_greenwichs() {
    let at = DateTime::parse_from_rfc3339("2026-11-20T20:30:00Z").unwrap().to_utc();
    assert_eq!(shipped().day(at), day("2026-11-21"));
}

#[test]
fn every_fact_of_the_rates_is_filled() {
    let rates = shipped().rates(day("2026-11-21"));
    for entry in crate::facts::shape::RATES {
        assert!(rates.get(entry.name).is_some_and(|value| !value.is_null()), "{}", entry.name);
    }
}

#[test]
fn what_is_wrong_in_the_company_file_is_told_all_at_once() {
    let text = SHIPPED
        .replace("code: IRR", "code: Rial")
        .replace("+03:30", "Tehran")
        .replace("books_language: fa", "books_language: de")
        .replace(r#"starts: "01-01""#, r#"starts: "12-30""#)
        .replace("percent: 10", "percent: 110")
        .replace("{fiscal}-{seq:6}", "{seq:6}");
    let mut messages: Vec<String> = read(&text).unwrap_err().into_iter().map(|found| found.message).collect();
    messages.sort();
    assert_eq!(
        messages,
        [
            "`Rial` is not a currency code",
            "`Tehran` is no offset from UTC",
            "a rate of `110` percent cannot be",
            "no fiscal year can begin on `12-30`",
            "the books cannot be kept in `de`",
            "two numbers of `invoice` could be the same: counting starts again every year",
            "two numbers of `voucher` could be the same: counting starts again every year",
        ]
    );
}

#[test]
fn a_calling_code_is_digits_alone() {
    assert_eq!(shipped().calling_code.as_deref(), Some("98"));
    let found = read(&SHIPPED.replace(r#"calling_code: "98""#, r#"calling_code: "+98""#)).unwrap_err();
    assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), ["AC0627"]);
    assert_eq!(read(&SHIPPED.replace(r#"calling_code: "98""#, "")).unwrap().calling_code, None);
}
