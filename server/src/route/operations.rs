//! `/health`, `/ready` and `/metrics`: for whoever runs the server.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

use super::answer;
use crate::app::App;

/// The program runs.
pub(super) async fn health() -> &'static str {
    "alive\n"
}

/// The store answers.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.blocking(|app| app.relay.ready()).await {
        Ok(()) => "ready\n".into_response(),
        Err(problem) => answer::refusal(&app, &problem, None),
    }
}

/// Counters, for Prometheus.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Response {
    app.metrics.erased_bytes.store(app.relay.freed_bytes(), std::sync::atomic::Ordering::Relaxed);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render()).into_response()
}
