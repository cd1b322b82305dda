//! Answers, signed: bound to the signature of the request, where that has one.

use axum::body::Body;
use axum::response::Response;
use doorstep_protocol::Signature;
use doorstep_protocol::http_signature::{
    AnswerHead, AnswerHeaders, CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT, SignedContent, content_digest,
};
use doorstep_protocol::wire::{MEDIA_TYPE, PART_MEDIA_TYPE, STREAM_MEDIA_TYPE};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};

use crate::app::App;
use crate::problem::{PROBLEM_MEDIA_TYPE, Problem};

/// A whole message.
pub(super) fn message(app: &App, body: Vec<u8>, request: Option<Signature>) -> Response {
    whole(app, StatusCode::OK, MEDIA_TYPE, body, request)
}

/// A sealed part.
pub(super) fn part(app: &App, body: Vec<u8>, request: Signature) -> Response {
    whole(app, StatusCode::OK, PART_MEDIA_TYPE, body, Some(request))
}

/// A problem.
pub(super) fn refusal(app: &App, problem: &Problem, request: Option<Signature>) -> Response {
    tracing::debug!(problem = problem.type_uri(), "refused");
    whole(app, problem.status(), PROBLEM_MEDIA_TYPE, problem.to_json(), request)
}

/// A stream of frames, closed by its last.
pub(super) fn stream(app: &App, body: Body, request: Signature) -> Response {
    let content = SignedContent::Stream { content_type: STREAM_MEDIA_TYPE };
    let head = AnswerHead { status: 200, content, request: Some(request), created: app.now() };
    with_headers(StatusCode::OK, STREAM_MEDIA_TYPE, sign(app, &head), body)
}

fn whole(
    app: &App,
    status: StatusCode,
    media_type: &'static str,
    body: Vec<u8>,
    request: Option<Signature>,
) -> Response {
    let content = SignedContent::Digest(content_digest(&body));
    let head = AnswerHead { status: status.as_u16(), content, request, created: app.now() };
    with_headers(status, media_type, sign(app, &head), Body::from(body))
}

fn sign(app: &App, head: &AnswerHead<'_>) -> AnswerHeaders {
    head.sign(|base| app.relay.keys().sign_raw(base))
}

fn with_headers(status: StatusCode, media_type: &'static str, signed: AnswerHeaders, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let values = [
        (CONTENT_DIGEST, signed.content_digest),
        (SIGNATURE_INPUT, Some(signed.signature_input)),
        (SIGNATURE, Some(signed.signature)),
    ];
    for (name, value) in values {
        if let Some(value) = value {
            let value = HeaderValue::try_from(value).expect("digests and signatures are written in ASCII");
            headers.insert(name, value);
        }
    }
    response
}
