//! `POST /v1/log`: entries for the authority log. No session: entries carry their own signatures, and the first ones come
//! before there is any device.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use doorstep_protocol::limits;
use doorstep_protocol::wire::{LogAppend, LogAppended};

use super::{answer, body};
use crate::app::App;
use crate::problem::Problem;

pub(super) async fn post(State(app): State<Arc<App>>, request: Request) -> Response {
    match append(&app, request).await {
        Ok(appended) => answer::message(&app, appended.to_bytes(), None),
        Err(problem) => answer::refusal(&app, &problem, None),
    }
}

async fn append(app: &Arc<App>, request: Request) -> Result<LogAppended, Problem> {
    let (parts, body) = request.into_parts();
    let bytes = body::message(app, &parts, body, limits::LOG_APPEND_BYTES_MAX).await?;
    let appended = app
        .blocking(move |app| {
            let append = LogAppend::parse(&bytes).map_err(|_| Problem::Malformed)?;
            app.relay.append(&append)
        })
        .await;
    // Whoever takes a device's rights away is told so once nothing more goes out to it.
    app.relay.lifelines().closed().await;
    appended
}
