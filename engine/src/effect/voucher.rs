//! `voucher`: an accounting voucher made by a template from the facts as they are now. The effect is the
//! balanced [`ledger::Voucher`](crate::ledger::Voucher) itself.

use std::sync::Arc;

use crate::compile::Binder;
use crate::definition::action as written;
use crate::effect::Effect;
use crate::ledger::Template;
use crate::step::run::{Bound, Refusal, Run};

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
            run.effects.extend(voucher.map(Effect::Voucher));
        }
        Ok(())
    }
}
