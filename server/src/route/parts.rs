//! `POST /v1/claims`, and `PUT`, `GET` and `HEAD /v1/blobs/{id}`: sealed parts of files.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use doorstep_protocol::wire::{ClaimRequest, PART_MEDIA_TYPE, PARTS_PATH};
use doorstep_protocol::{BlobId, limits};
use http::Uri;
use http::header::CONTENT_TYPE;

use super::{answer, body, signed};
use crate::app::App;
use crate::problem::Problem;
use crate::session::TokenKind;

pub(super) async fn claims(State(app): State<Arc<App>>, request: Request) -> Response {
    signed::in_session(app, request, limits::CLAIM_REQUEST_BYTES_MAX, |app, caller, bytes| {
        let request = ClaimRequest::parse(bytes).map_err(|_| Problem::Malformed)?;
        Ok(app.relay.claim(caller, &request, app.now())?.to_bytes())
    })
    .await
}

/// The id that a path ends with, in the one form that there is.
fn id(uri: &Uri) -> Result<BlobId, Problem> {
    let text = uri.path().strip_prefix(PARTS_PATH).ok_or(Problem::NotFound)?;
    let id: BlobId = text.parse().map_err(|_| Problem::NotFound)?;
    if id.to_string() == text { Ok(id) } else { Err(Problem::NotFound) }
}

/// There is nothing to say but that it is kept: the answer is empty.
pub(super) async fn put(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, request_body) = request.into_parts();
    let claimed = match body::claimed(&parts) {
        Ok(claimed) => claimed,
        Err(problem) => return answer::refusal(&app, &problem, None),
    };
    let signature = claimed.signature();
    let known = app.blocking(move |app| {
        let (caller, verified) = app.relay.authenticate(claimed, TokenKind::Session, app.now())?;
        app.rates.count((caller.partnership(), caller.device()), app.now())?;
        Ok((caller, verified))
    });
    let media_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let asked = match known.await {
        Ok(_) if media_type != Some(PART_MEDIA_TYPE) => Err(Problem::MediaType),
        Ok(who) => id(&parts.uri).map(|id| (who, id)),
        Err(problem) => Err(problem),
    };
    let kept = async {
        let ((caller, verified), id) = match asked {
            Ok(asked) => asked,
            Err(problem) => {
                body::drain(&app, request_body, limits::PART_SEALED_BYTES_MAX).await;
                return Err(problem);
            }
        };
        let bytes = body::whole(&app, request_body, limits::PART_SEALED_BYTES_MAX).await?;
        app.blocking(move |app| {
            verified.check_content(&bytes).map_err(|_| Problem::Unauthorised)?;
            app.relay.put_part(caller, id, &bytes, app.now())
        })
        .await
    };
    match kept.await {
        Ok(()) => answer::message(&app, Vec::new(), Some(signature)),
        Err(problem) => answer::refusal(&app, &problem, Some(signature)),
    }
}

/// Also what answers `HEAD`, without the body.
pub(super) async fn get(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let claimed = match body::claimed(&parts) {
        Ok(claimed) => claimed,
        Err(problem) => return answer::refusal(&app, &problem, None),
    };
    let signature = claimed.signature();
    let found = app.blocking(move |app| {
        let (caller, verified) = app.relay.authenticate(claimed, TokenKind::Session, app.now())?;
        app.rates.count((caller.partnership(), caller.device()), app.now())?;
        // There is no body, and the digest says so.
        verified.check_content(b"").map_err(|_| Problem::Unauthorised)?;
        app.relay.part(caller, id(&parts.uri)?, app.now())
    });
    match found.await {
        Ok(part) => answer::part(&app, part, signature),
        Err(problem) => answer::refusal(&app, &problem, Some(signature)),
    }
}
