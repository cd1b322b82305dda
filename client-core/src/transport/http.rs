//! The paths of the protocol over HTTP.

use std::sync::Arc;

use doorstep_protocol::http_signature::RequestHeaders;
use doorstep_protocol::wire::{
    Challenge, ChallengeRequest, LogAppend, LogAppended, MEDIA_TYPE, ServerCard, SessionAnswer,
};
use doorstep_protocol::{SignPublic, Signature};
use futures_util::{StreamExt, stream};
use http::Response;
use http::header::CONTENT_TYPE;
use http_body_util::BodyDataStream;
use hyper::body::Incoming;

use super::address::ServerAddress;
use super::answer::{self, PROBLEM_BYTES_MAX};
use super::connection::Connection;
use super::error::{Misbehaved, Stage, TransportError};
use super::frames::{ByteStream, FrameStream};
use super::stack::{HttpStack, Stack};
use super::{Hears, NoticeStream, SignedRequest, Traffic, Transport, watch};

/// Every message but a session's first answer is shorter.
const MESSAGE_BYTES_MAX: usize = 1_024;
const SESSION_BYTES_MAX: usize = 64 * 1024;

impl Connection {
    /// Who an unknown server says it is: its card, which holds together with the key that it names and proves no more.
    /// Whoever founds a partnership with it compares that key by another way.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn introduce(&self) -> Result<ServerCard, TransportError> {
        let (response, body) = self.whole(self.request("GET", "/v1/server"), Vec::new(), MESSAGE_BYTES_MAX).await?;
        let stated = ServerCard::parse(&body).map_err(Misbehaved::Form)?;
        let verified = answer::message(&stated.server_key, None, &response, body)?;
        ServerCard::parse(&verified).map_err(|error| Misbehaved::Form(error).into())
    }

    /// The transport that believes the server with this key only.
    #[must_use]
    pub fn trusting(self, server_key: SignPublic) -> HttpTransport {
        HttpTransport { inner: Arc::new(Inner { way: Way::Ours(Box::new(self)), server_key }) }
    }

    async fn whole(
        &self,
        request: http::request::Builder,
        body: Vec<u8>,
        limit_bytes: usize,
    ) -> Result<(Response<()>, Vec<u8>), TransportError> {
        let response = self.send(request, body).await?;
        read(streamed(response), limit_bytes).await
    }
}

fn streamed(response: Response<Incoming>) -> Response<ByteStream> {
    response.map(|body| -> ByteStream {
        Box::pin(
            BodyDataStream::new(body).map(|piece| piece.map_err(|_| TransportError::Offline { stage: Stage::Answer })),
        )
    })
}

async fn read(response: Response<ByteStream>, limit_bytes: usize) -> Result<(Response<()>, Vec<u8>), TransportError> {
    answer::readable(&response)?;
    let limit_bytes = if response.status() == 200 { limit_bytes } else { PROBLEM_BYTES_MAX };
    let (parts, body) = response.into_parts();
    let body = answer::whole(body, limit_bytes).await?;
    Ok((Response::from_parts(parts, ()), body))
}

/// Whose HTTP it is.
enum Way {
    Ours(Box<Connection>),
    Brought(Stack),
}

impl Way {
    fn request(&self, method: &str, path: &str) -> http::request::Builder {
        match self {
            Self::Ours(connection) => connection.request(method, path),
            Self::Brought(stack) => stack.request(method, path),
        }
    }

    async fn send(
        &self,
        request: http::request::Builder,
        body: Vec<u8>,
    ) -> Result<Response<ByteStream>, TransportError> {
        match self {
            Self::Ours(connection) => connection.send(request, body).await.map(streamed),
            Self::Brought(stack) => stack.send(request, body).await,
        }
    }
}

struct Inner {
    way: Way,
    server_key: SignPublic,
}

/// A server over HTTP/1.1, ours or that of a host app. Clones share connections.
#[derive(Clone)]
pub struct HttpTransport {
    inner: Arc<Inner>,
}

impl HttpTransport {
    /// The transport over HTTP that a host app brings. It believes the server with this key only.
    #[must_use]
    pub fn brought(stack: Arc<dyn HttpStack>, address: ServerAddress, server_key: SignPublic) -> Self {
        Self { inner: Arc::new(Inner { way: Way::Brought(Stack::new(stack, address)), server_key }) }
    }

    /// The pinned key.
    #[must_use]
    pub fn server_key(&self) -> SignPublic {
        self.inner.server_key
    }

    async fn post(&self, path: &'static str, body: Vec<u8>) -> Result<Vec<u8>, TransportError> {
        let way = &self.inner.way;
        let response = way.send(way.request("POST", path).header(CONTENT_TYPE, MEDIA_TYPE), body).await?;
        let (response, body) = read(response, MESSAGE_BYTES_MAX).await?;
        answer::message(&self.inner.server_key, None, &response, body)
    }

    async fn send_signed(&self, request: SignedRequest) -> Result<(Signature, Response<ByteStream>), TransportError> {
        let (endpoint, headers, body) = request.into_parts();
        let builder = self.inner.way.request(endpoint.method(), &endpoint.path());
        let builder = with_headers(builder.header(CONTENT_TYPE, endpoint.sends()), &headers);
        Ok((headers.signed, self.inner.way.send(builder, body).await?))
    }

    /// What a signed request was answered instead of success.
    async fn refusal(&self, signature: Signature, response: Response<ByteStream>) -> TransportError {
        let read = read(response, PROBLEM_BYTES_MAX).await;
        let message = read.and_then(|(response, body)| {
            let status = response.status().as_u16();
            answer::message(&self.inner.server_key, Some(&signature), &response, body).map(|_| status)
        });
        match message {
            Ok(status) => Misbehaved::Status { status }.into(),
            Err(error) => error,
        }
    }
}

pub(super) fn with_headers(builder: http::request::Builder, headers: &RequestHeaders) -> http::request::Builder {
    headers.pairs().into_iter().fold(builder, |builder, (name, value)| builder.header(name, value))
}

impl Transport for HttpTransport {
    async fn card(&self) -> Result<ServerCard, TransportError> {
        let way = &self.inner.way;
        let response = way.send(way.request("GET", "/v1/server"), Vec::new()).await?;
        let (response, body) = read(response, MESSAGE_BYTES_MAX).await?;
        let body = answer::message(&self.inner.server_key, None, &response, body)?;
        ServerCard::parse(&body).map_err(|error| Misbehaved::Form(error).into())
    }

    async fn append_log(&self, append: &LogAppend) -> Result<LogAppended, TransportError> {
        let body = self.post("/v1/log", append.to_bytes()).await?;
        LogAppended::parse(&body).map_err(|error| Misbehaved::Form(error).into())
    }

    async fn challenge(&self, asks: &ChallengeRequest) -> Result<Challenge, TransportError> {
        let body = self.post("/v1/challenge", asks.to_bytes()).await?;
        Challenge::parse(&body).map_err(|error| Misbehaved::Form(error).into())
    }

    async fn open_session(&self, request: SignedRequest) -> Result<SessionAnswer, TransportError> {
        let body = self.message(request, SESSION_BYTES_MAX).await?;
        SessionAnswer::parse(&body).map_err(|error| Misbehaved::Form(error).into())
    }

    async fn exchange(&self, request: SignedRequest) -> Result<FrameStream, TransportError> {
        let (signature, response) = self.send_signed(request).await?;
        if response.status() != 200 {
            return Err(self.refusal(signature, response).await);
        }
        answer::stream_head(&self.inner.server_key, &signature, &response)?;
        Ok(FrameStream::new(signature, response.into_body()))
    }

    async fn message(&self, request: SignedRequest, limit_bytes: usize) -> Result<Vec<u8>, TransportError> {
        let media_type = request.endpoint().answered_by();
        let (signature, response) = self.send_signed(request).await?;
        let (response, body) = read(response, limit_bytes).await?;
        answer::whole_of(media_type, &self.inner.server_key, Some(&signature), (&response, body))
    }

    async fn watch(&self, request: SignedRequest) -> Result<NoticeStream, TransportError> {
        // An app's HTTP hands over answers, not connections.
        let Way::Ours(connection) = &self.inner.way else { return Ok(Box::pin(stream::pending())) };
        let (endpoint, headers, body) = request.into_parts();
        let key = watch::key();
        let builder = connection.request(endpoint.method(), &endpoint.path());
        let builder = watch::with_upgrade(with_headers(builder, &headers), &key);
        let response = connection.send(builder, body).await?;
        if response.status() != 101 {
            return Err(self.refusal(headers.signed, streamed(response)).await);
        }
        watch::notices(response, &key).await
    }

    fn hears(&self) -> Hears {
        match self.inner.way {
            Way::Ours(_) => Hears::Notices,
            Way::Brought(_) => Hears::Nothing,
        }
    }

    fn traffic(&self) -> Traffic {
        match &self.inner.way {
            Way::Ours(connection) => connection.traffic(),
            Way::Brought(stack) => stack.traffic(),
        }
    }
}
