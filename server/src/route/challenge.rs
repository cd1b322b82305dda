//! `POST /v1/challenge`: what a device must sign to open a session. Everybody gets one; the server remembers none.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use doorstep_protocol::wire::{Challenge, ChallengeRequest};

use super::{answer, body};
use crate::app::{App, random_nonce};
use crate::problem::Problem;

const BYTES_MAX: usize = 256;

pub(super) async fn post(State(app): State<Arc<App>>, request: Request) -> Response {
    match challenge(&app, request).await {
        Ok(challenge) => answer::message(&app, challenge.to_bytes(), None),
        Err(problem) => answer::refusal(&app, &problem, None),
    }
}

async fn challenge(app: &App, request: Request) -> Result<Challenge, Problem> {
    let (parts, body) = request.into_parts();
    let bytes = body::message(app, &parts, body, BYTES_MAX).await?;
    let request = ChallengeRequest::parse(&bytes).map_err(|_| Problem::Malformed)?;
    Ok(app.relay.challenge(&request, random_nonce()?, app.now()))
}
