//! An index of several devices on one machine, for showing how they diverge and merge. Each device keeps its own listener and
//! its own door; a click here makes a fresh start link for one of them.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use doorstep_client_core::client::{Clock as _, SystemClock};
use http::header::{LOCATION, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use maud::{Markup, html};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::ask::{self, Looks};
use crate::door::{Door, NoRandomness, Refusal};
use crate::house::House;
use crate::serve::{ServeError, file, harden};
use crate::{assets, view};

/// A device on the street.
pub struct Neighbour {
    /// How the index calls it.
    pub name: String,
    /// The device behind its pages.
    pub house: Arc<House>,
}

struct Shared {
    door: Mutex<Door>,
    neighbours: Vec<Neighbour>,
}

/// The index, listening.
pub struct Street {
    shared: Arc<Shared>,
    listener: TcpListener,
    address: SocketAddr,
}

impl Street {
    /// Takes a port of 127.0.0.1; 0 takes a free one.
    ///
    /// # Errors
    /// [`ServeError::Port`].
    pub async fn bind(neighbours: Vec<Neighbour>, port: u16) -> Result<Self, ServeError> {
        let refused = |error: std::io::Error| ServeError::Port { port, kind: error.kind() };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self { shared: Arc::new(Shared { door: Mutex::new(Door::at(address)), neighbours }), listener, address })
    }

    /// Where it is.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// A link that opens the index once.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn start_link(&self) -> Result<String, ServeError> {
        let mut door = self.shared.door.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(door.start_link(SystemClock.now())?)
    }

    /// Serves until it is cancelled.
    ///
    /// # Errors
    /// [`ServeError::Stopped`].
    pub async fn serve(self, cancel: CancellationToken) -> Result<(), ServeError> {
        let router = Router::new()
            .route("/", get(index))
            .route("/open/{at}", get(open))
            .route("/start/{secret}", get(start))
            .route("/static/{file}", get(file))
            .layer(middleware::from_fn_with_state(Arc::clone(&self.shared), guard))
            .with_state(self.shared);
        let served = axum::serve(self.listener, router).with_graceful_shutdown(async move { cancel.cancelled().await });
        served.await.map_err(|error| ServeError::Stopped(error.kind()))
    }
}

impl Shared {
    fn door(&self) -> std::sync::MutexGuard<'_, Door> {
        self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a request is from a session of this index.
    fn check(&self, request: &Request) -> Result<(), Refusal> {
        let mut door = self.door();
        door.check_origin(request.method(), request.headers())?;
        door.session(request.headers(), SystemClock.now()).map(|_| ())
    }
}

async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let checked = shared.door().check_host(request.headers());
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(refusal) => ask::refused(Looks::of(request.headers()), refusal),
    };
    harden(&mut response);
    response
}

async fn start(State(shared): State<Arc<Shared>>, Path(secret): Path<String>, request: Request) -> Response {
    let looks = Looks::of(request.headers());
    let opened = shared.door().open(&secret, SystemClock.now());
    match opened {
        Ok(Some(cookie)) => {
            let mut response = ask::html(StatusCode::OK, view::plain::welcome(looks));
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            response
        }
        Ok(None) => ask::html(StatusCode::FORBIDDEN, view::plain::used_link(looks)),
        Err(NoRandomness) => ask::html(StatusCode::INTERNAL_SERVER_ERROR, view::plain::bug(looks)),
    }
}

async fn index(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let looks = Looks::of(request.headers());
    if let Err(refusal) = shared.check(&request) {
        return ask::refused(looks, refusal);
    }
    let made = tokio::task::spawn_blocking(move || page(looks, &shared)).await;
    match made {
        Ok(page) => ask::html(StatusCode::OK, page),
        Err(_) => ask::html(StatusCode::INTERNAL_SERVER_ERROR, view::plain::bug(looks)),
    }
}

fn page(looks: Looks, shared: &Shared) -> Markup {
    let speech = looks.speech;
    view::document(
        looks,
        &speech.say("street"),
        html! {
            header.top {
                span.brand { img src=(assets::MARK.path()) alt="" width="32" height="32"; span { (speech.say("name")) } }
            }
            main id="main" {
                h1 { (speech.say("street")) }
                p.lead { (speech.say("street-text")) }
                ul.todos {
                    @for (at, neighbour) in shared.neighbours.iter().enumerate() {
                        @let who = neighbour.house.who();
                        li {
                            a.tile.due href={"/open/" (at)} target={"device-" (at)} {
                                span { strong { (neighbour.name) } br; (who.worker) br; span.by { (who.organisation) } }
                            }
                        }
                    }
                }
            }
        },
    )
}

async fn open(State(shared): State<Arc<Shared>>, Path(at): Path<usize>, request: Request) -> Response {
    let looks = Looks::of(request.headers());
    if let Err(refusal) = shared.check(&request) {
        return ask::refused(looks, refusal);
    }
    let Some(neighbour) = shared.neighbours.get(at) else {
        return ask::html(StatusCode::NOT_FOUND, view::plain::not_found(looks));
    };
    match neighbour.house.start_link().ok().and_then(|link| HeaderValue::from_str(&link).ok()) {
        Some(link) => {
            let mut response = ask::html(StatusCode::SEE_OTHER, html! {});
            response.headers_mut().insert(LOCATION, link);
            response
        }
        None => ask::html(StatusCode::INTERNAL_SERVER_ERROR, view::plain::bug(looks)),
    }
}
