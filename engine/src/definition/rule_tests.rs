//! Tests of a rule, beside the rule: facts and what must come of them, one row a case.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use super::Table;
use crate::diagnostic::Sp;
use crate::facts::Value;

/// A file of rule tests.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleTests {
    /// The rule, a public function in one of the rule files.
    pub rule_tests: Sp<String>,
    /// Facts of every case, by name.
    #[serde(default)]
    pub given: Table<Given>,
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows, as a sentence.
    pub name: Sp<String>,
    /// Facts that differ here: dotted path to value; `~` takes a fact away.
    #[serde(default)]
    pub facts: Table<Given>,
    /// Dotted path in the rule's answer to the value there; `answer` is the whole answer.
    #[serde(default)]
    pub expect: Table<Given>,
    /// Conditions that must have been asked, and how they must have held.
    #[serde(default)]
    pub conditions: Table<bool>,
    /// The rule has no answer, and says so with these words.
    #[serde(default)]
    pub fails: Option<Sp<String>>,
}

/// Any value, exact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given(pub Value);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self)
    }
}

impl JsonSchema for Given {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Given".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!(true)
    }
}
