//! `POST /v1/inbox`, `/v1/inbox/clear`, `/v1/tails` and `/v1/recover`: what a desk asks beside syncing.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use doorstep_protocol::wire::{InboxClear, InboxRequest, RecoverRequest, TailsRequest};

use super::signed;
use crate::app::App;
use crate::problem::Problem;

const QUESTION_BYTES_MAX: usize = 64;
const CLEAR_BYTES_MAX: usize = 64 * 1024;
const RECOVER_BYTES_MAX: usize = 512;

pub(super) async fn inbox(State(app): State<Arc<App>>, request: Request) -> Response {
    signed::in_session(app, request, QUESTION_BYTES_MAX, |app, caller, bytes| {
        let request = InboxRequest::parse(bytes).map_err(|_| Problem::Malformed)?;
        Ok(app.relay.inbox(caller, &request, app.now())?.to_bytes())
    })
    .await
}

/// There is nothing to say but that it is done: the answer is empty.
pub(super) async fn clear(State(app): State<Arc<App>>, request: Request) -> Response {
    signed::in_session(app, request, CLEAR_BYTES_MAX, |app, caller, bytes| {
        let request = InboxClear::parse(bytes).map_err(|_| Problem::Malformed)?;
        app.relay.clear_inbox(caller, &request, app.now())?;
        Ok(Vec::new())
    })
    .await
}

pub(super) async fn tails(State(app): State<Arc<App>>, request: Request) -> Response {
    signed::in_session(app, request, QUESTION_BYTES_MAX, |app, caller, bytes| {
        let request = TailsRequest::parse(bytes).map_err(|_| Problem::Malformed)?;
        Ok(app.relay.tails_of(caller, &request, app.now())?.to_bytes())
    })
    .await
}

pub(super) async fn recover(State(app): State<Arc<App>>, request: Request) -> Response {
    signed::by(
        app,
        request,
        RECOVER_BYTES_MAX,
        |app, claimed| app.relay.authenticate_root(claimed, app.now()),
        |app, root, challenge, bytes| {
            let request = RecoverRequest::parse(bytes).map_err(|_| Problem::Malformed)?;
            if request.challenge.0 != challenge {
                return Err(Problem::Unauthorised);
            }
            Ok(app.relay.recover(root, &request)?.to_bytes())
        },
    )
    .await
}
