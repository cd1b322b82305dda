//! `POST /v1/farewell`: a revoked device takes its leave.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use doorstep_protocol::limits;
use doorstep_protocol::wire::FarewellRequest;

use super::signed;
use crate::app::App;
use crate::problem::Problem;

pub(super) async fn post(State(app): State<Arc<App>>, request: Request) -> Response {
    signed::by(
        app,
        request,
        limits::SYNC_REQUEST_BYTES_MAX,
        |app, claimed| app.relay.authenticate_leaver(claimed, app.now()),
        |app, leaver, challenge, bytes| {
            let request = FarewellRequest::parse(bytes).map_err(|_| Problem::Malformed)?;
            if request.challenge.0 != challenge {
                return Err(Problem::Unauthorised);
            }
            Ok(app.relay.farewell(leaver, &request, app.now())?.to_bytes())
        },
    )
    .await
}
