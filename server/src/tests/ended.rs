//! Lesson 19: what is sent to a device ends when the log ends it, in the middle of whatever it is.

use doorstep_protocol::authority::{Standing, TeamMember};
use doorstep_protocol::wire::WatchNotice;
use doorstep_protocol::{Bytes, DeviceId};
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::client;
use super::http::{Station, brought, station};
use super::reader::{REQUEST, Replica};
use super::relay::Street;
use super::town::{NOW, Town};
use super::watch::{Heard, Watch};
use crate::problem::Problem;
use crate::relay::Caller;

/// How a device stops being served.
#[derive(Clone, Copy, Debug)]
enum End {
    Revoke,
    Freeze,
}

impl End {
    const BOTH: [Self; 2] = [Self::Revoke, Self::Freeze];

    fn happen(self, town: &mut Town, device: DeviceId) {
        match self {
            Self::Revoke => town.revoke(device, vec![]),
            Self::Freeze => town.freeze(device),
        }
    }

    const fn problem(self) -> Problem {
        match self {
            Self::Revoke => Problem::Revoked,
            Self::Freeze => Problem::Frozen,
        }
    }
}

/// Long envelopes of A: more than a page, and than the buffers of a socket.
fn long_work(street: &mut Street, count: usize) -> Vec<Bytes> {
    (0..count).map(|_| street.town.write_long(&mut street.a, street.home, 900 * 1024)).collect()
}

#[test]
fn lesson_19_a_stream_between_pages_gives_no_further_page() {
    for end in End::BOTH {
        let mut street = Street::new();
        let relay = street.brought();
        let envelopes = long_work(&mut street, 3);
        let a = Caller::trusted(street.town.id(), street.a.id);
        relay.sync_whole(a, &street.town.request(vec![], envelopes), REQUEST, NOW).expect("served");
        let b = Caller::trusted(street.town.id(), street.b.id);
        let mut answer = relay.sync(b, &Replica::default().request(vec![], 0), REQUEST, NOW).expect("served");
        assert!(relay.next_page(&mut answer, NOW).expect("served").is_some());
        assert!(!answer.is_closed(), "there is more");
        let size = street.town.authority.size();
        end.happen(&mut street.town, street.b.id);
        relay.append(&street.town.since(size, street.town.wraps.len())).expect("appended");
        assert_eq!(relay.next_page(&mut answer, NOW), Err(end.problem()), "{end:?}");
        assert_eq!(relay.next_page(&mut answer, NOW), Err(end.problem()), "{end:?}, asked again");
    }
}

#[test]
fn lesson_19_a_stream_ends_at_a_zone_that_its_reader_may_no_longer_hold() {
    let mut street = Street::new();
    let relay = street.brought();
    let envelopes = long_work(&mut street, 3);
    let a = Caller::trusted(street.town.id(), street.a.id);
    relay.sync_whole(a, &street.town.request(vec![], envelopes), REQUEST, NOW).expect("served");
    let b = Caller::trusted(street.town.id(), street.b.id);
    let mut answer = relay.sync(b, &Replica::default().request(vec![], 0), REQUEST, NOW).expect("served");
    assert!(relay.next_page(&mut answer, NOW).expect("served").is_some());
    let size = street.town.authority.size();
    let team = *street.town.authority.teams_of(street.b.id).next().expect("a member").0;
    let (device, standing) = (street.b.id, Standing::Ended);
    let ended = TeamMember { team, device, standing, wrap: None, cuts: vec![] };
    street.town.by_admin(doorstep_protocol::authority::Body::TeamMember(ended));
    relay.append(&street.town.since(size, street.town.wraps.len())).expect("appended");
    assert!(relay.next_page(&mut answer, NOW).is_err());
}

/// Sends a sync request over a socket that takes little at once.
async fn ask(station: &Station, street: &Street, session: &[u8]) -> TcpStream {
    let body = Replica::default().request(vec![], 0).to_bytes();
    let headers = client::sign(&street.b, street.town.id(), ("POST", "/v1/sync"), session, &body);
    let mut text = format!(
        "POST /v1/sync HTTP/1.1\r\nhost: a\r\ncontent-type: {}\r\ncontent-length: {}\r\n",
        doorstep_protocol::wire::MEDIA_TYPE,
        body.len()
    );
    for (name, value) in headers.pairs() {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(16 * 1024).expect("a small buffer");
    let mut stream = socket.connect(station.running.address()).await.expect("it listens");
    stream.write_all(&[text.as_bytes(), &body].concat()).await.expect("written");
    stream
}

/// What has arrived here by now and was not taken yet.
async fn arrived(stream: &TcpStream) -> usize {
    let mut buffer = vec![0; 1024 * 1024];
    stream.peek(&mut buffer).await.unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lesson_19_a_page_half_written_to_the_socket_is_not_finished() {
    for end in End::BOTH {
        let mut street = Street::new();
        let station = brought(&street).await;
        let (running, id) = (&station.running, street.town.id());
        let of_a = client::session(running, id, &street.a).await.session.0;
        for _ in 0..4 {
            let envelopes = long_work(&mut street, 3);
            client::sync(running, id, &street.a, &of_a, &street.town.request(vec![], envelopes)).await;
        }
        let of_b = client::session(running, id, &street.b).await.session.0;
        let mut stream = ask(&station, &street, &of_b).await;
        let mut first = [0; 64];
        stream.read_exact(&mut first).await.expect("it has begun");
        assert!(first.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&first));

        let size = street.town.authority.size();
        end.happen(&mut street.town, street.b.id);
        let appended = client::append(running, &street.town.since(size, street.town.wraps.len())).await;
        assert_eq!(appended.status, StatusCode::OK);
        // From here on nothing comes but what had arrived before.
        let before = arrived(&stream).await;
        let mut after = 0;
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            after += count;
        }
        assert_eq!(after, before, "{end:?}: bytes after the append was acknowledged");
        assert!(after < 1024 * 1024, "{end:?}: the answer has ten times that");

        let (refused, signature) = client::sync(running, id, &street.b, &of_b, &Town::first_request()).await;
        let refused = refused.verified(&running.server_key(), Some(&signature));
        let name = end.problem().type_uri();
        assert_eq!((refused.status, name.ends_with(&refused.problem())), (StatusCode::FORBIDDEN, true), "{end:?}");
    }
}

#[tokio::test]
async fn lesson_19_an_idle_watch_ends_without_waiting_for_its_heartbeat() {
    for end in End::BOTH {
        let mut street = Street::new();
        // Neither a ping nor a gathered notice is what ends it.
        let station = station(|config| {
            config.limits.heartbeat_seconds = 3_600;
            config.limits.coalesce_ms = 10_000;
        });
        let (running, id) = (&station.running, street.town.id());
        client::append(running, &street.town.bring()).await;
        let session = client::session(running, id, &street.b).await.session.0;
        let mut watch = Watch::open(running, &street, &street.b, &session).await.expect("upgraded");
        let size = street.town.authority.size();
        assert_eq!(watch.notice().await, WatchNotice { log_size: size, zones: vec![] });
        end.happen(&mut street.town, street.b.id);
        client::append(running, &street.town.since(size, street.town.wraps.len())).await;
        assert_eq!(watch.hear().await, Heard::End, "{end:?}");
        assert_eq!(Watch::open(running, &street, &street.b, &session).await.err(), Some(StatusCode::FORBIDDEN));
    }
}

#[tokio::test]
async fn a_frozen_device_is_told_so_and_served_again_once_it_is_not() {
    let mut street = Street::new();
    let station = brought(&street).await;
    let (running, id, key) = (&station.running, street.town.id(), station.running.server_key());
    let session = client::session(running, id, &street.b).await.session.0;
    let size = street.town.authority.size();
    street.town.freeze(street.b.id);
    client::append(running, &street.town.since(size, street.town.wraps.len())).await;
    let challenge = client::challenge(running, id, &street.b).await;
    let (request, signature) = client::opening(id, &street.b, &challenge);
    let refused = client::send(running.address(), request).await.verified(&key, Some(&signature));
    assert_eq!((refused.status, refused.problem()), (StatusCode::FORBIDDEN, "frozen".to_owned()));
    // Nobody else learns it.
    let forger = street.b.with_key(ed25519_dalek::SigningKey::from_bytes(&[0x66; 32]));
    let (refused, _) = client::sync(running, id, &forger, &session, &Town::first_request()).await;
    assert_eq!(refused.problem(), "unauthorised");

    let size = street.town.authority.size();
    street.town.unfreeze(street.b.id);
    client::append(running, &street.town.since(size, street.town.wraps.len())).await;
    let (served, signature) = client::sync(running, id, &street.b, &session, &Town::first_request()).await;
    served.verified_stream(&key, &signature);
}

#[tokio::test]
async fn a_device_that_asks_too_often_is_told_to_wait_and_others_are_served() {
    let street = Street::new();
    let station = station(|config| config.limits.device_requests_per_minute_max = 60);
    let (running, id, key) = (&station.running, street.town.id(), station.running.server_key());
    client::append(running, &street.town.bring()).await;
    let session = client::session(running, id, &street.a).await.session.0;
    for _ in 1..60 {
        let (answer, _) = client::sync(running, id, &street.a, &session, &Town::first_request()).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let (refused, signature) = client::sync(running, id, &street.a, &session, &Town::first_request()).await;
    let refused = refused.verified(&key, Some(&signature));
    assert_eq!((refused.status, refused.problem()), (StatusCode::TOO_MANY_REQUESTS, "too-many".to_owned()));
    let of_b = client::session(running, id, &street.b).await.session.0;
    let (answer, _) = client::sync(running, id, &street.b, &of_b, &Town::first_request()).await;
    assert_eq!(answer.status, StatusCode::OK);
    station.clock.fetch_add(1_000, std::sync::atomic::Ordering::SeqCst);
    let (answer, _) = client::sync(running, id, &street.a, &session, &Town::first_request()).await;
    assert_eq!(answer.status, StatusCode::OK);
}
