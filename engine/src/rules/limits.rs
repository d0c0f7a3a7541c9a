//! What a designer's text may use: work, depth, sizes. No rule may hang, exhaust or end the process.
//!
//! There is no clock here, so work is counted, not time: a step, a call, a value copied and sixty-four bytes of
//! text each cost one unit, and everything that can be large is built from counted pieces.

use std::cell::Cell;

use crate::facts::Value;

/// Longest rule file, in bytes; looked at before it is parsed.
pub const MAX_SOURCE: usize = 64 << 10;
/// Longest expression, in bytes.
pub const MAX_EXPRESSION: usize = 4 << 10;
/// Deepest nesting of an expression or of blocks.
pub const MAX_DEPTH: usize = 24;
/// Deepest nesting of calls from one of the designer's functions into another.
pub const MAX_CALLS: u8 = 12;
/// Units of work of one call.
pub const MAX_WORK: u32 = 200_000;
/// Units of work of keeping one condition for the explanation.
pub const NOTED: usize = 16;
/// Longest text, in bytes.
pub const MAX_TEXT: usize = 8 << 10;
/// Longest list.
pub const MAX_LIST: usize = 2_000;
/// Most keys in a map.
pub const MAX_MAP: usize = 500;
/// Deepest nesting of lists and maps in a value.
pub const MAX_NESTING: usize = 16;
/// Most functions in one file.
pub const MAX_FUNCTIONS: usize = 50;
/// Most variables in one function.
pub const MAX_VARIABLES: usize = 200;

/// Work that is left.
#[derive(Debug)]
pub struct Budget(Cell<u32>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(MAX_WORK))
    }
}

impl Budget {
    /// Takes units of work.
    ///
    /// # Errors
    /// When there are not that many left.
    pub fn spend(&self, units: usize) -> Result<(), String> {
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        match self.0.get().checked_sub(units) {
            Some(left) => {
                self.0.set(left);
                Ok(())
            }
            None => Err(format!("the rule does more than {MAX_WORK} units of work; does a loop never end?")),
        }
    }

    /// Pays for looking at a whole value, as a comparison does.
    ///
    /// # Errors
    /// When the work is used up.
    pub fn look_at(&self, value: &Value) -> Result<(), String> {
        match value {
            Value::Text(text) => self.spend(text.len() / 64),
            Value::List(items) => {
                self.spend(items.len())?;
                items.iter().try_for_each(|item| self.look_at(item))
            }
            Value::Map(map) => {
                self.spend(map.len())?;
                map.values().try_for_each(|item| self.look_at(item))
            }
            _ => Ok(()),
        }
    }

    /// Pays for a value that is about to be kept, and refuses one that is too large.
    ///
    /// # Errors
    /// When it is too large or the work is used up.
    pub fn keep(&self, value: &Value) -> Result<(), String> {
        match value {
            Value::Text(text) => {
                if text.len() > MAX_TEXT {
                    return Err(format!("a text may have {MAX_TEXT} bytes"));
                }
                self.spend(1 + text.len() / 64)
            }
            Value::List(_) | Value::Map(_) => self.keep_inside(value, MAX_NESTING),
            _ => Ok(()),
        }
    }

    fn keep_inside(&self, value: &Value, deeper: usize) -> Result<(), String> {
        let Some(deeper) = deeper.checked_sub(1) else {
            return Err(format!("lists and maps may be nested {MAX_NESTING} deep"));
        };
        self.spend(1)?;
        match value {
            Value::List(items) if items.len() > MAX_LIST => Err(format!("a list may have {MAX_LIST} items")),
            Value::Map(map) if map.len() > MAX_MAP => Err(format!("a map may have {MAX_MAP} keys")),
            Value::List(items) => items.iter().try_for_each(|item| self.keep_inside(item, deeper)),
            Value::Map(map) => map.values().try_for_each(|item| self.keep_inside(item, deeper)),
            Value::Text(text) if text.len() > MAX_TEXT => Err(format!("a text may have {MAX_TEXT} bytes")),
            _ => Ok(()),
        }
    }
}
