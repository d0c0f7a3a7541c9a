//! stub
use crate::facts::{Map, Value};
use crate::rules::RuleError;
use rust_decimal::Decimal;
pub fn complete_line(m: Map, _d: u32) -> Result<Map, RuleError> {
    Ok(m)
}
pub fn totals(_l: Vec<Value>, _p: Decimal) -> Result<Map, RuleError> {
    Ok(Map::new())
}
