//! Watching over a real socket: a client of two pages, because the messages of a watch are few.

use doorstep_protocol::authority::Rights;
use doorstep_protocol::wire::WatchNotice;
use doorstep_protocol::{Class, LogSize};
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::client;
use super::http::{brought, station};
use super::relay::Street;
use super::town::Device;
use crate::server::Running;

/// What came over the socket.
#[derive(Debug, PartialEq)]
pub(super) enum Heard {
    Notice(WatchNotice),
    Ping,
    End,
}

pub(super) struct Watch(TcpStream);

impl Watch {
    pub(super) async fn open(
        running: &Running,
        street: &Street,
        device: &Device,
        session: &[u8],
    ) -> Result<Self, StatusCode> {
        let headers = client::sign(device, street.town.id(), ("GET", "/v1/watch"), session, b"");
        let mut text = "GET /v1/watch HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                        sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            .to_owned();
        for (name, value) in headers.pairs() {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        let mut stream = TcpStream::connect(running.address()).await.expect("it listens");
        stream.write_all(text.as_bytes()).await.expect("written");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("a head"));
        }
        let head = String::from_utf8(head).expect("text");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        if status == StatusCode::SWITCHING_PROTOCOLS { Ok(Self(stream)) } else { Err(status) }
    }

    /// The next frame; the server's are not masked.
    pub(super) async fn hear(&mut self) -> Heard {
        let Ok(first) = self.0.read_u8().await else { return Heard::End };
        let length = match self.0.read_u8().await.expect("a length") {
            126 => usize::from(self.0.read_u16().await.expect("a length")),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        self.0.read_exact(&mut payload).await.expect("a payload");
        match first & 0x0f {
            2 => Heard::Notice(WatchNotice::parse(&payload).expect("a notice")),
            8 => Heard::End,
            9 => Heard::Ping,
            other => panic!("opcode {other}"),
        }
    }

    pub(super) async fn notice(&mut self) -> WatchNotice {
        loop {
            match self.hear().await {
                Heard::Notice(notice) => return notice,
                Heard::Ping => {}
                Heard::End => panic!("the watch ended"),
            }
        }
    }

    async fn ends(&mut self) {
        while self.hear().await != Heard::End {}
    }
}

#[tokio::test]
async fn a_watcher_hears_where_its_zones_are_and_of_no_other() {
    let mut street = Street::new();
    let stranger = street.town.device();
    let team = street.town.team(2, &[&stranger]);
    let closed = street.town.zone_with(0x33, Class::Register, team, Rights::READ_WRITE);
    let station = brought(&street).await;
    let (running, id) = (&station.running, street.town.id());
    let size = street.town.authority.size();
    let session = client::session(running, id, &street.b).await.session.0;
    let mut watch = Watch::open(running, &street, &street.b, &session).await.expect("upgraded");
    assert_eq!(watch.notice().await, WatchNotice { log_size: size, zones: vec![] });

    // A zone that is not the watcher's grows first: its news would come first, too.
    let mut stranger = stranger;
    let foreign = street.town.write(&mut stranger, closed);
    let of_stranger = client::session(running, id, &stranger).await.session.0;
    client::sync(running, id, &stranger, &of_stranger, &street.town.request(vec![], vec![foreign])).await;
    let own = street.town.write(&mut street.a, street.home);
    let of_a = client::session(running, id, &street.a).await.session.0;
    client::sync(running, id, &street.a, &of_a, &street.town.request(vec![], vec![own])).await;
    let notice = watch.notice().await;
    assert_eq!(notice.zones.iter().map(|z| (z.zone, z.point.number.0)).collect::<Vec<_>>(), [(street.home, 1)]);

    let wraps = street.town.wraps.len();
    street.town.device();
    client::append(running, &street.town.since(size, wraps)).await;
    assert_eq!(watch.notice().await, WatchNotice { log_size: LogSize(size.0 + 1), zones: vec![] });
    // One who comes later hears at once where everything is.
    let mut late = Watch::open(running, &street, &street.b, &session).await.expect("upgraded");
    assert_eq!(late.notice().await.zones, notice.zones);
}

#[tokio::test]
async fn lesson_19_a_watch_ends_when_its_device_is_revoked() {
    let mut street = Street::new();
    let station = brought(&street).await;
    let (running, id) = (&station.running, street.town.id());
    let session = client::session(running, id, &street.b).await.session.0;
    let mut watch = Watch::open(running, &street, &street.b, &session).await.expect("upgraded");
    watch.notice().await;
    let (size, wraps) = (street.town.authority.size(), street.town.wraps.len());
    street.town.revoke(street.b.id, vec![]);
    client::append(running, &street.town.since(size, wraps)).await;
    assert_eq!(watch.hear().await, Heard::End, "not even a notice of its own end");
    assert_eq!(Watch::open(running, &street, &street.b, &session).await.err(), Some(StatusCode::FORBIDDEN));
}

#[tokio::test]
async fn watchers_are_limited_and_unknown_ones_refused() {
    let street = Street::new();
    let station = station(|config| config.limits.watchers_max = 1);
    let running = &station.running;
    client::append(running, &street.town.bring()).await;
    let session = client::session(running, street.town.id(), &street.b).await.session.0;
    let mut first = Watch::open(running, &street, &street.b, &session).await.expect("upgraded");
    first.notice().await;
    let refused = Watch::open(running, &street, &street.b, &session).await.err();
    assert_eq!(refused, Some(StatusCode::SERVICE_UNAVAILABLE));
    let refused = Watch::open(running, &street, &street.b, b"made up").await.err();
    assert_eq!(refused, Some(StatusCode::UNAUTHORIZED));
    drop(first);
    // The place comes back once the server has seen the end of the first.
    while Watch::open(running, &street, &street.b, &session).await.is_err() {}
}

#[tokio::test]
async fn a_watcher_that_answers_no_ping_is_let_go_and_a_stop_ends_all() {
    let street = Street::new();
    let station = station(|config| config.limits.heartbeat_seconds = 1);
    let running = &station.running;
    client::append(running, &street.town.bring()).await;
    let session = client::session(running, street.town.id(), &street.b).await.session.0;
    let mut silent = Watch::open(running, &street, &street.b, &session).await.expect("upgraded");
    silent.notice().await;
    assert_eq!(silent.hear().await, Heard::Ping);
    assert_eq!(silent.hear().await, Heard::End, "one ping was enough");
    let mut other = Watch::open(
        running,
        &street,
        &street.a,
        &client::session(running, street.town.id(), &street.a).await.session.0,
    )
    .await
    .expect("upgraded");
    other.notice().await;
    let stop = running.stop_token();
    stop.cancel();
    other.ends().await;
}
