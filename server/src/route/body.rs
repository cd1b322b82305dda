//! Heads and bodies of requests, within their limits of size and time.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use doorstep_protocol::http_signature::{
    CONTENT_DIGEST, ClaimedRequest, PARTNERSHIP, ReceivedRequest, SESSION, SIGNATURE, SIGNATURE_INPUT,
};
use doorstep_protocol::wire::MEDIA_TYPE;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::app::App;
use crate::lifeline::Lifeline;
use crate::problem::Problem;
use crate::relay::Caller;

/// A header's only value, `""` when it is missing, doubled or not text.
fn only<'a>(parts: &'a Parts, name: &str) -> &'a str {
    let mut values = parts.headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().unwrap_or_default(),
        _ => "",
    }
}

/// Ties the connection to the device that is answered on it: it is cut when the device is no longer served. Whether it
/// is served is for the caller to ask after this.
pub(super) fn tie(app: &App, parts: &Parts, caller: Caller) -> Lifeline {
    let line = parts.extensions.get::<Lifeline>().cloned().unwrap_or_default();
    line.hold(app.relay.lifelines(), (caller.partnership(), caller.device()));
    line
}

/// What a request's signature claims.
pub(super) fn claimed(parts: &Parts) -> Result<ClaimedRequest, Problem> {
    // A query is not signed, and none is defined.
    if parts.uri.query().is_some() {
        return Err(Problem::Unauthorised);
    }
    let received = ReceivedRequest {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        content_digest: only(parts, CONTENT_DIGEST),
        partnership: only(parts, PARTNERSHIP),
        session: only(parts, SESSION),
        signature_input: only(parts, SIGNATURE_INPUT),
        signature: only(parts, SIGNATURE),
    };
    received.parse().map_err(|_| Problem::Unauthorised)
}

/// The body of a message.
pub(super) async fn message(app: &App, parts: &Parts, body: Body, limit_bytes: usize) -> Result<Vec<u8>, Problem> {
    if only(parts, CONTENT_TYPE.as_str()) != MEDIA_TYPE {
        return Err(Problem::MediaType);
    }
    whole(app, body, limit_bytes).await
}

/// The body, whatever it is.
pub(super) async fn whole(app: &App, body: Body, limit_bytes: usize) -> Result<Vec<u8>, Problem> {
    let within = Duration::from_secs(app.limits.body_seconds_max);
    let collected = tokio::time::timeout(within, Limited::new(body, limit_bytes).collect()).await;
    let collected = collected.map_err(|_| Problem::TooSlow)?.map_err(|error| {
        if error.is::<LengthLimitError>() { Problem::TooLong { limit_bytes } } else { Problem::Malformed }
    })?;
    let bytes = collected.to_bytes();
    app.metrics.received_bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    Ok(bytes.into())
}

/// Reads a body to its end and forgets it: a sender that is still writing would not see the answer.
pub(super) async fn drain(app: &App, mut body: Body, limit_bytes: usize) {
    let within = Duration::from_secs(app.limits.body_seconds_max);
    let mut left = limit_bytes;
    let draining = async {
        while let Some(Ok(frame)) = body.frame().await {
            match left.checked_sub(frame.data_ref().map_or(0, |data| data.len())) {
                Some(rest) => left = rest,
                None => return,
            }
        }
    };
    let _given_up = tokio::time::timeout(within, draining).await;
}
