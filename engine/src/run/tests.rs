use rust_decimal::Decimal;

use super::*;
use crate::bundle::{self, Bundle};
use crate::diagnostic::render;
use crate::facts::shape::{Kind, WORLD};

const COMPANY: &str = "
company: c
name: {en: C}
currency: {code: IRR, minor_digits: 0}
time_zone: Z
books_language: en
fiscal_year: {calendar: gregorian, starts: 01-01}
vat: {rounding: line, rates: [{kind: standard, from: 2020-01-01, percent: 10}]}
urgency_percent: 0
numbers: {paper: {pattern: 'P{seq:3}'}}
";
const ACCOUNTS: &str = "
accounts:
  1: {title: {}, nature: debit}
  113: {title: {}}
  113001: {title: {}, details: [customer]}
  3: {title: {}, nature: credit}
  314: {title: {}}
  314001: {title: {}, details: [contract]}
  6: {title: {}, nature: credit}
  610: {title: {}}
  610004: {title: {}}
";
const VOUCHER: &str = "
voucher: earned
title: {}
text: {en: 'earned by {period.to}'}
lines:
  - {debit: 314001, amount: due.amount, details: {contract: balance.code}}
  - {credit: 610004, amount: due.amount}
";
const RULE: &str = "fn half(balance, period) { #{amount: if condition(\"some\", balance.closing > 1) { balance.closing / 2 } else { 0 }} }";

fn bundle(run: &str) -> (Bundle, String) {
    let files = [
        ("c.yaml", COMPANY),
        ("a.yaml", ACCOUNTS),
        ("v.yaml", VOUCHER),
        ("rules/half.rhai", RULE),
        ("r.yaml", run),
    ];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    let (bundle, found) = bundle::load(files);
    let told = render::short(&found, &bundle.sources);
    (bundle, told)
}

fn facts(closing: i64) -> Map {
    let given = serde_json::json!({
        "balance": {"code": "T-1", "closing": closing}, "period": {"to": "2026-01-31"}
    });
    let entry = |entry: &crate::facts::shape::Entry| {
        let value = given.get(entry.name).map(Value::from_json).unwrap_or_default();
        (Arc::from(entry.name), if value.is_null() { value } else { Kind::decode(entry.kind, value) })
    };
    WORLD.iter().map(entry).collect()
}

const RUN: &str = "
run: r
title: {en: R}
every: month
balances: {accounts: 314001, by: contract}
decide: half
when: due.amount > 1
vouchers: earned
";

#[test]
fn an_item_is_worked_out_by_the_rule_and_posted_by_the_template_on_the_last_day() {
    let (bundle, told) = bundle(RUN);
    assert_eq!(told, "");
    let run = bundle.library.runs.get("r").unwrap();
    let on = "2026-01-31".parse().unwrap();
    let worked = run.work(&bundle.library, facts(10), on).unwrap();
    assert_eq!(worked.due.get("amount").and_then(Value::as_decimal), Some(Decimal::from(5)));
    assert_eq!(worked.conditions.first().map(|one| one.holds), Some(true));
    let [voucher] = worked.vouchers.as_slice() else { panic!("{:?}", worked.vouchers) };
    assert_eq!((voucher.header().date, voucher.total().minor()), (on, 5));
    assert_eq!(voucher.header().text, "earned by 2026-01-31");
    assert_eq!(run.work(&bundle.library, facts(2), on).unwrap().vouchers, [], "`when` did not hold");
    assert_eq!(run.work(&bundle.library, facts(1), on).unwrap().vouchers, []);
}

#[track_caller]
fn is_wrong(from: &str, to: &str, expected: &str) {
    let (_, told) = bundle(&RUN.replace(from, to));
    assert!(told.starts_with(expected), "{told}");
}

#[test]
fn what_cannot_run_is_told_where_it_stands() {
    is_wrong(
        "accounts: 314001",
        "accounts: 113001",
        "r.yaml:5:34: error[AC0641]: account `113001` has no detail `contract`",
    );
    is_wrong(
        "{accounts: 314001, by: contract}",
        "{accounts: [314001, 610], by: contract}",
        "r.yaml:5:31: error[AC0602]",
    );
    is_wrong("decide: half", "decide: haf", "r.yaml:6:9: error[AC0107]: unknown rule `haf`");
    is_wrong("vouchers: earned", "vouchers: earnd", "r.yaml:8:11: error[AC0108]: unknown voucher `earnd`");
    is_wrong(
        "vouchers: earned",
        "",
        "r.yaml:2:6: error[AC0640]: the run posts nothing and writes no statement",
    );
    is_wrong(
        "vouchers: earned",
        "statement: papers",
        "r.yaml:8:12: error[AC0643]: the company has no number series `papers`",
    );
}
