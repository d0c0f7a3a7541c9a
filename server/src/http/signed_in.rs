//! The caller of a request: found once at the edge, taken by the routes that need one.

use std::net::IpAddr;
use std::sync::Arc;

use poem::http::header::{AUTHORIZATION, COOKIE};
use poem::{Addr, Request, RequestBody, Result};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::edge::Reader;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::auth::{self, Caller, token};
use crate::i18n::Language;
use crate::store::Store;
use crate::store::registry::session::{self, Found};

/// Name of the cookie over http and over https, where the browser holds it to our host alone.
pub fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-aftercare" } else { "aftercare" }
}

/// The value of a cookie.
pub fn cookie(request: &Request, name: &str) -> Option<String> {
    let all = request.headers().get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// Why there is no caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nobody {
    /// Nothing was sent.
    Anonymous,
    /// What was sent is no longer, or never was, valid.
    Ended,
}

/// Who sends the request, by bearer token or cookie; and the store as the request finds it.
pub async fn identify(app: &App, request: &Request) -> Result<Result<(Arc<Caller>, Store), Nobody>, Problem> {
    let bearer = request
        .header(AUTHORIZATION)
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned());
    let by_cookie = bearer.is_none();
    let cookie = || cookie(request, cookie_name(app.config.is_https()));
    let Some(sent) = bearer.or_else(cookie) else { return Ok(Err(Nobody::Anonymous)) };
    let now = app.clock.now();
    let store = app.store.as_of_now().await?;
    let found = session::find(&store, &token::hash(&sent), now, &app.config.sessions).await?;
    let Some(Found { caller, is_old }) = found else { return Ok(Err(Nobody::Ended)) };
    if is_old {
        // The request does not wait for this; a lost note only ends an idle session a little earlier.
        let (app, hash) = (app.clone(), caller.session.clone());
        tokio::spawn(async move { session::touch(&app, hash, now).await });
    }
    let caller = auth::placed(Arc::unwrap_or_clone(caller), &app.catalog.current().library().roles);
    Ok(Ok((Arc::new(Caller { by_cookie, ..caller }), store)))
}

/// The caller and the language to answer in. A route that takes it answers 401 to everybody else.
#[derive(Clone)]
pub struct SignedIn {
    pub caller: Arc<Caller>,
    pub language: Language,
    /// As the request finds it: it may answer from what is kept of the registers.
    store: Store,
}

impl SignedIn {
    /// Whoever sends the request, or that nobody has signed in.
    pub fn of(request: &Request) -> Result<Self, Problem> {
        let language = request.data::<Reader>().map_or(Language::En, |reader| reader.0);
        match request.data::<Result<(Arc<Caller>, Store), Nobody>>() {
            Some(Ok((caller, store))) => {
                Ok(Self { caller: Arc::clone(caller), language, store: store.clone() })
            }
            Some(Err(Nobody::Ended)) => Err(Problem::new(Kind::Unauthorized, "detail-session-ended", vec![])),
            _ => Err(Problem::unauthorized()),
        }
    }

    /// The app as this request finds it, for reading and for one step.
    pub fn app(&self, app: &App) -> App {
        App { store: self.store.clone(), ..app.clone() }
    }
}

impl<'a> ApiExtractor<'a> for SignedIn {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let scheme = |ty, description| MetaSecurityScheme {
            ty,
            description: Some(description),
            name: None,
            key_in: None,
            scheme: None,
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        };
        let bearer = scheme("http", "For programs: the token that signing in or `aftercare token` gives");
        registry.create_security_scheme("bearer", MetaSecurityScheme { scheme: Some("bearer"), ..bearer });
        let cookie = scheme(
            "apiKey",
            "For pages: set by signing in, over https as `__Host-aftercare`. What changes something needs X-Requested-With",
        );
        registry.create_security_scheme(
            "cookie",
            MetaSecurityScheme { name: Some("aftercare"), key_in: Some("cookie"), ..cookie },
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec!["bearer", "cookie"]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        Ok(Self::of(request)?)
    }
}

/// Who sends the request, if somebody has signed in.
pub fn caller(request: &Request) -> Option<Arc<Caller>> {
    let found = request.data::<Result<(Arc<Caller>, Store), Nobody>>();
    found.and_then(|found| found.as_ref().ok()).map(|(caller, _)| Arc::clone(caller))
}

/// The address of the client. Behind proxies of ours it is the last one in `X-Forwarded-For` that is none of them;
/// what anybody else writes there is not believed.
pub fn address(app: &App, request: &Request) -> Option<IpAddr> {
    let Addr::SocketAddr(peer) = &request.remote_addr().0 else { return None };
    let proxies = &app.config.trusted_proxies;
    let said = request.headers().get_all("x-forwarded-for").iter();
    let said = said.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let mut way: Vec<IpAddr> = said.map_while(|address| address.trim().parse().ok()).collect();
    let mut client = peer.ip().to_canonical();
    while proxies.contains(&client) {
        let Some(before) = way.pop() else { break };
        client = before.to_canonical();
    }
    Some(client)
}
