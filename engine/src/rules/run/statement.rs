//! Statements of a rule's body.

use super::super::program::{Node, Step};
use super::super::scope::Mark;
use super::{At, Fault, Frame, Machine, fault};
use crate::facts::Value;

/// How a statement ends.
enum Flow {
    /// With the value of its last expression.
    On(Value),
    Return(Value),
    Break,
    Continue,
}

impl Machine<'_> {
    /// The value of a function's body: what is returned, or its last expression.
    pub(super) fn body(&self, steps: &[Step], frame: &mut Frame<'_>) -> Result<Value, Box<Fault>> {
        match self.steps(steps, frame)? {
            Flow::On(value) | Flow::Return(value) => Ok(value),
            Flow::Break | Flow::Continue => Ok(Value::Null),
        }
    }

    fn steps(&self, steps: &[Step], frame: &mut Frame<'_>) -> Result<Flow, Box<Fault>> {
        let mut last = Value::Null;
        for step in steps {
            match self.step(step, frame)? {
                Flow::On(value) => last = value,
                flow => return Ok(flow),
            }
        }
        Ok(Flow::On(last))
    }

    fn step(&self, step: &Step, frame: &mut Frame<'_>) -> Result<Flow, Box<Fault>> {
        match step {
            Step::Let { slot, value, mark } => {
                let value = self.kept(value, frame, *mark)?;
                store(frame, *slot, value);
            }
            Step::Set { slot, keys, value, mark } => {
                let value = self.kept(value, frame, *mark)?;
                self.set(frame, *slot, keys, value, *mark)?;
            }
            Step::If { test, then, otherwise, mark } => {
                self.budget.spend(1).at(*mark)?;
                let branch = if self.truth(test, frame, *mark)? { then } else { otherwise };
                return self.steps(branch, frame);
            }
            Step::For { .. } | Step::While { .. } => return self.turns(step, frame),
            Step::Block(steps) => return self.steps(steps, frame),
            Step::Break => return Ok(Flow::Break),
            Step::Continue => return Ok(Flow::Continue),
            Step::Return(None) => return Ok(Flow::Return(Value::Null)),
            Step::Return(Some((node, mark))) => return Ok(Flow::Return(self.kept(node, frame, *mark)?)),
            Step::Throw(node, mark) => {
                let message = self.eval(node, frame)?.to_string();
                return fault(*mark, message);
            }
            Step::Value(node, mark) => {
                return Ok(Flow::On(self.kept(node, frame, *mark)?));
            }
        }
        Ok(Flow::On(Value::Null))
    }

    fn kept(&self, node: &Node, frame: &Frame<'_>, mark: Mark) -> Result<Value, Box<Fault>> {
        self.budget.spend(1).at(mark)?;
        self.owned(self.eval(node, frame)?, mark)
    }

    fn set(
        &self,
        frame: &mut Frame<'_>,
        slot: u16,
        keys: &[std::sync::Arc<str>],
        value: Value,
        mark: Mark,
    ) -> Result<(), Box<Fault>> {
        let Some((last, before)) = keys.split_last() else {
            store(frame, slot, value);
            return Ok(());
        };
        let Some(root) = frame.locals.get_mut(usize::from(slot)) else { return Ok(()) };
        let mut place = &mut *root;
        for key in before {
            let kind = place.kind();
            place = match place {
                Value::Map(map) => map.get_mut(key),
                _ => None,
            }
            .map_or_else(|| fault(mark, format!("{kind} has no `{key}`")), Ok)?;
        }
        match place {
            Value::Map(map) => map.insert(last.clone(), value),
            other => return fault(mark, format!("{} has no `{last}`", other.kind())),
        };
        // The whole is looked at again, so that a map grown key by key meets the same limits.
        self.budget.keep(root).at(mark)
    }

    fn turns(&self, step: &Step, frame: &mut Frame<'_>) -> Result<Flow, Box<Fault>> {
        match step {
            Step::For { slot, counter, list, body, mark } => {
                let Value::List(items) = self.kept(list, frame, *mark)? else {
                    return fault(*mark, "only a list can be gone through".to_owned());
                };
                for (n, item) in items.into_iter().enumerate() {
                    self.budget.spend(1).at(*mark)?;
                    store(frame, *slot, item);
                    if let Some(counter) = counter {
                        store(frame, *counter, Value::Int(i64::try_from(n).unwrap_or(i64::MAX)));
                    }
                    match self.steps(body, frame)? {
                        Flow::Break => break,
                        Flow::Return(value) => return Ok(Flow::Return(value)),
                        Flow::On(_) | Flow::Continue => {}
                    }
                }
            }
            Step::While { test, body, mark } => loop {
                self.budget.spend(1).at(*mark)?;
                if let Some(test) = test
                    && !self.truth(test, frame, *mark)?
                {
                    break;
                }
                match self.steps(body, frame)? {
                    Flow::Break => break,
                    Flow::Return(value) => return Ok(Flow::Return(value)),
                    Flow::On(_) | Flow::Continue => {}
                }
            },
            _ => {}
        }
        Ok(Flow::On(Value::Null))
    }
}

fn store(frame: &mut Frame<'_>, slot: u16, value: Value) {
    if let Some(place) = frame.locals.get_mut(usize::from(slot)) {
        *place = value;
    }
}
