//! The listener: 127.0.0.1 and nothing else, one for each device, so that their origins keep devices apart.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderName, HeaderValue, StatusCode};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::ask::{self, Looks};
use crate::assets;
use crate::door::NoRandomness;
use crate::house::{House, Setup};
use crate::{routes, view};

/// How often a device looks whether anybody still uses it.
const IDLE_CHECK_MS: u64 = 30_000;
/// After how many minutes without use a worker's keys leave memory.
pub const IDLE_MINUTES: u16 = 10;

/// What every answer says: nothing from elsewhere, nothing inline, nothing kept, nothing told.
const HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // Not `no-referrer`: browsers would then name no origin in forms.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("x-robots-tag", "noindex"),
];

/// Why there are no pages.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port.
    #[error("port {port} cannot be used ({kind:?}): choose another with --port, or 0 for a free one")]
    Port {
        /// Which.
        port: u16,
        /// What the system says.
        kind: io::ErrorKind,
    },
    /// The listener ended.
    #[error("the pages have stopped ({0:?})")]
    Stopped(io::ErrorKind),
    /// Randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// A device's pages, listening.
pub struct Pages {
    house: Arc<House>,
    listener: TcpListener,
    address: SocketAddr,
}

impl Pages {
    /// Takes a port of 127.0.0.1; 0 takes a free one.
    ///
    /// # Errors
    /// [`ServeError::Port`].
    pub async fn bind(setup: Setup, port: u16) -> Result<Self, ServeError> {
        let refused = |error: io::Error| ServeError::Port { port, kind: error.kind() };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self { house: Arc::new(House::new(setup, address)), listener, address })
    }

    /// Where they are.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The device.
    #[must_use]
    pub fn house(&self) -> Arc<House> {
        Arc::clone(&self.house)
    }

    /// Serves until it is cancelled.
    ///
    /// # Errors
    /// [`ServeError::Stopped`].
    pub async fn serve(self, cancel: CancellationToken) -> Result<(), ServeError> {
        let idle = tokio::spawn(lock_when_idle(self.house(), cancel.clone()));
        let stop = cancel.clone();
        let served = axum::serve(self.listener, router(self.house))
            .with_graceful_shutdown(async move { stop.cancelled().await })
            .await;
        cancel.cancel();
        let _ended = idle.await;
        served.map_err(|error| ServeError::Stopped(error.kind()))
    }
}

/// The pages as a service, for tests without a socket.
pub fn router(house: Arc<House>) -> Router {
    routes::pages()
        .route("/start/{secret}", axum::routing::get(start))
        .route("/static/{file}", axum::routing::get(file))
        .fallback(lost)
        .layer(middleware::from_fn_with_state(Arc::clone(&house), guard))
        .with_state(house)
}

/// Every request: this listener's own name; every answer: its headers.
async fn guard(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let checked = house.door().check_host(request.headers());
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(refusal) => ask::refused(Looks::of(request.headers()), refusal),
    };
    harden(&mut response);
    response
}

/// Puts the headers of every answer on one.
pub(crate) fn harden(response: &mut Response) {
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

/// A start link. Its page goes on by itself, so that the session begins on a page of this origin, and the link leaves the way
/// back.
async fn start(State(house): State<Arc<House>>, Path(secret): Path<String>, request: Request) -> Response {
    let looks = Looks::of(request.headers());
    let now = house.client.now();
    let opened = house.door().open(&secret, now);
    match opened {
        Ok(Some(cookie)) => {
            let mut response = ask::html(StatusCode::OK, view::plain::welcome(looks));
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            response
        }
        Ok(None) => {
            // Who is in already and opens an old link again is not sent away.
            let known = house.door().session(request.headers(), now).is_ok();
            match known {
                true => ask::html(StatusCode::OK, view::plain::welcome(looks)),
                false => ask::html(StatusCode::FORBIDDEN, view::plain::used_link(looks)),
            }
        }
        Err(NoRandomness) => ask::html(StatusCode::INTERNAL_SERVER_ERROR, view::plain::bug(looks)),
    }
}

pub(crate) async fn file(request: Request) -> Response {
    match assets::at(request.uri().path()) {
        Some(asset) => {
            let mut response = Response::new(Body::from(asset.bytes));
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.media));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
            response
        }
        None => lost(request).await,
    }
}

async fn lost(request: Request) -> Response {
    ask::html(StatusCode::NOT_FOUND, view::plain::not_found(Looks::of(request.headers())))
}

async fn lock_when_idle(house: Arc<House>, cancel: CancellationToken) {
    let mut turns = tokio::time::interval(std::time::Duration::from_millis(IDLE_CHECK_MS));
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            _ = turns.tick() => {}
        }
        let house = Arc::clone(&house);
        let checked = tokio::task::spawn_blocking(move || house.client.seats().lock_if_idle(IDLE_MINUTES));
        if let Ok(Err(error)) = checked.await {
            tracing::warn!(%error, "the device could not be locked");
        }
    }
}
