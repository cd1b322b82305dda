//! The whole way, over real sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use doorstep_protocol::http_signature::{CONTENT_DIGEST, RequestHeaders, SESSION};
use doorstep_protocol::wire::{LogAppended, ServerCard};
use doorstep_protocol::{LogSize, Millis};
use ed25519_dalek::SigningKey;
use http::{Method, StatusCode};

use super::client::{self, Answer};
use super::reader::Replica;
use super::relay::Street;
use super::town::{NOW, Town, id_of};
use crate::config::{Config, TlsFiles};
use crate::keys::{SERVER_KEY_FILE, TOKEN_SECRET_FILE};
use crate::server::{Running, Server};
use crate::session::{CHALLENGE_MS, SESSION_MS};

/// A server with the keys that the streets of these tests name, and a clock that a test turns.
pub(super) struct Station {
    pub(super) running: Running,
    pub(super) clock: Arc<AtomicU64>,
    pub(super) folder: tempfile::TempDir,
}

pub(super) fn station(change: impl FnOnce(&mut Config)) -> Station {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join(SERVER_KEY_FILE), [0x11; 32]).expect("a key");
    std::fs::write(folder.path().join(TOKEN_SECRET_FILE), [0x22; 32]).expect("a secret");
    let mut config = Config::in_folder(folder.path());
    change(&mut config);
    let clock = Arc::new(AtomicU64::new(NOW.0));
    let turned = clock.clone();
    let running = Server::start_with_clock(config, Arc::new(move || Millis(turned.load(Ordering::SeqCst))));
    Station { running: running.expect("a server"), clock, folder }
}

pub(super) async fn brought(street: &Street) -> Station {
    let station = station(|_| {});
    let answer = client::append(&station.running, &street.town.bring()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    station
}

#[tokio::test]
async fn two_tablets_meet_through_the_server() {
    let mut street = Street::new();
    let station = brought(&street).await;
    let (running, key) = (&station.running, station.running.server_key());
    let card = client::get(running.address(), "/v1/server").await.verified(&key, None);
    let card = ServerCard::parse(&card.body).expect("a card");
    assert_eq!((card.server_key, card.now), (key, NOW));

    let session = client::session(running, street.town.id(), &street.a).await;
    assert_eq!((session.store, session.expires), (card.store, Millis(NOW.0 + SESSION_MS)));
    let mut a = Replica { log: Some(street.town.authority.clone()), ..Replica::default() };
    let envelope = street.town.write(&mut street.a, street.home);
    let request = a.request(vec![envelope.clone()], 0);
    let (answer, signature) = client::sync(running, street.town.id(), &street.a, &session.session.0, &request).await;
    let said = a.take(&answer.verified_stream(&key, &signature).body, &key, &signature);
    assert_eq!(said.receipts.len(), 1);

    let session = client::session(running, street.town.id(), &street.b).await;
    let mut b = Replica::default();
    let request = b.request(vec![], 0);
    let (answer, signature) = client::sync(running, street.town.id(), &street.b, &session.session.0, &request).await;
    b.take(&answer.verified_stream(&key, &signature).body, &key, &signature);
    assert_eq!(b.envelopes[&street.home], [id_of(&envelope)]);
    let tails = client::session(running, street.town.id(), &street.a).await.tails;
    assert_eq!(tails.iter().map(|tail| tail.envelope).collect::<Vec<_>>(), [id_of(&envelope)]);
}

#[tokio::test]
async fn an_append_answers_with_the_log_or_with_where_it_is() {
    let mut street = Street::new();
    let station = brought(&street).await;
    let size = street.town.authority.size();
    let wraps = street.town.wraps.len();
    street.town.device();
    let append = street.town.since(size, wraps);
    let answer = client::append(&station.running, &append).await;
    assert_eq!(LogAppended::parse(&answer.body).map(|a| a.size), Ok(size.next()));
    let mut stale = append;
    stale.base_head.0[0] ^= 1;
    let answer = client::append(&station.running, &stale).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::CONFLICT, "log-conflict".to_owned()));
    let json: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(json["size"].as_u64().map(LogSize), Some(size.next()));
}

/// What an outsider sees of a refusal: everything but the signature, which is over the request's own.
fn seen(answer: &Answer) -> (StatusCode, Vec<(String, String)>, Vec<u8>) {
    let ours = |name: &str| name.starts_with("signature") || name == "date";
    let headers = answer.headers.iter().filter(|(name, _)| !ours(name.as_str()));
    let headers = headers.map(|(n, v)| (n.to_string(), v.to_str().unwrap_or_default().to_owned())).collect();
    (answer.status, headers, answer.body.clone())
}

#[tokio::test]
async fn every_way_of_not_being_known_has_the_same_answer() {
    let street = Street::new();
    let station = brought(&street).await;
    let running = &station.running;
    let town = &street.town;
    let session = client::session(running, town.id(), &street.a).await.session.0;
    let other_session = client::session(running, town.id(), &street.b).await.session.0;
    let challenge = client::challenge(running, town.id(), &street.a).await.challenge.0;
    let body = Town::first_request().to_bytes();
    let sync = ("POST", "/v1/sync");
    let stranger = {
        let mut elsewhere = Town::with_nonce(running.server_key(), 9);
        for _ in 0..5 {
            elsewhere.device();
        }
        elsewhere.device()
    };
    let forger = street.a.with_key(SigningKey::from_bytes(&[0x66; 32]));
    let other_town = Town::with_nonce(running.server_key(), 2).id();
    let good = client::sign(&street.a, town.id(), sync, &session, &body);
    let without = |name: &str| {
        let mut request = client::signed((Method::POST, sync.1), &good, body.clone());
        request.headers_mut().remove(name);
        request
    };
    let with = |headers: &RequestHeaders| client::signed((Method::POST, sync.1), headers, body.clone());
    let requests = vec![
        client::request(Method::POST, sync.1, body.clone()),
        without(CONTENT_DIGEST),
        without(SESSION),
        with(&client::sign(&stranger, town.id(), sync, &session, &body)),
        with(&client::sign(&forger, town.id(), sync, &session, &body)),
        with(&client::sign(&street.a, other_town, sync, &session, &body)),
        with(&client::sign(&street.a, town.id(), sync, &other_session, &body)),
        with(&client::sign(&street.a, town.id(), sync, &challenge, &body)),
        with(&client::sign(&street.a, town.id(), sync, b"made up", &body)),
        with(&client::sign(&street.a, town.id(), ("POST", "/v1/watch"), &session, &body)),
        with(&client::sign(&street.a, town.id(), sync, &session, b"another body")),
        client::signed((Method::POST, "/v1/sync?more"), &good, body.clone()),
    ];
    let mut answers = Vec::new();
    for request in requests {
        answers.push(seen(&client::send(running.address(), request).await));
    }
    station.clock.fetch_add(SESSION_MS + 1, Ordering::SeqCst);
    answers.push(seen(&client::send(running.address(), with(&good)).await));
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    for (n, answer) in answers.iter().enumerate() {
        assert_eq!(answer, &answers[0], "case {n}");
    }
    station.clock.store(NOW.0, Ordering::SeqCst);
    assert_eq!(client::send(running.address(), with(&good)).await.status, StatusCode::OK, "the good one was good");
}

#[tokio::test]
async fn a_session_needs_this_devices_fresh_challenge() {
    let street = Street::new();
    let station = brought(&street).await;
    let (running, town) = (&station.running, street.town.id());
    let challenge = client::challenge(running, town, &street.a).await;
    let (request, _) = client::opening(town, &street.b, &challenge);
    assert_eq!(client::send(running.address(), request).await.problem(), "unauthorised");
    station.clock.fetch_add(CHALLENGE_MS + 1, Ordering::SeqCst);
    let (request, signature) = client::opening(town, &street.a, &challenge);
    let answer = client::send(running.address(), request).await.verified(&running.server_key(), Some(&signature));
    assert_eq!(answer.problem(), "unauthorised");
    let challenge = client::challenge(running, town, &street.a).await;
    let (request, _) = client::opening(town, &street.a, &challenge);
    assert_eq!(client::send(running.address(), request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_revoked_device_is_told_so_and_nothing_else() {
    let mut street = Street::new();
    let station = brought(&street).await;
    let (running, id) = (&station.running, street.town.id());
    let session = client::session(running, id, &street.a).await.session.0;
    let size = street.town.authority.size();
    street.town.revoke(street.a.id, vec![]);
    client::append(running, &street.town.since(size, street.town.wraps.len())).await;
    let (answer, signature) = client::sync(running, id, &street.a, &session, &Town::first_request()).await;
    let answer = answer.verified(&running.server_key(), Some(&signature));
    assert_eq!((answer.status, answer.problem()), (StatusCode::FORBIDDEN, "revoked".to_owned()));
    // Nobody else learns it.
    let forger = street.a.with_key(SigningKey::from_bytes(&[0x66; 32]));
    let (answer, _) = client::sync(running, id, &forger, &session, &Town::first_request()).await;
    assert_eq!(answer.problem(), "unauthorised");
}

#[tokio::test]
async fn operations_answer_without_a_session_and_without_ids() {
    let mut street = Street::new();
    let station = brought(&street).await;
    let running = &station.running;
    let session = client::session(running, street.town.id(), &street.a).await.session.0;
    let envelope = street.town.write(&mut street.a, street.home);
    let request = street.town.request(vec![], vec![envelope.clone()]);
    client::sync(running, street.town.id(), &street.a, &session, &request).await;
    assert_eq!(client::get(running.address(), "/health").await.status, StatusCode::OK);
    assert_eq!(client::get(running.address(), "/ready").await.status, StatusCode::OK);
    let metrics = client::get(running.address(), "/metrics").await;
    let text = String::from_utf8(metrics.body).expect("text");
    assert!(text.contains("doorstep_requests_total{route=\"sync\",status=\"2xx\"} 1"), "{text}");
    for id in [street.town.id().to_string(), street.a.id.to_string(), street.home.to_string()] {
        assert!(!text.contains(&id), "{id}");
    }
    assert_eq!(client::get(running.address(), "/v1/nothing").await.problem(), "not-found");
    assert_eq!(client::get(running.address(), "/v1/sync").await.problem(), "method");
}

#[tokio::test]
async fn a_long_answer_streams_whole_and_a_stop_waits_for_it() {
    let mut street = Street::new();
    let station = brought(&street).await;
    let (running, key, id) = (&station.running, station.running.server_key(), street.town.id());
    let session = client::session(running, id, &street.a).await.session.0;
    let mut a = Replica { log: Some(street.town.authority.clone()), ..Replica::default() };
    for _ in 0..2 {
        let envelopes = (0..3).map(|_| street.town.write_long(&mut street.a, street.home, 900 * 1024)).collect();
        let request = a.request(envelopes, 0);
        let (answer, signature) = client::sync(running, id, &street.a, &session, &request).await;
        assert_eq!(a.take(&answer.body, &key, &signature).receipts.len(), 3);
    }
    let session = client::session(running, id, &street.b).await.session.0;
    let request = Replica::default().request(vec![], 0);
    let stop = running.stop_token();
    let answering = client::sync(running, id, &street.b, &session, &request);
    let (answer, signature) = tokio::join!(answering, async {
        // The request is on its way before the server is asked to stop.
        tokio::task::yield_now().await;
        while !station_is_busy(running).await {}
        stop.cancel();
    })
    .0;
    let mut b = Replica::default();
    let said = b.take(&answer.verified_stream(&key, &signature).body, &key, &signature);
    assert!(said.remainder.is_some(), "closed");
    assert_eq!(b.envelopes, a.envelopes);
}

/// Whether a sync was answered or begun.
async fn station_is_busy(running: &Running) -> bool {
    let metrics = client::get(running.address(), "/metrics").await.body;
    String::from_utf8_lossy(&metrics).contains("doorstep_requests_total{route=\"sync\",status=\"2xx\"} 3")
}

#[tokio::test]
async fn tls_is_spoken_when_there_is_a_certificate() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = TlsFiles { certificate: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
    std::fs::write(&files.certificate, made.cert.pem()).expect("written");
    std::fs::write(&files.key, made.signing_key.serialize_pem()).expect("written");
    let station = station(|config| config.tls = Some(files));
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = tokio::net::TcpStream::connect(station.running.address()).await.expect("it listens");
    let name = rustls::pki_types::ServerName::try_from("localhost").expect("a name");
    let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("TLS");
    let answer = client::send_on(stream, client::request(Method::GET, "/v1/server", vec![])).await;
    answer.verified(&station.running.server_key(), None);
    let missing = TlsFiles { certificate: "nowhere.pem".into(), key: "nowhere.pem".into() };
    let mut config = Config::in_folder(folder.path());
    config.tls = Some(missing);
    let error = Server::start(config).expect_err("no certificate").to_string();
    assert!(error.contains("nowhere.pem"), "{error}");
}

#[test]
fn a_data_folder_has_one_server() {
    let station = station(|_| {});
    let error = Server::start(Config::in_folder(station.folder.path())).expect_err("it is in use").to_string();
    assert!(error.contains("in use"), "{error}");
    let key = station.running.server_key();
    station.running.stop();
    let again = Server::start(Config::in_folder(station.folder.path())).expect("it is free");
    assert_eq!(again.server_key(), key);
}
