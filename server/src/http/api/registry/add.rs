//! POST: a new entry.

use serde_json::Value;

use super::asking;
use super::change::{Faster, told, write};
use crate::app::App;
use crate::http::once::{Made, Stop, once};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::register::Register;
use crate::register::check::{Draft, Entry, check};
use crate::store::registry;
use crate::store::step::Key;

/// Adds an entry; its key must be free.
pub async fn add(
    app: &App,
    who: &SignedIn,
    register: &'static Register,
    entry: Entry,
    request: Option<Key>,
) -> Result<Made<Value>, Problem> {
    let (asking, now) = (asking(app, who, register, "added")?, app.clock.now());
    once(app, request, move |tx| {
        Box::pin(async move {
            let draft = Draft { entry, present: None, merge: false };
            let checked = super::change::one(register, check(tx, register, &asking, vec![draft]).await?)?;
            if registry::one(tx, register, checked.key()).await?.is_some() {
                return Err(taken(register, checked.key()).into());
            }
            match write(tx, register, &asking, &checked, now).await {
                Ok(()) => Ok(told(register, checked.entry, 1, &asking)),
                Err(Faster::Somebody) => Err(taken(register, checked.key()).into()),
                Err(Faster::Stop(stop)) => Err::<_, Stop>(stop),
            }
        })
    })
    .await
    .map(|made| {
        made.at(|json| Some(vec![register.name.into(), json[register.key().name].as_str()?.to_owned()]))
    })
}

fn taken(register: &Register, key: &str) -> Problem {
    let values = vec![
        ("what", register.one.to_owned()),
        ("field", register.key().name.to_owned()),
        ("value", key.to_owned()),
    ];
    Problem::new(Kind::Conflict, "detail-exists", values)
}
