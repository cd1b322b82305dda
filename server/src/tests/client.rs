//! Speaks HTTP to a server in this process over real sockets, as a device or as an outsider.

use std::net::SocketAddr;

use doorstep_protocol::http_signature::{
    CONTENT_DIGEST, ReceivedAnswer, RequestHead, RequestHeaders, SIGNATURE, SIGNATURE_INPUT, content_digest,
};
use doorstep_protocol::wire::{
    Challenge, ChallengeRequest, LogAppend, MEDIA_TYPE, STREAM_MEDIA_TYPE, SessionAnswer, SessionRequest, SyncRequest,
};
use doorstep_protocol::{PartnershipId, SignPublic, Signature};
use ed25519_dalek::Signer;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::town::{Device, NOW};
use crate::server::Running;

/// An answer, as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    fn received(&self) -> ReceivedAnswer<'_> {
        ReceivedAnswer {
            status: self.status.as_u16(),
            content_digest: self.header(CONTENT_DIGEST),
            signature_input: self.header(SIGNATURE_INPUT),
            signature: self.header(SIGNATURE),
        }
    }

    /// Checks the server's signature over a whole answer.
    pub(crate) fn verified(self, server: &SignPublic, request: Option<&Signature>) -> Self {
        self.received().verify(server, request, &self.body).expect("signed by the server");
        self
    }

    /// Checks the server's signature over the head of a stream.
    pub(crate) fn verified_stream(self, server: &SignPublic, request: &Signature) -> Self {
        assert_eq!(self.header(CONTENT_TYPE.as_str()), STREAM_MEDIA_TYPE);
        self.received().verify_stream(server, request, STREAM_MEDIA_TYPE).expect("signed by the server");
        self
    }

    /// The last part of a problem's type.
    pub(crate) fn problem(&self) -> String {
        let json: serde_json::Value = serde_json::from_slice(&self.body).expect("problem details");
        let name = json["type"].as_str().and_then(|uri| uri.strip_prefix("urn:doorstep:problem:"));
        name.expect("a problem of ours").to_owned()
    }
}

pub(crate) fn request(method: Method, path: &str, body: Vec<u8>) -> Request<Full<bytes::Bytes>> {
    let mut request = Request::new(Full::from(body));
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().expect("a path");
    request.headers_mut().insert(HOST, "server".parse().expect("a host"));
    request.headers_mut().insert(CONTENT_TYPE, MEDIA_TYPE.parse().expect("a media type"));
    request
}

pub(crate) async fn send(address: SocketAddr, request: Request<Full<bytes::Bytes>>) -> Answer {
    let stream = TcpStream::connect(address).await.expect("the server listens");
    send_on(stream, request).await
}

pub(crate) async fn send_on<I>(io: I, request: Request<Full<bytes::Bytes>>) -> Answer
where
    I: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(io)).await.expect("HTTP");
    let connection = tokio::spawn(connection);
    let (parts, body) = sender.send_request(request).await.expect("an answer").into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes().into();
    connection.abort();
    Answer { status: parts.status, headers: parts.headers, body }
}

pub(crate) async fn post(address: SocketAddr, path: &str, body: Vec<u8>) -> Answer {
    send(address, request(Method::POST, path, body)).await
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> Answer {
    send(address, request(Method::GET, path, Vec::new())).await
}

pub(crate) async fn append(running: &Running, append: &LogAppend) -> Answer {
    post(running.address(), "/v1/log", append.to_bytes()).await.verified(&running.server_key(), None)
}

/// The headers by which a device signs.
pub(crate) fn sign(
    device: &Device,
    partnership: PartnershipId,
    (method, path): (&str, &str),
    session: &[u8],
    body: &[u8],
) -> RequestHeaders {
    let content = content_digest(body);
    let head = RequestHead { method, path, partnership, session, device: device.id, created: NOW, content };
    head.sign(|base| Signature(device.sign.sign(base).to_bytes()))
}

pub(crate) fn signed(
    (method, path): (Method, &str),
    headers: &RequestHeaders,
    body: Vec<u8>,
) -> Request<Full<bytes::Bytes>> {
    let mut request = request(method, path, body);
    for (name, value) in headers.pairs() {
        request.headers_mut().insert(name, value.parse().expect("a header"));
    }
    request
}

/// A device's challenge.
pub(crate) async fn challenge(running: &Running, partnership: PartnershipId, device: &Device) -> Challenge {
    let body = ChallengeRequest { partnership, device: device.id }.to_bytes();
    let answer = post(running.address(), "/v1/challenge", body).await.verified(&running.server_key(), None);
    assert_eq!(answer.status, StatusCode::OK);
    Challenge::parse(&answer.body).expect("a challenge")
}

/// A request to open a session, signed.
pub(crate) fn opening(
    partnership: PartnershipId,
    device: &Device,
    challenge: &Challenge,
) -> (Request<Full<bytes::Bytes>>, Signature) {
    let body = SessionRequest { partnership, device: device.id, challenge: challenge.challenge.clone() }.to_bytes();
    let headers = sign(device, partnership, ("POST", "/v1/session"), &challenge.challenge.0, &body);
    (signed((Method::POST, "/v1/session"), &headers, body), headers.signed)
}

/// A device's session.
pub(crate) async fn session(running: &Running, partnership: PartnershipId, device: &Device) -> SessionAnswer {
    let challenge = challenge(running, partnership, device).await;
    let (request, signature) = opening(partnership, device, &challenge);
    let answer = send(running.address(), request).await.verified(&running.server_key(), Some(&signature));
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    SessionAnswer::parse(&answer.body).expect("a session")
}

/// A request of one message, signed, and its answer, checked.
pub(crate) async fn say(
    running: &Running,
    partnership: PartnershipId,
    device: &Device,
    (path, token): (&str, &[u8]),
    body: Vec<u8>,
) -> Answer {
    let headers = sign(device, partnership, ("POST", path), token, &body);
    let answer = send(running.address(), signed((Method::POST, path), &headers, body)).await;
    answer.verified(&running.server_key(), Some(&headers.signed))
}

/// One sync in a session: the answer, and the request's signature. The answer's signature is not checked yet.
pub(crate) async fn sync(
    running: &Running,
    partnership: PartnershipId,
    device: &Device,
    session: &[u8],
    body: &SyncRequest,
) -> (Answer, Signature) {
    let body = body.to_bytes();
    let headers = sign(device, partnership, ("POST", "/v1/sync"), session, &body);
    (send(running.address(), signed((Method::POST, "/v1/sync"), &headers, body)).await, headers.signed)
}
