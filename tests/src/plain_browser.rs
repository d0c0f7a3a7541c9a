//! A browser without scripts: keeps its cookies, follows nothing by itself, sends forms as forms.

use crate::world::{PASSWORD, World};

/// A browser: keeps its cookies, follows nothing by itself.
pub struct Browser {
    http: reqwest::Client,
    base: String,
    pub cookies: std::collections::BTreeMap<String, String>,
}

pub struct Page {
    pub status: u16,
    pub location: String,
    pub policy: String,
    pub html: String,
    pub refresh: String,
}

impl Page {
    /// The value of the first hidden field of this name after a place in the page.
    pub fn hidden(&self, after: &str, name: &str) -> String {
        let from = self.html.find(after).unwrap_or_else(|| panic!("no `{after}` in {}", self.html));
        let mark = format!("name=\"{name}\" value=\"");
        let start = self.html[from..].find(&mark).expect("a hidden field") + from + mark.len();
        self.html[start..].split('"').next().unwrap().to_owned()
    }
}

impl Browser {
    pub fn of(world: &World) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self { http, base: world.anyone.base().to_owned(), cookies: Default::default() }
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Page {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().await.expect("an answer");
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let header = |name: &str| {
            answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        Page {
            status: answer.status().as_u16(),
            location: header("location"),
            policy: header("content-security-policy"),
            refresh: header("refresh"),
            html: answer.text().await.expect("a body"),
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        let request = self.http.get(format!("{}{path}", self.base));
        self.send(request).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_from("same-origin", path, fields).await
    }

    pub async fn post_from(&mut self, site: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_body(fields);
        let request = self
            .http
            .post(format!("{}{path}", self.base))
            .header("sec-fetch-site", site)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        self.send(request).await
    }

    /// A form with a file in it: name of its field, of the file, its type and its bytes.
    pub async fn post_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        (field, name, kind, bytes): (&str, &str, &str, Vec<u8>),
    ) -> Page {
        const EDGE: &str = "----a-form-without-scripts";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&bytes);
        body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
        let request = self
            .http
            .post(format!("{}{path}", self.base))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", format!("multipart/form-data; boundary={EDGE}"))
            .body(body);
        self.send(request).await
    }

    /// With a session that was begun elsewhere: at the sign-in customers are led to their own door.
    pub async fn become_user(&mut self, world: &World, name: &str) {
        let client = world.as_user(name).await;
        self.cookies.insert("aftercare".into(), client.token().unwrap_or_default().to_owned());
    }

    pub async fn sign_in(&mut self, name: &str) {
        let page = self.post("/sign-in", &[("user", name), ("password", PASSWORD), ("back", "/")]).await;
        assert_eq!((page.status, page.location.as_str()), (303, "/"), "{}", page.html);
    }
}

fn form_body(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}
