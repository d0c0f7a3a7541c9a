//! A fresh database for each test: SQLite always, PostgreSQL when `AFTERCARE_TEST_POSTGRES_URL` is set.

use aftercare::store::Store;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

/// A database that goes away with this value.
pub struct Fresh {
    pub store: Store,
    /// For attacks: a connection like any other program's.
    pub raw: DatabaseConnection,
    pub url: String,
    _folder: tempfile::TempDir,
}

/// One for each engine that can be had here.
pub async fn each() -> Vec<Fresh> {
    let mut all = vec![sqlite().await];
    if let Some(url) = on_postgres().await {
        all.push(at(url).await);
    }
    all
}

pub async fn sqlite() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("aftercare.db").display());
    let store = Store::open(&url).await.unwrap();
    Fresh { store, raw: Database::connect(&url).await.unwrap(), url, _folder: folder }
}

/// A database that is there and empty.
pub async fn at(url: String) -> Fresh {
    let store = Store::open(&url).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    Fresh { store, raw: Database::connect(&url).await.unwrap(), url, _folder: folder }
}

/// An empty database on PostgreSQL, where there is one; its URL.
pub async fn on_postgres() -> Option<String> {
    let server = std::env::var("AFTERCARE_TEST_POSTGRES_URL").ok()?;
    Some(created(&server, "").await)
}

/// Creates a database on a PostgreSQL server, with what stands behind the name in SQL; its URL.
pub async fn created(server: &str, how: &str) -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    let name = format!("t{}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let admin = Database::connect(server).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name} {how}")).await.unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

/// A copy of a PostgreSQL database that nobody works on; its URL.
pub async fn copied(url: &str) -> String {
    let (server, name) = url.rsplit_once('/').unwrap();
    let server = format!("{server}/postgres");
    let admin = Database::connect(&server).await.unwrap();
    // A pool lets go of its connections a little later than of its owner.
    let leave = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname =";
    admin.execute_unprepared(&format!("{leave} '{name}'")).await.unwrap();
    created(&server, &format!("TEMPLATE {name}")).await
}
