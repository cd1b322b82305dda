//! Connections: taken up to a limit, never kept waiting by Nagle, let go when they stall, finished before a stop.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::DropGuard;
use tokio_util::task::TaskTracker;

use crate::app::App;
use crate::lifeline::Lifeline;
use crate::metrics::Counted;

/// Head of a request, and what is read of a body at once.
const READ_BUFFER_BYTES_MAX: usize = 32 * 1024;
const HEADERS_MAX: usize = 64;
const HANDSHAKE_SECONDS_MAX: u64 = 15;
/// After a failed accept (too many files open) a moment passes.
const ACCEPT_PAUSE_MS: u64 = 100;

/// Takes connections until the server stops, then lets current requests finish.
pub(crate) async fn serve(app: Arc<App>, listener: TcpListener, tls: Option<TlsAcceptor>, router: Router) {
    let places = Arc::new(Semaphore::new(app.limits.connections_max));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = app.stopping.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            app.metrics.connections_refused.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        connections.spawn(connection(app.clone(), stream, tls.clone(), router.clone(), place));
    }
    drop(listener);
    connections.close();
    let within = Duration::from_secs(app.limits.stop_seconds_max);
    if tokio::time::timeout(within, connections.wait()).await.is_err() {
        tracing::warn!(connections = connections.len(), "connections did not finish in time");
    }
}

async fn connection(
    app: Arc<App>,
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    router: Router,
    _place: OwnedSemaphorePermit,
) {
    let _counted = Counted::new(&app, |metrics| &metrics.connections);
    // Without it a warm connection answers in 40 ms.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection was gone at once");
        return;
    }
    let stall = Duration::from_secs(app.limits.stalled_write_seconds_max);
    let line = Lifeline::default();
    let stream = Stalling::new(stream, stall, line.clone());
    match tls {
        None => http(&app, stream, router, line).await,
        Some(tls) => {
            let within = Duration::from_secs(HANDSHAKE_SECONDS_MAX);
            match tokio::time::timeout(within, tls.accept(stream)).await {
                Ok(Ok(stream)) => http(&app, stream, router, line).await,
                Ok(Err(error)) => tracing::debug!(%error, "a handshake failed"),
                Err(_) => tracing::debug!("a handshake took too long"),
            }
        }
    }
}

async fn http<I>(app: &App, io: I, router: Router, line: Lifeline)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(app.limits.head_seconds_max))
        .max_buf_size(READ_BUFFER_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(io), Lined { inner: TowerToHyperService::new(router), line: line.clone() })
        .with_upgrades();
    let mut serving = pin!(serving);
    let served = tokio::select! {
        served = serving.as_mut() => served,
        // What is half written is not finished.
        () = line.cut() => return,
        () = app.stopping.cancelled() => {
            serving.as_mut().graceful_shutdown();
            tokio::select! {
                served = serving.as_mut() => served,
                () = line.cut() => return,
            }
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// Hands every request the line of its connection.
struct Lined {
    inner: TowerToHyperService<Router>,
    line: Lifeline,
}

type Inner = TowerToHyperService<Router>;

impl Service<Request<Incoming>> for Lined {
    type Response = <Inner as Service<Request<Incoming>>>::Response;
    type Error = <Inner as Service<Request<Incoming>>>::Error;
    type Future = <Inner as Service<Request<Incoming>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        // Requests on a connection follow one another: what was answered before was taken.
        self.line.release();
        request.extensions_mut().insert(self.line.clone());
        self.inner.call(request)
    }
}

/// A stream that fails when what is written to it is not taken for too long, and at once when its line is cut.
struct Stalling {
    io: TcpStream,
    within: Duration,
    line: Lifeline,
    /// Dropped after the stream, as it stands after it.
    _end: DropGuard,
    /// Runs only while a write waits.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Stalling {
    fn new(io: TcpStream, within: Duration, line: Lifeline) -> Self {
        let end = line.end();
        Self { io, within, line, _end: end, deadline: None }
    }

    /// Nothing more is handed to the system once the line is cut.
    fn uncut(&self) -> io::Result<()> {
        if self.line.is_cut() { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadline = None;
            return written;
        }
        let within = self.within;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + within)));
        ready!(deadline.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Drop for Stalling {
    fn drop(&mut self) {
        // Also what the system has and has not sent is thrown away.
        if self.line.is_cut()
            && let Err(error) = self.io.set_zero_linger()
        {
            tracing::debug!(%error, "a connection was gone before it was cut");
        }
    }
}

impl AsyncRead for Stalling {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl AsyncWrite for Stalling {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.uncut()?;
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.watch(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.uncut()?;
        let flushed = Pin::new(&mut self.io).poll_flush(cx);
        self.watch(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.uncut()?;
        let shut = Pin::new(&mut self.io).poll_shutdown(cx);
        self.watch(cx, shut)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.uncut()?;
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.watch(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}
