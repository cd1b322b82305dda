//! A watch: a WebSocket that says how far zones have come. A connection on which nothing is heard, not even the answer to a
//! ping, is given up: a tablet that left signal hears nothing at all.

use std::time::Duration;

use bytes::Bytes;
use doorstep_protocol::wire::WatchNotice;
use futures_util::{SinkExt, StreamExt, stream};
use http::Response;
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
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
    Ok(over(TokioIo::new(upgraded)).await)
}

async fn over<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(connection: S) -> NoticeStream {
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(BUFFER_BYTES)
        .max_message_size(Some(NOTICE_BYTES_MAX))
        .max_frame_size(Some(NOTICE_BYTES_MAX));
    let socket = WebSocketStream::from_raw_socket(connection, Role::Client, Some(config)).await;
    let watch = Watch { socket, heard: Instant::now(), ping_at: next_ping() };
    Box::pin(stream::unfold(Some(watch), |watch| async move {
        let mut watch = watch?;
        match watch.next().await {
            Ok(Some(notice)) => Some((Ok(notice), Some(watch))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    }))
}

struct Watch<S> {
    socket: WebSocketStream<S>,
    heard: Instant,
    ping_at: Instant,
}

fn next_ping() -> Instant {
    Instant::now() + Duration::from_millis(WATCH_PING_MS)
}

impl<S: AsyncRead + AsyncWrite + Unpin> Watch<S> {
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

#[cfg(test)]
mod tests {
    use doorstep_protocol::LogSize;

    use super::*;

    async fn both_ends() -> (NoticeStream, WebSocketStream<tokio::io::DuplexStream>) {
        let (near, far) = tokio::io::duplex(64 * 1024);
        (over(near).await, WebSocketStream::from_raw_socket(far, Role::Server, None).await)
    }

    fn notice() -> WatchNotice {
        WatchNotice { log_size: LogSize(3), zones: Vec::new() }
    }

    #[tokio::test(start_paused = true)]
    async fn a_watch_on_which_nothing_is_heard_is_given_up() {
        let (mut notices, _far_that_never_reads) = both_ends().await;
        let begun = Instant::now();
        let silent = TransportError::Silent { stage: Stage::Watch, waited_ms: WATCH_SILENCE_MS_MAX };
        assert_eq!(notices.next().await, Some(Err(silent)));
        assert_eq!(begun.elapsed(), Duration::from_millis(WATCH_SILENCE_MS_MAX));
        assert_eq!(notices.next().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_watch_lives_as_long_as_pings_are_answered() {
        let (mut notices, mut far) = both_ends().await;
        let answering = tokio::spawn(async move {
            // Reading is what answers a ping.
            let mut pings = 0;
            while pings < 10 {
                if let Some(Ok(Message::Ping(_))) = far.next().await {
                    pings += 1;
                }
            }
            far.send(Message::Binary(notice().to_bytes().into())).await.map(|()| far)
        });
        assert_eq!(notices.next().await, Some(Ok(notice())));
        let mut far = answering.await.expect("it does not panic").expect("the other end reads");
        far.close(None).await.expect("the other end reads");
        assert_eq!(notices.next().await, None, "an end is an end, not an error");
    }

    #[tokio::test]
    async fn what_is_no_notice_ends_the_watch() {
        for message in [Message::Binary(Bytes::from_static(b"no notice")), Message::Binary(vec![0; 70_000].into())] {
            let (mut notices, mut far) = both_ends().await;
            let sending = tokio::spawn(async move { (far.send(message).await, far) });
            assert!(matches!(notices.next().await, Some(Err(_))));
            assert_eq!(notices.next().await, None);
            drop(sending);
        }
    }
}
