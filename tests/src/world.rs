//! A whole server on a store of its own: the real thing, with the repository's own definitions.
//!
//! SQLite in a temporary folder. Users are there with one role each, named like the role; everything else a test
//! puts in through the API.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use aftercare::app::App;
use aftercare::auth::caller::Held;
use aftercare::auth::{password, token};
use aftercare::catalog::{Catalog, read_folder};
use aftercare::clock::{Clock, SystemClock};
use aftercare::config::{Config, Secret};
use aftercare::store::registry::session::{self, SessionKind};
use aftercare::store::registry::user as users;
use aftercare::store::{Store, StoreError};
use aftercare::telemetry::metrics::Metrics;
use aftercare::{demo, entity, http};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, Database, IntoActiveModel};
use serde_json::{Value, json};

use crate::client::Client;
use crate::database;

/// Password of every user.
pub const PASSWORD: &str = "violet kettle 7 stairs";
/// Requests that the demo company has had.
const REQUESTS: usize = 40;
/// Roles that have a user of the same name, and the branch they are bound to.
pub const USERS: [(&str, Option<&str>); 8] = [
    ("admin", None),
    ("designer", None),
    ("reception", Some("B1")),
    ("dispatcher", Some("B1")),
    ("technician", Some("B1")),
    ("accountant", None),
    ("finance_approver", None),
    ("manager", None),
];

/// A user.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub name: String,
    pub roles: Vec<String>,
    pub branch: Option<String>,
    pub agency: Option<String>,
    pub customer: Option<String>,
}

impl Person {
    /// Somebody of the house, of no branch.
    pub fn with(name: &str, roles: &[&str]) -> Self {
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        Self { name: name.to_owned(), roles, ..Self::default() }
    }
}

/// The day on which all tests of a running server are run.
pub const TODAY: &str = "2026-10-20";

/// A clock that goes on from half past nine, by the company's time, of [`TODAY`].
pub fn clock() -> Arc<dyn Clock> {
    // Worked out once: a copy of the demo goes on where that was made.
    static FROM_THE_MACHINES: LazyLock<TimeDelta> = LazyLock::new(|| {
        let morning: DateTime<Utc> = format!("{TODAY}T06:00:00Z").parse().expect("a moment");
        morning - Utc::now()
    });
    Arc::new(SystemClock::beside(*FROM_THE_MACHINES))
}

/// A running server.
pub struct World {
    pub app: App,
    pub anyone: Client,
    folder: tempfile::TempDir,
    server: tokio::task::JoinHandle<()>,
}

impl World {
    pub async fn start() -> Self {
        Self::on(None, definitions(), |_| ()).await
    }

    /// The same with other settings.
    pub async fn start_with(settings: impl FnOnce(&mut Config)) -> Self {
        Self::on(None, definitions(), settings).await
    }

    /// The demo company after a past of some requests. Everybody has the demo's password.
    pub async fn demo() -> Self {
        // Made once; each world has a copy.
        static MADE: tokio::sync::OnceCell<Vec<u8>> = tokio::sync::OnceCell::const_new();
        let made = MADE.get_or_init(|| async {
            let world = Self::empty(None, definitions(), |_| ()).await;
            demo::fill(&world.app, demo::SEED, REQUESTS).await.expect("a demo");
            let copy = world.folder().join("copy.db");
            let raw = Database::connect(world.app.config.database()).await.expect("a connection");
            raw.execute_unprepared(&format!("VACUUM INTO '{}'", copy.display())).await.expect("a copy");
            std::fs::read(copy).expect("the copy")
        });
        let made = made.await;
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config { data: folder.path().to_owned(), demo: false, ..Config::default() };
        std::fs::write(config.database_file(), made).expect("a database");
        let store = Store::open(&config.database()).await.expect("a store");
        let catalog = Arc::new(Catalog::open(store.clone()).await.expect("a catalog"));
        let clock = clock();
        Self::serve(App { store, catalog, clock, config: Arc::new(config) }, folder)
    }

    /// One for each database that can be had here, with these definitions.
    pub async fn each(files: &[(String, String)]) -> Vec<Self> {
        let mut all = vec![Self::on(None, files.to_vec(), |_| ()).await];
        if let Some(url) = database::on_postgres().await {
            all.push(Self::on(Some(url), files.to_vec(), |_| ()).await);
        }
        all
    }

    async fn on(
        url: Option<String>,
        files: Vec<(String, String)>,
        settings: impl FnOnce(&mut Config),
    ) -> Self {
        let world = Self::empty(url, files, settings).await;
        let people = USERS.map(|(name, branch)| Person {
            branch: branch.map(str::to_owned),
            ..Person::with(name, &[name])
        });
        world.employ(people.into()).await;
        world
    }

    /// With definitions and nobody in it.
    async fn empty(
        url: Option<String>,
        files: Vec<(String, String)>,
        settings: impl FnOnce(&mut Config),
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().to_owned();
        let mut config =
            Config { data, demo: false, database_url: url.map(Secret::new), ..Config::default() };
        settings(&mut config);
        let store = Store::open(&config.database()).await.expect("a store");
        let catalog = Catalog::open(store.clone()).await.expect("a catalog");
        let clock = clock();
        let app = App { store, catalog: Arc::new(catalog), clock, config: Arc::new(config) };
        app.catalog.deploy(files, "test", app.clock.now()).await.expect("definitions without errors");
        Self::serve(app, folder)
    }

    /// A server of this store, which lies in this folder.
    pub fn serve(app: App, folder: tempfile::TempDir) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", socket.local_addr().expect("an address"));
        let served = app.clone();
        let server = tokio::spawn(async move {
            let metrics = Arc::new(Metrics::default());
            let never = std::future::pending();
            http::serve(&served, &metrics, socket, never).await.expect("it serves");
        });
        Self { app, anyone: Client::new(&base), folder, server }
    }

    /// Where its data is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The user with this name.
    pub async fn as_user(&self, name: &str) -> Client {
        let (secret, hash) = token::new().expect("randomness");
        let (name, now) = (name.to_owned(), self.app.clock.now());
        let length = self.app.config.sessions.token;
        let begun = self.app.store.write::<_, StoreError, _>(move |tx| {
            Box::pin(
                async move { session::begin(tx, &hash, &name, SessionKind::Token, None, now, length).await },
            )
        });
        begun.await.expect("a session");
        self.anyone.with_token(&secret)
    }

    /// Adds users. All have the same password.
    pub async fn employ(&self, people: Vec<Person>) {
        static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
        let hash =
            HASH.get_or_init(|| async { password::hash(PASSWORD.into()).await.expect("a hash") }).await;
        let now = self.app.clock.now();
        let added = self.app.store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                for person in people {
                    let row = entity::user::Model {
                        name: person.name.clone(),
                        full_name: format!("{} of the test", person.name),
                        email: Some(format!("{}@example.com", person.name)),
                        language: "en".to_owned(),
                        password: Some(hash.clone()),
                        branch: person.branch,
                        agency: person.agency,
                        customer: person.customer,
                        active: true,
                        created_at: now,
                        updated_at: now,
                        version: 1,
                        ..Default::default()
                    };
                    row.into_active_model().insert(tx).await?;
                    let held = person.roles.into_iter().map(|role| Held { role, branch: None });
                    users::set_roles(tx, &person.name, &held.collect::<Vec<_>>()).await?;
                }
                Ok(())
            })
        });
        added.await.expect("users");
    }

    /// A store with two branches, a product, a device with its owner and a card, put in through the API.
    pub async fn furnish(&self) {
        let admin = self.as_user("admin").await;
        let name = |text: &str| json!({"en": text, "fa": text, "zh": text, "pl": text});
        let put = async |path: &str, body: Value| {
            let reply = admin.post(path, &body).await;
            assert_eq!(reply.status, 201, "{path}: {}", reply.text);
        };
        put("/api/stores", json!({"code": "01", "name": name("Main")})).await;
        for (code, number) in [("B1", "01"), ("B2", "02")] {
            put("/api/branches", json!({"code": code, "store": "01", "number": number, "name": name(code)}))
                .await;
        }
        put("/api/product-categories", json!({"code": "COOL", "name": name("Cooling")})).await;
        put(
            "/api/products",
            json!({"code": "F200", "category": "COOL", "name": name("Fridge 200"), "price": "1000"}),
        )
        .await;
        put("/api/customers", customer("C1", "علی کاظمی", &["09121234567"])).await;
        put("/api/devices", json!({"serial": "SN1", "product": "F200", "status": "sold", "owner": "C1"}))
            .await;
    }

    /// A furnished company with a request for an on-site repair; the code of the request.
    pub async fn furnished() -> (Self, String) {
        Self::start().await.with_a_request().await
    }

    /// The same with settings of its own.
    pub async fn with_a_request(self) -> (Self, String) {
        self.furnish().await;
        let opened = self.open().await;
        let code = opened.at("/code").as_str().expect("a code").to_owned();
        (self, code)
    }

    /// A request for an on-site repair of the device, opened by reception. Its answer.
    pub async fn open(&self) -> crate::client::Reply {
        let body = json!({
            "process": "onsite_repair",
            "device": "SN1",
            "data": {"fault": "it does not cool", "warranty_kind": "internal"},
        });
        self.as_user("reception").await.post("/api/tickets", &body).await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A customer on the wire.
pub fn customer(code: &str, name: &str, phones: &[&str]) -> Value {
    json!({"code": code, "kind": "person", "name": name, "phones": phones, "language": "fa"})
}

/// The repository's definitions.
pub fn definitions() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    read_folder(&root).expect("the repository's definitions")
}
