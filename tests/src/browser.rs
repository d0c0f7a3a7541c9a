//! A real browser: Debian's Chromium, without a window, driven by WebDriver. Says plainly what is missing.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// How long something on a page may take to come.
const PATIENCE: Duration = Duration::from_secs(40);
/// Name of an element's id on the wire.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A desktop's window, and a phone's.
pub const DESKTOP: (u32, u32) = (1360, 850);
pub const PHONE: (u32, u32) = (390, 844);

/// The driver, which starts browsers.
pub struct Driver {
    base: String,
    http: reqwest::Client,
    process: Child,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One browser with a profile of its own.
pub struct Browser {
    http: reqwest::Client,
    session: String,
    profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It outlives the driver; also a test that fails leaves nothing behind.
        let own = format!("user-data-dir={}", self.profile.path().display());
        let _ = Command::new("pkill").args(["-KILL", "-f", &own]).status();
    }
}

impl Driver {
    pub async fn start() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: install Debian's `chromium-driver`, or run tests/run as root");
        let output = process.stdout.take().expect("its output");
        let mut lines = BufReader::new(output).lines();
        let port = loop {
            let line = lines.next().expect("chromedriver ended at once").expect("its output");
            if let Some((_, rest)) = line.split_once("successfully on port ") {
                break rest.trim_end_matches('.').to_owned();
            }
        };
        // What it says later is read as well, or it would wait for its reader.
        std::thread::spawn(move || lines.for_each(drop));
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { base: format!("http://127.0.0.1:{port}"), http, process }
    }

    /// A browser in a window of this size; narrow ones are phones.
    pub async fn open(&self, (width, height): (u32, u32)) -> Browser {
        let profile = tempfile::tempdir().expect("a folder");
        let args = [
            "--headless".to_owned(),
            "--no-sandbox".into(),
            "--disable-gpu".into(),
            "--disable-quic".into(),
            "--no-first-run".into(),
            "--disable-background-networking".into(),
            "--disable-component-update".into(),
            "--disable-sync".into(),
            "--disable-dev-shm-usage".into(),
            "--hide-scrollbars".into(),
            format!("--user-data-dir={}", profile.path().display()),
            format!("--window-size={width},{height}"),
        ];
        let options = json!({"args": args});
        let asked = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}});
        let answer = send(&self.http, &format!("{}/session", self.base), &asked).await;
        let id = answer["sessionId"].as_str().expect("a browser: is `chromium` installed?").to_owned();
        let session = format!("{}/session/{id}", self.base);
        let browser = Browser { http: self.http.clone(), session, profile };
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        browser.develop("Emulation.setDeviceMetricsOverride", &metrics).await;
        browser.prefer("light").await;
        browser
    }
}

async fn send(http: &reqwest::Client, url: &str, body: &Value) -> Value {
    let answer = http.post(url).json(body).send().await.expect("the driver answers");
    let text = answer.text().await.expect("a body");
    let json: Value = serde_json::from_str(&text).expect("JSON");
    json["value"].clone()
}

impl Browser {
    async fn post(&self, path: &str, body: &Value) -> Value {
        send(&self.http, &format!("{}/{path}", self.session), body).await
    }

    /// A command of the browser's developer tools.
    pub async fn develop(&self, command: &str, parameters: &Value) -> Value {
        self.post("goog/cdp/execute", &json!({"cmd": command, "params": parameters})).await
    }

    pub async fn goto(&self, address: &str) {
        let answer = self.post("url", &json!({"url": address})).await;
        assert_eq!(answer, Value::Null, "{address}");
    }

    /// Runs a script in the page; what it returns.
    pub async fn run(&self, script: &str) -> Value {
        self.post("execute/sync", &json!({"script": script, "args": []})).await
    }

    /// The same for a script that calls back.
    pub async fn run_async(&self, script: &str) -> Value {
        self.post("execute/async", &json!({"script": script, "args": []})).await
    }

    pub async fn address(&self) -> String {
        self.run("return location.pathname + location.search").await.as_str().unwrap_or_default().to_owned()
    }

    /// All text of the page.
    pub async fn text(&self) -> String {
        self.run("return document.body.innerText").await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until something is on the page.
    pub async fn find(&self, css: &str) -> String {
        self.until(&format!("`{css}` is on the page"), async || {
            let found = self.post("element", &json!({"using": "css selector", "value": css})).await;
            found[ELEMENT].as_str().map(str::to_owned)
        })
        .await
    }

    /// Asks again until there is an answer; says what was waited for when there is none.
    pub async fn until<T>(&self, what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
        let begun = std::time::Instant::now();
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            if begun.elapsed() > PATIENCE {
                panic!("waited in vain until {what}; at {}:\n{}", self.address().await, self.text().await);
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Waits for a text on the page.
    pub async fn sees(&self, text: &str) {
        let is_there = async || self.text().await.contains(text).then_some(());
        self.until(&format!("`{text}` can be read"), is_there).await;
    }

    pub async fn click(&self, css: &str) {
        self.act(css, "click", &json!({}), "?.scrollIntoView({block: 'center'})").await;
    }

    /// Does something to an element. A page may be replaced by a newer one between finding and doing: then nothing was
    /// done, and the newer page's element is the one that is meant.
    async fn act(&self, css: &str, deed: &str, body: &Value, before: &str) {
        self.until(&format!("`{css}` stays where it is"), async || {
            let id = self.find(css).await;
            self.run(&format!("document.querySelector({css:?}){before}")).await;
            let answer = self.post(&format!("element/{id}/{deed}"), body).await;
            if answer["error"] == "stale element reference" {
                return None;
            }
            assert_eq!(answer, Value::Null, "{css}");
            Some(())
        })
        .await;
    }

    /// Fills a field, as a person does: types, chooses from a list, ticks a box.
    pub async fn set(&self, css: &str, value: &str) {
        self.find(css).await;
        let kind = self.run(&format!("return document.querySelector({css:?})?.type")).await;
        match kind.as_str().unwrap_or_default() {
            "select-one" => self.click(&format!("{css} option[value={value:?}]")).await,
            "checkbox" | "radio" => self.click(css).await,
            _ => self.act(css, "value", &json!({"text": value}), "").await,
        }
    }

    /// Presses keys wherever the focus is. `\u{E004}` is Tab, `\u{E007}` Enter.
    pub async fn press(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})]
            })
            .collect();
        self.post("actions", &json!({"actions": [{"type": "key", "id": "keys", "actions": actions}]})).await;
    }

    /// A picture of the whole page.
    pub async fn picture(&self, whole: bool) -> Vec<u8> {
        // Asked for more than the window, the browser moves a page from the right that needs no more.
        let is_taller = "return document.documentElement.scrollHeight > innerHeight";
        let whole = whole && self.run(is_taller).await == true;
        let asked = json!({"format": "png", "captureBeyondViewport": whole});
        let answer = self.develop("Page.captureScreenshot", &asked).await;
        STANDARD.decode(answer["data"].as_str().expect("a picture")).expect("base64")
    }

    /// Makes the browser want dark or light pages, and no movement: what is looked at is in its place.
    pub async fn prefer(&self, scheme: &str) {
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.develop("Emulation.setEmulatedMedia", &json!({"features": features})).await;
    }

    /// Chooses a language where one signs in.
    pub async fn speak(&self, base: &str, language: &str) {
        self.goto(&format!("{base}/sign-in")).await;
        // Where the language is the same, the page that comes looks like the one that goes.
        self.run("document.documentElement.dataset.goes = ''").await;
        self.click(&format!("[name=language][value={language}]")).await;
        self.find(&format!("html[lang={language}]:not([data-goes]) [name=user]")).await;
    }

    /// Signs in by the page; nobody: only the language is chosen.
    pub async fn sign_in(&self, base: &str, name: &str, password: &str, language: &str) {
        self.speak(base, language).await;
        if name.is_empty() {
            return;
        }
        self.set("[name=user]", name).await;
        self.set("[name=password]", password).await;
        self.click("button.main").await;
        let left = async || (!self.address().await.starts_with("/sign-in")).then_some(());
        self.until("the sign-in is done", left).await;
    }

    /// Goes on as somebody who has signed in already, reading in a language.
    pub async fn become_user(&self, base: &str, token: Option<&str>, language: &str) {
        self.develop("Network.clearBrowserCookies", &json!({})).await;
        let reader = format!("{language}...");
        for (name, value) in [("aftercare", token.unwrap_or_default()), ("aftercare-reader", &reader)] {
            self.develop("Network.setCookie", &json!({"url": base, "name": name, "value": value})).await;
        }
    }

    pub async fn close(self) {
        drop(self.http.delete(&self.session).send().await);
    }
}
