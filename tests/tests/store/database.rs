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
    if let Ok(url) = std::env::var("AFTERCARE_TEST_POSTGRES_URL") {
        all.push(postgres(&url).await);
    }
    all
}

pub async fn sqlite() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("aftercare.db").display());
    let store = Store::open(&url).await.unwrap();
    Fresh { store, raw: Database::connect(&url).await.unwrap(), url, _folder: folder }
}

async fn postgres(server: &str) -> Fresh {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    let name = format!("t{}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let admin = Database::connect(server).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let (host, _) = server.rsplit_once('/').unwrap();
    let url = format!("{host}/{name}");
    let store = Store::open(&url).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    Fresh { store, raw: Database::connect(&url).await.unwrap(), url, _folder: folder }
}
