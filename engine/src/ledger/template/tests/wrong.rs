//! Templates that cannot be compiled, and tickets on which one cannot be posted.

use super::*;
use serde_json::json;

const HEAD: &str = "voucher: t\ntitle: {en: T}\ntext: {en: 'T {ticket.code}'}\n";

fn findings(text: &str) -> Vec<String> {
    let found = compile(text).map(|_| ()).unwrap_err();
    found.iter().map(|one| format!("{} {}: {}", one.code, one.place.unwrap().line, one.message)).collect()
}

#[test]
fn what_can_be_known_before_a_ticket_is_told_with_its_line() {
    for (lines, expected) in [
        (
            "  - {debit: 110001, amount: charges.gross}",
            "AC0607 1: voucher `t` can never balance: it has no credit",
        ),
        (
            "  - {credit: 110001, amount: charges.gross}",
            "AC0607 1: voucher `t` can never balance: it has no debit",
        ),
        ("  - {amount: charges.gross}", "AC0603 5: a line has either `debit` or `credit`"),
        ("  - {debit: 110001, credit: 110003, amount: 5}", "AC0603 5: a line has either `debit` or `credit`"),
        ("  - {debit: 110, amount: 5}", "AC0602 5: account `110` only sums up others"),
        ("  - {debit: 110009, amount: 5}", "AC0601 5: there is no account `110009`"),
        ("  - {debit: 990001, amount: 5}", "AC0605 5: account `990001` stands outside the balance sheet"),
        ("  - {debit: 113001, amount: 5}", "AC0604 5: account `113001` needs the detail `customer`"),
        (
            "  - {debit: 110001, amount: 5, details: {customer: customer.code}}",
            "AC0604 5: account `110001` has no detail `customer`",
        ),
        (
            "  - {debit: 113001, amount: 5, details: {costumer: customer.code}}",
            "AC0604 5: there is no detail `costumer`",
        ),
        (
            "  - {debit: 310001, amount: 5}",
            "AC0604 5: account `310001` needs exactly one of the details `agency`, `technician`",
        ),
        (
            "  - {debit: 110001, amount: 5, text: {en: 'x {ticket.code'}}",
            "AC0608 5: `{ticket.code` has no closing brace",
        ),
        (
            "  - {debit: 110001, amount: 5, when: 'in(\"paid\")'}",
            "AC0606 5: a voucher cannot ask for a state",
        ),
    ] {
        assert_eq!(findings(&format!("{HEAD}lines:\n{lines}\n")), [expected]);
    }
}

#[test]
fn facts_that_are_not_there_are_told_with_the_nearest_name() {
    for lines in [
        "  - {debit: 110001, amount: charges.gros}",
        "  - {debit: 110001, amount: line.cost}",
        "  - {debit: 110001, each: charges.lines, amount: line.cots}",
        "  - {debit: 110001, amount: 5, text: {fa: '{ticket.cod}'}}",
        "  - {debit: 113001, amount: 5, details: {customer: customer.cod}}",
        "  - {debit: 110001, amount: 5, when: chargse.gross > 0}",
    ] {
        let found = compile(&format!("{HEAD}lines:\n{lines}\n")).map(|_| ()).unwrap_err();
        assert_eq!(found.len(), 1, "{lines}: {found:?}");
        assert!(found[0].code.starts_with("AC030"), "{found:?}");
    }
}

#[test]
fn a_placeholder_is_pointed_at_where_it_stands() {
    let text =
        format!("{HEAD}lines:\n  - {{debit: 110001, amount: 5, text: {{fa: 'سند {{ticket.cod}}'}}}}\n");
    let place = compile(&text).map(|_| ()).unwrap_err()[0].place.unwrap();
    let start = place.start as usize;
    assert!(text.get(start..).is_some_and(|rest| rest.starts_with("cod")), "{:?}", text.get(start..));
}

#[test]
fn what_is_known_to_be_no_amount_or_no_condition_is_told_beforehand() {
    for (line, expected) in [
        ("{debit: 110001, amount: ticket.code}", "`ticket.code` is a text; a number is expected here"),
        ("{debit: 110001, amount: 5, when: charges.gross}", "`charges.gross` is not a condition"),
    ] {
        let text = format!("{HEAD}lines:\n  - {line}\n  - {{credit: 110003, amount: 5}}\n");
        let found = compile(&text).map(|_| ()).unwrap_err();
        assert_eq!(found.iter().map(|one| one.message.as_str()).collect::<Vec<_>>(), [expected]);
    }
}

/// A template of two lines, one of them as given.
fn pair(debit: &str) -> Template {
    compile(&format!("{HEAD}lines:\n  - {debit}\n  - {{credit: 110003, amount: charges.gross}}\n"))
        .unwrap_or_else(|found| panic!("{found:?}"))
}

#[test]
fn what_cannot_be_posted_refuses_the_step_and_says_why() {
    let facts = facts(
        json!({"ticket": {"code": "T1"}, "charges": {"gross": 100, "net": "90.5", "paid": -3, "lines": []}}),
    );
    for (line, expected) in [
        (
            "{debit: 110001, amount: charges.paid}",
            "`charges.paid` gives -3, but a line's amount is not below zero",
        ),
        (
            "{debit: 110001, amount: charges.net}",
            "`charges.net` gives 90.5: 90.5 has more digits than the 0 minor digits of IRR; round it first",
        ),
        ("{debit: 110001, amount: charges.vat}", "`charges.vat` gives nothing, but an amount is needed"),
        (
            "{debit: 113001, amount: charges.gross, details: {customer: ticket.agency}}",
            "`ticket.agency` is empty, but account `113001` needs the detail `customer`",
        ),
        ("{debit: 110001, each: ticket.code, amount: 5}", "`ticket.code` gives a text, but a list is needed"),
    ] {
        let error = post(&pair(line), &facts).unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.source_line.as_str()),
            (expected, "workflows/vouchers/test.yaml:5")
        );
    }
    let error = post(&pair("{debit: 110001, amount: charges.gross - 1}"), &facts).unwrap_err();
    assert_eq!(error.message, "voucher `t` cannot be posted: debits are 99 IRR and credits are 100 IRR");
    assert_eq!(error.source_line, "workflows/vouchers/test.yaml:1");
}

#[test]
fn a_voucher_whose_amounts_are_all_zero_is_not_posted() {
    let facts = facts(json!({"ticket": {"code": "T1"}, "charges": {"gross": 0, "lines": []}}));
    assert_eq!(post(&pair("{debit: 110001, amount: charges.gross}"), &facts).unwrap(), None);
}

#[test]
fn a_template_knows_its_accounts_and_what_it_reads() {
    let template = shipped("provision_exhausted");
    assert_eq!(template.accounts_used(), [name("315001"), name("810001")].into());
    let reads: Vec<String> = template.reads().into_iter().collect();
    assert_eq!(reads, ["product", "product.code", "product.provision"]);
    assert_eq!(template.places().count(), 2);
}
