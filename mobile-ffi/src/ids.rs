//! Names of things: each a type of its own, so that a person's record is never handed where a row is meant. An app keeps them as
//! they are and makes none itself, but for a UPRN.

use doorstep_client_core::device;
use doorstep_client_core::records;
use doorstep_protocol as protocol;

use crate::error::{DoorstepError, not_this_form};
use crate::quiet::quiet;

/// Declares the id of something, and the way there and back.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident of $core:ty, $field:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, uniffi::Record)]
        pub struct $name {
            /// Lower-case hexadecimal digits.
            pub hex: String,
        }

        impl From<$core> for $name {
            fn from(id: $core) -> Self {
                Self { hex: id.to_string() }
            }
        }

        impl TryFrom<$name> for $core {
            type Error = DoorstepError;

            fn try_from(id: $name) -> Result<Self, DoorstepError> {
                id.hex.parse().map_err(|_| not_this_form($field, "an id as this library gave it"))
            }
        }
    };
}

id! {
    /// A property or a person.
    RecordId of device::RecordId, "record"
}

id! {
    /// One entry of a record: a hazard, a visit, a photograph, a decision.
    RowId of records::RowId, "row"
}

id! {
    /// One document of a record: what a dispute is in.
    DocumentId of protocol::DocumentId, "document"
}

id! {
    /// A device.
    DeviceId of protocol::DeviceId, "device"
}

id! {
    /// A worker at one device.
    SeatId of protocol::SeatId, "seat"
}

id! {
    /// A worker.
    WorkerId of protocol::WorkerId, "worker"
}

id! {
    /// The audit record of something that was shown.
    AuditRecordId of protocol::EnvelopeId, "audit record"
}

impl From<protocol::DocumentId> for RecordId {
    fn from(id: protocol::DocumentId) -> Self {
        device::RecordId(id).into()
    }
}

/// A Unique Property Reference Number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Uprn {
    /// 1 to 12 digits.
    pub digits: String,
}

quiet!(Uprn);

impl From<records::Uprn> for Uprn {
    fn from(uprn: records::Uprn) -> Self {
        Self { digits: uprn.to_string() }
    }
}

impl TryFrom<Uprn> for records::Uprn {
    type Error = DoorstepError;

    fn try_from(uprn: Uprn) -> Result<Self, DoorstepError> {
        uprn.digits.parse().map_err(|_| not_this_form("uprn", "1 to 12 digits"))
    }
}
