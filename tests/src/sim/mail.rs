//! What travels between a tablet and the station: the protocol's own bytes, with the signatures it asks for.

use doorstep_protocol::http_signature::{ReceivedRequest, RequestHead, RequestHeaders, content_digest};
use doorstep_protocol::{DeviceId, Millis, PartnershipId, Signature};
use doorstep_server::problem::Problem;

/// One request of one tablet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallId {
    /// Whose.
    pub tablet: usize,
    /// Its number, from 1.
    pub number: u64,
    /// Which of the two, when the network doubled it.
    pub copy: u8,
}

/// A request.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Who are you?
    Card,
    /// Bytes of a log append.
    Append(Vec<u8>),
    /// Bytes of a challenge request.
    Challenge(Vec<u8>),
    /// Opens a session.
    Session(SignedCall),
    /// One catch-up.
    Sync(SignedCall),
}

impl Ask {
    /// Its name, for the trace.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Append(_) => "append",
            Self::Challenge(_) => "challenge",
            Self::Session(_) => "session",
            Self::Sync(_) => "sync",
        }
    }

    /// How long its signature's headers are.
    #[must_use]
    pub fn header_bytes(&self) -> usize {
        match self {
            Self::Session(call) | Self::Sync(call) => {
                call.headers.pairs().iter().map(|(name, value)| name.len() + value.len() + 4).sum()
            }
            Self::Card | Self::Append(_) | Self::Challenge(_) => 0,
        }
    }

    /// Its body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        match self {
            Self::Card => &[],
            Self::Append(bytes) | Self::Challenge(bytes) => bytes,
            Self::Session(call) | Self::Sync(call) => &call.body,
        }
    }
}

/// A signed request.
#[derive(Clone, Debug)]
pub struct SignedCall {
    path: &'static str,
    headers: RequestHeaders,
    /// Its body.
    pub body: Vec<u8>,
}

/// Who signs, and under what.
#[derive(Clone, Copy)]
pub struct Signed<'a> {
    /// The tenant.
    pub partnership: PartnershipId,
    /// The device.
    pub device: DeviceId,
    /// The session token or challenge.
    pub session: &'a [u8],
    /// By the device's clock.
    pub created: Millis,
}

impl SignedCall {
    /// Signs a request.
    #[must_use]
    pub fn new(path: &'static str, by: Signed<'_>, body: Vec<u8>, sign: impl FnOnce(&[u8]) -> Signature) -> Self {
        let head = RequestHead {
            method: "POST",
            path,
            partnership: by.partnership,
            session: by.session,
            device: by.device,
            created: by.created,
            content: content_digest(&body),
        };
        Self { path, headers: head.sign(sign), body }
    }

    /// To which the answer is bound.
    #[must_use]
    pub const fn signature(&self) -> Signature {
        self.headers.signed
    }

    /// As the server gets it.
    #[must_use]
    pub fn received(&self) -> ReceivedRequest<'_> {
        ReceivedRequest {
            method: "POST",
            path: self.path,
            content_digest: &self.headers.content_digest,
            partnership: &self.headers.partnership,
            session: &self.headers.session,
            signature_input: &self.headers.signature_input,
            signature: &self.headers.signature,
        }
    }
}

/// An answer, or a part of one.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A whole message.
    Message(Vec<u8>),
    /// The next bytes of a stream.
    Part(Vec<u8>),
    /// The stream ends, whole or not.
    End,
    /// The server refuses.
    Problem(Problem),
}

impl Reply {
    /// Its name, for the trace.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Part(_) => "part",
            Self::End => "end",
            Self::Problem(_) => "problem",
        }
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Message(bytes) | Self::Part(bytes) => bytes,
            Self::End | Self::Problem(_) => &[],
        }
    }
}
