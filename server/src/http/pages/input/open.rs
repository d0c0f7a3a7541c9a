//! What a form that opens a ticket begins with: the defaults of its fields, as far as they follow from the device.
//! The API asks for what it asks for; this only spares people from telling what the house knows.

use aftercare_engine::facts::{Map, Value};
use aftercare_engine::rules::{Name, View as Facts};
use aftercare_engine::statechart::Statechart;

use crate::facts::lookup::of_device;
use crate::http::api::tickets::steps::FormField;
use crate::http::pages::view::View;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

/// Facts of a device, without any ticket.
struct OfDevice(Map);

impl Facts for OfDevice {
    fn value(&self, name: &Name) -> Option<&Value> {
        self.0.get(&*name.text)
    }

    fn is_in(&self, _: usize) -> bool {
        false
    }
}

/// Fills in what the fields begin with. The device is one that the reader has been shown; what the reader never sees
/// is not told by a default either.
pub async fn begin(
    view: &View,
    who: &SignedIn,
    chart: &Statechart,
    serial: &str,
    fields: &mut [FormField],
) -> Result<(), Problem> {
    let version = view.app.catalog.current();
    let facts = of_device(&view.app.store, &version, serial, view.app.clock.now()).await?;
    let Some(facts) = facts.map(OfDevice) else { return Ok(()) };
    let hidden = who.hidden(&view.app);
    for field in fields {
        let known = chart.fields.iter().find(|known| *known.name == *field.field);
        let default = known.and_then(|known| known.default.as_ref());
        let default =
            default.filter(|default| default.reads().iter().all(|path| !hidden.contains(path.as_str())));
        // A default that looks at what only a ticket knows is left to the ticket.
        let value = default.and_then(|default| default.eval(&facts).ok()).filter(|value| !value.is_null());
        if let Some(value) = value {
            field.value = value.to_json();
        }
    }
    Ok(())
}
