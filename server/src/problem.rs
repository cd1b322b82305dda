//! What a client is told when it is refused (RFC 9457). An outsider learns nothing from it: an unknown partnership, an
//! unknown device, a wrong signature and an ended session have one and the same answer.

use doorstep_protocol::LogSize;
use http::StatusCode;
use serde::Serialize;

use crate::domain::append::AppendRefusal;
use crate::store::{ClaimLimit, StoreError};

/// The media type of a problem.
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Not a request of this protocol.
    #[error("the request is not one of this protocol")]
    Malformed,
    /// Longer than allowed.
    #[error("the request is longer than {limit_bytes} bytes")]
    TooLong {
        /// Bytes allowed.
        limit_bytes: usize,
    },
    /// Of another media type.
    #[error("the request's content type is not known here")]
    MediaType,
    /// The body did not arrive in time.
    #[error("the request did not arrive in time")]
    TooSlow,
    /// Unknown partnership or device, wrong signature, wrong or ended session: one answer.
    #[error("a session of a known device is needed")]
    Unauthorised,
    /// The device was revoked; only the device itself is told.
    #[error("this device was revoked")]
    Revoked,
    /// The device is frozen; only the device itself is told.
    #[error("this device is frozen")]
    Frozen,
    /// The device is past its end date; only the device itself is told.
    #[error("this device's time has ended")]
    Ended,
    /// Only an acting admin may ask this, of the organisation that it is about.
    #[error("the device is not an admin here")]
    NotAdmin,
    /// The log is not where the append says.
    #[error("the log is elsewhere")]
    LogConflict {
        /// The size it has.
        size: LogSize,
    },
    /// The reader's log has another entry than the server's.
    #[error("the log is not the reader's")]
    LogFork,
    /// The reader knows more of the log than the server: it should bring it back.
    #[error("the log is behind the reader's")]
    LogBehind {
        /// The size it has.
        size: LogSize,
    },
    /// The entries or wraps do not hold.
    #[error("the append does not hold: {0}")]
    AppendRefused(AppendRefusal),
    /// The log names another server's key.
    #[error("the log names another server's key")]
    OtherServerKey,
    /// This server takes no further partnership.
    #[error("this server does not take the partnership")]
    PartnershipNotTaken,
    /// The device has asked too often.
    #[error("the device has asked too often")]
    TooMany {
        /// Seconds until it may ask again.
        again_seconds: u64,
    },
    /// Too much at once.
    #[error("too busy")]
    Busy,
    /// The store does not answer.
    #[error("the store does not answer")]
    Unavailable,
    /// Nobody whose zone the device may write claims the part.
    #[error("the part is not claimed")]
    Unclaimed,
    /// There is no such part, or none for this device: one answer.
    #[error("there is no such part for the device")]
    NoPart,
    /// The partnership has used its space for parts of files.
    #[error("the partnership has used its space for files")]
    PartsFull {
        /// Bytes that it may hold.
        limit_bytes: u64,
    },
    /// More parts are claimed than may be.
    #[error("more parts are claimed than may be")]
    ClaimsFull {
        /// Which limit.
        limit: ClaimLimit,
    },
    /// No such place.
    #[error("there is nothing here")]
    NotFound,
    /// Not by this method.
    #[error("not by this method")]
    Method,
}

#[derive(Serialize)]
struct Details<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
}

impl Problem {
    /// The last part of the problem's type, and its title and status.
    fn facts(&self) -> (&'static str, &'static str, StatusCode) {
        match self {
            Self::Malformed => ("malformed", "The request is not one of this protocol.", StatusCode::BAD_REQUEST),
            Self::TooLong { .. } => ("too-long", "The request is too long.", StatusCode::PAYLOAD_TOO_LARGE),
            Self::MediaType => {
                ("media-type", "The content type is not known here.", StatusCode::UNSUPPORTED_MEDIA_TYPE)
            }
            Self::TooSlow => ("too-slow", "The request did not arrive in time.", StatusCode::REQUEST_TIMEOUT),
            Self::Unauthorised => ("unauthorised", "A session of a known device is needed.", StatusCode::UNAUTHORIZED),
            Self::Revoked => ("revoked", "This device was revoked.", StatusCode::FORBIDDEN),
            Self::Frozen => ("frozen", "This device is frozen.", StatusCode::FORBIDDEN),
            Self::Ended => ("ended", "This device's time has ended.", StatusCode::FORBIDDEN),
            Self::NotAdmin => ("not-admin", "Only an admin's device may do this.", StatusCode::FORBIDDEN),
            Self::LogConflict { .. } => ("log-conflict", "The log is elsewhere.", StatusCode::CONFLICT),
            Self::LogFork => ("log-fork", "The log is not the one you know.", StatusCode::CONFLICT),
            Self::LogBehind { .. } => ("log-behind", "You know more of the log.", StatusCode::CONFLICT),
            Self::AppendRefused(_) => ("append-refused", "The append does not hold.", StatusCode::UNPROCESSABLE_ENTITY),
            Self::OtherServerKey => ("other-server-key", "The log names another server's key.", StatusCode::CONFLICT),
            Self::PartnershipNotTaken => {
                ("partnership-not-taken", "This server does not take the partnership.", StatusCode::FORBIDDEN)
            }
            Self::TooMany { .. } => ("too-many", "This device has asked too often.", StatusCode::TOO_MANY_REQUESTS),
            Self::Busy => ("busy", "Too much at once: try again later.", StatusCode::SERVICE_UNAVAILABLE),
            Self::Unavailable => ("unavailable", "The store does not answer.", StatusCode::SERVICE_UNAVAILABLE),
            Self::Unclaimed => ("unclaimed", "Claim the part before you bring it.", StatusCode::CONFLICT),
            Self::NoPart => ("no-part", "There is no such part.", StatusCode::NOT_FOUND),
            Self::PartsFull { .. } => {
                ("parts-full", "The partnership has used its space for files.", StatusCode::CONFLICT)
            }
            Self::ClaimsFull { .. } => ("claims-full", "More parts are claimed than may be.", StatusCode::CONFLICT),
            Self::NotFound => ("not-found", "There is nothing here.", StatusCode::NOT_FOUND),
            Self::Method => ("method", "Not by this method.", StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    /// The status code.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.facts().2
    }

    /// The problem's type: `urn:doorstep:problem:` and its name.
    #[must_use]
    pub fn type_uri(&self) -> String {
        format!("urn:doorstep:problem:{}", self.facts().0)
    }

    /// The body, as `application/problem+json`. `size` is the server's log size, where a client goes on from it.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let (_, title, status) = self.facts();
        let (detail, size) = match self {
            Self::AppendRefused(refusal) => (Some(refusal.to_string()), None),
            Self::OtherServerKey => (
                Some("Ask the server whose key the log names, or start this one with that server.key.".to_owned()),
                None,
            ),
            Self::TooLong { limit_bytes } => (Some(format!("The limit is {limit_bytes} bytes.")), None),
            Self::PartsFull { limit_bytes } => (
                Some(format!(
                    "The limit is {limit_bytes} bytes: the operator raises photo-quota-bytes, or documents are erased."
                )),
                None,
            ),
            Self::ClaimsFull { limit } => (Some(limit.words().to_owned()), None),
            Self::TooMany { again_seconds } => (Some(format!("Ask again in {again_seconds} s.")), None),
            Self::LogConflict { size } | Self::LogBehind { size } => (None, Some(size.0)),
            _ => (None, None),
        };
        let details = Details { r#type: self.type_uri(), title, status: status.as_u16(), detail, size };
        serde_json::to_vec(&details).expect("strings and numbers always serialise")
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::Unavailable
    }
}

impl From<AppendRefusal> for Problem {
    fn from(refusal: AppendRefusal) -> Self {
        match refusal {
            AppendRefusal::Count => Self::Malformed,
            AppendRefusal::Conflict { size } => Self::LogConflict { size },
            AppendRefusal::OtherServerKey => Self::OtherServerKey,
            other => Self::AppendRefused(other),
        }
    }
}
