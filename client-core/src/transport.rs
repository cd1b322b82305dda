//! How a device reaches a server: whole exchanges, each verified against the server key that was pinned at enrolment.
//!
//! [`Transport`] is what the sync driver needs and no more, so that an app may bring its own HTTP, and a simulator none at
//! all. [`HttpTransport`] is the one that ships.
//!
//! | file | is |
//! | --- | --- |
//! | `address` | which addresses are spoken to, and when without TLS |
//! | `trust` | whose certificates are believed |
//! | `connection`, `counted`, `upload` | the HTTP/1.1 client: reuse, timeouts, bytes counted |
//! | `answer` | heads and problems of answers, verified |
//! | `frames` | a streamed answer, frame by frame |
//! | `http`, `watch` | the paths of the protocol over HTTP |
//! | `stack` | HTTP that a host app brings in place of ours |

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use doorstep_protocol::http_signature::{ReceivedRequest, RequestHead, RequestHeaders, content_digest};
use doorstep_protocol::wire::{
    Challenge, ChallengeRequest, LogAppend, LogAppended, MEDIA_TYPE, PART_MEDIA_TYPE, PARTS_PATH, ServerCard,
    SessionAnswer, WatchNotice,
};
use doorstep_protocol::{BlobId, DeviceId, Millis, PartnershipId, Signature};
use futures_util::Stream;

mod address;
mod answer;
mod connection;
mod counted;
mod error;
mod frames;
mod http;
mod stack;
mod trust;
mod upload;
mod watch;

pub use address::{AddressError, PlainHttp, ServerAddress};
pub use connection::{CONNECT_MS_MAX, Connection, POOL_IDLE_MS_MAX};
pub use error::{Failure, Incompatible, Misbehaved, PartRefused, Refused, Stage, TransportError};
pub use frames::{ANSWER_MS_MAX, ANSWER_STREAM_BYTES_MAX, Batch, ByteStream, FRAME_IDLE_MS_MAX, FrameStream};
pub use http::HttpTransport;
pub use stack::{Flow, HttpStack, PIECE_BYTES_MAX, StackAnswer, StackFailure, StackRequest, StackUpload};
pub use trust::{Trust, TrustError};
pub use upload::QUIET_MS_MAX;
pub use watch::{WATCH_PING_MS, WATCH_SILENCE_MS_MAX};

/// Notices of a watch as they come; it ends when the server ends it.
pub type NoticeStream = Pin<Box<dyn Stream<Item = Result<WatchNotice, TransportError>> + Send>>;

/// The paths that a device signs requests to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Opens a session.
    Session,
    /// One catch-up.
    Sync,
    /// Waits for news.
    Watch,
    /// A revoked device takes its leave.
    Farewell,
    /// What revoked devices left.
    Inbox,
    /// Somebody has decided about what revoked devices left.
    InboxClear,
    /// Where a device's chains end.
    Tails,
    /// The log for who holds the root keys.
    Recover,
    /// Which documents need which sealed parts.
    Claims,
    /// Brings a sealed part.
    PutPart(BlobId),
    /// Fetches a sealed part.
    GetPart(BlobId),
}

impl Endpoint {
    /// The HTTP method.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::Watch | Self::GetPart(_) => "GET",
            Self::PutPart(_) => "PUT",
            _ => "POST",
        }
    }

    /// The path.
    #[must_use]
    pub fn path(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Session => "/v1/session",
            Self::Sync => "/v1/sync",
            Self::Watch => "/v1/watch",
            Self::Farewell => "/v1/farewell",
            Self::Inbox => "/v1/inbox",
            Self::InboxClear => "/v1/inbox/clear",
            Self::Tails => "/v1/tails",
            Self::Recover => "/v1/recover",
            Self::Claims => "/v1/claims",
            Self::PutPart(id) | Self::GetPart(id) => return Cow::Owned(format!("{PARTS_PATH}{id}")),
        })
    }

    /// The media type of what is sent.
    #[must_use]
    pub const fn sends(self) -> &'static str {
        if let Self::PutPart(_) = self { PART_MEDIA_TYPE } else { MEDIA_TYPE }
    }

    /// The media type of the whole message that answers.
    #[must_use]
    pub const fn answered_by(self) -> &'static str {
        if let Self::GetPart(_) = self { PART_MEDIA_TYPE } else { MEDIA_TYPE }
    }
}

/// Who signs, for which tenant, under which session token (or challenge).
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The tenant.
    pub partnership: PartnershipId,
    /// The device.
    pub device: DeviceId,
    /// The session token, or the challenge when a session is opened.
    pub session: &'a [u8],
}

/// A request that its device has signed: a transport carries it and cannot change it.
#[derive(Clone, Debug)]
pub struct SignedRequest {
    endpoint: Endpoint,
    path: Cow<'static, str>,
    headers: RequestHeaders,
    body: Vec<u8>,
}

impl SignedRequest {
    /// Signs a request at `now` by the device's clock; `sign` is handed the signature base.
    #[must_use]
    pub fn sign(
        endpoint: Endpoint,
        signer: Signer<'_>,
        body: Vec<u8>,
        now: Millis,
        sign: impl FnOnce(&[u8]) -> Signature,
    ) -> Self {
        let head = RequestHead {
            method: endpoint.method(),
            path: &endpoint.path(),
            partnership: signer.partnership,
            session: signer.session,
            device: signer.device,
            created: now,
            content: content_digest(&body),
        };
        Self { endpoint, path: endpoint.path(), headers: head.sign(sign), body }
    }

    /// The same, by whoever may not sign.
    ///
    /// # Errors
    /// What `sign` raised; there is then no request.
    pub fn try_sign<E>(
        endpoint: Endpoint,
        signer: Signer<'_>,
        body: Vec<u8>,
        now: Millis,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Self, E> {
        let mut signed = Ok(());
        let request = Self::sign(endpoint, signer, body, now, |base| {
            sign(base).unwrap_or_else(|error| {
                signed = Err(error);
                Signature([0; Signature::LEN])
            })
        });
        signed.map(|()| request)
    }

    /// Where it goes.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// Names and values of its headers.
    #[must_use]
    pub fn header_pairs(&self) -> [(&'static str, &str); 5] {
        self.headers.pairs()
    }

    /// Its body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Its signature, to which the answer is bound.
    #[must_use]
    pub const fn signature(&self) -> Signature {
        self.headers.signed
    }

    /// The request as a server receives it, for a transport without sockets.
    #[must_use]
    pub fn received(&self) -> ReceivedRequest<'_> {
        ReceivedRequest {
            method: self.endpoint.method(),
            path: &self.path,
            content_digest: &self.headers.content_digest,
            partnership: &self.headers.partnership,
            session: &self.headers.session,
            signature_input: &self.headers.signature_input,
            signature: &self.headers.signature,
        }
    }

    fn into_parts(self) -> (Endpoint, RequestHeaders, Vec<u8>) {
        (self.endpoint, self.headers, self.body)
    }
}

/// Bytes that were carried, ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Traffic {
    /// From this device to the server: HTTP with its headers, before TLS.
    pub up_bytes: u64,
    /// From the server to this device, after TLS.
    pub down_bytes: u64,
    /// Requests, watches among them.
    pub requests: u64,
}

/// Carries exchanges to one server and verifies what comes back against the pinned server key. Every method may be dropped
/// at any await: nothing is then half done on this side.
pub trait Transport: Send + Sync {
    /// Who the server says it is, signed with the pinned key.
    fn card(&self) -> impl Future<Output = Result<ServerCard, TransportError>> + Send;

    /// Appends to the authority log, or brings it to a server that has none.
    fn append_log(&self, append: &LogAppend) -> impl Future<Output = Result<LogAppended, TransportError>> + Send;

    /// What must be signed to open a session.
    fn challenge(&self, asks: &ChallengeRequest) -> impl Future<Output = Result<Challenge, TransportError>> + Send;

    /// Opens a session. The request is signed over the challenge.
    fn open_session(
        &self,
        request: SignedRequest,
    ) -> impl Future<Output = Result<SessionAnswer, TransportError>> + Send;

    /// One catch-up: sends the request, verifies the answer's head, and hands over its frames as they come. Whoever reads
    /// them checks the closing frame.
    fn exchange(&self, request: SignedRequest) -> impl Future<Output = Result<FrameStream, TransportError>> + Send;

    /// A signed request with one whole message as its answer: its body, verified, of at most `limit_bytes`.
    fn message(
        &self,
        request: SignedRequest,
        limit_bytes: usize,
    ) -> impl Future<Output = Result<Vec<u8>, TransportError>> + Send;

    /// Waits for news. Notices are hints, not data: whoever hears one asks by [`Transport::exchange`].
    fn watch(&self, request: SignedRequest) -> impl Future<Output = Result<NoticeStream, TransportError>> + Send;

    /// Whether a watch of this transport says anything: otherwise its device asks by itself, now and then.
    fn hears(&self) -> Hears {
        Hears::Notices
    }

    /// What was carried so far.
    fn traffic(&self) -> Traffic;
}

/// What comes by a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hears {
    /// Notices.
    Notices,
    /// Nothing, ever.
    Nothing,
}
