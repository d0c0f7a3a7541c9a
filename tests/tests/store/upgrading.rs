//! Bringing a database to the present schema: whole or not at all, and once, whoever starts at the same time.

use aftercare_migrations::{Migrator, up};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;

use aftercare_tests::database::on_postgres;

/// Empty databases.
async fn each() -> Vec<(String, tempfile::TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("new.db").display());
    let mut all = vec![(url, folder)];
    if let Some(url) = on_postgres().await {
        all.push((url, tempfile::tempdir().unwrap()));
    }
    all
}

async fn done(db: &DatabaseConnection) -> usize {
    let all = Statement::from_string(db.get_database_backend(), "SELECT version FROM seaql_migrations");
    db.query_all_raw(all).await.unwrap().len()
}

/// Everything that is there: tables, indexes, triggers.
async fn schema(db: &DatabaseConnection) -> Vec<String> {
    let all = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT type || ' ' || name || coalesce(sql, '') AS one FROM sqlite_master ORDER BY 1"
        }
        _ => {
            "SELECT table_name || '.' || column_name AS one FROM information_schema.columns
             WHERE table_schema = 'public' UNION ALL SELECT tgname FROM pg_trigger ORDER BY 1"
        }
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), all)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "one").unwrap()).collect()
}

// P32
#[tokio::test]
async fn an_upgrade_that_fails_in_the_middle_changes_nothing_and_succeeds_later() {
    for (url, _folder) in each().await {
        let db = Database::connect(&url).await.unwrap();
        Migrator::up(&db, Some(28)).await.unwrap();
        // Something is in the way of the last but many.
        db.execute_unprepared("CREATE TABLE payment_order (id TEXT)").await.unwrap();
        let before = (done(&db).await, schema(&db).await);
        assert!(up(&db).await.is_err());
        assert_eq!((done(&db).await, schema(&db).await), before);
        db.execute_unprepared("DROP TABLE payment_order").await.unwrap();
        up(&db).await.unwrap();
        assert_eq!(done(&db).await, Migrator::migrations().len());
    }
}

#[tokio::test]
async fn servers_that_start_at_the_same_time_on_an_empty_database_all_start() {
    for (url, _folder) in each().await {
        let connections = futures_util::future::join_all((0..4).map(|_| Database::connect(&url))).await;
        let connections: Vec<_> = connections.into_iter().map(Result::unwrap).collect();
        for result in futures_util::future::join_all(connections.iter().map(up)).await {
            result.unwrap();
        }
        assert_eq!(done(&connections[0]).await, Migrator::migrations().len());
    }
}

// P32
#[tokio::test]
async fn a_database_that_is_ahead_is_left_alone() {
    for (url, _folder) in each().await {
        let db = Database::connect(&url).await.unwrap();
        up(&db).await.unwrap();
        db.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m9999_later', 1)").await.unwrap();
        up(&db).await.unwrap();
    }
}
