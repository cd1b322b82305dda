//! A watch: a WebSocket that says how far zones have come. A connection on which nothing is heard, not even the answer to a
//! ping, is given up: a tablet that left signal hears nothing at all.

use std::time::Duration;

use bytes::Bytes;
use doorstep_protocol::wire::WatchNotice;
use futures_util::{SinkExt, StreamExt, stream};
use http::Response;
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use hyper::body::Incoming;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::NoticeStream;
use super::error::{Misbehaved, Stage, TransportError};

/// How often the server is asked whether it is there.
pub const WATCH_PING_MS: u64 = 30_000;
/// After so long without hearing anything a watch is given up.
pub const WATCH_SILENCE_MS_MAX: u64 = 75_000;
/// The longest notice.
const NOTICE_BYTES_MAX: usize = 64 * 1024;
/// Small: a watch is idle nearly always.
const BUFFER_BYTES: usize = 2 * 1024;

const _: () = assert!(WATCH_PING_MS * 2 < WATCH_SILENCE_MS_MAX);

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// A fresh handshake key.
pub(super) fn key() -> String {
    generate_key()
}

/// Asks for a WebSocket.
pub(super) fn with_upgrade(builder: http::request::Builder, key: &str) -> http::request::Builder {
    builder
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, key)
}

/// The notices of a server that has agreed.
pub(super) async fn notices(response: Response<Incoming>, key: &str) -> Result<NoticeStream, TransportError> {
    let agreed = response.headers().get(SEC_WEBSOCKET_ACCEPT).and_then(|value| value.to_str().ok());
    if agreed != Some(derive_accept_key(key.as_bytes()).as_str()) {
        return Err(Misbehaved::Upgrade.into());
    }
    let within = Duration::from_millis(WATCH_SILENCE_MS_MAX);
    let upgraded = tokio::time::timeout(within, hyper::upgrade::on(response)).await;
    let silent = TransportError::Silent { stage: Stage::Watch, waited_ms: WATCH_SILENCE_MS_MAX };
    let upgraded = upgraded.map_err(|_| silent)?.map_err(|_| TransportError::Offline { stage: Stage::Watch })?;
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(BUFFER_BYTES)
        .max_message_size(Some(NOTICE_BYTES_MAX))
        .max_frame_size(Some(NOTICE_BYTES_MAX));
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, Some(config)).await;
    let watch = Watch { socket, heard: Instant::now(), ping_at: next_ping() };
    Ok(Box::pin(stream::unfold(Some(watch), |watch| async move {
        let mut watch = watch?;
        match watch.next().await {
            Ok(Some(notice)) => Some((Ok(notice), Some(watch))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })))
}

struct Watch {
    socket: Socket,
    heard: Instant,
    ping_at: Instant,
}

fn next_ping() -> Instant {
    Instant::now() + Duration::from_millis(WATCH_PING_MS)
}

impl Watch {
    async fn next(&mut self) -> Result<Option<WatchNotice>, TransportError> {
        let broken = TransportError::Offline { stage: Stage::Watch };
        loop {
            let given_up = self.heard + Duration::from_millis(WATCH_SILENCE_MS_MAX);
            tokio::select! {
                message = self.socket.next() => {
                    self.heard = Instant::now();
                    match message {
                        None | Some(Ok(Message::Close(_))) => return Ok(None),
                        Some(Ok(Message::Binary(bytes))) => {
                            return WatchNotice::parse(&bytes).map(Some).map_err(|error| Misbehaved::Form(error).into());
                        }
                        // Pings are answered by the library on the next read.
                        Some(Ok(_)) => {}
                        Some(Err(_)) => return Err(broken),
                    }
                }
                () = tokio::time::sleep_until(self.ping_at.min(given_up)) => {
                    if Instant::now() >= given_up {
                        return Err(TransportError::Silent { stage: Stage::Watch, waited_ms: WATCH_SILENCE_MS_MAX });
                    }
                    self.ping_at = next_ping();
                    let ping = self.socket.send(Message::Ping(Bytes::new()));
                    match tokio::time::timeout_at(given_up, ping).await {
                        Ok(Ok(())) => {}
                        _ => return Err(broken),
                    }
                }
            }
        }
    }
}
