//! The visitor of the portal: a customer who has shown, by the link of a message or a code sent to their phone, that
//! a ticket is theirs. A visit opens the portal's own addresses and nothing else: no page of staff, no API.

use std::sync::Arc;

use aftercare_engine::definition::messages::RoleKind;
use chrono::TimeDelta;
use poem::Request;

use super::access::library;
use super::problem::Problem;
use super::signed_in::{Nobody, cookie};
use crate::app::App;
use crate::auth::caller::Held;
use crate::auth::{Caller, token};
use crate::entity::visit;
use crate::i18n::Language;
use crate::store::Store;

/// A visit that nobody has used for so long is over.
const IDLE: TimeDelta = TimeDelta::days(7);
/// How often the last use is noted.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(10);
/// What the names of customers as actors begin with: no user is called so.
const PREFIX: &str = "customer/";

/// Name of the cookie over http and over https, where the browser holds it to our host alone.
pub fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-aftercare-visit" } else { "aftercare-visit" }
}

/// Whether an address belongs to the portal, where staff's sessions count for nothing.
pub fn is_portal(path: &str) -> bool {
    ["/track", "/device"]
        .iter()
        .any(|own| path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The only ticket that the visit opens; none: all of the customer's.
#[derive(Clone, Debug, Default)]
pub struct Only(pub Option<Arc<str>>);

impl Only {
    pub fn of(request: &Request) -> Self {
        request.data::<Self>().cloned().unwrap_or_default()
    }

    pub fn permits(&self, ticket: &str) -> bool {
        self.0.as_deref().is_none_or(|only| only == ticket)
    }
}

/// Who visits, and which ticket the visit is bound to.
pub async fn identify(
    app: &App,
    request: &Request,
) -> Result<(Result<(Arc<Caller>, Store), Nobody>, Only), Problem> {
    let anonymous = |why| Ok((Err(why), Only::default()));
    let Some(sent) = cookie(request, cookie_name(app.config.is_https())) else {
        return anonymous(Nobody::Anonymous);
    };
    let (hash, now) = (token::hash(&sent), app.clock.now());
    let store = app.store.as_of_now().await?;
    let Some(visit) = store.visit(&hash, now, IDLE).await? else { return anonymous(Nobody::Ended) };
    let Some(caller) = caller(app, &store, &visit.customer).await? else { return anonymous(Nobody::Ended) };
    if now - visit.seen_at > NOTED_EVERY {
        let (app, hash) = (app.clone(), hash.clone());
        tokio::spawn(async move {
            if let Err(error) = app.store.touch_visit(hash, now).await {
                tracing::warn!("The use of a visit could not be noted: {error}");
            }
        });
    }
    let visit::Model { ticket, .. } = visit;
    let caller = Caller { session: hash, ..caller };
    Ok((Ok((Arc::new(caller), store)), Only(ticket.map(Arc::from))))
}

/// A customer as somebody who asks: with the role that the bundle gives the portal's visitors, and no other.
pub async fn caller(app: &App, store: &Store, customer: &str) -> Result<Option<Caller>, Problem> {
    let library = library(app);
    let is_outside = |kind: RoleKind| kind == RoleKind::Outside;
    let role = library
        .roles
        .iter()
        .find(|(_, role)| role.portal && role.kind.as_ref().is_some_and(|kind| is_outside(kind.value)));
    let (Some((role, _)), Some(found)) = (role, store.customer(customer).await?) else { return Ok(None) };
    let customer = found.customer.clone();
    Ok(Some(Caller {
        name: format!("{PREFIX}{}", customer.code),
        full_name: customer.name,
        language: Language::of_code(&customer.language).unwrap_or(Language::En),
        roles: vec![Held { role: role.value.clone(), branch: None }],
        branch: None,
        agency: None,
        customer: Some(customer.code),
        session: String::new(),
        is_program: false,
        proved_at: None,
        by_cookie: true,
    }))
}

/// Code of the customer that an actor's name stands for.
pub fn customer_of(actor: &str) -> Option<&str> {
    actor.strip_prefix(PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_is_its_own_addresses_and_no_others() {
        for own in ["/track", "/track/01-03-1405-09-0001", "/device/SN1"] {
            assert!(is_portal(own), "{own}");
        }
        for other in ["/", "/tickets/track", "/tracking", "/api/track", "/devices"] {
            assert!(!is_portal(other), "{other}");
        }
    }

    #[test]
    fn a_visit_by_link_opens_its_ticket_alone() {
        let only = Only(Some("T1".into()));
        assert!(only.permits("T1") && !only.permits("T2"));
        assert!(Only::default().permits("T2"));
    }
}
