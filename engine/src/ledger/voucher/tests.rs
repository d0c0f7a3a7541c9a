use super::*;
use crate::definition::books::AccountsFile;
use crate::definition::node::Node;
use crate::diagnostic::SourceId;
use crate::ledger::Accounts;
use proptest::prelude::*;
use std::sync::LazyLock;

const CHART: &str = include_str!("../../../../workflows/accounts.yaml");

fn chart() -> Accounts {
    static READ: LazyLock<Accounts> = LazyLock::new(|| {
        let file: AccountsFile = Node::read(SourceId::default(), CHART).unwrap().to().unwrap();
        Accounts::compile(&file).unwrap()
    });
    READ.clone()
}

fn rial() -> Currency {
    Currency::new("IRR", 0)
}

fn header(kind: VoucherKind) -> Header {
    Header {
        template: "test".into(),
        kind,
        date: "2026-11-21".parse().unwrap(),
        currency: rial(),
        text: "a test".into(),
        values: vec![("ticket.code".into(), "01-03-1405-08-0007".into())],
        reversal: false,
    }
}

/// `Dr 113001 customer=C1 100`
fn posting<'a>(chart: &'a Accounts, text: &str) -> Posting<'a> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let amount = words.pop().unwrap();
    let (amount, currency) = match amount.strip_suffix("PLN") {
        Some(amount) => (amount, Currency::new("PLN", 0)),
        None => (amount, rial()),
    };
    let details = words[2..].iter().map(|word| word.split_once('=').unwrap());
    Posting {
        account: chart.get(words[1]).unwrap(),
        side: if words[0] == "Dr" { Side::Debit } else { Side::Credit },
        amount: Amount::from_minor(amount.parse().unwrap(), &currency),
        details: details.map(|(kind, code)| (DetailKind::named(kind).unwrap(), code.to_owned())).collect(),
        text: String::new(),
        explanation: Explanation::default(),
    }
}

#[test]
fn postings_make_a_voucher_or_say_why_not() {
    let table = "
        Dr 110001 100 | Cr 110003 100                                       | ok
        Dr 110001 70 | Dr 110003 30 | Cr 113001 customer=C1 100             | ok
        Dr 110001 9223372036854775807 | Cr 110003 9223372036854775807       | ok
        Dr 110001 100 | Cr 110003 99                                        | debits are 100 IRR and credits are 99 IRR
        Dr 110001 100 | Dr 110003 100                                       | debits are 200 IRR and credits are 0 IRR
        Dr 110001 100                                                       | a voucher has at least two lines, this one has 1
        Dr 110001 0 | Cr 110003 0                                           | line 1 is on neither side
        Dr 110001 -5 | Cr 110003 -5                                         | line 1 has a negative amount
        Dr 110001 5 | Cr 110003 5PLN                                        | IRR and PLN are two currencies
        Dr 110001 9223372036854775807 | Dr 110001 1 | Cr 110003 1           | 9223372036854775808 IRR is too large
        Dr 110001 5 | Cr 113001 5                                           | line 2: account `113001` needs the detail `customer`
        Dr 110001 5 | Cr 113001 agency=A1 customer=C1 5                     | line 2: account `113001` has no detail `agency`
        Dr 110001 5 | Cr 310001 5                                           | line 2: account `310001` needs exactly one of the details `agency`, `technician`
        Dr 110001 5 | Cr 310001 agency=A1 technician=T1 5                   | line 2: account `310001` needs exactly one of the details `agency`, `technician`
        Dr 110001 5 | Cr 310001 technician=T1 5                             | ok
        Dr 110001 5 | Cr 990001 5                                           | line 2 uses account `990001`, which is for memo vouchers
        memo Dr 910001 case=T1 1 | Cr 990001 1                              | ok
        memo Dr 910002 case=T1 partner=P1 1 | Cr 910001 case=T1 1           | ok
        memo Dr 910001 case=T1 1 | Cr 110001 1                              | line 2 uses account `110001`, which is for ordinary vouchers
    ";
    let chart = chart();
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (lines, expected) = row.rsplit_once('|').unwrap();
        let (kind, lines) = match lines.strip_prefix("memo ") {
            Some(lines) => (VoucherKind::Memo, lines),
            None => (VoucherKind::Ordinary, lines),
        };
        let postings = lines.split('|').map(|line| posting(&chart, line)).collect();
        let result =
            Voucher::new(header(kind), postings).map_or_else(|error| error.to_string(), |_| "ok".into());
        assert_eq!(result, expected.trim(), "{row}");
    }
}

fn voucher() -> Voucher {
    let chart = chart();
    let lines = ["Dr 110001 70", "Dr 110003 30", "Cr 113001 customer=C1 100"];
    let postings = lines.iter().map(|line| posting(&chart, line)).collect();
    Voucher::new(header(VoucherKind::Ordinary), postings).unwrap()
}

#[test]
fn a_stored_voucher_comes_back_the_same() {
    let json = serde_json::to_string(&voucher()).unwrap();
    assert_eq!(serde_json::from_str::<Voucher>(&json).unwrap(), voucher());
}

#[test]
fn a_stored_voucher_that_was_tampered_with_cannot_be_read() {
    let json = serde_json::to_string(&voucher()).unwrap();
    for (from, to, message) in [
        (r#""debit_minor":70"#, r#""debit_minor":71"#, "debits are 101 IRR and credits are 100 IRR"),
        (r#""debit_minor":70"#, r#""debit_minor":-70"#, "line 1 has a negative amount"),
        (
            r#""debit_minor":70,"credit_minor":0"#,
            r#""debit_minor":70,"credit_minor":70"#,
            "line 1 is on both sides",
        ),
        (r#""debit_minor":70"#, r#""debit_minor":0"#, "line 1 is on neither side"),
        (r#""debit_minor":70"#, r#""debit_minor":70.5"#, "invalid type: floating point"),
    ] {
        assert!(json.contains(from));
        let error = serde_json::from_str::<Voucher>(&json.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn a_reversal_stands_on_the_other_sides_and_says_so() {
    let on = "2026-12-01".parse().unwrap();
    let reversal = voucher().reversal(on);
    assert!(reversal.header().reversal);
    assert_eq!(reversal.header().date, on);
    assert_eq!((reversal.lines()[0].debit_minor, reversal.lines()[0].credit_minor), (0, 70));
    assert_eq!(reversal.total(), voucher().total());
}

proptest! {
    #[test]
    fn what_is_a_voucher_balances_and_its_reversal_taken_back_is_itself(
        sides in proptest::collection::vec((any::<bool>(), -3i64..50), 0..8),
    ) {
        let chart = chart();
        let postings: Vec<_> = sides
            .iter()
            .map(|(debit, minor)| posting(&chart, &format!("{} 110001 {minor}", if *debit { "Dr" } else { "Cr" })))
            .collect();
        let sum = |side: bool| sides.iter().filter(|(debit, _)| *debit == side).map(|(_, minor)| minor).sum::<i64>();
        let right = sides.len() > 1 && sides.iter().all(|(_, minor)| *minor > 0) && sum(true) == sum(false);
        let voucher = Voucher::new(header(VoucherKind::Ordinary), postings);
        prop_assert_eq!(voucher.is_ok(), right);
        if let Ok(voucher) = voucher {
            let on = "2027-01-01".parse().unwrap();
            let reversal = voucher.reversal(on);
            let json = serde_json::to_string(&reversal).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Voucher>(&json).unwrap(), &reversal);
            prop_assert_eq!(reversal.reversal(voucher.header().date), voucher);
        }
    }

    #[test]
    fn balanced_lines_are_always_a_voucher(parts in proptest::collection::vec(1i64..1_000_000_000, 1..10)) {
        let chart = chart();
        let mut postings: Vec<_> =
            parts.iter().map(|minor| posting(&chart, &format!("Dr 110003 {minor}"))).collect();
        postings.push(posting(&chart, &format!("Cr 110001 {}", parts.iter().sum::<i64>())));
        let voucher = Voucher::new(header(VoucherKind::Ordinary), postings).unwrap();
        let total: i64 = voucher.lines().iter().map(|line| line.credit_minor).sum();
        prop_assert_eq!(voucher.total().minor(), total);
    }
}
