//! `raise`: an event on the internal queue of this very step.

use std::sync::Arc;

use crate::compile::Binder;
use crate::diagnostic::Sp;
use crate::step::run::Run;

#[derive(Debug)]
pub struct Action {
    event: Arc<str>,
}

impl Action {
    pub(super) fn bind(event: &Sp<String>, binder: &mut Binder<'_>) -> Self {
        binder.sends(event);
        Self { event: event.value.as_str().into() }
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) {
        let key = run.key();
        run.waiting().internal.push((self.event.clone(), key));
    }
}
