//! The shipped templates against worked examples, and templates that authors get wrong.

mod examples;
mod wrong;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Template;
use crate::company::Company;
use crate::definition::books::{AccountsFile, VoucherTemplate};
use crate::definition::company::CompanyFile;
use crate::definition::node::Node;
use crate::diagnostic::{Diagnostic, SourceId, Sources};
use crate::facts::Value;
use crate::facts::shape::WORLD;
use crate::ledger::{Accounts, Voucher};
use crate::rules::{Name, RuleError, View};

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        /// The shipped templates by name.
        const SHIPPED: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../../../workflows/vouchers/", $name, ".yaml")))),*
        ];
    };
}

shipped!(
    "agency_service_bill",
    "covered_labour_absorbed",
    "covered_parts_issued",
    "customer_invoice",
    "customer_return",
    "deposit_applied",
    "deposit_received",
    "deposit_refund_payable",
    "goodwill_cost",
    "partner_claim",
    "partner_service_bill",
    "parts_cost",
    "parts_deposit_applied",
    "parts_deposit_received",
    "parts_payment_received",
    "parts_return",
    "parts_sale_cost",
    "parts_sale_invoice",
    "payment_received",
    "provision_accrual",
    "provision_exhausted",
    "provision_release",
    "refund_paid",
    "refund_payable",
    "warranty_supply",
);

const ACCOUNTS: &str = include_str!("../../../../workflows/accounts.yaml");
const COMPANY: &str = include_str!("../../../../workflows/company.yaml");

fn read<T: serde::de::DeserializeOwned>(text: &str) -> T {
    Node::read(SourceId::default(), text).unwrap().to().unwrap_or_else(|error| panic!("{error:?}"))
}

fn company() -> Company {
    Company::compile(&read::<CompanyFile>(COMPANY)).unwrap()
}

fn compile(text: &str) -> Result<Template, Vec<Diagnostic>> {
    let accounts = Accounts::compile(&read::<AccountsFile>(ACCOUNTS)).unwrap();
    let mut sources = Sources::default();
    sources.add("workflows/vouchers/test.yaml", text);
    Template::compile(&read::<VoucherTemplate>(text), &company().books(&accounts), &sources)
}

fn shipped(name: &str) -> Template {
    let (_, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name).unwrap();
    compile(text).unwrap_or_else(|found| panic!("{name}: {found:#?}"))
}

/// The facts of a ticket, as the server would fill them.
struct Facts(BTreeMap<&'static str, Value>);

impl View for Facts {
    fn value(&self, name: &Name) -> Option<&Value> {
        self.0.get(&*name.text)
    }
    fn is_in(&self, _: usize) -> bool {
        false
    }
}

/// Facts from JSON, what is not given being empty.
fn facts(json: serde_json::Value) -> Facts {
    let mut world: BTreeMap<&'static str, Value> = BTreeMap::new();
    for entry in WORLD {
        let given = json.get(entry.name).map(Value::from_json).unwrap_or_default();
        world.insert(entry.name, entry.kind.decode(given));
    }
    let mut rates = company().rates("2026-11-21".parse().unwrap());
    if let (Value::Map(rates), Some(Value::Map(given))) =
        (&mut rates, json.get("rates").map(Value::from_json))
    {
        rates.extend(given);
    }
    world.insert("rates", rates);
    Facts(world)
}

fn post(template: &Template, facts: &Facts) -> Result<Option<Voucher>, RuleError> {
    template.evaluate(facts, "2026-11-21".parse().unwrap())
}

/// `Dr 113001 10670000` for each line, in order.
fn lines(voucher: &Voucher) -> Vec<String> {
    let line = |line: &crate::ledger::Line| match line.credit_minor {
        0 => format!("Dr {} {}", line.account, line.debit_minor),
        credit => format!("Cr {} {credit}", line.account),
    };
    voucher.lines().iter().map(line).collect()
}

#[track_caller]
fn posts(template: &str, facts: &Facts, expected: &[&str]) {
    let voucher = post(&shipped(template), facts).unwrap();
    assert_eq!(voucher.as_ref().map(lines).unwrap_or_default(), expected, "{template}");
}

fn name(text: &str) -> Arc<str> {
    text.into()
}
