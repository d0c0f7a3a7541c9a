//! All that happened around a ticket in one row of time: steps, words, messages, papers, money. Newest first, and of
//! one kind if the reader asks for it.

use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use crate::entity::ticket;
use crate::http::api::tickets::activities::{Moment, letters, noted, papers};
use crate::http::api::tickets::messages::Message;
use crate::http::pages::people::{self, Names};
use crate::http::pages::view::View;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

/// What a reader can ask for: a group of kinds each.
pub const GROUPS: [&str; 4] = ["step", "word", "message", "paper"];
/// What colleagues say to each other, which stands in a place of its own.
const TALK: &str = "talk";

/// What was said among colleagues, oldest first, and everything else, newest first.
pub struct Told {
    pub talk: Vec<Value>,
    pub rest: Vec<Value>,
}

/// Puts the parts together.
pub async fn of(
    view: &View,
    who: &SignedIn,
    row: &ticket::Model,
    story: &[Value],
    messages: &[Message],
    names: &mut Names,
) -> Result<Told, Problem> {
    let mut rest: Vec<Value> = story.iter().map(|step| grouped(step.clone(), "step")).collect();
    for message in messages {
        let mut json = message.to_json().unwrap_or_default();
        let at = message.sent_at.unwrap_or(message.created_at);
        json["at"] = json!(at.to_rfc3339());
        rest.push(grouped(json, "message"));
    }
    let mut talk = Vec::new();
    for moment in noted(&view.app, who, row).await? {
        let is_talk = moment.kind == TALK;
        let word = told(view, moment, "word", names).await?;
        if is_talk { talk.push(word) } else { rest.push(word) }
    }
    for moment in papers(&view.app, row).await? {
        rest.push(told(view, moment, "paper", names).await?);
    }
    for moment in letters(&view.app, who, row).await? {
        // Whom it went to is no role.
        let (to, moment) = (moment.to.clone(), Moment { to: None, ..moment });
        let mut letter = told(view, moment, "paper", names).await?;
        letter["to"] = json!(to);
        rest.push(letter);
    }
    rest.sort_by(|one, other| other["at"].as_str().cmp(&one["at"].as_str()));
    Ok(Told { talk, rest })
}

fn grouped(mut json: Value, group: &str) -> Value {
    json["group"] = json!(group);
    json
}

async fn told(view: &View, moment: Moment, group: &str, names: &mut Names) -> Result<Value, Problem> {
    let by = moment.by.clone().unwrap_or_default();
    let by_name = names.of(view, &by).await?;
    let is_mine = view.signed_in().is_ok_and(|who| who.caller.name == by);
    let mut called = Vec::new();
    for name in &moment.mentions {
        called.push(json!({"name": name, "full_name": names.of(view, name).await?}));
    }
    let roles =
        moment.to.as_deref().map(|to| to.split(' ').map(|role| people::role(view, role)).collect::<Vec<_>>());
    let at = moment.at.to_rfc3339();
    let mut json = moment.to_json().unwrap_or_default();
    json["at"] = json!(at);
    json["by_name"] = json!(by_name);
    json["mine"] = json!(is_mine);
    json["called"] = json!(called);
    json["for"] = json!(roles);
    Ok(grouped(json, group))
}
