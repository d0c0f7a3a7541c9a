use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Ticket;
use crate::bundle::{self, Bundle};
use crate::diagnostic::render;
use crate::facts::Value;

const PROCESS: &str = "
process: gripe
opened_by: [system]
fields: {about: {type: text}, times: {type: integer}, promised: {type: date}, notes: {type: record}}
initial: a
states:
  a: {initial: x, states: {x: {on: {go: b}}, xx: {on: {go: b}}}}
  b: {type: final}
";

fn loaded(columns: &str) -> (String, Bundle) {
    let report =
        format!("report: gripes\ntitle: {{en: Gripes}}\nprocess: gripe\nby: [about]\ncolumns:\n{columns}");
    let files = [("gripe.yaml", PROCESS), ("gripes.yaml", &report)];
    let (bundle, found) = bundle::load(files.map(|(path, text)| (path.to_owned(), text.to_owned())).into());
    (render::short(&found, &bundle.sources), bundle)
}

#[test]
fn each_ticket_gives_a_number_for_each_column() {
    let (found, bundle) = loaded(
        "  all: {title: {en: All}, count: true}
  open: {title: {en: Open}, count: 'in(\"a.x\")'}
  late: {title: {en: Late}, count: 'promised != () && promised < today'}
  times: {title: {en: Times}, sum: times}
",
    );
    assert_eq!(found, "");
    let report = &bundle.reports["gripes"];
    let chart = bundle.chart("gripe").unwrap();
    let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let fields = [" noise ".into(), Value::Int(3), Value::Date(day.pred_opt().unwrap()), Value::Null];
    let ticket = Ticket { chart, fields: &fields, states: &["a.x"], today: day };
    let told = |ticket: &Ticket<'_>| -> Vec<String> {
        let numbers = report.numbers(ticket, &|_, _| Decimal::ZERO).unwrap();
        numbers.iter().map(ToString::to_string).collect()
    };
    assert_eq!(told(&ticket), ["1", "1", "1", "3"]);
    assert_eq!(report.key(&ticket, "about").as_deref(), Some("noise"));
    // A state whose name begins alike is another one, and what is not known counts as nothing.
    let other = Ticket { fields: &[], states: &["a.xx"], ..ticket };
    assert_eq!(told(&other), ["1", "0", "0", "0"]);
    assert_eq!(report.key(&other, "about"), None);
}

#[test]
fn what_a_report_cannot_tell_is_found_beforehand() {
    let (found, _) = loaded(
        "  a: {title: {en: A}, count: true, sum: times}
  b: {title: {en: B}, count: times}
  c: {title: {en: C}, sum: 'about'}
  d: {title: {en: D}, count: 'in(\"a.y\")'}
  e: {title: {en: E}, count: 'customer.name == \"x\"'}
  f: {title: {en: F}, posted: {vouchers: refund, accounts: '619001'}}
",
    );
    for told in [
        "gripes.yaml:6:3: error[AC0661]: the column `a` has not one of `count`, `sum` and `posted`",
        "gripes.yaml:7:30: error[AC0310]",
        "gripes.yaml:8:28: error[AC0305]",
        "error[AC0104]: unknown state `a.y`",
        "error[AC0663]: a report does not know `customer`",
        "error[AC0108]: unknown voucher `refund`",
    ] {
        assert!(found.contains(told), "{told}\n{found}");
    }
}
