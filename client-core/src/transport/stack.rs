//! HTTP that a host app brings in place of ours: its own proxy, its own certificates. It carries bytes under the limits of this side;
//! requests stay signed by the device, and answers are verified here as always.

use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderName, HeaderValue, Response};
use tokio::sync::{mpsc, oneshot};

use super::Traffic;
use super::address::ServerAddress;
use super::connection::USER_AGENT;
use super::counted::Counters;
use super::error::{Misbehaved, Stage, TransportError};
use super::frames::ByteStream;
use super::upload::Handed;

/// Pieces of an answer that wait to be read: with a full queue the app's own reading waits.
const PIECES_WAITING_MAX: usize = 4;
/// The longest piece of an answer.
pub const PIECE_BYTES_MAX: usize = 1024 * 1024;
/// Headers of an answer, and bytes of a name with its value.
const HEADERS_MAX: usize = 64;
const HEADER_BYTES_MAX: usize = 8 * 1024;

/// HTTP of a host app.
pub trait HttpStack: Send + Sync {
    /// Sends one request, and hands over what is answered: now, or later from any thread. Called on a thread that may block.
    ///
    /// # Errors
    /// [`StackFailure`] when nothing was answered.
    fn send(&self, request: StackRequest, upload: StackUpload, answer: StackAnswer) -> Result<(), StackFailure>;
}

/// A request, every header of which is sent as it is.
#[derive(Clone, Debug)]
pub struct StackRequest {
    /// The method.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// Bytes of the body.
    pub body_bytes: u64,
}

/// Why nothing was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackFailure {
    /// No connection, or it broke.
    Offline,
    /// A certificate is not believed.
    Certificate,
}

/// Whether more is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Yes.
    More,
    /// No: nobody waits any more, or a limit was reached.
    Stop,
}

/// The body of a request, handed over in pieces: a slow upload is then not taken for a dead connection.
pub struct StackUpload {
    rest: Mutex<Bytes>,
    handed: Handed,
}

impl StackUpload {
    /// The next piece, of at most so many bytes; empty at the end.
    #[must_use]
    pub fn next(&self, bytes_max: usize) -> Bytes {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        let length = rest.len().min(bytes_max);
        self.handed.add(length);
        rest.split_to(length)
    }
}

type Head = Result<Response<()>, TransportError>;

/// Where an answer is handed over. Dropping it before [`StackAnswer::finish`] means that the connection broke.
pub struct StackAnswer {
    head: Mutex<Option<oneshot::Sender<Head>>>,
    body: Mutex<Option<mpsc::Sender<Result<Bytes, TransportError>>>>,
    counters: Arc<Counters>,
}

impl StackAnswer {
    /// The head, once, before the body.
    pub fn head(&self, status: u16, headers: &[(String, String)]) -> Flow {
        let Some(waits) = self.head.lock().unwrap_or_else(PoisonError::into_inner).take() else { return Flow::Stop };
        let bytes: usize = headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
        self.counters.down_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        let head = response(status, headers);
        let is_head = head.is_ok();
        if waits.send(head).is_ok() && is_head { Flow::More } else { Flow::Stop }
    }

    /// The next piece of the body. Waits while the reader is behind, so never on a thread that must not wait.
    pub fn push(&self, piece: Bytes) -> Flow {
        let Some(body) = self.body.lock().unwrap_or_else(PoisonError::into_inner).clone() else { return Flow::Stop };
        self.counters.down_bytes.fetch_add(piece.len() as u64, Ordering::Relaxed);
        if piece.len() > PIECE_BYTES_MAX {
            let too_long = Misbehaved::TooLong { limit_bytes: PIECE_BYTES_MAX };
            let _nobody_waits = body.blocking_send(Err(too_long.into()));
            return Flow::Stop;
        }
        if body.blocking_send(Ok(piece)).is_ok() { Flow::More } else { Flow::Stop }
    }

    /// The body has come whole.
    pub fn finish(&self) {
        self.body.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// The rest does not come.
    pub fn fail(&self) {
        let body = self.body.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(body) = body {
            // A full queue is read to its end first.
            let _nobody_waits = body.blocking_send(Err(TransportError::Offline { stage: Stage::Answer }));
        }
    }
}

impl Drop for StackAnswer {
    fn drop(&mut self) {
        let body = self.body.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(body) = body {
            // Not a blocking send: it may be dropped anywhere. With a full queue the end is missing all the same.
            let _nobody_waits = body.try_send(Err(TransportError::Offline { stage: Stage::Answer }));
        }
    }
}

fn response(status: u16, headers: &[(String, String)]) -> Head {
    let status = http::StatusCode::from_u16(status).map_err(|_| Misbehaved::Status { status })?;
    let too_long = |limit_bytes| Err(Misbehaved::TooLong { limit_bytes }.into());
    if headers.len() > HEADERS_MAX {
        return too_long(HEADERS_MAX * HEADER_BYTES_MAX);
    }
    let mut response = Response::new(());
    *response.status_mut() = status;
    for (name, value) in headers {
        if name.len() + value.len() > HEADER_BYTES_MAX {
            return too_long(HEADER_BYTES_MAX);
        }
        // What is no header says nothing, and is needed by none of ours.
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            response.headers_mut().append(name, value);
        }
    }
    Ok(response)
}

impl From<StackFailure> for TransportError {
    fn from(failure: StackFailure) -> Self {
        match failure {
            StackFailure::Offline => Self::Offline { stage: Stage::Request },
            StackFailure::Certificate => Misbehaved::Certificate.into(),
        }
    }
}

/// A server that is reached over an app's HTTP.
pub(super) struct Stack {
    stack: Arc<dyn HttpStack>,
    address: ServerAddress,
    counters: Arc<Counters>,
}

impl Stack {
    pub(super) fn new(stack: Arc<dyn HttpStack>, address: ServerAddress) -> Self {
        Self { stack, address, counters: Arc::default() }
    }

    /// What was carried so far: headers and bodies as they were handed over.
    pub(super) fn traffic(&self) -> Traffic {
        self.counters.traffic()
    }

    pub(super) fn request(&self, method: &str, path: &str) -> http::request::Builder {
        http::Request::builder().method(method).uri(self.address.uri(path)).header(http::header::USER_AGENT, USER_AGENT)
    }

    /// Sends a request and awaits the head of its answer.
    pub(super) async fn send(
        &self,
        request: http::request::Builder,
        body: Vec<u8>,
    ) -> Result<Response<ByteStream>, TransportError> {
        let body_bytes = body.len() as u64;
        let request = request.body(()).expect("methods, paths and header values are written in ASCII by this crate");
        let header = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        let headers: Vec<(String, String)> = request.headers().iter().filter_map(header).collect();
        let request =
            StackRequest { method: request.method().to_string(), url: request.uri().to_string(), headers, body_bytes };
        let head_bytes: usize = request.headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
        self.counters.up_bytes.fetch_add(body_bytes + head_bytes as u64, Ordering::Relaxed);
        self.counters.requests.fetch_add(1, Ordering::Relaxed);

        let (head, comes) = oneshot::channel();
        let (pieces, read) = mpsc::channel(PIECES_WAITING_MAX);
        let handed = Handed::default();
        let upload = StackUpload { rest: Mutex::new(body.into()), handed: handed.clone() };
        let answer = StackAnswer {
            head: Mutex::new(Some(head)),
            body: Mutex::new(Some(pieces)),
            counters: self.counters.clone(),
        };
        let stack = self.stack.clone();
        // The app's call may block for as long as it likes: nobody but this thread waits for it.
        let sending = tokio::task::spawn_blocking(move || stack.send(request, upload, answer));
        let response = handed.while_it_moves(head_of(sending, comes)).await??;
        Ok(response.map(|()| pieces_of(read)))
    }
}

async fn head_of(sending: tokio::task::JoinHandle<Result<(), StackFailure>>, comes: oneshot::Receiver<Head>) -> Head {
    let (mut sending, mut comes) = (pin!(sending), pin!(comes));
    let broken = || Err(TransportError::Offline { stage: Stage::Request });
    tokio::select! {
        biased;
        head = &mut comes => match head {
            Ok(head) => head,
            // It was let go of: the call says why.
            Err(_) => match sending.await {
                Ok(Err(failure)) => Err(failure.into()),
                _ => broken(),
            },
        },
        sent = &mut sending => match sent {
            // It goes on from a thread of its own.
            Ok(Ok(())) => comes.await.unwrap_or_else(|_| broken()),
            Ok(Err(failure)) => Err(failure.into()),
            Err(_) => broken(),
        },
    }
}

fn pieces_of(read: mpsc::Receiver<Result<Bytes, TransportError>>) -> ByteStream {
    Box::pin(stream::unfold(read, |mut read| async move { read.recv().await.map(|piece| (piece, read)) }))
}

#[cfg(test)]
mod tests;
