//! `GET /v1/server`: who this server says it is. Signed, because whoever scans it compares the key by eye.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::answer;
use crate::app::App;

pub(super) async fn get(State(app): State<Arc<App>>) -> Response {
    let card = app.relay.card(app.now());
    answer::message(&app, card.to_bytes(), None)
}
