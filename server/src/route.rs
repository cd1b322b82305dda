//! The router, one page: every path, and what happens around each request.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use doorstep_protocol::wire::PARTS_PATH;

use crate::app::App;
use crate::metrics::Route;
use crate::problem::Problem;

mod answer;
mod body;
mod challenge;
mod farewell;
mod log;
mod office;
mod operations;
mod parts;
mod server;
mod session;
mod signed;
mod sync;
mod watch;

/// Every path.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/server", get(server::get))
        .route("/v1/log", post(log::post))
        .route("/v1/challenge", post(challenge::post))
        .route("/v1/session", post(session::post))
        .route("/v1/sync", post(sync::post))
        .route("/v1/farewell", post(farewell::post))
        .route("/v1/inbox", post(office::inbox))
        .route("/v1/inbox/clear", post(office::clear))
        .route("/v1/tails", post(office::tails))
        .route("/v1/claims", post(parts::claims))
        .route("/v1/blobs/{id}", get(parts::get).put(parts::put))
        .route("/v1/recover", post(office::recover))
        .route("/v1/watch", get(watch::get))
        .route("/health", get(operations::health))
        .route("/ready", get(operations::ready))
        .route("/metrics", get(operations::metrics))
        .fallback(not_found)
        .method_not_allowed_fallback(method)
        .layer(middleware::from_fn_with_state(app.clone(), count))
        .with_state(app)
}

async fn not_found(State(app): State<Arc<App>>) -> Response {
    answer::refusal(&app, &Problem::NotFound, None)
}

async fn method(State(app): State<Arc<App>>) -> Response {
    answer::refusal(&app, &Problem::Method, None)
}

/// Counts and logs: route, status, time. No path, because an unknown one is a stranger's text; no id, no address.
async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = match request.uri().path() {
        "/v1/server" => Route::Server,
        "/v1/log" => Route::Log,
        "/v1/challenge" => Route::Challenge,
        "/v1/session" => Route::Session,
        "/v1/sync" => Route::Sync,
        "/v1/watch" => Route::Watch,
        "/v1/farewell" => Route::Farewell,
        "/v1/inbox" | "/v1/inbox/clear" | "/v1/tails" => Route::Office,
        "/v1/recover" => Route::Recover,
        path if path == "/v1/claims" || path.starts_with(PARTS_PATH) => Route::Parts,
        _ => Route::Other,
    };
    let begun = Instant::now();
    let response = next.run(request).await;
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    app.metrics.answered(route, status, micros);
    tracing::info!(?route, status, micros, "answered");
    response
}
