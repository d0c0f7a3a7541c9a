//! `task`: something on somebody's list.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::deadline::Length;
use crate::definition::action as written;
use crate::effect::Effect;
use crate::effect::notify::{Recipient, To};
use crate::facts::{Map, Value};
use crate::step::run::{Refusal, Run};

/// A task. Titles by language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub title: Map,
    pub to: Recipient,
    pub due: Option<DateTime<Utc>>,
}

#[derive(Debug)]
pub struct Action {
    title: Map,
    to: To,
    due: Option<Length>,
}

impl Action {
    pub(super) fn bind(task: &written::Task, binder: &mut Binder<'_>) -> Option<Self> {
        let due = match &task.due {
            Some(text) => Some(binder.length(text)?),
            None => None,
        };
        let titles =
            [("en", &task.title.en), ("fa", &task.title.fa), ("zh", &task.title.zh), ("pl", &task.title.pl)];
        let title = titles
            .into_iter()
            .filter_map(|(language, text)| {
                Some((language.into(), Value::text(text.as_ref()?.value.as_str())))
            })
            .collect();
        Some(Self { title, to: To::bind(&task.to, binder)?, due })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        if let Some(to) = self.to.resolve(run) {
            let due = self.due.as_ref().map(|due| run.facts.calendar.add(run.facts.now, due));
            run.effects.push(Effect::Task(Task { title: self.title.clone(), to, due }));
        }
        Ok(())
    }
}
