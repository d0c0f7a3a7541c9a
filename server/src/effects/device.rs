//! `device`: new values in the device's register entry, the parts fitted in it included.

use aftercare_engine::facts::{Map, Value};

use super::Context;
use crate::entity::fitted_part;
use crate::store::StoreError;
use crate::store::step::{DeviceWrite, StepWrite};

pub fn carry_out(
    context: &Context<'_>,
    values: &Map,
    source: String,
    step: &mut StepWrite,
) -> Result<(), StoreError> {
    let Some(serial) = step.ticket.device.clone() else {
        return Err(StoreError::corrupt("device", "the ticket has none"));
    };
    let seen = context.assembled.device.unwrap_or_default();
    let mut write = DeviceWrite { serial, values: Vec::new(), seen, removed: Vec::new(), at: step.event.at };
    for (key, value) in values {
        match &**key {
            "status" => write.values.push(("status", text(value).into())),
            "owner" => write.values.push(("owner", text(value).into())),
            "produced_on" => write.values.push(("produced_on", value.as_date().into())),
            "sold_on" => write.values.push(("sold_on", value.as_date().into())),
            "installed_on" => write.values.push(("installed_on", value.as_date().into())),
            "usage" => write.values.push(("usage", value.as_int().into())),
            "repairs" => write.values.push(("repairs", value.as_int().unwrap_or_default().into())),
            "fitted" => fit(context, value.as_list(), &source, step, &mut write),
            other => return Err(StoreError::corrupt("device", format!("`{other}` cannot be changed"))),
        }
    }
    step.devices.push(write);
    Ok(())
}

fn text(value: &Value) -> Option<String> {
    value.as_text().map(str::to_owned)
}

/// The parts that are fitted from now on: new ones come in, those no longer named are out.
fn fit(context: &Context<'_>, parts: &[Value], source: &str, step: &mut StepWrite, write: &mut DeviceWrite) {
    let same = |row: &fitted_part::Model, part: &Value| {
        part.get("code").and_then(Value::as_text) == Some(&row.part)
            && part.get("serial").and_then(Value::as_text) == row.serial.as_deref()
            && part.get("fitted_on").and_then(Value::as_date) == Some(row.fitted_on)
    };
    let known = &context.assembled.fitted;
    let gone = known.iter().filter(|row| !parts.iter().any(|part| same(row, part)));
    write.removed.extend(gone.map(|row| row.id));
    for (n, part) in parts.iter().enumerate() {
        if known.iter().any(|row| same(row, part)) {
            continue;
        }
        let Some(code) = part.get("code").and_then(Value::as_text) else { continue };
        let day = part.get("fitted_on").and_then(Value::as_date);
        step.fitted.push(fitted_part::Model {
            id: 0,
            device: write.serial.clone(),
            part: code.to_owned(),
            serial: part.get("serial").and_then(text),
            old_serial: part.get("old_serial").and_then(text),
            fitted_on: day.unwrap_or_else(|| context.version.day(step.event.at)),
            removed_on: None,
            covered_to: part.get("covered_to").and_then(Value::as_date),
            ticket: Some(step.ticket.code.clone()),
            source: Some(format!("{source}/{n}")),
        });
    }
}
