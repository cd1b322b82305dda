//! A request with a signature and one whole message, answered by one: the signature is checked before the body is read.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use doorstep_protocol::http_signature::{ClaimedRequest, VerifiedRequest};
use doorstep_protocol::{DeviceId, PartnershipId};
use http::request::Parts;

use super::{answer, body};
use crate::app::App;
use crate::problem::Problem;
use crate::relay::Caller;
use crate::session::TokenKind;

/// Answers a device in its session.
pub(super) async fn in_session(
    app: Arc<App>,
    request: Request,
    limit_bytes: usize,
    act: impl FnOnce(&App, Caller, &[u8]) -> Result<Vec<u8>, Problem> + Send + 'static,
) -> Response {
    let authenticate =
        |app: &App, claimed: ClaimedRequest| app.relay.authenticate(claimed, TokenKind::Session, app.now());
    by(app, request, limit_bytes, authenticate, move |app, caller, _, bytes| act(app, caller, bytes)).await
}

/// Answers whoever `authenticate` knows; `act` is handed the token that was signed, too.
pub(super) async fn by<W: Send + 'static>(
    app: Arc<App>,
    request: Request,
    limit_bytes: usize,
    authenticate: impl FnOnce(&App, ClaimedRequest) -> Result<(W, VerifiedRequest), Problem> + Send + 'static,
    act: impl FnOnce(&App, W, &[u8], &[u8]) -> Result<Vec<u8>, Problem> + Send + 'static,
) -> Response {
    let (parts, request_body) = request.into_parts();
    let claimed = match body::claimed(&parts) {
        Ok(claimed) => claimed,
        Err(problem) => return answer::refusal(&app, &problem, None),
    };
    let signature = claimed.signature();
    let token = claimed.session().to_vec();
    let named: (PartnershipId, DeviceId) = (claimed.partnership(), claimed.device());
    let known = app.blocking(move |app| {
        let known = authenticate(app, claimed)?;
        app.rates.count(named, app.now())?;
        Ok(known)
    });
    let answered = match known.await {
        Ok(known) => acted(&app, &parts, request_body, limit_bytes, (known, token), act).await,
        Err(problem) => {
            body::drain(&app, request_body, limit_bytes).await;
            Err(problem)
        }
    };
    match answered {
        Ok(message) => answer::message(&app, message, Some(signature)),
        Err(problem) => answer::refusal(&app, &problem, Some(signature)),
    }
}

async fn acted<W: Send + 'static>(
    app: &Arc<App>,
    parts: &Parts,
    request_body: Body,
    limit_bytes: usize,
    ((who, verified), token): ((W, VerifiedRequest), Vec<u8>),
    act: impl FnOnce(&App, W, &[u8], &[u8]) -> Result<Vec<u8>, Problem> + Send + 'static,
) -> Result<Vec<u8>, Problem> {
    let bytes = body::message(app, parts, request_body, limit_bytes).await?;
    app.blocking(move |app| {
        verified.check_content(&bytes).map_err(|_| Problem::Unauthorised)?;
        act(app, who, &token, &bytes)
    })
    .await
}
