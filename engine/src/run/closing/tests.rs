use super::*;
use crate::bundle::{self, Bundle};
use crate::diagnostic::render;

const COMPANY: &str = "
company: c
name: {en: C}
currency: {code: IRR, minor_digits: 0}
time_zone: Z
books_language: en
fiscal_year: {calendar: gregorian, starts: 01-01}
vat: {rounding: line, rates: [{kind: standard, from: 2020-01-01, percent: 10}]}
urgency_percent: 0
numbers: {}
";
const ACCOUNTS: &str = "
accounts:
  1: {title: {}, nature: debit, class: asset}
  113: {title: {}}
  113001: {title: {}, details: [customer]}
  5: {title: {}, nature: credit, class: equity}
  510: {title: {}}
  510002: {title: {}}
  6: {title: {}, nature: credit, class: income}
  610: {title: {}}
  610001: {title: {}}
  8: {title: {}, nature: debit, class: expense}
  810: {title: {}}
  810001: {title: {}}
  9: {title: {}, nature: debit, memo: true}
  910: {title: {}}
  910001: {title: {}}
";
const CLOSING: &str = "
closing: year_end
title: {en: Year, fa: س, zh: 年, pl: Rok}
result: 510002
text: {en: 'result of {year}', fa: ن, zh: 结, pl: W}
carry:
  closing: {en: 'closes {year}', fa: ا, zh: 关, pl: Z}
  opening: {en: 'opens {year}', fa: ب, zh: 开, pl: O}
";

fn load(closing: &str) -> (Bundle, String) {
    let files = [("c.yaml", COMPANY), ("a.yaml", ACCOUNTS), ("workflows/runs/y.yaml", closing)];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    let (bundle, found) = bundle::load(files);
    let told = render::short(&found, &bundle.sources);
    (bundle, told)
}

fn on(account: &str, customer: Option<&str>, balance: i64) -> Standing {
    let details = customer.map(|code| (DetailKind::Customer, code.to_owned())).into_iter().collect();
    Standing { account: account.into(), details, balance }
}

/// A voucher as its day with its text, and its lines: account, debit, credit.
type Told = (String, VoucherKind, Vec<(String, i64, i64)>);

fn worked(bundle: &Bundle, standing: &[Standing]) -> Vec<Told> {
    let company = bundle.library.company.as_ref().unwrap();
    let books = Books {
        accounts: &bundle.library.accounts,
        currency: &company.currency,
        language: Language::En,
        year: &company.fiscal_year,
    };
    let day = |text: &str| text.parse().unwrap();
    let period = Period { from: day("2025-01-01"), to: day("2025-12-31") };
    let closing = bundle.library.closings.get("year_end").unwrap();
    let vouchers = closing.work(&books, standing, period).unwrap();
    let told = vouchers.iter().map(|voucher| {
        let header = voucher.header();
        let lines = voucher
            .lines()
            .iter()
            .map(|line| (line.account.to_string(), line.debit_minor, line.credit_minor));
        (format!("{} {}", header.date, header.text), header.kind, lines.collect())
    });
    told.collect()
}

fn line(account: &str, debit: i64, credit: i64) -> (String, i64, i64) {
    (account.to_owned(), debit, credit)
}

#[test]
fn income_and_expenses_go_to_the_result_and_all_else_into_the_next_year() {
    let (bundle, told) = load(CLOSING);
    assert_eq!(told, "");
    let standing = [
        on("113001", Some("K1"), 700),
        on("113001", Some("K2"), -50),
        on("510002", None, -100),
        on("610001", None, -900),
        on("810001", None, 350),
        on("910001", None, 5),
    ];
    let vouchers = worked(&bundle, &standing);
    let expected = [
        (
            "2025-12-31 result of 2025".to_owned(),
            VoucherKind::Closing,
            vec![line("610001", 900, 0), line("810001", 0, 350), line("510002", 0, 550)],
        ),
        (
            "2025-12-31 closes 2025".to_owned(),
            VoucherKind::Carry,
            vec![line("113001", 50, 0), line("510002", 650, 0), line("113001", 0, 700)],
        ),
        (
            "2026-01-01 opens 2026".to_owned(),
            VoucherKind::Carry,
            vec![line("113001", 700, 0), line("113001", 0, 50), line("510002", 0, 650)],
        ),
    ];
    assert_eq!(vouchers, expected, "a loss stands on the debit side, memo accounts stay");
}

#[test]
fn a_year_without_income_and_expenses_is_carried_over_alone() {
    let (bundle, _) = load(CLOSING);
    let vouchers = worked(&bundle, &[on("113001", Some("K1"), 10), on("510002", None, -10)]);
    let kinds: Vec<VoucherKind> = vouchers.iter().map(|(_, kind, _)| *kind).collect();
    assert_eq!(kinds, [VoucherKind::Carry, VoucherKind::Carry]);
    assert_eq!(worked(&bundle, &[]), []);
}

#[test]
fn a_closing_without_carry_lets_balances_go_on() {
    let (bundle, told) = load(CLOSING.split("carry:").next().unwrap());
    assert_eq!(told, "");
    let vouchers = worked(&bundle, &[on("610001", None, -5), on("113001", Some("K1"), 5)]);
    assert_eq!(vouchers.len(), 1);
}

#[test]
fn a_result_that_is_no_equity_and_an_unknown_placeholder_are_told() {
    let wrong = CLOSING.replace("510002", "610001").replace("closes {year}", "closes {month}");
    let (_, told) = load(&wrong);
    assert!(told.contains("AC0644") && told.contains("`610001` is not an account of equity"), "{told}");
    assert!(told.contains("AC0645"), "{told}");
    let (_, told) = load(&CLOSING.replace("510002", "510009"));
    assert!(told.contains("AC0601"), "{told}");
}

#[test]
fn no_template_makes_vouchers_that_no_balance_counts() {
    let voucher = "
voucher: v
title: {en: V, fa: V, zh: V, pl: V}
kind: carry
text: {en: t, fa: t, zh: t, pl: t}
lines: [{debit: 810001, amount: 1}, {credit: 610001, amount: 1}]
";
    let files = [("c.yaml", COMPANY), ("a.yaml", ACCOUNTS), ("v.yaml", voucher)];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    let (bundle, found) = bundle::load(files);
    assert!(render::short(&found, &bundle.sources).contains("`carry`"), "{found:?}");
}
