//! What goes along with the active states. Many tickets have none of it, so none is kept until there is some: a step
//! that has nothing to do with it neither copies nor drops it.

use std::ops::Deref;

use super::{Clock, Group};
use crate::statechart::{StateId, StateSet};

/// Read as what it holds; whoever changes it says so.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(Option<Box<Held>>);

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Held {
    /// By history state, in document order.
    pub(crate) history: Vec<(StateId, StateSet)>,
    /// Clocks that run or stand, by their position in the chart.
    pub(crate) clocks: Vec<Clock>,
    /// Delayed sends so far: each gets its own name.
    pub(crate) sends: u32,
    /// Tickets that are awaited, by their position among the chart's invokes.
    pub(crate) invoked: Vec<u16>,
    /// Instances of active states, in document order of these.
    pub(crate) each: Vec<Group>,
}

static NOTHING: Held =
    Held { history: Vec::new(), clocks: Vec::new(), sends: 0, invoked: Vec::new(), each: Vec::new() };

impl Memory {
    /// To put something into it.
    pub(crate) fn make(&mut self) -> &mut Held {
        self.0.get_or_insert_default()
    }

    /// To change what is in it; none: nothing is.
    pub(crate) fn held(&mut self) -> Option<&mut Held> {
        self.0.as_deref_mut()
    }
}

impl Deref for Memory {
    type Target = Held;

    #[inline]
    fn deref(&self) -> &Held {
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

impl From<Held> for Memory {
    fn from(held: Held) -> Self {
        Self((held != NOTHING).then(|| Box::new(held)))
    }
}

impl PartialEq for Memory {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}
