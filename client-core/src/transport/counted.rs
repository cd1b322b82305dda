//! Counts the bytes of connections, and gives connecting its time limit.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use tower_service::Service;

use super::Traffic;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Inner = <HttpsConnector<HttpConnector> as Service<Uri>>::Response;

/// Bytes and requests, ever.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) up_bytes: AtomicU64,
    pub(super) down_bytes: AtomicU64,
    pub(super) requests: AtomicU64,
}

impl Counters {
    /// What was carried so far.
    pub(super) fn traffic(&self) -> Traffic {
        Traffic {
            up_bytes: self.up_bytes.load(Ordering::Relaxed),
            down_bytes: self.down_bytes.load(Ordering::Relaxed),
            requests: self.requests.load(Ordering::Relaxed),
        }
    }
}

/// Connects by TCP, and TLS where the address says so, within a time limit; counts what goes through.
#[derive(Clone)]
pub(super) struct CountedConnector {
    pub(super) inner: HttpsConnector<HttpConnector>,
    pub(super) within: Duration,
    pub(super) counters: Arc<Counters>,
}

impl Service<Uri> for CountedConnector {
    type Response = Counted;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Counted, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = tokio::time::timeout(self.within, self.inner.call(to));
        let counters = self.counters.clone();
        Box::pin(async move { Ok(Counted { inner: connecting.await??, counters }) })
    }
}

/// A connection whose bytes are counted.
pub(super) struct Counted {
    inner: Inner,
    counters: Arc<Counters>,
}

impl Connection for Counted {
    fn connected(&self) -> Connected {
        self.inner.connected()
    }
}

impl Read for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        // A cursor does not say how much was put into it, so it is read by way of one whose rest can be compared.
        let before = into.remaining();
        let this = &mut *self;
        let mut chunk = [0u8; READ_BYTES];
        let room = before.min(READ_BYTES);
        let mut buffer = hyper::rt::ReadBuf::new(&mut chunk[..room]);
        let read = Pin::new(&mut this.inner).poll_read(context, buffer.unfilled());
        if let Poll::Ready(Ok(())) = read {
            let filled = buffer.filled();
            into.put_slice(filled);
            this.counters.down_bytes.fetch_add(filled.len() as u64, Ordering::Relaxed);
        }
        read
    }
}

/// Bytes read at once: a TLS record.
const READ_BYTES: usize = 16 * 1024;

impl Write for Counted {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.count(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.count(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

impl Counted {
    fn count(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = &written {
            self.counters.up_bytes.fetch_add(*bytes as u64, Ordering::Relaxed);
        }
        written
    }
}
