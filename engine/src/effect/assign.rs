//! `assign`: who is responsible from now on.

use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::definition::action as written;
use crate::effect::Effect;
use crate::facts::Value;
use crate::facts::shape::Kind;
use crate::rules::RuleError;
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

/// Who is responsible: sign-in name or code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assign {
    Technician(String),
    Agency(String),
    Partner(String),
}

#[derive(Debug)]
pub struct Action {
    key: &'static str,
    make: fn(String) -> Assign,
    who: Bound,
}

impl Action {
    pub(super) fn bind(assign: &written::Assign, binder: &mut Binder<'_>) -> Option<Self> {
        let (key, make, who): (_, fn(String) -> Assign, _) = match assign {
            written::Assign::Technician(who) => ("technician", Assign::Technician, who),
            written::Assign::Agency(who) => ("agency", Assign::Agency, who),
            written::Assign::Partner(who) => ("partner", Assign::Partner, who),
        };
        Some(Self { key, make, who: binder.value(who, Kind::Text)? })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        let who = run.value_of(&self.who)?;
        let Some(name) = who.as_text() else {
            let message = format!(
                "`{}` gives {}, but a name or code is needed",
                self.who.expression.text(),
                who.kind()
            );
            return Err(RuleError { message, source_line: self.who.source() }.into());
        };
        let name = name.to_owned();
        // Whoever is responsible from now on takes over from everybody else.
        for key in ["technician", "agency", "partner"] {
            let value = if key == self.key { Value::text(name.as_str()) } else { Value::Null };
            run.set_world_key("ticket", key, value);
        }
        run.effects.push(Effect::Assign((self.make)(name)));
        Ok(())
    }
}
