//! Which definitions are in service: of several processes, after a restart, by command.

use aftercare::store::Store;

use crate::on_a_store::with_ticket;
use crate::{Ended, folder, run, text};
use aftercare_tests::company;

fn with(comment: &str) -> Vec<(String, String)> {
    company::files().into_iter().map(|(path, body)| (path, format!("{body}{comment}"))).collect()
}

async fn in_service(store: &Store) -> Option<String> {
    store.current_bundle().await.expect("a setting")
}

/// Starts a server and ends it at once: its port is taken while the definitions are put into service.
fn command(name: &str, bundle: &std::path::Path, url: &str) -> Ended {
    let data = url.trim_start_matches("sqlite://").trim_end_matches("/aftercare.db");
    run(&[name, "--bundle", text(bundle), "--data", data])
}

#[tokio::test]
async fn what_a_person_has_put_into_service_survives_a_restart_until_the_folder_is_asked_for() {
    let (fresh, company, _) = with_ticket().await;
    let by_hand = in_service(&fresh.store).await;
    let newer = folder(&with("# Another comment.\n"));
    let started = command("demo", newer.path(), &fresh.url);
    assert_ne!(started.code, 0, "a company with tickets becomes no demo: {started:?}");
    assert_eq!(in_service(&fresh.store).await, by_hand, "`designer` has put it there");

    let deployed = command("deploy", newer.path(), &fresh.url);
    assert_eq!(deployed.code, 0, "{deployed:?}");
    let taken = in_service(&fresh.store).await;
    assert_ne!(taken, by_hand);
    assert!(deployed.out.contains(taken.as_deref().unwrap()), "{deployed:?}");

    // This process has the old one until it looks.
    assert_eq!(company.app.catalog.current().hash(), by_hand.as_deref().unwrap());
    assert!(company.app.catalog.follow().await.unwrap());
    assert_eq!(company.app.catalog.current().hash(), taken.as_deref().unwrap());
    assert!(!company.app.catalog.follow().await.unwrap());

    // What the folder has put there, a later folder may take away.
    let newest = folder(&with("# A third one.\n"));
    command("demo", newest.path(), &fresh.url);
    assert_ne!(in_service(&fresh.store).await, taken);
}

#[tokio::test]
async fn definitions_with_errors_are_not_put_into_service() {
    let (fresh, ..) = with_ticket().await;
    let before = in_service(&fresh.store).await;
    let mut files = company::files();
    files.push(("workflows/processes/wrong.yaml".into(), "process: wrong\n".into()));
    let deployed = command("deploy", folder(&files).path(), &fresh.url);
    assert_eq!((deployed.code, deployed.out.as_str()), (1, ""), "{deployed:?}");
    assert!(deployed.problems.contains("wrong.yaml"), "{deployed:?}");
    assert_eq!(in_service(&fresh.store).await, before);
}
