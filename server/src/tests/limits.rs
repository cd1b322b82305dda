//! Each limit, reached.

use doorstep_protocol::wire::{ChallengeRequest, LogAppend};
use doorstep_protocol::{Bytes, DeviceId, limits};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::client;
use super::http::{brought, station};
use super::relay::Street;
use super::town::Town;

#[tokio::test]
async fn a_body_over_its_limit_is_refused() {
    let street = Street::new();
    let station = brought(&street).await;
    let address = station.running.address();
    for (path, bytes) in [("/v1/log", limits::LOG_APPEND_BYTES_MAX), ("/v1/challenge", 256)] {
        let answer = client::post(address, path, vec![0; bytes + 1]).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::PAYLOAD_TOO_LARGE, "too-long".to_owned()), "{path}");
        assert_eq!(client::post(address, path, vec![0; bytes]).await.problem(), "malformed", "{path}");
    }
    let session = client::session(&station.running, street.town.id(), &street.a).await.session.0;
    let body = vec![0; limits::SYNC_REQUEST_BYTES_MAX + 1];
    let headers = client::sign(&street.a, street.town.id(), ("POST", "/v1/sync"), &session, &body);
    let answer = client::send(address, client::signed((Method::POST, "/v1/sync"), &headers, body)).await;
    assert_eq!(answer.problem(), "too-long");
}

#[tokio::test]
async fn counts_over_their_limits_are_refused() {
    let street = Street::new();
    let station = brought(&street).await;
    let (running, id) = (&station.running, street.town.id());
    let session = client::session(running, id, &street.a).await.session.0;
    let mut request = Town::first_request();
    request.envelopes = vec![Bytes(vec![]); limits::SYNC_REQUEST_ENVELOPES_MAX + 1];
    assert_eq!(client::sync(running, id, &street.a, &session, &request).await.0.problem(), "malformed");
    let mut append: LogAppend = street.town.bring();
    append.entries = vec![append.entries[0].clone(); limits::LOG_APPEND_ENTRIES_MAX + 1];
    assert_eq!(client::append(running, &append).await.problem(), "malformed");
    let mut append = street.town.bring();
    append.wraps = vec![Bytes(vec![]); limits::APPEND_WRAPS_MAX + 1];
    assert_eq!(client::append(running, &append).await.problem(), "malformed");
}

#[tokio::test]
async fn another_media_type_is_refused() {
    let street = Street::new();
    let station = station(|_| {});
    let body = ChallengeRequest { partnership: street.town.id(), device: DeviceId([1; 16]) }.to_bytes();
    let mut request = client::request(Method::POST, "/v1/challenge", body);
    request.headers_mut().insert(CONTENT_TYPE, "application/json".parse().expect("a media type"));
    assert_eq!(client::send(station.running.address(), request).await.problem(), "media-type");
}

async fn everything_until_closed(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is let go may be reset.
    let _reset = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_head_that_does_not_arrive_is_not_waited_for() {
    let station = station(|config| config.limits.head_seconds_max = 1);
    let mut stream = TcpStream::connect(station.running.address()).await.expect("it listens");
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: ").await.expect("written");
    // Returns at all only because the server closes.
    assert!(!everything_until_closed(stream).await.contains("200 OK"));
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let station = station(|config| config.limits.body_seconds_max = 1);
    let mut stream = TcpStream::connect(station.running.address()).await.expect("it listens");
    let head = "POST /v1/log HTTP/1.1\r\nhost: a\r\ncontent-type: application/vnd.doorstep.v1+cbor\r\n\
                content-length: 100\r\n\r\nhalf";
    stream.write_all(head.as_bytes()).await.expect("written");
    let answer = everything_until_closed(stream).await;
    assert!(answer.contains("408 Request Timeout") && answer.contains("too-slow"), "{answer}");
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let station = station(|_| {});
    for head in [
        format!("GET /health HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "x".repeat(300_000)),
        format!("GET /health HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(100)),
    ] {
        let mut stream = TcpStream::connect(station.running.address()).await.expect("it listens");
        // The server may answer and close before everything is written.
        let _closed = stream.write_all(head.as_bytes()).await;
        let answer = everything_until_closed(stream).await;
        assert!(!answer.contains("200 OK"), "{answer}");
    }
}

#[tokio::test]
async fn connections_over_the_limit_are_let_go_and_places_come_back() {
    let station = station(|config| config.limits.connections_max = 1);
    let address = station.running.address();
    let mut first = TcpStream::connect(address).await.expect("it listens");
    first.write_all(b"GET /health HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("written");
    let mut byte = [0; 1];
    first.read_exact(&mut byte).await.expect("answered, so it has its place");
    let mut second = TcpStream::connect(address).await.expect("accepted, then let go");
    let _closed = second.write_all(b"GET /health HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(everything_until_closed(second).await, "");
    drop(first);
    // The place comes back once the server has seen the end of the first.
    loop {
        let mut next = TcpStream::connect(address).await.expect("it listens");
        let _closed = next.write_all(b"GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
        if everything_until_closed(next).await.contains("200 OK") {
            break;
        }
    }
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_let_go() {
    let mut street = Street::new();
    let station = station(|config| config.limits.stalled_write_seconds_max = 1);
    let running = &station.running;
    client::append(running, &street.town.bring()).await;
    let id = street.town.id();
    let session = client::session(running, id, &street.a).await.session.0;
    for _ in 0..8 {
        let envelopes = (0..3).map(|_| street.town.write_long(&mut street.a, street.home, 1_000 * 1024)).collect();
        let request = street.town.request(vec![], envelopes);
        let (answer, _) = client::sync(running, id, &street.a, &session, &request).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let session = client::session(running, id, &street.b).await.session.0;
    let mut request = Town::first_request();
    request.budget_bytes = limits::ANSWER_BYTES_MAX;
    let body = request.to_bytes();
    let headers = client::sign(&street.b, id, ("POST", "/v1/sync"), &session, &body);
    let mut text = format!(
        "POST /v1/sync HTTP/1.1\r\nhost: a\r\ncontent-type: {}\r\ncontent-length: {}\r\n",
        doorstep_protocol::wire::MEDIA_TYPE,
        body.len()
    );
    for (name, value) in headers.pairs() {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    let mut stream = TcpStream::connect(running.address()).await.expect("it listens");
    stream.write_all(&[text.as_bytes(), &body[..]].concat()).await.expect("written");
    // Nothing is read until the server has given this connection up: only the one that asks is left.
    loop {
        let metrics = client::get(running.address(), "/metrics").await.body;
        let metrics = String::from_utf8_lossy(&metrics).into_owned();
        if metrics.contains("{route=\"sync\",status=\"2xx\"} 9") && metrics.contains("doorstep_connections 1\n") {
            break;
        }
    }
    let mut taken = Vec::new();
    let _reset = stream.read_to_end(&mut taken).await;
    assert!(taken.starts_with(b"HTTP/1.1 200") && !taken.ends_with(b"0\r\n\r\n"), "cut off, not ended");
}
