//! The HTTP/1.1 client to one server: connections are kept and used again, everything has a time limit.

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http::{Request, Response, header};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error as ClientError};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::Traffic;
use super::address::ServerAddress;
use super::counted::{CountedConnector, Counters};
use super::error::{Misbehaved, Stage, TransportError};
use super::trust::{Trust, TrustError};
use super::upload::Upload;

/// Name lookup, TCP and TLS together.
pub const CONNECT_MS_MAX: u64 = 20_000;
/// How long an unused connection is kept: less than a server keeps it, so that a request seldom meets a closed one.
pub const POOL_IDLE_MS_MAX: u64 = 45_000;
/// Unused connections kept.
const POOL_IDLE_CONNECTIONS_MAX: usize = 2;
/// The head of an answer, and what is read ahead of a body.
const READ_AHEAD_BYTES_MAX: usize = 256 * 1024;
/// Headers of an answer.
const HEADERS_MAX: usize = 64;
/// After so much silence TCP asks whether the other side is there.
const KEEPALIVE_SECONDS: u64 = 30;
/// Causes of an error that are looked at: a chain is short, unless it leads back to itself.
const CAUSES_MAX: usize = 16;
pub(super) const USER_AGENT: &str = concat!("doorstep/", env!("CARGO_PKG_VERSION"));

/// A client of one server. Clones share connections.
#[derive(Clone)]
pub struct Connection {
    client: Client<CountedConnector, Upload>,
    address: ServerAddress,
    counters: Arc<Counters>,
}

impl Connection {
    /// A client that connects on its first request.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn new(address: ServerAddress, trust: &Trust) -> Result<Self, TrustError> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(Duration::from_secs(KEEPALIVE_SECONDS)));
        let tls = HttpsConnectorBuilder::new()
            .with_tls_config(trust.client_config()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let counters = Arc::new(Counters::default());
        let connector =
            CountedConnector { inner: tls, within: Duration::from_millis(CONNECT_MS_MAX), counters: counters.clone() };
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(Duration::from_millis(POOL_IDLE_MS_MAX))
            .pool_max_idle_per_host(POOL_IDLE_CONNECTIONS_MAX)
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .http1_max_buf_size(READ_AHEAD_BYTES_MAX)
            .http1_max_headers(HEADERS_MAX)
            .build(connector);
        Ok(Self { client, address, counters })
    }

    /// Where the server is.
    #[must_use]
    pub const fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// What was carried so far.
    pub(super) fn traffic(&self) -> Traffic {
        self.counters.traffic()
    }

    /// A request to a path of the protocol.
    pub(super) fn request(&self, method: &str, path: &str) -> http::request::Builder {
        Request::builder().method(method).uri(self.address.uri(path)).header(header::USER_AGENT, USER_AGENT)
    }

    /// Sends a request and awaits the head of its answer.
    pub(super) async fn send(
        &self,
        request: http::request::Builder,
        body: Vec<u8>,
    ) -> Result<Response<Incoming>, TransportError> {
        let (upload, handed) = Upload::new(body);
        let request =
            request.body(upload).expect("methods, paths and header values are written in ASCII by this crate");
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        handed.while_it_moves(self.client.request(request)).await?.map_err(|error| failed(&error))
    }
}

fn failed(error: &ClientError) -> TransportError {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    for _ in 0..CAUSES_MAX {
        let Some(found) = cause else { break };
        if found.is::<rustls::Error>() {
            return Misbehaved::Certificate.into();
        }
        // What an IO error was made of is no cause in its own eyes.
        let inner = found.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = match inner {
            Some(inner) => Some(inner),
            None => found.source(),
        };
    }
    TransportError::Offline { stage: if error.is_connect() { Stage::Connect } else { Stage::Request } }
}
