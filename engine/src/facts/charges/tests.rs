//! Sums are exact, whatever the rule gives.

use proptest::prelude::*;

use super::*;
use crate::definition::company::VatRounding;
use crate::facts::value::LARGEST;

fn line(json: serde_json::Value) -> Map {
    let Value::Map(map) = Value::from_json(&json) else { panic!("a map") };
    complete_line(map, 0).unwrap()
}

fn amount(map: &Map, key: &str) -> Decimal {
    map.get(key).and_then(Value::as_decimal).unwrap_or_else(|| panic!("{key}: {map:?}"))
}

/// An accountant's worked case: labour 3,000,000, travel 500,000 and a part of 6,200,000 that cost 4,500,000.
fn case(parts_covered: i64) -> Map {
    let lines = [
        serde_json::json!({"id": 1, "kind": "service", "code": "L", "unit_price": 3_000_000, "vat_rate": 10}),
        serde_json::json!({"id": 2, "kind": "travel", "code": "T", "unit_price": 500_000, "vat_rate": 10}),
        serde_json::json!({"id": 3, "kind": "part", "code": "P", "unit_price": 6_200_000, "vat_rate": 10,
                           "cost": 4_500_000, "covered_percent": parts_covered, "covered_by": "guarantee"}),
    ];
    totals(lines.map(line).map(Value::Map).to_vec(), Decimal::from(2_000_000), Rounding::default()).unwrap()
}

fn expect(map: &Map, amounts: &[(&str, i64)]) {
    for (key, expected) in amounts {
        assert_eq!(amount(map, key), Decimal::from(*expected), "{key}");
    }
}

#[test]
fn nobody_owes_what_we_have_paid_out() {
    let charges = totals(Vec::new(), Decimal::from(-1_100_000), Rounding::default()).unwrap();
    expect(&charges, &[("paid", -1_100_000), ("customer_owes", 0), ("mandatory_owes", 0), ("overpaid", 0)]);
}

#[test]
fn out_of_warranty_the_customer_pays_all() {
    let charges = case(0);
    expect(
        &charges,
        &[
            ("net", 9_700_000),
            ("vat", 970_000),
            ("gross", 10_670_000),
            ("covered", 0),
            ("cost", 4_500_000),
            ("charged_cost", 4_500_000),
            ("customer_owes", 8_670_000),
            ("mandatory_owes", 8_670_000),
            ("overpaid", 0),
            ("count", 3),
            ("pending", 3),
        ],
    );
}

#[test]
fn with_parts_covered_in_part_price_and_cost_are_split() {
    let charges = case(60);
    expect(
        &charges,
        &[
            ("net", 5_980_000),
            ("vat", 598_000),
            ("gross", 6_578_000),
            ("covered", 3_720_000),
            ("covered_cost", 2_700_000),
            ("charged_cost", 1_800_000),
        ],
    );
    let part = charges.get("lines").unwrap().as_list()[2].clone();
    assert_eq!(part.get("net").unwrap().as_decimal(), Some(Decimal::from(2_480_000)));
    assert_eq!(part.get("coverage").unwrap().as_text(), Some("partly"));
}

#[test]
fn covered_lines_are_free_and_declined_ones_are_in_no_sum() {
    let covered = line(serde_json::json!({"kind": "part", "unit_price": 100, "vat_rate": 10, "oem": false,
        "covered_percent": 100, "covered_by": "guarantee", "cost": 70}));
    assert_eq!(covered["payment_class"], "none".into());
    assert_eq!(covered["decision"], "accepted".into());
    let declined =
        line(serde_json::json!({"kind": "fee", "unit_price": 50, "vat_rate": 0, "decision": "declined"}));
    let goodwill =
        line(serde_json::json!({"kind": "service", "unit_price": 40, "vat_rate": 0, "covered_percent": 50,
        "covered_by": "goodwill"}));
    assert_eq!(goodwill["coverage"], "goodwill".into());
    let charges = totals(
        [covered, declined, goodwill].map(Value::Map).to_vec(),
        Decimal::from(100),
        Rounding::default(),
    )
    .unwrap();
    expect(
        &charges,
        &[
            ("count", 2),
            ("gross", 20),
            ("covered", 120),
            ("goodwill", 20),
            ("overpaid", 80),
            ("customer_owes", 0),
            ("pending", 1),
            ("non_oem_covered", 1),
            ("non_oem_unapproved", 0),
        ],
    );
    assert_eq!(charges["lines"].as_list().len(), 3);
}

#[test]
fn a_line_that_becomes_chargeable_waits_for_the_customer_again() {
    let mut free = line(serde_json::json!({"kind": "part", "unit_price": 100, "covered_percent": 100,
        "covered_by": "warranty"}));
    free.insert("covered_percent".into(), Value::Int(0));
    let charged = complete_line(free, 0).unwrap();
    assert_eq!(charged["decision"], "pending".into());
    assert_eq!(charged["payment_class"], "mandatory".into());
    assert_eq!(charged["covered_by"], Value::Null);
}

#[test]
fn what_cannot_be_a_line_is_told() {
    for (json, word) in [
        (serde_json::json!({"unit_price": 1}), "kind"),
        (serde_json::json!({"kind": "part", "unit_price": 1}), "vat_rate"),
        (serde_json::json!({"kind": "gift"}), "gift"),
        (serde_json::json!({"kind": "part", "unit_price": -1}), "below zero"),
        (serde_json::json!({"kind": "part", "covered_percent": 101, "covered_by": "x"}), "0 to 100"),
        (serde_json::json!({"kind": "part", "covered_percent": 10}), "covered_by"),
        (serde_json::json!({"kind": "part", "unit_price": "many"}), "unit_price"),
        (
            serde_json::json!({"kind": "part", "quantity": "1e28", "unit_price": "79228162514264337593543950335"}),
            "",
        ),
    ] {
        let Value::Map(map) = Value::from_json(&json) else { panic!("a map") };
        let told = complete_line(map, 0).expect_err(&json.to_string());
        assert!(told.message.contains(word), "{told}");
    }
}

fn of_rate(price: i64) -> Value {
    Value::Map(line(serde_json::json!({"kind": "service", "unit_price": price, "vat_rate": 10})))
}

#[test]
fn vat_is_rounded_by_line_or_once_for_the_document() {
    // 10 % of 15 is 1.5: half up by line, the three make 6; of 45 it is 4.5, which makes 5.
    let three = || (0..3).map(|_| of_rate(15)).collect::<Vec<_>>();
    let by_line = totals(three(), Decimal::ZERO, Rounding::default()).unwrap();
    expect(&by_line, &[("vat", 6), ("gross", 51)]);
    let once = Rounding { vat: VatRounding::Document, ..Rounding::default() };
    let document = totals(three(), Decimal::ZERO, once).unwrap();
    expect(&document, &[("vat", 5), ("gross", 50)]);
    let vats: Vec<Decimal> = document["lines"]
        .as_list()
        .iter()
        .map(|line| line.get("vat").unwrap().as_decimal().unwrap())
        .collect();
    assert_eq!(vats.iter().sum::<Decimal>(), Decimal::from(5), "the lines add up to the document: {vats:?}");
    let again = totals(document["lines"].as_list().to_vec(), Decimal::ZERO, once).unwrap();
    assert_eq!(again, document, "settled lines stay as they are");
}

#[test]
fn what_a_customer_pays_is_a_multiple_and_the_rest_stands_beside_the_gross() {
    let thousands = Rounding { to: 1000, ..Rounding::default() };
    let down = totals(vec![of_rate(9_449_000)], Decimal::from(10_394_000), thousands).unwrap();
    expect(
        &down,
        &[
            ("gross", 10_393_900),
            ("rounding", 100),
            ("payable", 10_394_000),
            ("mandatory", 10_393_900),
            ("customer_owes", 0),
            ("overpaid", 0),
        ],
    );
    let off = totals(vec![of_rate(1_000_400)], Decimal::ZERO, thousands).unwrap();
    expect(
        &off,
        &[("gross", 1_100_440), ("rounding", -440), ("payable", 1_100_000), ("mandatory", 1_100_000)],
    );
}

#[test]
fn vat_of_the_largest_lines_is_shared_among_them() {
    let line = Map::from([
        ("kind".into(), "part".into()),
        ("quantity".into(), Value::Int(1)),
        ("unit_price".into(), Value::Decimal(LARGEST)),
        ("vat_rate".into(), Value::Int(9)),
    ]);
    let line = Value::Map(complete_line(line, 0).unwrap());
    let once = Rounding { vat: VatRounding::Document, ..Rounding::default() };
    let document = totals(vec![line; 20], Decimal::ZERO, once).unwrap();
    expect(&document, &[("vat", 1_800_000_000_000_000)]);
}

proptest! {
    #[test]
    fn no_number_however_large_ends_the_process(
        quantity in huge(), price in huge(), rate in huge(), cost in huge(), discount in huge(), lines in 1usize..20,
    ) {
        let map = Map::from([
            ("kind".into(), "part".into()),
            ("quantity".into(), Value::Decimal(quantity)),
            ("unit_price".into(), Value::Decimal(price)),
            ("vat_rate".into(), Value::Decimal(rate)),
            ("cost".into(), Value::Decimal(cost)),
            ("discount".into(), Value::Decimal(discount)),
        ]);
        if let Ok(line) = complete_line(map, 0) {
            for vat in [VatRounding::Line, VatRounding::Document] {
                let rounding = Rounding { minor_digits: 0, vat, to: 1000 };
                let lines = vec![Value::Map(line.clone()); lines];
                prop_assert!(totals(lines, LARGEST, rounding).is_ok());
            }
        }
    }
}

fn huge() -> impl Strategy<Value = Decimal> {
    (any::<i128>(), 0u32..=28).prop_map(|(n, scale)| {
        let whole = n % Decimal::MAX.mantissa();
        Decimal::from_i128_with_scale(whole.abs(), scale)
    })
}

proptest! {
    #[test]
    fn every_line_adds_up(
        quantity in 1i64..5000, price in 0i64..1_000_000_000, percent in 0i64..=100, rate in 0i64..3000,
        cost in 0i64..1_000_000_000, discount in 0i64..1_000_000, digits in 0u32..=3,
    ) {
        let map = Map::from([
            ("kind".into(), "part".into()),
            ("quantity".into(), Value::Decimal(Decimal::new(quantity, 2))),
            ("unit_price".into(), Value::Decimal(Decimal::new(price, 2))),
            ("covered_percent".into(), Value::Int(percent)),
            ("covered_by".into(), "warranty".into()),
            ("vat_rate".into(), Value::Decimal(Decimal::new(rate, 2))),
            ("cost".into(), Value::Decimal(Decimal::new(cost, 2))),
            ("discount".into(), Value::Decimal(Decimal::new(discount, 2))),
        ]);
        let line = complete_line(map, digits).unwrap();
        prop_assert_eq!(amount(&line, "covered") + amount(&line, "discount") + amount(&line, "net"), amount(&line, "list"));
        prop_assert_eq!(amount(&line, "covered_cost") + amount(&line, "charged_cost"), amount(&line, "cost"));
        prop_assert_eq!(amount(&line, "net") + amount(&line, "vat"), amount(&line, "gross"));
        for key in ["list", "covered", "discount", "net", "vat", "gross", "cost", "covered_cost", "charged_cost"] {
            let amount = amount(&line, key);
            prop_assert!(!amount.is_sign_negative() || amount.is_zero(), "{} {}", key, amount);
            prop_assert_eq!(amount, amount.round_dp(digits), "{} in whole minor units", key);
        }
        prop_assert_eq!(complete_line(line.clone(), digits).unwrap(), line, "a complete line stays");
    }

    #[test]
    fn sums_are_those_of_the_lines(prices in proptest::collection::vec((0i64..100_000, 0i64..=100), 0..8), paid in 0i64..500_000) {
        let lines: Vec<Value> = prices.iter().map(|(price, percent)| Value::Map(line(serde_json::json!({
            "kind": "service", "unit_price": price, "covered_percent": percent, "covered_by": "warranty", "vat_rate": 9,
        })))).collect();
        let sum = |key: &str| lines.iter().map(|line| line.get(key).unwrap().as_decimal().unwrap()).sum::<Decimal>();
        let expected = ["net", "vat", "gross", "covered"].map(|key| (key, sum(key)));
        let charges = totals(lines, Decimal::from(paid), Rounding::default()).unwrap();
        for (key, expected) in expected {
            prop_assert_eq!(amount(&charges, key), expected);
        }
        prop_assert_eq!(
            amount(&charges, "gross") - amount(&charges, "paid"),
            amount(&charges, "customer_owes") - amount(&charges, "overpaid")
        );
    }
}
