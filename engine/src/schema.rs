//! The kinds of files that authors write, and the JSON Schema of each: what editors complete by and what
//! [`shape`](crate::definition::shape) compares with.

use schemars::{JsonSchema, schema_for};
use serde_json::Value as Json;

use crate::definition::books::{AccountsFile, VoucherTemplate};
use crate::definition::closing::ClosingFile;
use crate::definition::company::{CalendarFile, CompanyFile};
use crate::definition::export::ExportFile;
use crate::definition::fragments::Fragment;
use crate::definition::messages::{Messages, Reasons, Roles};
use crate::definition::report::ReportFile;
use crate::definition::rule_tests::RuleTests;
use crate::definition::run::RunFile;
use crate::definition::scenario::{Givens, Scenario, Scenarios};
use crate::definition::{Process, node::Node};

/// A kind of file.
pub struct Kind {
    /// The top key that tells it, and the schema's file name.
    pub key: &'static str,
    /// Where such files stand in a bundle.
    pub folder: &'static str,
    pub about: &'static str,
    schema: fn() -> Json,
}

impl Kind {
    /// The JSON Schema of this kind.
    pub fn schema(&self) -> Json {
        let mut schema = (self.schema)();
        if let Some(object) = schema.as_object_mut() {
            object.insert("title".into(), self.about.into());
        }
        schema
    }
}

/// All kinds.
pub const KINDS: &[Kind] = &[
    kind::<Fragment>("fragment", "workflows/fragments", "A fragment that several processes share"),
    kind::<VoucherTemplate>("voucher", "workflows/vouchers", "A voucher template: what an activity posts"),
    kind::<RunFile>("run", "workflows/runs", "A run over the books at the end of a period"),
    kind::<ClosingFile>("closing", "workflows/runs", "The end of a fiscal year in the books"),
    kind::<ExportFile>("export", "workflows/exports", "A table of voucher lines for an accounting package"),
    kind::<ReportFile>("report", "workflows/reports", "A report over the tickets of a process"),
    kind::<AccountsFile>("accounts", "workflows", "The chart of accounts"),
    kind::<CompanyFile>("company", "workflows", "The company: money, rates, numbers"),
    kind::<CalendarFile>("calendar", "workflows/calendars", "A working calendar"),
    kind::<Messages>("messages", "workflows/messages", "Messages in the four languages"),
    kind::<Reasons>("reasons", "workflows", "Texts of reasons in the four languages"),
    kind::<Scenario>("scenario", "tests/scenarios", "A story of one ticket: given, when, then"),
    kind::<Scenarios>("scenarios", "tests/scenarios", "Several stories"),
    kind::<RuleTests>("rule_tests", "rules", "Tests of a rule, one row a case"),
    kind::<Givens>("givens", "tests/scenarios", "What stories share"),
    kind::<Roles>("roles", "workflows", "Roles: what each may see and do"),
    // Last, because stories name a process as well.
    kind::<Process>(
        "process",
        "workflows/processes",
        "A process: one statechart, its fields, people and clocks",
    ),
];

const fn kind<T: JsonSchema>(key: &'static str, folder: &'static str, about: &'static str) -> Kind {
    Kind { key, folder, about, schema: || schema_for!(T).to_value() }
}

/// The kind of a file by its top keys; a bare statechart is a process without a name.
pub fn kind_of(file: &Node) -> Option<&'static Kind> {
    let by_key = KINDS.iter().find(|kind| file.get(kind.key).is_some());
    by_key.or_else(|| {
        let bare = ["states", "initial"].iter().any(|key| file.get(key).is_some());
        KINDS.iter().find(|kind| bare && kind.key == "process")
    })
}

/// The schemas of all kinds by name.
pub fn all() -> Vec<(&'static str, Json)> {
    KINDS.iter().map(|kind| (kind.key, kind.schema())).collect()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test compares committed files")]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn committed_schemas_are_current() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflows/schemas");
        let update = std::env::var("UPDATE_EXPECT").is_ok();
        for (name, schema) in all() {
            let path = folder.join(format!("{name}.json"));
            let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
            if update {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, &text).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                committed == text,
                "{} is not current: run this test with UPDATE_EXPECT=1",
                path.display()
            );
        }
        let files = std::fs::read_dir(&folder).unwrap().count();
        assert_eq!(files, KINDS.len(), "one file for each kind");
    }
}
