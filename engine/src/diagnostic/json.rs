//! Diagnostics for programs: one JSON object each, with lines, columns and byte offsets.

use serde_json::{Value as Json, json};

use super::{Diagnostic, Sources};

/// All diagnostics as a JSON array.
pub fn array(found: &[Diagnostic], sources: &Sources) -> Json {
    Json::Array(found.iter().map(|one| object(one, sources)).collect())
}

fn object(one: &Diagnostic, sources: &Sources) -> Json {
    let mut json = json!({
        "code": one.code,
        "severity": one.severity,
        "message": one.message,
    });
    if let Some(place) = one.place {
        json["file"] = sources.path(place.source).into();
        json["line"] = place.line.into();
        json["column"] = place.column.into();
        json["offset"] = place.start.into();
        json["length"] = place.len.into();
    }
    if !one.label.is_empty() {
        json["label"] = one.label.as_str().into();
    }
    if let Some(help) = &one.help {
        json["help"] = help.as_str().into();
    }
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;

    #[test]
    fn a_program_gets_the_place_in_every_form() {
        let mut sources = Sources::default();
        let source = sources.add("a.yaml", "x: yy\n");
        let place = Place { source, line: 1, column: 4, start: 3, len: 2 };
        let found = [Diagnostic::warning("AC0502", place, "no").help("so")];
        assert_eq!(
            array(&found, &sources).to_string(),
            r#"[{"code":"AC0502","severity":"warning","message":"no","file":"a.yaml","line":1,"column":4,"offset":3,"length":2,"help":"so"}]"#
        );
    }
}
