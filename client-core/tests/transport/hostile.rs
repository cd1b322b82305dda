//! Servers that lie, stall, or are none: over real sockets, byte by byte.

use bytes::Bytes as Chunk;
use doorstep_client_core::transport::{
    ANSWER_STREAM_BYTES_MAX, Endpoint, FRAME_IDLE_MS_MAX, FrameStream, HttpTransport, Incompatible, Misbehaved,
    QUIET_MS_MAX, Refused, SignedRequest, Signer, Stage, Transport, TransportError,
};
use doorstep_crypto::keys::SigningKey;
use doorstep_protocol::http_signature::{AnswerHead, HttpSignatureError, SignedContent, content_digest};
use doorstep_protocol::wire::frame::{Closing, Remainder};
use doorstep_protocol::wire::{Frame, FrameError, MEDIA_TYPE, STREAM_MEDIA_TYPE, ServerCard};
use doorstep_protocol::{
    DeviceId, EnvelopeId, LogSize, Millis, PartnershipId, RestoreEpoch, Signature, StoreId, limits,
};
use futures_util::{StreamExt, stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{NOW, http, seeded};

const PROBLEM: &str = "application/problem+json";

fn server_key() -> SigningKey {
    SigningKey::make(&mut seeded(50))
}

fn card() -> Vec<u8> {
    let card = ServerCard {
        server_key: server_key().public(),
        store: StoreId([1; 16]),
        restore_epoch: RestoreEpoch(0),
        now: NOW,
    };
    card.to_bytes()
}

/// A whole answer: signed by `key` for `signed`, while `body` is what is sent.
struct Whole<'a> {
    status: u16,
    media_type: &'a str,
    signed: &'a [u8],
    body: &'a [u8],
    request: Option<Signature>,
}

impl Whole<'_> {
    fn bytes(&self, key: &SigningKey) -> Vec<u8> {
        let content = SignedContent::Digest(content_digest(self.signed));
        let head = AnswerHead { status: self.status, content, request: self.request, created: Millis(1_000) };
        let headers = head.sign(|base| key.sign_raw(base));
        let mut answer = format!(
            "HTTP/1.1 {} x\r\ncontent-type: {}\r\ncontent-length: {}\r\ncontent-digest: {}\r\nsignature-input: {}\r\nsignature: {}\r\n\r\n",
            self.status,
            self.media_type,
            self.body.len(),
            headers.content_digest.unwrap_or_default(),
            headers.signature_input,
            headers.signature,
        )
        .into_bytes();
        answer.extend_from_slice(self.body);
        answer
    }
}

/// Reads one request: its head, and its body by its length.
async fn read_request(socket: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0u8; 1]);
    while !head.ends_with(b"\r\n\r\n") {
        socket.read_exact(&mut byte).await.unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    socket.read_exact(&mut vec![0u8; length]).await.unwrap();
    head
}

/// A server that answers its one request with these bytes.
async fn answers(bytes: Vec<u8>) -> HttpTransport {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        read_request(&mut socket).await;
        // A client that has read enough may be gone.
        let _client_gone = socket.write_all(&bytes).await;
    });
    http(&url, server_key().public())
}

fn signed_request(endpoint: Endpoint) -> SignedRequest {
    let signer = Signer { partnership: PartnershipId([1; 16]), device: DeviceId([2; 16]), session: b"token" };
    SignedRequest::sign(endpoint, signer, b"body".to_vec(), NOW, |base| {
        SigningKey::make(&mut seeded(51)).sign_raw(base)
    })
}

fn misbehaved(found: Misbehaved) -> TransportError {
    TransportError::Misbehaved(found)
}

#[tokio::test]
async fn a_signed_answer_is_believed() {
    let body = card();
    let whole = Whole { status: 200, media_type: MEDIA_TYPE, signed: &body, body: &body, request: None };
    let transport = answers(whole.bytes(&server_key())).await;
    assert_eq!(transport.card().await.unwrap().to_bytes(), card());
    let traffic = transport.traffic();
    assert!(traffic.requests == 1 && traffic.up_bytes > 50 && traffic.down_bytes > body.len() as u64, "{traffic:?}");
}

#[tokio::test]
async fn an_answer_that_is_not_the_servers_is_not_believed() {
    let (body, other) = (card(), b"another body".to_vec());
    let fine = Whole { status: 200, media_type: MEDIA_TYPE, signed: &body, body: &body, request: None };
    let refused = answers(fine.bytes(&SigningKey::make(&mut seeded(52)))).await.card().await;
    assert!(matches!(refused, Err(TransportError::Misbehaved(Misbehaved::Signature(_)))), "{refused:?}");
    let swapped = Whole { body: &other, ..fine };
    let refused = answers(swapped.bytes(&server_key())).await.card().await;
    assert_eq!(refused, Err(misbehaved(Misbehaved::Signature(HttpSignatureError::Content))));
    // The sign-in page of a hotel.
    let page = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5\r\n\r\nhello".to_vec();
    let refused = answers(page).await.card().await;
    assert!(matches!(refused, Err(TransportError::Misbehaved(Misbehaved::Signature(_)))), "{refused:?}");
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_read() {
    let long = vec![0u8; 4_096];
    let whole = Whole { status: 200, media_type: MEDIA_TYPE, signed: &long, body: &long, request: None };
    let refused = answers(whole.bytes(&server_key())).await.card().await;
    assert_eq!(refused, Err(misbehaved(Misbehaved::TooLong { limit_bytes: 1_024 })));
    let mut endless = b"HTTP/1.1 200 OK\r\n".to_vec();
    endless.extend(std::iter::repeat_n(b"x-more: 0123456789\r\n", 40_000).flatten());
    let refused = answers(endless).await.card().await;
    assert!(matches!(refused, Err(TransportError::Offline { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = b"HTTP/1.1 307 x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_vec();
    let refused = answers(elsewhere).await.card().await;
    assert_eq!(refused, Err(misbehaved(Misbehaved::Redirect { status: 307 })));
}

#[tokio::test]
async fn who_asks_for_a_pause_need_not_sign() {
    let busy = |status: u16, more: &str| format!("HTTP/1.1 {status} x\r\n{more}content-length: 0\r\n\r\n").into_bytes();
    for (status, more, retry_after_ms) in
        [(503, "retry-after: 7\r\n", Some(7_000)), (429, "retry-after: 99999999\r\n", Some(3_600_000)), (502, "", None)]
    {
        let refused = answers(busy(status, more)).await.card().await;
        assert_eq!(refused, Err(TransportError::Busy { status, retry_after_ms }));
    }
}

#[tokio::test]
async fn a_refusal_counts_when_it_was_said_to_this_request() {
    let problem = |name: &str| format!(r#"{{"type":"urn:doorstep:problem:{name}","title":"t","status":1,"size":5}}"#);
    let request = signed_request(Endpoint::Sync);
    let cases = [
        (401, "unauthorised", TransportError::SessionEnded),
        (403, "revoked", Refused::Revoked.into()),
        (403, "ended", Refused::Ended.into()),
        (403, "frozen", Refused::Frozen.into()),
        (409, "log-behind", TransportError::LogBehind { size: LogSize(5) }),
        (409, "log-fork", TransportError::LogFork),
        (415, "media-type", Incompatible::Request { status: 415 }.into()),
        (418, "teapot", misbehaved(Misbehaved::Status { status: 418 })),
    ];
    for (status, name, expected) in cases {
        let body = problem(name).into_bytes();
        let said = Some(request.signature());
        let whole = Whole { status, media_type: PROBLEM, signed: &body, body: &body, request: said };
        let refused = answers(whole.bytes(&server_key())).await.exchange(request.clone()).await.map(|_| ());
        assert_eq!(refused, Err(expected), "{name}");
        // What was said to nobody in particular ends no device's service: it could be an old answer to anybody.
        let unbound = Whole { request: None, ..whole };
        let refused = answers(unbound.bytes(&server_key())).await.exchange(request.clone()).await.map(|_| ());
        let believed = !matches!(refused, Err(TransportError::Misbehaved(Misbehaved::Signature(_))));
        assert_eq!(believed, !matches!(status, 403 | 409), "{name}: {refused:?}");
    }
}

#[tokio::test]
async fn another_media_type_is_another_version() {
    let body = card();
    let whole = Whole {
        status: 200,
        media_type: "application/vnd.doorstep.v2+cbor",
        signed: &body,
        body: &body,
        request: None,
    };
    assert_eq!(answers(whole.bytes(&server_key())).await.card().await, Err(Incompatible::MediaType.into()));
}

#[tokio::test]
async fn the_head_of_a_stream_is_bound_to_its_request() {
    let request = signed_request(Endpoint::Sync);
    for (bound, expected) in [(request.signature(), true), (Signature([9; 64]), false)] {
        let content = SignedContent::Stream { content_type: STREAM_MEDIA_TYPE };
        let head = AnswerHead { status: 200, content, request: Some(bound), created: Millis(1_000) };
        let headers = head.sign(|base| server_key().sign_raw(base));
        let bytes = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {STREAM_MEDIA_TYPE}\r\ncontent-length: 0\r\nsignature-input: {}\r\nsignature: {}\r\n\r\n",
            headers.signature_input, headers.signature
        );
        let answer = answers(bytes.into_bytes()).await.exchange(request.clone()).await;
        assert_eq!(answer.is_ok(), expected);
        if let Ok(mut frames) = answer {
            assert_eq!(frames.next_batch().await.unwrap_err(), misbehaved(Misbehaved::BrokenOff));
        }
    }
}

#[tokio::test]
async fn a_watch_is_opened_only_with_the_servers_agreement() {
    let wrong = "HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: AAAA\r\n\r\n";
    let refused = answers(wrong.as_bytes().to_vec()).await.watch(signed_request(Endpoint::Watch)).await.map(|_| ());
    assert_eq!(refused, Err(misbehaved(Misbehaved::Upgrade)));
}

#[tokio::test]
async fn a_server_that_stalls_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let transport = http(&format!("http://{}", listener.local_addr().unwrap()), server_key().public());
    let asking = tokio::spawn(async move { transport.card().await });
    let (mut socket, _) = listener.accept().await.unwrap();
    read_request(&mut socket).await;
    // From here nothing moves but the clock.
    tokio::time::pause();
    let silent = TransportError::Silent { stage: Stage::Request, waited_ms: QUIET_MS_MAX };
    assert_eq!(asking.await.unwrap(), Err(silent));
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_stalls_is_given_up_and_what_came_was_handed_over() {
    let own = Frame::Own(EnvelopeId([1; 32])).to_bytes();
    let bytes = stream::iter([Ok(Chunk::from(own))]).chain(stream::pending());
    let mut frames = FrameStream::new(Signature([0; 64]), Box::pin(bytes));
    assert_eq!(frames.next_batch().await.unwrap().frames.len(), 1);
    let silent = TransportError::Silent { stage: Stage::Answer, waited_ms: FRAME_IDLE_MS_MAX };
    assert_eq!(frames.next_batch().await.unwrap_err(), silent);
}

#[tokio::test]
async fn a_stream_without_end_is_cut() {
    let frame = Chunk::from(Frame::Envelope(vec![0; limits::ENVELOPE_BYTES_MAX]).to_bytes());
    let mut frames = FrameStream::new(Signature([0; 64]), Box::pin(stream::repeat_with(move || Ok(frame.clone()))));
    let error = loop {
        if let Err(error) = frames.next_batch().await {
            break error;
        }
    };
    let limit_bytes = usize::try_from(ANSWER_STREAM_BYTES_MAX).unwrap();
    assert_eq!(error, misbehaved(Misbehaved::TooLong { limit_bytes }));
}

#[tokio::test]
async fn nothing_may_follow_the_closing_frame() {
    let closing = Frame::Closing(Closing { remainder: Remainder::Nothing, signature: Signature([0; 64]) }).to_bytes();
    let own = Frame::Own(EnvelopeId([1; 32])).to_bytes();
    let together = [closing.clone(), own.clone()].concat();
    let mut frames = FrameStream::new(Signature([0; 64]), Box::pin(stream::iter([Ok(Chunk::from(together))])));
    let after = misbehaved(Misbehaved::Frames(FrameError::AfterClosing));
    assert_eq!(frames.next_batch().await.unwrap_err(), after);
    let apart = stream::iter([Ok(Chunk::from(closing)), Ok(Chunk::from(own))]);
    let mut frames = FrameStream::new(Signature([0; 64]), Box::pin(apart));
    assert!(frames.next_batch().await.unwrap().closing.is_some());
    assert_eq!(frames.finish().await, Err(after));
}
