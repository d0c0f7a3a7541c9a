//! The worked examples of the accountant, to the last unit, through the shipped templates.

use super::*;
use serde_json::{Value as Json, json};

/// A charge line with all its sums.
struct Charge {
    kind: &'static str,
    list: i64,
    net: i64,
    vat: i64,
    cost: i64,
    covered_cost: i64,
    covered_by: &'static str,
    provider: &'static str,
    input_vat: i64,
}

const LINE: Charge = Charge {
    kind: "part",
    list: 0,
    net: 0,
    vat: 0,
    cost: 0,
    covered_cost: 0,
    covered_by: "",
    provider: "own",
    input_vat: 0,
};

impl Charge {
    fn json(&self) -> Json {
        json!({
            "kind": self.kind, "code": "P-1", "description": "item", "list": self.list,
            "covered": self.list - self.net, "covered_by": self.covered_by, "net": self.net, "vat": self.vat,
            "vat_rate": 10, "gross": self.net + self.vat, "cost": self.cost, "covered_cost": self.covered_cost,
            "charged_cost": self.cost - self.covered_cost, "decision": "accepted", "status": "done", "provider": self.provider,
            "input_vat": self.input_vat, "provided_by": "A1",
        })
    }
}

fn ticket(charges: &[Charge], paid: i64, more: Json) -> Facts {
    let sum = |of: fn(&Charge) -> i64| charges.iter().map(of).sum::<i64>();
    let gross = sum(|line| line.net + line.vat);
    let mut json = json!({
        "ticket": {"code": "01-03-1405-08-0007", "branch": "03", "warehouse": "W3", "agency": "A1", "partner": "K1"},
        "product": {"code": "WM-700", "price": 50_000_000},
        "policy": {"kind": "internal", "partner": "K1"},
        "customer": {"code": "C1"},
        "charges": {
            "lines": charges.iter().map(Charge::json).collect::<Vec<_>>(),
            "count": charges.len(), "net": sum(|line| line.net), "vat": sum(|line| line.vat), "gross": gross, "paid": paid,
            "payable": gross, "customer_owes": (gross - paid).max(0), "overpaid": (paid - gross).max(0),
        },
    });
    for (key, value) in more.as_object().unwrap() {
        json[key] = value.clone();
    }
    facts(json)
}

fn repair(part_net: i64, part_vat: i64, covered_cost: i64) -> [Charge; 3] {
    [
        Charge { kind: "service", list: 3_000_000, net: 3_000_000, vat: 300_000, ..LINE },
        Charge { kind: "travel", list: 500_000, net: 500_000, vat: 50_000, ..LINE },
        Charge {
            list: 6_200_000,
            net: part_net,
            vat: part_vat,
            cost: 4_500_000,
            covered_cost,
            covered_by: if covered_cost > 0 { "warranty" } else { "" },
            ..LINE
        },
    ]
}

#[test]
fn every_shipped_template_compiles_and_has_its_files_name() {
    for (file, _) in SHIPPED {
        assert_eq!(&*shipped(file).name, *file);
    }
}

#[test]
fn example_1_a_part_in_warranty_is_taken_from_the_provision() {
    let part =
        Charge { list: 6_200_000, cost: 4_500_000, covered_cost: 4_500_000, covered_by: "guarantee", ..LINE };
    let facts = ticket(&[part], 0, json!({}));
    posts("covered_parts_issued", &facts, &["Dr 315001 4500000", "Cr 116001 4500000"]);
    posts("customer_invoice", &facts, &[]);
    posts("parts_cost", &facts, &[]);
    posts("goodwill_cost", &facts, &[]);
}

#[test]
fn a_company_without_a_provision_takes_it_from_the_days_expense() {
    let part = Charge { cost: 4_500_000, covered_cost: 4_500_000, covered_by: "part_term", ..LINE };
    let facts = ticket(&[part], 0, json!({"rates": {"warranty_costs": "expense"}}));
    posts("covered_parts_issued", &facts, &["Dr 810001 4500000", "Cr 116001 4500000"]);
    posts("provision_accrual", &facts, &[]);
}

#[test]
fn example_2_out_of_warranty_is_invoiced_and_the_deposit_applied() {
    let payment = json!({"payment": {"amount": 2_000_000, "direction": "in", "method": "online"}});
    let facts = ticket(&repair(6_200_000, 620_000, 0), 2_000_000, payment);
    posts("deposit_received", &facts, &["Dr 110004 2000000", "Cr 313001 2000000"]);
    posts(
        "customer_invoice",
        &facts,
        &[
            "Dr 113001 10670000",
            "Cr 610001 3000000",
            "Cr 610005 500000",
            "Cr 610003 6200000",
            "Cr 312001 970000",
        ],
    );
    posts("deposit_applied", &facts, &["Dr 313001 2000000", "Cr 113001 2000000"]);
    posts("parts_cost", &facts, &["Dr 710001 4500000", "Cr 116001 4500000"]);
    posts("covered_parts_issued", &facts, &[]);
    let rest = json!({"payment": {"amount": 8_670_000, "direction": "in", "method": "cash"}});
    let paid = ticket(&repair(6_200_000, 620_000, 0), 10_670_000, rest);
    posts("payment_received", &paid, &["Dr 110001 8670000", "Cr 113001 8670000"]);
}

#[test]
fn example_3_a_partly_covered_part_is_split_between_provision_and_cost() {
    let facts = ticket(&repair(2_480_000, 248_000, 2_700_000), 0, json!({}));
    posts(
        "customer_invoice",
        &facts,
        &[
            "Dr 113001 6578000",
            "Cr 610001 3000000",
            "Cr 610005 500000",
            "Cr 610003 2480000",
            "Cr 312001 598000",
        ],
    );
    posts("covered_parts_issued", &facts, &["Dr 315001 2700000", "Cr 116001 2700000"]);
    posts("parts_cost", &facts, &["Dr 710001 1800000", "Cr 116001 1800000"]);
}

#[test]
fn example_4_an_agencys_claim_is_posted_as_it_was_approved() {
    // One labour line was reduced by 200,000 and its VAT by 20,000 before approval.
    let agency = |kind, cost, input_vat| Charge {
        kind,
        cost,
        covered_cost: cost,
        covered_by: "warranty",
        provider: "agency",
        input_vat,
        ..LINE
    };
    let claim = [agency("service", 1_800_000, 180_000), agency("part", 1_500_000, 150_000)];
    let facts = ticket(&claim, 0, json!({}));
    let voucher = post(&shipped("agency_service_bill"), &facts).unwrap().unwrap();
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for line in voucher.lines() {
        *sums.entry(&line.account).or_default() += line.debit_minor - line.credit_minor;
    }
    assert_eq!(sums, BTreeMap::from([("117001", 330_000), ("310001", -3_630_000), ("315001", 3_300_000)]));
    posts("covered_parts_issued", &facts, &[]);
    posts("partner_service_bill", &facts, &[]);
}

#[test]
fn example_6_a_provision_is_set_aside_for_each_unit_and_used_up() {
    let facts = ticket(&[], 0, json!({}));
    let voucher = post(&shipped("provision_accrual"), &facts).unwrap().unwrap();
    assert_eq!(lines(&voucher), ["Dr 810001 1000000", "Cr 315001 1000000"]);
    let accrued = 100 * voucher.total().minor();
    let used = Charge { cost: 70_000_000, covered_cost: 70_000_000, covered_by: "guarantee", ..LINE };
    let used = post(&shipped("covered_parts_issued"), &ticket(&[used], 0, json!({}))).unwrap().unwrap();
    assert_eq!(accrued, 100_000_000);
    assert_eq!(accrued - used.total().minor(), 30_000_000);
    let overdrawn = ticket(&[], 0, json!({"product": {"code": "WM-700", "provision": -250_000}}));
    posts("provision_exhausted", &overdrawn, &["Dr 810001 250000", "Cr 315001 250000"]);
    posts("provision_exhausted", &ticket(&[], 0, json!({"product": {"provision": 5}})), &[]);
}

#[test]
fn example_7_a_parts_sale_is_invoiced_with_its_cost_and_can_come_back() {
    let part = Charge { list: 10_000_000, net: 10_000_000, vat: 1_000_000, cost: 6_000_000, ..LINE };
    let facts = ticket(&[part], 0, json!({"product": null}));
    posts("parts_sale_invoice", &facts, &["Dr 113002 11000000", "Cr 610003 10000000", "Cr 312001 1000000"]);
    posts("parts_sale_cost", &facts, &["Dr 710001 6000000", "Cr 116001 6000000"]);
    posts(
        "parts_return",
        &facts,
        &[
            "Dr 619001 10000000",
            "Dr 312001 1000000",
            "Dr 116001 6000000",
            "Cr 113002 11000000",
            "Cr 710001 6000000",
        ],
    );
}

#[test]
fn what_a_customer_sends_back_is_owed_as_far_as_it_was_paid() {
    let part = || Charge { list: 1_000, net: 1_000, vat: 100, cost: 600, ..LINE };
    let unpaid = ["Dr 619001 1000", "Dr 312001 100", "Dr 116001 600", "Cr 113001 1100", "Cr 710001 600"];
    posts("customer_return", &ticket(&[part()], 0, json!({})), &unpaid);
    let partly = [
        "Dr 619001 1000",
        "Dr 312001 100",
        "Dr 116001 600",
        "Cr 113001 700",
        "Cr 310003 400",
        "Cr 710001 600",
    ];
    posts("customer_return", &ticket(&[part()], 400, json!({})), &partly);
}

#[test]
fn a_cancelled_orders_deposit_is_owed_to_who_paid_it() {
    let due = ["Dr 313001 500", "Cr 310003 500"];
    posts("deposit_refund_payable", &ticket(&[], 500, json!({})), &due);
    let agencys = ticket(&[], 500, json!({"customer": null}));
    posts("deposit_refund_payable", &agencys, &due);
    let voucher = post(&shipped("deposit_refund_payable"), &agencys).unwrap().unwrap();
    assert_eq!(voucher.lines()[0].details[&crate::ledger::DetailKind::Agency], "A1");
}

#[test]
fn parts_supplied_under_warranty_cost_nothing_but_use_the_provision() {
    let part = Charge { list: 800, cost: 600, covered_cost: 600, covered_by: "guarantee", ..LINE };
    let facts = ticket(&[part], 0, json!({"customer": null}));
    posts("warranty_supply", &facts, &["Dr 315001 600", "Cr 116001 600"]);
    posts("parts_sale_invoice", &facts, &[]);
    posts("parts_sale_cost", &facts, &[]);
}

#[test]
fn a_released_provision_is_never_more_than_is_left() {
    let left = |provision: Json| {
        ticket(&[], 0, json!({"product": {"code": "WM-700", "price": 50_000_000, "provision": provision}}))
    };
    posts("provision_release", &left(json!(null)), &["Dr 315001 1000000", "Cr 810001 1000000"]);
    posts("provision_release", &left(json!(300)), &["Dr 315001 300", "Cr 810001 300"]);
    posts("provision_release", &left(json!(-5)), &[]);
}

#[test]
fn goodwill_never_touches_the_provision() {
    let part = Charge { cost: 4_500_000, covered_cost: 4_500_000, covered_by: "goodwill", ..LINE };
    let facts = ticket(&[part], 0, json!({}));
    posts("goodwill_cost", &facts, &["Dr 810002 4500000", "Cr 116001 4500000"]);
    posts("covered_parts_issued", &facts, &[]);
}

#[test]
fn a_paid_extension_bears_its_own_cost() {
    let part = Charge { cost: 900, covered_cost: 900, covered_by: "extension", ..LINE };
    posts("covered_parts_issued", &ticket(&[part], 0, json!({})), &["Dr 710003 900", "Cr 116001 900"]);
}

#[test]
fn own_labour_is_posted_only_when_the_company_absorbs_it() {
    let labour = Charge { kind: "service", cost: 700, covered_cost: 700, covered_by: "warranty", ..LINE };
    posts("covered_labour_absorbed", &ticket(&[labour], 0, json!({})), &[]);
    let labour = Charge { kind: "service", cost: 700, covered_cost: 700, covered_by: "warranty", ..LINE };
    let absorbing = ticket(&[labour], 0, json!({"rates": {"labour_absorption": true}}));
    posts("covered_labour_absorbed", &absorbing, &["Dr 315001 700", "Cr 810006 700"]);
}

#[test]
fn an_outsourced_partners_bill_and_our_claim_on_a_partner_are_two_things() {
    let theirs = Charge {
        kind: "service",
        cost: 2_000,
        covered_cost: 1_500,
        covered_by: "guarantee",
        provider: "partner",
        ..LINE
    };
    let bill = ["Dr 315001 1500", "Dr 710002 500", "Cr 310002 2000"];
    posts("partner_service_bill", &ticket(&[theirs], 0, json!({})), &bill);
    let ours = Charge { list: 1_005, cost: 600, covered_cost: 600, covered_by: "partner", ..LINE };
    posts(
        "partner_claim",
        &ticket(&[ours], 0, json!({"verdict": {"kind": "outsourced", "partner": "K1"}})),
        &["Dr 113003 1106", "Dr 710001 600", "Cr 610003 1005", "Cr 312001 101", "Cr 116001 600"],
    );
}

#[test]
fn a_cancelled_repair_owes_the_rest_of_the_deposit_back() {
    let fee = || Charge { kind: "fee", list: 400_000, net: 400_000, vat: 40_000, ..LINE };
    let payment = json!({"payment": {"amount": 1_560_000, "direction": "out", "method": "transfer"}});
    let facts = ticket(&[fee()], 2_000_000, payment);
    posts("customer_invoice", &facts, &["Dr 113001 440000", "Cr 610001 400000", "Cr 312001 40000"]);
    posts("deposit_applied", &facts, &["Dr 313001 440000", "Cr 113001 440000"]);
    posts("refund_payable", &facts, &["Dr 313001 1560000", "Cr 310003 1560000"]);
    posts("refund_paid", &facts, &["Dr 310003 1560000", "Cr 110003 1560000"]);
}

#[test]
fn document_rounding_is_a_line_of_its_own_up_or_down() {
    let fee = Charge { kind: "fee", list: 404, net: 404, vat: 40, ..LINE };
    let mut up = ticket(&[fee], 0, json!({}));
    let Some(Value::Map(charges)) = up.0.get_mut("charges") else { panic!() };
    charges.insert(name("rounding"), Value::Int(6));
    posts(
        "customer_invoice",
        &up,
        &["Dr 113001 444", "Dr 113001 6", "Cr 610001 404", "Cr 312001 40", "Cr 819001 6"],
    );
    let Some(Value::Map(charges)) = up.0.get_mut("charges") else { panic!() };
    charges.insert(name("rounding"), Value::Int(-4));
    posts(
        "customer_invoice",
        &up,
        &["Dr 113001 444", "Dr 819001 4", "Cr 113001 4", "Cr 610001 404", "Cr 312001 40"],
    );
}

#[test]
fn a_declined_line_is_in_no_voucher() {
    let part = Charge { net: 10, vat: 1, cost: 5, covered_cost: 5, covered_by: "warranty", ..LINE };
    let mut facts = ticket(&[part], 0, json!({}));
    let Some(Value::Map(charges)) = facts.0.get_mut("charges") else { panic!() };
    for sum in ["net", "vat", "gross"] {
        charges.insert(name(sum), Value::Int(0));
    }
    let Some(Value::List(lines)) = charges.get_mut("lines") else { panic!() };
    let Some(Value::Map(line)) = lines.first_mut() else { panic!() };
    line.insert(name("decision"), "declined".into());
    for (template, _) in
        SHIPPED.iter().filter(|(name, _)| !name.contains("provision") && !name.contains("rec"))
    {
        if *template != "refund_paid" {
            posts(template, &facts, &[]);
        }
    }
}

#[test]
fn every_line_tells_why_its_amount_is_what_it_is() {
    let facts = ticket(&repair(6_200_000, 620_000, 0), 0, json!({}));
    let voucher = post(&shipped("parts_cost"), &facts).unwrap().unwrap();
    let line = &voucher.lines()[0];
    assert_eq!(line.explanation.amount, "line.charged_cost");
    assert_eq!(line.explanation.source, "workflows/vouchers/test.yaml:17");
    assert_eq!(line.explanation.values, [("line.charged_cost".to_owned(), Value::Decimal(4_500_000.into()))]);
    assert_eq!(line.text, "بابت بهای تمام‌شده قطعات درخواست 01-03-1405-08-0007");
    assert_eq!(voucher.header().values, [("ticket.code".to_owned(), Value::text("01-03-1405-08-0007"))]);
    let credit = &voucher.lines()[1];
    assert_eq!(credit.details[&crate::ledger::DetailKind::Warehouse], "W3");
}
