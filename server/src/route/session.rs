//! `POST /v1/session`: a device answers its challenge and gets a session, and the tails of its own work.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use doorstep_protocol::http_signature::ClaimedRequest;
use doorstep_protocol::wire::{SessionAnswer, SessionRequest};

use super::{answer, body};
use crate::app::{App, random_nonce};
use crate::problem::Problem;
use crate::session::TokenKind;

const BYTES_MAX: usize = 512;

pub(super) async fn post(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let claimed = match body::claimed(&parts) {
        Ok(claimed) => claimed,
        Err(problem) => return answer::refusal(&app, &problem, None),
    };
    let signature = claimed.signature();
    let opened = match body::message(&app, &parts, body, BYTES_MAX).await {
        Ok(bytes) => open(&app, claimed, bytes).await,
        Err(problem) => Err(problem),
    };
    match opened {
        Ok(session) => answer::message(&app, session.to_bytes(), Some(signature)),
        Err(problem) => answer::refusal(&app, &problem, Some(signature)),
    }
}

async fn open(app: &Arc<App>, claimed: ClaimedRequest, bytes: Vec<u8>) -> Result<SessionAnswer, Problem> {
    let nonce = random_nonce()?;
    app.blocking(move |app| {
        let now = app.now();
        let named = (claimed.partnership(), claimed.device());
        let challenge = claimed.session().to_vec();
        let (caller, verified) = app.relay.authenticate(claimed, TokenKind::Challenge, now)?;
        app.rates.count(named, now)?;
        verified.check_content(&bytes).map_err(|_| Problem::Unauthorised)?;
        let request = SessionRequest::parse(&bytes).map_err(|_| Problem::Malformed)?;
        if (request.partnership, request.device) != named || request.challenge.0 != challenge {
            return Err(Problem::Unauthorised);
        }
        app.relay.open_session(caller, nonce, now)
    })
    .await
}
