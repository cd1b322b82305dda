//! The way to the server. The library brings its own, HTTP/1.1 over TLS; an app with its own stack (a proxy, a VPN of its own,
//! certificates of its device management) implements [`Transport`] instead. What travels is signed and sealed by the library either
//! way: a transport can neither read nor change it.

use std::sync::Arc;

use crate::brought::{HttpAnswer, HttpUpload};

/// Carries requests to the server.
#[uniffi::export(with_foreign)]
pub trait Transport: Send + Sync {
    /// Sends one request and hands over what is answered: the head once, then the body as it comes. Called on a thread of the library
    /// that may block; several requests may be under way at once. It may return before the answer is complete and go on handing over
    /// from another thread. No redirect is followed and nothing is cached.
    ///
    /// # Errors
    /// [`TransportFailure`] when nothing was answered; once a head was handed over, [`HttpAnswer::failed`] says that the rest does not come.
    fn send(
        &self,
        request: HttpRequest,
        upload: Arc<HttpUpload>,
        answer: Arc<HttpAnswer>,
    ) -> Result<(), TransportFailure>;
}

/// A request as the library has signed it: every header is sent as it is.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HttpRequest {
    /// `GET`, `POST` or `PUT`.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Names in lower case, and values.
    pub headers: Vec<HttpHeader>,
    /// Bytes of the body.
    pub body_bytes: u64,
}

/// A header.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HttpHeader {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
}

/// Why nothing was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TransportFailure {
    /// No connection, or it broke.
    #[error("no connection")]
    Offline,
    /// TLS did not come about: a certificate is not believed.
    #[error("the certificate is not believed")]
    Certificate,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TransportFailure {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // What the app threw may say anything, so none of it is repeated.
        Self::Offline
    }
}
