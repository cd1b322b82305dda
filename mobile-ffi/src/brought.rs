//! Whose HTTP carries a device's requests: ours, or the app's, as the core asks it.

use std::sync::Arc;

use bytes::Bytes;
use doorstep_client_core::sync::{SetUpError, SharedDevice, Syncer};
use doorstep_client_core::transport::{
    Flow, HttpStack, HttpTransport, PIECE_BYTES_MAX, PlainHttp, StackAnswer, StackFailure, StackRequest, StackUpload,
    Trust,
};

use crate::transport::{HttpHeader, HttpRequest, Transport, TransportFailure};

/// Whose HTTP it is, and whose certificates ours believes.
#[derive(Clone)]
pub(crate) enum Way {
    Ours(Trust),
    Brought(Arc<dyn Transport>),
}

impl Way {
    /// The driver of an enrolled device.
    pub(crate) fn driver(&self, device: SharedDevice) -> Result<Syncer<HttpTransport>, SetUpError> {
        match self {
            Self::Ours(trust) => Syncer::over_http(device, trust, PlainHttp::LoopbackOnly),
            Self::Brought(app) => Syncer::over_stack(device, Arc::new(Stack(app.clone())), PlainHttp::LoopbackOnly),
        }
    }

    /// The app's HTTP as the core asks it.
    pub(crate) fn stack(app: &Arc<dyn Transport>) -> Arc<dyn HttpStack> {
        Arc::new(Stack(app.clone()))
    }
}

struct Stack(Arc<dyn Transport>);

impl HttpStack for Stack {
    fn send(&self, request: StackRequest, upload: StackUpload, answer: StackAnswer) -> Result<(), StackFailure> {
        let headers = request.headers.into_iter().map(|(name, value)| HttpHeader { name, value }).collect();
        let StackRequest { method, url, body_bytes, .. } = request;
        let request = HttpRequest { method, url, headers, body_bytes };
        let sent = self.0.send(request, Arc::new(HttpUpload { source: upload }), Arc::new(HttpAnswer { to: answer }));
        sent.map_err(|failure| match failure {
            TransportFailure::Offline => StackFailure::Offline,
            TransportFailure::Certificate => StackFailure::Certificate,
        })
    }
}

/// Whether more is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum AnswerFlow {
    /// Go on.
    More,
    /// Break off: nobody waits any more, or the answer is longer than any of the protocol.
    Stop,
}

impl From<Flow> for AnswerFlow {
    fn from(flow: Flow) -> Self {
        match flow {
            Flow::More => Self::More,
            Flow::Stop => Self::Stop,
        }
    }
}

/// The body of a request, in pieces.
#[derive(uniffi::Object)]
pub struct HttpUpload {
    source: StackUpload,
}

#[uniffi::export]
impl HttpUpload {
    /// The next piece, of at most so many bytes; empty at the end.
    #[must_use]
    pub fn next(&self, bytes_max: u32) -> Vec<u8> {
        self.source.next(bytes_max as usize).to_vec()
    }
}

/// Where an answer is handed over. Whoever lets go of it before [`Self::finish`] says that the connection broke.
#[derive(uniffi::Object)]
pub struct HttpAnswer {
    to: StackAnswer,
}

#[uniffi::export]
impl HttpAnswer {
    /// The status and headers, once, before the body.
    pub fn head(&self, status: u16, headers: Vec<HttpHeader>) -> AnswerFlow {
        let headers: Vec<(String, String)> = headers.into_iter().map(|header| (header.name, header.value)).collect();
        self.to.head(status, &headers).into()
    }

    /// The next piece of the body, of at most a mebibyte. Waits while the library is behind: not for the screen's thread.
    pub fn push(&self, piece: Vec<u8>) -> AnswerFlow {
        self.to.push(Bytes::from(piece)).into()
    }

    /// The body has come whole.
    pub fn finish(&self) {
        self.to.finish();
    }

    /// The rest does not come.
    pub fn failed(&self) {
        self.to.fail();
    }
}

const _: () = assert!(PIECE_BYTES_MAX == 1024 * 1024, "the documentation of `push` says so");
