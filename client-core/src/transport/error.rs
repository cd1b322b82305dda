//! Why an exchange did not happen, split by who can mend it. Fields, never content.

use core::fmt;

use doorstep_protocol::LogSize;
use doorstep_protocol::cbor::CborError;
use doorstep_protocol::http_signature::HttpSignatureError;
use doorstep_protocol::wire::FrameError;

use crate::replica::machine::{Fault, Stop};

/// Where in an exchange it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Name, TCP, TLS.
    Connect,
    /// The request on its way, and the wait for the answer's head.
    Request,
    /// The answer on its way.
    Answer,
    /// A watch.
    Watch,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "while connecting",
            Self::Request => "while sending",
            Self::Answer => "while the answer came",
            Self::Watch => "while waiting for news",
        })
    }
}

/// Why the server does not serve this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refused {
    /// The device was revoked.
    #[error("this device was revoked: ask an admin; what is recorded here is kept")]
    Revoked,
    /// The device is frozen: stopped for a while by an admin.
    #[error("this device is stopped for a while by an admin: ask your desk; what is recorded here is kept")]
    Frozen,
    /// The device is past its end date.
    #[error(
        "this device's time has ended: what is recorded here is kept; ask an admin to enrol it again, and carry over what \
         it had not sent"
    )]
    Ended,
    /// The server takes no further partnership.
    #[error("the server does not take this partnership: its operator lists the ones it takes")]
    PartnershipNotTaken,
    /// The server has another key than the partnership was made with.
    #[error("the server has another key than this partnership was made with: its operator restores server.key")]
    OtherServerKey,
    /// The entries for the authority log do not hold.
    #[error("the server does not take these entries of the authority log")]
    Append,
    /// For a reason that this version does not know.
    #[error("the server refuses (status {status})")]
    Other {
        /// The HTTP status.
        status: u16,
    },
}

/// Why a sealed part of a photograph was not taken or given. Field work goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartRefused {
    /// The server does not have it, or not for this device.
    #[error("a photograph is not at the server yet: asked for again later")]
    NotThere,
    /// Nobody claims it whose zone this device may write.
    #[error("the server has no claim for a photograph from this device: claimed again with the next sync")]
    Unclaimed,
    /// There is no room for photographs.
    #[error(
        "the server has no more room for photographs: they are kept here and tried again; its operator raises \
         photo-quota-bytes"
    )]
    Full,
    /// More is claimed than may be.
    #[error(
        "the server takes no more photographs of this home, or waits for too many: they are kept here and tried again"
    )]
    Claims,
}

/// Why both sides do not understand each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Incompatible {
    /// The answer has another media type.
    #[error("its answer has another media type")]
    MediaType,
    /// It does not know the path or the form of the request.
    #[error("it does not know this request (status {status})")]
    Request {
        /// The HTTP status.
        status: u16,
    },
}

/// What does not hold of an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misbehaved {
    /// Something answers that is not the server this device was enrolled with: a hotel's sign-in page, a wrong address.
    #[error("its answer is not signed by the server this device was enrolled with ({0})")]
    Signature(HttpSignatureError),
    /// It sends the client elsewhere, which a server never does.
    #[error("it sends this device elsewhere (status {status}): set the server's own address")]
    Redirect {
        /// The HTTP status.
        status: u16,
    },
    /// TLS did not come about.
    #[error("its certificate is not believed: check the address, or name the certificate to trust")]
    Certificate,
    /// Longer than an answer may be.
    #[error("its answer is longer than {limit_bytes} bytes")]
    TooLong {
        /// Bytes allowed.
        limit_bytes: usize,
    },
    /// Not a message.
    #[error("its answer does not decode ({0})")]
    Form(CborError),
    /// Not frames.
    #[error("its answer does not decode ({0})")]
    Frames(FrameError),
    /// The stream ended before its closing frame.
    #[error("its answer ends before its end")]
    BrokenOff,
    /// Not a status that the protocol has.
    #[error("its status is {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// A part that is not the one that was asked for.
    #[error("it gave another part of a photograph than was asked for")]
    Part,
    /// It did not agree to a WebSocket.
    #[error("it does not open a watch as asked")]
    Upgrade,
}

/// Why an exchange did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection, or it broke.
    #[error("no connection to the server ({stage}): what is recorded is kept, and sent when there is one")]
    Offline {
        /// Where.
        stage: Stage,
    },
    /// The other side stopped answering.
    #[error("the server said nothing for {waited_ms} ms ({stage}): tried again")]
    Silent {
        /// Where.
        stage: Stage,
        /// How long was waited.
        waited_ms: u64,
    },
    /// The server, or something in front of it, asks for a pause.
    #[error("the server is busy (status {status}): tried again")]
    Busy {
        /// The HTTP status.
        status: u16,
        /// How long it asks for, capped at an hour.
        retry_after_ms: Option<u64>,
    },
    /// The session ended, or the server does not know the device: it does not say which.
    #[error("the server asks for a session")]
    SessionEnded,
    /// The server's authority log is not where an append says.
    #[error("the server's authority log has {size} entries")]
    LogConflict {
        /// The size it has.
        size: LogSize,
    },
    /// The server's authority log is shorter than the device's.
    #[error("the server's authority log has only {size} entries")]
    LogBehind {
        /// The size it has.
        size: LogSize,
    },
    /// The server's authority log is another one.
    #[error("the server's authority log is not the one of this device")]
    LogFork,
    /// The server does not serve this device.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A sealed part was not taken or given.
    #[error(transparent)]
    Part(#[from] PartRefused),
    /// Both sides speak different versions.
    #[error("the server speaks another version: {0}. Update this program, or ask the server's operator to")]
    Incompatible(#[from] Incompatible),
    /// What answers does not keep to the protocol.
    #[error("what answers is not to be believed: {0}")]
    Misbehaved(#[from] Misbehaved),
}

/// What an error means to [`crate::replica::machine::Machine`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Tried again.
    Fault(Fault),
    /// Not tried again by itself.
    Stop(Stop),
}

impl TransportError {
    /// Whether trying again makes sense.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            Self::Offline { .. } | Self::Silent { .. } => Failure::Fault(Fault::Offline),
            Self::Busy { .. } => Failure::Fault(Fault::Busy),
            Self::SessionEnded => Failure::Fault(Fault::SessionEnded),
            Self::LogConflict { .. } | Self::LogBehind { .. } | Self::Misbehaved(_) | Self::Part(_) => {
                Failure::Fault(Fault::BadAnswer)
            }
            Self::LogFork => Failure::Stop(Stop::SplitView),
            // It may be unfrozen at any hour: it asks again by itself.
            Self::Refused(Refused::Frozen) => Failure::Fault(Fault::Busy),
            Self::Refused(_) => Failure::Stop(Stop::Refused),
            Self::Incompatible(_) => Failure::Stop(Stop::Incompatible),
        }
    }
}
