//! A request body that says how far it has come, so that a slow upload is not taken for a dead connection.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Instant;

use super::error::{Stage, TransportError};

/// How long nothing may move while a request goes out and its answer's head is awaited.
pub const QUIET_MS_MAX: u64 = 60_000;
/// Bytes handed to the connection at once.
const CHUNK_BYTES: usize = 32 * 1024;

/// A body, handed over in pieces.
pub(super) struct Upload {
    rest: Bytes,
    handed: Handed,
}

/// How many bytes the connection has taken.
#[derive(Clone, Default)]
pub(super) struct Handed(Arc<AtomicU64>);

impl Upload {
    pub(super) fn new(body: Vec<u8>) -> (Self, Handed) {
        let handed = Handed::default();
        (Self { rest: body.into(), handed: handed.clone() }, handed)
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.rest.len().min(CHUNK_BYTES);
        let chunk = self.rest.split_to(length);
        self.handed.add(length);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

impl Handed {
    /// So many more.
    pub(super) fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Awaits an answer's head for as long as something moves.
    ///
    /// # Errors
    /// [`TransportError::Silent`] once nothing has moved for [`QUIET_MS_MAX`].
    pub(super) async fn while_it_moves<T>(&self, answer: impl Future<Output = T>) -> Result<T, TransportError> {
        let mut answer = std::pin::pin!(answer);
        loop {
            let before = self.0.load(Ordering::Relaxed);
            let deadline = Instant::now() + Duration::from_millis(QUIET_MS_MAX);
            match tokio::time::timeout_at(deadline, answer.as_mut()).await {
                Ok(answer) => return Ok(answer),
                Err(_) if self.0.load(Ordering::Relaxed) > before => {}
                Err(_) => return Err(TransportError::Silent { stage: Stage::Request, waited_ms: QUIET_MS_MAX }),
            }
        }
    }
}
