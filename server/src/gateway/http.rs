//! HTTP to outside systems: no redirects, short timeouts, small answers, and no way into the own network unless
//! the administrator has said so for this very address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};

use super::{Failure, TIMEOUT};

/// Most of an answer that is read.
const MAX_ANSWER: usize = 64 * 1024;
const CONNECT: Duration = Duration::from_secs(5);

/// Chooses the TLS implementation for this process, once.
pub fn provide_tls() {
    // An error only says that somebody has chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client for one address; `private` lets it into the own network and without TLS.
pub fn client(url: &str, private: bool) -> Result<(Client, Url), String> {
    let url = Url::parse(url).map_err(|error| format!("`{url}` is not an address: {error}"))?;
    let mut builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .timeout(TIMEOUT)
        .no_proxy()
        .user_agent(concat!("aftercare/", env!("CARGO_PKG_VERSION")));
    if !private {
        if url.scheme() != "https" {
            return Err(format!("`{url}` must be https, or marked `private`"));
        }
        // An address written as a number is never resolved, so it is looked at here.
        let literal =
            url.host_str().map(|host| host.trim_matches(['[', ']'])).and_then(|host| host.parse().ok());
        if literal.is_some_and(|ip| !is_public(ip)) {
            return Err(format!("`{url}` is inside the own network; mark it `private` if that is meant"));
        }
        builder = builder.dns_resolver(Arc::new(PublicOnly));
    }
    let client = builder.build().map_err(|error| error.to_string())?;
    Ok((client, url))
}

/// Sends a request and reads the beginning of the answer.
pub async fn send(request: RequestBuilder) -> Result<String, Failure> {
    let response = request.send().await.map_err(failure)?;
    let status = response.status();
    let after = retry_after(&response);
    let text = read(response).await;
    if status.is_success() {
        return text;
    }
    let error = format!("the answer was {status}");
    let passing = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
    if status.is_server_error() || passing.contains(&status) {
        Err(Failure::Again { error, after })
    } else {
        Err(Failure::Never(error))
    }
}

fn failure(error: reqwest::Error) -> Failure {
    let error_text = error.to_string();
    if error.is_connect() || error.is_builder() {
        Failure::again(error_text)
    } else {
        // It may have been read and acted on.
        Failure::Uncertain(error_text)
    }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(Duration::from_secs(3600)))
}

async fn read(mut response: Response) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_ANSWER {
            break;
        }
    }
    bytes.truncate(MAX_ANSWER);
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Resolves names to public addresses only; the connection is made to the very address that was looked at.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the name leads into the own network".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the open internet.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_public_v4(ip),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let first = ip.segments()[0];
    // Global unicast only, without the translations to IPv4 and documentation in it.
    (0x2000..0x4000).contains(&first)
        && first != 0x2002
        && !(first == 0x2001 && ip.segments()[1] < 0x0200)
        && !(first == 0x2001 && ip.segments()[1] == 0x0db8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_inside_the_own_network_are_told_from_public_ones() {
        for inside in [
            "10.1.2.3",
            "127.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "::1",
            "::ffff:10.0.0.1",
            "fd00::1",
            "fe80::1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "0.0.0.0",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["8.8.8.8", "2a00:1450:4001:80e::200e", "185.1.1.1"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn an_address_written_as_a_number_gets_in_no_more_than_a_name() {
        provide_tls();
        assert!(client("https://169.254.169.254/latest", false).is_err());
        assert!(client("https://2130706433/", false).is_err());
        assert!(client("http://example.org/", false).is_err());
        assert!(client("http://127.0.0.1:9/", true).is_ok());
    }
}
