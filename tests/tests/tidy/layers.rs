//! Who may know whom. Crate boundaries hold the large cuts; these are the ones inside a crate.

use super::sources::{self, Source};

/// One rule: in these folders (or files), none of these words.
struct Rule {
    says: &'static str,
    within: &'static [&'static str],
    except: &'static [&'static str],
    words: &'static [&'static str],
}

const RULES: &[Rule] = &[
    Rule {
        says: "the engine names no table and speaks no SQL",
        within: &["engine/src/"],
        except: &[],
        words: &["SELECT ", "INSERT INTO", "DELETE FROM", "CREATE TABLE", "sea_orm", "sqlx"],
    },
    Rule {
        says: "handlers hold no SQL and write nothing by themselves",
        within: &["server/src/http/", "server/src/http.rs"],
        except: &[],
        words: &[
            "sea_orm",
            "sqlx",
            "sea_query",
            "SELECT ",
            "INSERT INTO",
            "UPDATE ",
            "DELETE FROM",
            "Statement::",
            "execute_unprepared",
        ],
    },
    Rule {
        says: "the store decides nothing: no rules, no steps",
        within: &["server/src/store/", "server/src/store.rs", "server/src/entity/", "server/src/entity.rs"],
        except: &[],
        words: &[
            "aftercare_engine::rules::Rules",
            "engine::step::step",
            "step::start",
            "rules.call(",
            "crate::http",
            "crate::cli",
        ],
    },
    Rule {
        says: "a worker claims and retries; it knows no effect",
        within: &["server/src/worker/", "server/src/worker.rs"],
        except: &[],
        words: &["effect::Effect", "Effect::", "crate::http", "crate::cli"],
    },
    Rule {
        says: "gateways speak to outside systems and know neither tickets nor the database",
        within: &["server/src/gateway/", "server/src/gateway.rs"],
        except: &[],
        words: &["sea_orm", "crate::store", "crate::entity", "crate::http", "crate::step"],
    },
    Rule {
        says: "time comes from the one clock",
        within: &["engine/src/", "server/src/", "migrations/src/"],
        except: &["server/src/clock.rs"],
        words: &["Utc::now", "Local::now", "SystemTime::now"],
    },
    Rule {
        says: "an entity is what a table holds and knows nobody above it",
        within: &["server/src/entity/"],
        except: &[],
        words: &["crate::store", "crate::http", "crate::step", "crate::effects", "crate::worker"],
    },
];

/// Places where a float stands although money is near, and why it never becomes money.
const FLOATS: &[(&str, &str)] = &[
    ("engine/src/facts/value.rs", "JSON readers offer nothing better; its shortest text is what was written"),
    ("engine/src/definition/node/reader.rs", "tells a number from a text; the digits are kept as they stand"),
    ("engine/src/rules/parse.rs", "Rhai's own number type, refused as such"),
    ("engine/src/definition/node.rs", "the list of all kinds that serde may ask for"),
];

#[test]
fn layers_know_only_what_lies_below_them() {
    let found: Vec<String> = RULES.iter().flat_map(|rule| broken(rule, sources::rust())).collect();
    sources::none("a layer reaches where it must not", &found);
}

fn broken(rule: &Rule, files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| rule.within.iter().any(|folder| file.path.starts_with(folder))) {
        if rule.except.contains(&file.path.as_str()) {
            continue;
        }
        for (number, line) in file.statements() {
            for word in rule.words.iter().filter(|word| line.contains(**word)) {
                found.push(format!("{}:{number} has `{}`: {}", file.path, word.trim(), rule.says));
            }
        }
    }
    found
}

#[test]
fn no_float_is_near_money() {
    let near = [
        "engine/src/",
        "server/src/store",
        "server/src/entity",
        "server/src/effects",
        "server/src/step",
        "migrations/src/",
    ];
    let mut found = Vec::new();
    let mut needed = Vec::new();
    for file in sources::rust().iter().filter(|file| near.iter().any(|folder| file.path.starts_with(folder)))
    {
        let Some((number, _)) = file.statements().find(|(_, line)| has_float(line)) else { continue };
        if FLOATS.iter().any(|(path, _)| *path == file.path) {
            needed.push(file.path.as_str());
        } else {
            found.push(format!("{}:{number}", file.path));
        }
    }
    for (path, why) in FLOATS.iter().filter(|(path, _)| !needed.contains(path)) {
        found.push(format!("{path} needs no exception any more ({why}): take it off the list"));
    }
    sources::none("money is decimal in memory and whole minor units in the database", &found);
}

fn has_float(line: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| matches!(word, "f32" | "f64" | "visit_f64" | "REAL" | "double"))
}

#[test]
fn a_rule_finds_what_it_forbids() {
    let file = Source {
        path: "server/src/http/api.rs".into(),
        text: "//! A.\n// sqlx in words\nuse sqlx::Db;\n".into(),
    };
    let found: Vec<String> =
        RULES.iter().flat_map(|rule| broken(rule, std::slice::from_ref(&file))).collect();
    assert_eq!(
        found,
        ["server/src/http/api.rs:3 has `sqlx`: handlers hold no SQL and write nothing by themselves"]
    );
    assert!(has_float("let a: f64 = 1.0;") && !has_float("let leaf64 = buf32;"));
}
