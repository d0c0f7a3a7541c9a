//! Who gets a message, and under which addresses.

use aftercare_engine::effect::Recipient;
use aftercare_engine::facts::Value;
use aftercare_engine::language::Language;

use super::Context;
use crate::entity;
use crate::store::StoreError;

/// One person or company that can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// `customer`, `agency`, `partner` or `user`.
    pub kind: &'static str,
    /// Sign-in name or code: where messages in the app are kept.
    pub key: String,
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub language: Language,
}

/// Everybody who is meant. Nobody, when the ticket has no such person.
pub async fn find(
    context: &Context<'_>,
    ticket: &entity::ticket::Model,
    to: &Recipient,
) -> Result<Vec<Addressee>, StoreError> {
    let store = context.store;
    Ok(match to {
        Recipient::Customer => from_fact(context.fact("customer"), "customer").into_iter().collect(),
        Recipient::Agency => agency(context, "agency", ticket.agency.as_deref()).await?,
        Recipient::Partner => agency(context, "partner", ticket.partner.as_deref()).await?,
        Recipient::Technician => user(context, ticket.technician.as_deref()).await?,
        Recipient::User(name) => user(context, Some(name)).await?,
        Recipient::AgencyOf(code) => agency(context, "agency", Some(code)).await?,
        Recipient::Role(role) => {
            let users = store.users_with_role(role, &context.branch.code).await?;
            users.iter().map(of_user).collect()
        }
    })
}

fn from_fact(fact: &Value, kind: &'static str) -> Option<Addressee> {
    let text = |key: &str| fact.get(key).and_then(Value::as_text).map(str::to_owned);
    Some(Addressee {
        kind,
        key: text("code")?,
        name: text("name").unwrap_or_default(),
        phone: text("phone"),
        email: text("email"),
        language: language(text("language").as_deref()),
    })
}

async fn agency(
    context: &Context<'_>,
    kind: &'static str,
    code: Option<&str>,
) -> Result<Vec<Addressee>, StoreError> {
    let Some(code) = code else { return Ok(Vec::new()) };
    let known = from_fact(context.fact("agency"), kind).filter(|agency| agency.key == code);
    if let Some(known) = known {
        return Ok(vec![known]);
    }
    let row = context.store.agency(code).await?;
    Ok(row.map(|row| of_agency(&row, kind, context.version.language())).into_iter().collect())
}

fn of_agency(row: &entity::agency::Model, kind: &'static str, books: Language) -> Addressee {
    let language = Language::of_code(&row.language).unwrap_or(books);
    Addressee {
        kind,
        name: crate::facts::in_language(&row.name, language),
        key: row.code.clone(),
        phone: row.phone.clone(),
        email: row.email.clone(),
        language,
    }
}

async fn user(context: &Context<'_>, name: Option<&str>) -> Result<Vec<Addressee>, StoreError> {
    let Some(name) = name else { return Ok(Vec::new()) };
    Ok(context.store.user(name).await?.map(|row| of_user(&row)).into_iter().collect())
}

fn of_user(row: &entity::user::Model) -> Addressee {
    Addressee {
        kind: "user",
        language: language(Some(&row.language)),
        key: row.name.clone(),
        name: row.full_name.clone(),
        phone: row.phone.clone(),
        email: row.email.clone(),
    }
}

fn language(code: Option<&str>) -> Language {
    code.and_then(Language::of_code).unwrap_or(Language::En)
}
