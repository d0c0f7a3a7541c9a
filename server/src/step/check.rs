//! What a form names must be there: users, agencies, partners, devices, service plans, parts, services.
//!
//! The engine has already accepted the form's shape and the actor, so nobody learns here what they may not ask.

use aftercare_engine::definition::field::FieldType;
use aftercare_engine::facts::Value;
use aftercare_engine::statechart::ChartField;
use aftercare_engine::step::Reason;

use super::Look;
use crate::store::StoreError;

/// What the form names and the registers do not have.
pub(super) async fn references(look: &Look) -> Result<Vec<Reason>, StoreError> {
    let mut wrong = Vec::new();
    for (field, value) in named(look) {
        let Some(written) = &field.field else { continue };
        let name = value.as_text();
        let missing = match (written.r#type.value, name) {
            (FieldType::User, Some(name)) => {
                let role = written.role.as_ref().map(|role| role.value.as_str());
                !look.store.is_user(name, role).await?
            }
            (FieldType::Agency | FieldType::Partner, Some(code)) => look.store.agency(code).await?.is_none(),
            (FieldType::Customer, Some(code)) => look.store.customer(code).await?.is_none(),
            (FieldType::ServicePlan, Some(code)) => look.store.service_plan(code).await?.is_none(),
            (FieldType::Device, Some(serial)) => look.store.subject(serial).await?.is_none(),
            (FieldType::Parts, _) => {
                wrong.extend(unknown_codes(field, value, &look.assembled.set.parts));
                false
            }
            (FieldType::Services, _) => {
                wrong.extend(unknown_codes(field, value, &look.assembled.set.services));
                false
            }
            (kind, _) if kind.is_picture() => {
                let id = value.as_int().unwrap_or_default();
                wrong.extend(
                    (!look.store.is_picture(&look.ticket.code, id).await?).then(|| no_picture(field)),
                );
                false
            }
            _ => false,
        };
        if missing {
            wrong.push(unknown(field, name.unwrap_or_default()));
        }
    }
    Ok(wrong)
}

/// Why the engine refuses, in words that help: a rule that fails over what the registers do not have is not to blame.
pub(super) async fn refused(look: &Look, reasons: Vec<Reason>) -> Result<Vec<Reason>, StoreError> {
    if !reasons.iter().any(|reason| reason.code == "rule_failed") {
        return Ok(reasons);
    }
    let wrong = references(look).await?;
    Ok(if wrong.is_empty() { reasons } else { wrong })
}

/// Every value that the form brings with the field that it is for, also those inside records.
fn named(look: &Look) -> Vec<(&ChartField, &Value)> {
    let mut named = Vec::new();
    for field in &look.chart.fields {
        let Some(value) = look.data.get(&field.name) else { continue };
        named.push((field, value));
        for record in value.as_list() {
            named.extend(field.columns.iter().filter_map(|column| Some((column, record.get(&column.name)?))));
        }
    }
    // An instance's form brings parts of its record by their own names.
    let columns = look.chart.fields.iter().flat_map(|field| &field.columns);
    let own = |column: &&ChartField| look.chart.field(&column.name).is_none();
    named.extend(columns.filter(own).filter_map(|column| Some((column, look.data.get(&column.name)?))));
    named
}

fn no_picture(field: &ChartField) -> Reason {
    Reason::new("field_invalid").field(&field.name).with("expected", "expected_picture")
}

fn unknown(field: &ChartField, code: &str) -> Reason {
    Reason::new("field_unknown_code").field(&field.name).with("code", code)
}

fn unknown_codes(field: &ChartField, lines: &Value, known: &aftercare_engine::facts::Map) -> Vec<Reason> {
    let codes = lines.as_list().iter().filter_map(|line| line.get("code")?.as_text());
    codes.filter(|code| !known.contains_key(*code)).map(|code| unknown(field, code)).collect()
}
