//! The short forms: what a single text means where the long form is a map.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::action::{Action, Decide, Recipient, Send, Voucher};
use super::process::{FormField, Guard, Initial, Transition, TransitionBody};
use super::table::ShortOr;
use super::{DurationText, Expression, OneOrMany, Table};
use crate::diagnostic::Sp;

/// Makes `$type` readable as a text (by `$short`) or as the map `$long` (by `$full`).
macro_rules! short_form {
    ($type:ty, $name:literal, $long:ty, $short:expr, $full:expr) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let make: Result<Self, String> = match ShortOr::<$long>::deserialize(deserializer)? {
                    ShortOr::Short(text) => ($short)(text),
                    ShortOr::Long(long) => ($full)(long),
                };
                make.map_err(D::Error::custom)
            }
        }
        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                ShortOr::<$long>::json_schema(generator)
            }
        }
    };
}

short_form!(
    Transition,
    "Transition",
    TransitionBody,
    |target| Ok(Transition(TransitionBody { target: OneOrMany(vec![target]), ..TransitionBody::default() })),
    |body| Ok(Transition(body))
);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GuardBody {
    /// What must hold.
    when: Expression,
    /// Key of the reason given when it does not.
    because: Option<Sp<String>>,
    /// What the reason is about, worked out when it is given: its text says `{about}`.
    about: Option<Expression>,
}

short_form!(
    Guard,
    "Guard",
    GuardBody,
    |when| Ok(Guard { when, because: None, about: None }),
    |body: GuardBody| Ok(Guard { when: body.when, because: body.because, about: body.about })
);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FormFieldBody {
    field: Sp<String>,
    required: Option<bool>,
    /// Asked only when this holds.
    when: Option<Expression>,
    /// What the form begins with: an expression. A list of records whose parts are `fixed` keeps these rows.
    from: Option<Expression>,
    /// For `parts` and `records`: which parts of a row are asked here. Left out: all of them.
    columns: Option<Vec<Sp<String>>>,
}

short_form!(
    FormField,
    "FormField",
    FormFieldBody,
    |field| Ok(FormField { field, required: None, when: None, from: None, columns: None }),
    |body: FormFieldBody| {
        let FormFieldBody { field, required, when, from, columns } = body;
        Ok(FormField { field, required, when, from, columns })
    }
);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SendBody {
    event: Sp<String>,
    after: Option<DurationText>,
    /// A day or moment, instead of `after`.
    at: Option<Expression>,
    id: Option<Sp<String>>,
    #[serde(default)]
    data: Table<Expression>,
}

short_form!(
    Send,
    "Send",
    SendBody,
    |event| Ok(Send { event, after: None, at: None, id: None, data: Table::default() }),
    |body: SendBody| match (&body.after, &body.at) {
        (Some(_), Some(_)) => Err("a `send` has `after` or `at`, not both".to_owned()),
        _ => Ok(Send { event: body.event, after: body.after, at: body.at, id: body.id, data: body.data }),
    }
);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DecideBody {
    rule: Sp<String>,
    into: Option<Sp<String>>,
}

short_form!(Decide, "Decide", DecideBody, |rule| Ok(Decide { rule, into: None }), |body: DecideBody| Ok(
    Decide { rule: body.rule, into: body.into }
));

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct VoucherBody {
    template: Sp<String>,
    /// Only when this holds.
    when: Option<Expression>,
}

short_form!(
    Voucher,
    "VoucherAction",
    VoucherBody,
    |template| Ok(Voucher { template, when: None }),
    |body: VoucherBody| Ok(Voucher { template: body.template, when: body.when })
);

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RecipientBody {
    Role(Sp<String>),
    /// A field of type `user`.
    User(Sp<String>),
    /// A field of type `agency`.
    Agency(Sp<String>),
    /// A field of type `partner`.
    Partner(Sp<String>),
}

short_form!(
    Recipient,
    "Recipient",
    RecipientBody,
    |who: Sp<String>| match who.value.as_str() {
        "customer" => Ok(Recipient::Customer(who.place)),
        "agency" => Ok(Recipient::Agency(who.place)),
        "partner" => Ok(Recipient::Partner(who.place)),
        "technician" => Ok(Recipient::Technician(who.place)),
        other => Err(format!(
            "unknown recipient `{other}`; expected `customer`, `agency`, `partner`, `technician`, `{{role: …}}` or `{{user: field}}`"
        )),
    },
    |body| Ok(match body {
        RecipientBody::Role(role) => Recipient::Role(role),
        RecipientBody::User(field) => Recipient::User(field),
        RecipientBody::Agency(field) | RecipientBody::Partner(field) => Recipient::AgencyIn(field),
    })
);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InitialBody {
    target: OneOrMany<Sp<String>>,
    #[serde(default)]
    actions: OneOrMany<Action>,
}

impl<'de> Deserialize<'de> for Initial {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A list of targets, or one text or map: the list of one is the general case.
        let parts = OneOrMany::<ShortOr<InitialBody>>::deserialize(deserializer)?;
        let mut initial = Initial { target: Vec::new(), actions: Vec::new() };
        for part in parts.0 {
            match part {
                ShortOr::Short(target) => initial.target.push(target),
                ShortOr::Long(body) => {
                    initial.target.extend(body.target.0);
                    initial.actions.extend(body.actions.0);
                }
            }
        }
        Ok(initial)
    }
}

impl JsonSchema for Initial {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Initial".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        OneOrMany::<ShortOr<InitialBody>>::json_schema(generator)
    }
}
