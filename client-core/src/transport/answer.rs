//! Heads and problems of answers. Nothing that an answer says counts before the pinned key has signed it, but for being
//! told to wait: a gateway that says so cannot sign.

use std::time::Duration;

use bytes::BytesMut;
use doorstep_protocol::http_signature::{
    CONTENT_DIGEST, HttpSignatureError, ReceivedAnswer, SIGNATURE, SIGNATURE_INPUT,
};
use doorstep_protocol::wire::{MEDIA_TYPE, STREAM_MEDIA_TYPE};
use doorstep_protocol::{LogSize, SignPublic, Signature};
use futures_util::StreamExt;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Response};
use tokio::time::Instant;

use super::error::{Incompatible, Misbehaved, PartRefused, Refused, Stage, TransportError};
use super::frames::{ByteStream, FRAME_IDLE_MS_MAX};

/// The longest problem.
pub(super) const PROBLEM_BYTES_MAX: usize = 16 * 1024;
/// How long a whole message may take.
const MESSAGE_MS_MAX: u64 = 120_000;
/// The longest pause that a server may ask for.
const RETRY_AFTER_MS_MAX: u64 = 60 * 60 * 1_000;
const PROBLEM_PREFIX: &str = "urn:doorstep:problem:";

/// A header's only value, `""` when it is missing, doubled or not text.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().unwrap_or_default(),
        _ => "",
    }
}

fn received<T>(response: &Response<T>) -> ReceivedAnswer<'_> {
    ReceivedAnswer {
        status: response.status().as_u16(),
        content_digest: only(response.headers(), CONTENT_DIGEST),
        signature_input: only(response.headers(), SIGNATURE_INPUT),
        signature: only(response.headers(), SIGNATURE),
    }
}

/// Whether an answer may be read at all: not when something asks for a pause, nor when it leads elsewhere.
pub(super) fn readable<T>(response: &Response<T>) -> Result<(), TransportError> {
    let status = response.status();
    match status.as_u16() {
        300..=399 => Err(Misbehaved::Redirect { status: status.as_u16() }.into()),
        429 | 500..=599 => {
            let seconds: Option<u64> = only(response.headers(), RETRY_AFTER.as_str()).parse().ok();
            let retry_after_ms = seconds.map(|seconds| seconds.saturating_mul(1_000).min(RETRY_AFTER_MS_MAX));
            Err(TransportError::Busy { status: status.as_u16(), retry_after_ms })
        }
        _ => Ok(()),
    }
}

/// Reads a body within a limit of bytes and time.
pub(super) async fn whole(body: ByteStream, limit_bytes: usize) -> Result<Vec<u8>, TransportError> {
    let mut body = body;
    let mut bytes = BytesMut::new();
    let deadline = Instant::now() + Duration::from_millis(MESSAGE_MS_MAX);
    loop {
        let idle = Instant::now() + Duration::from_millis(FRAME_IDLE_MS_MAX);
        let next = tokio::time::timeout_at(deadline.min(idle), body.next()).await;
        let silent = TransportError::Silent { stage: Stage::Answer, waited_ms: FRAME_IDLE_MS_MAX };
        match next.map_err(|_| silent)? {
            None => return Ok(bytes.into()),
            Some(piece) => {
                let piece = piece?;
                if bytes.len() + piece.len() > limit_bytes {
                    return Err(Misbehaved::TooLong { limit_bytes }.into());
                }
                bytes.extend_from_slice(&piece);
            }
        }
    }
}

/// Whether a problem is bound to the request it answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    ToRequest,
    /// The server could not read who asks, so anybody could have been told the same.
    ToNobody,
}

/// The body of a whole message, verified, or what the server says is wrong.
///
/// `request` is the signature of a signed request; answers to others are bound to none.
pub(super) fn message(
    server: &SignPublic,
    request: Option<&Signature>,
    response: &Response<()>,
    body: Vec<u8>,
) -> Result<Vec<u8>, TransportError> {
    whole_of(MEDIA_TYPE, server, request, (response, body))
}

/// The same of an answer in another media type.
pub(super) fn whole_of(
    media_type: &str,
    server: &SignPublic,
    request: Option<&Signature>,
    (response, body): (&Response<()>, Vec<u8>),
) -> Result<Vec<u8>, TransportError> {
    let received = received(response);
    if response.status().as_u16() != 200 {
        return Err(refused(server, request, &received, &body));
    }
    received.verify(server, request, &body).map_err(Misbehaved::Signature)?;
    if only(response.headers(), CONTENT_TYPE.as_str()) == media_type {
        Ok(body)
    } else {
        Err(Incompatible::MediaType.into())
    }
}

/// Verifies the head of a stream.
pub(super) fn stream_head<T>(
    server: &SignPublic,
    request: &Signature,
    response: &Response<T>,
) -> Result<(), TransportError> {
    let content_type = only(response.headers(), CONTENT_TYPE.as_str());
    received(response).verify_stream(server, request, content_type).map_err(Misbehaved::Signature)?;
    if content_type == STREAM_MEDIA_TYPE { Ok(()) } else { Err(Incompatible::MediaType.into()) }
}

fn refused(
    server: &SignPublic,
    request: Option<&Signature>,
    received: &ReceivedAnswer<'_>,
    body: &[u8],
) -> TransportError {
    let bound = match received.verify(server, request, body) {
        Ok(()) => Ok(Bound::ToRequest),
        Err(_) if request.is_some() && received.verify(server, None, body).is_ok() => Ok(Bound::ToNobody),
        Err(error) => Err(error),
    };
    match bound {
        Ok(bound) => problem(received.status, bound, body),
        Err(error) => Misbehaved::Signature(error).into(),
    }
}

#[derive(serde::Deserialize)]
struct Details {
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    size: Option<u64>,
}

fn problem(status: u16, bound: Bound, body: &[u8]) -> TransportError {
    let details = serde_json::from_slice(body).unwrap_or(Details { r#type: String::new(), size: None });
    let name = details.r#type.strip_prefix(PROBLEM_PREFIX).unwrap_or_default();
    // What ends this device's service, or its trust in the server, must have been said to this device now.
    if bound == Bound::ToNobody && matches!(status, 403 | 409) {
        return Misbehaved::Signature(HttpSignatureError::Components).into();
    }
    match (status, name, details.size) {
        (401, _, _) => TransportError::SessionEnded,
        (408, _, _) => TransportError::Offline { stage: Stage::Request },
        (409, "log-conflict", Some(size)) => TransportError::LogConflict { size: LogSize(size) },
        (409, "log-behind", Some(size)) => TransportError::LogBehind { size: LogSize(size) },
        (404, "no-part", _) => PartRefused::NotThere.into(),
        (409, "unclaimed", _) => PartRefused::Unclaimed.into(),
        (409, "parts-full", _) => PartRefused::Full.into(),
        (409, "claims-full", _) => PartRefused::Claims.into(),
        (409, "log-fork", _) => TransportError::LogFork,
        (409, "other-server-key", _) => Refused::OtherServerKey.into(),
        (403, "revoked", _) => Refused::Revoked.into(),
        (403, "frozen", _) => Refused::Frozen.into(),
        (403, "ended", _) => Refused::Ended.into(),
        (403, "partnership-not-taken", _) => Refused::PartnershipNotTaken.into(),
        (422, _, _) => Refused::Append.into(),
        (403 | 409, _, _) => Refused::Other { status }.into(),
        (400 | 404 | 405 | 413 | 415 | 426, _, _) => Incompatible::Request { status }.into(),
        _ => Misbehaved::Status { status }.into(),
    }
}
