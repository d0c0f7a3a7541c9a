//! A route that panics in the middle of its work, behind the server's own edge (F31).

use std::sync::Arc;

use aftercare::app::App;
use aftercare::clock::SystemClock;
use aftercare::http::edge::Edge;
use aftercare::http::problem::Problem;
use aftercare::store::{StoreError, setting};
use aftercare::telemetry::metrics::Metrics;
use aftercare_tests::client::Client;
use aftercare_tests::company;
use aftercare_tests::database;
use poem::endpoint::make;
use poem::listener::TcpListener;
use poem::listener::{Acceptor, Listener};
use poem::{EndpointExt, Route, Server};

/// What the program says when it breaks: for the log, and for nobody else.
const WORDS: &str = "the drawer with number 4711 is open";

/// A server with two faulty routes: one panics while it writes, one after it has read.
async fn faulty(app: App) -> Client {
    let store = app.store.clone();
    let writes = make(move |_| {
        let store = store.clone();
        async move {
            let written = store.write::<(), StoreError, _>(|tx| {
                Box::pin(async move {
                    setting::set(tx, "planted", "1").await?;
                    panic!("{WORDS}")
                })
            });
            Ok::<(), poem::Error>(written.await.map_err(Problem::from)?)
        }
    });
    let reads = make(|_| async { panic!("{WORDS}") as poem::Result<()> });
    let metrics = Arc::new(Metrics::default());
    let routes = Route::new()
        .at("/writes", writes)
        .at("/reads", reads)
        .nest_no_strip("/", aftercare::http::endpoint(&app, &metrics));
    let edge = Edge::new(routes.map_to_response(), app, metrics);
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.expect("a port");
    let base = format!("{}", acceptor.local_addr()[0].as_socket_addr().expect("an address"));
    tokio::spawn(Server::new_with_acceptor(acceptor).run(edge));
    Client::new(&format!("http://{base}"))
}

#[tokio::test]
async fn a_route_that_panics_is_answered_with_500_and_an_id_leaves_nothing_and_the_server_goes_on() {
    for fresh in database::each().await {
        let app = App { clock: Arc::new(SystemClock::default()), ..company::found(&fresh).await.app };
        let anyone = faulty(app).await;
        for path in ["/writes", "/reads", "/writes"] {
            let reply = anyone.get(path).await;
            assert_eq!((reply.status, reply.kind.as_str()), (500, "application/problem+json"), "{path}");
            let detail = reply.at("/detail");
            let id = detail.as_str().expect("a detail").split(|c: char| !c.is_ascii_alphanumeric());
            let is_id = |word: &str| word.len() == 12 && word.chars().all(|c| c.is_ascii_hexdigit());
            assert!(id.into_iter().any(is_id), "{detail}");
            assert!(!reply.text.contains("4711"), "{}", reply.text);
        }
        assert_eq!(fresh.store.setting("planted").await.expect("a setting"), None);
        // Others are still written and read.
        fresh.store.set_setting("own", "1").await.expect("a setting");
        assert_eq!(fresh.store.setting("own").await.expect("a setting").as_deref(), Some("1"));
        assert_eq!(anyone.get("/readyz").await.status, 200);
    }
}
