//! `voucher`: an accounting voucher made by a template from the facts as they are now. The effect is the
//! balanced [`ledger::Voucher`](crate::ledger::Voucher) itself.

use std::sync::Arc;

use crate::compile::Binder;
use crate::definition::action as written;
use crate::effect::Effect;
use crate::facts::Value;
use crate::ledger::amount::decimal;
use crate::ledger::{Account, DetailKind, Template, Voucher};
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

#[derive(Debug)]
pub struct Action {
    template: Arc<Template>,
    when: Option<Bound>,
}

impl Action {
    pub(super) fn bind(voucher: &written::Voucher, binder: &mut Binder<'_>) -> Option<Self> {
        let when = binder.condition(voucher.when.as_ref())?;
        Some(Self { template: binder.voucher(&voucher.template)?, when })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        if run.holds(self.when.as_ref())? {
            let voucher = self.template.evaluate(&run.eyes(&[], &[]), run.today())?;
            if let Some(voucher) = &voucher {
                set_aside(run, voucher);
            }
            run.effects.extend(voucher.map(Effect::Voucher));
        }
        Ok(())
    }
}

/// What a voucher takes from the provision of the ticket's model, or adds to it, the next template knows.
fn set_aside(run: &mut Run<'_>, voucher: &Voucher) {
    let Value::Map(product) = run.world("product") else { return };
    let Some(left) = product.get("provision").and_then(Value::as_decimal) else { return };
    let code = product.get("code").and_then(Value::as_text);
    let accounts = &run.chart.library.accounts;
    let own = voucher.lines().iter().filter(|line| {
        line.details.get(&DetailKind::Product).map(String::as_str) == code
            && accounts.get(&line.account).is_some_and(Account::sets_aside)
    });
    let change: i64 = own.map(|line| line.credit_minor - line.debit_minor).sum();
    let left = left.checked_add(decimal(change, &voucher.header().currency));
    if let Some(left) = left.filter(|_| change != 0) {
        run.set_world_key("product", "provision", Value::Decimal(left));
    }
}
