//! Errors as an app needs them: few, by who can mend them, each with what to do. Nothing a person entered and no key is in one.

use doorstep_client_core::client::ClientError;
use doorstep_client_core::device::{DeviceError, PhotographError, RestrictedError, UnlockError, WriteError};
use doorstep_client_core::partnership::AdminError;
use doorstep_client_core::records::{EditError, FieldError};
use doorstep_client_core::sync::SetUpError;
use doorstep_client_core::vault::VaultError;

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum DoorstepError {
    /// There is no such thing on this device.
    #[error("this device has no such {what}: {remedy}")]
    NotHere {
        /// What was asked for.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// Several things fit.
    #[error("{count} {what} fit: {remedy}")]
    Ambiguous {
        /// What was asked for.
        what: String,
        /// How many fit.
        count: u64,
        /// What to do.
        remedy: String,
    },
    /// A value may not be written, or is not of its form.
    #[error("{field}: {limit}; {remedy}")]
    Value {
        /// The field.
        field: String,
        /// What must hold.
        limit: String,
        /// What to do.
        remedy: String,
    },
    /// What was asked does not fit what is there: a row that exists, an observation that stands.
    #[error("{reason}: {remedy}")]
    Misfit {
        /// What stands in the way.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// This device may not, or not yet.
    #[error("{reason}: {remedy}")]
    NotAllowed {
        /// Why not.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// The keys do not open.
    #[error("{reason}: {remedy}")]
    Keys {
        /// Why not.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// The folder cannot be used.
    #[error("{reason}: {remedy}")]
    Folder {
        /// Why not.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// The device's store did not take or give data.
    #[error("{reason}: {remedy}")]
    Storage {
        /// What happened.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// The server's address or certificates cannot be used.
    #[error("{reason}: {remedy}")]
    Server {
        /// What is wrong.
        reason: String,
        /// What to do.
        remedy: String,
    },
}

impl From<ClientError> for DoorstepError {
    fn from(error: ClientError) -> Self {
        let reason = error.to_string();
        match error {
            ClientError::Write(error) => error.into(),
            ClientError::Device(error) => error.into(),
            ClientError::Vault(error) => error.into(),
            ClientError::Admin(error) => error.into(),
            ClientError::Unlock(UnlockError::Device(error))
            | ClientError::Restricted(RestrictedError::Device(error)) => error.into(),
            ClientError::Unlock(_) => {
                Self::Keys { reason, remedy: "what needs no PIN, the firebox first, goes on working".to_owned() }
            }
            ClientError::Restricted(_) => {
                Self::NotAllowed { reason, remedy: "what is not sealed goes on working".to_owned() }
            }
            ClientError::NotFound { what } => Self::NotHere {
                what: what.to_owned(),
                remedy: "it may not have come yet: sync and try again".to_owned(),
            },
            ClientError::Ambiguous { what, count } => Self::Ambiguous {
                what: what.to_owned(),
                count: count as u64,
                remedy: "say which, by its UPRN or its record id".to_owned(),
            },
            ClientError::Photograph(PhotographError::Write(error)) => error.into(),
            ClientError::Picture(_) | ClientError::Photograph(PhotographError::TooMany { .. }) => {
                Self::Misfit { reason, remedy: "choose another photograph".to_owned() }
            }
            ClientError::Photograph(_) => {
                Self::Storage { reason, remedy: "what was recorded before is kept".to_owned() }
            }
            ClientError::Carrier(_) => Self::Misfit { reason, remedy: "ask for the file again".to_owned() },
            ClientError::Wiping => Self::NotAllowed { reason, remedy: "connect it, then start again".to_owned() },
            ClientError::InUse => Self::Folder { reason, remedy: "use the device that is open".to_owned() },
            ClientError::Folder { .. } => Self::Folder { reason, remedy: "check the folder".to_owned() },
        }
    }
}

impl From<WriteError> for DoorstepError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Device(error) => error.into(),
            WriteError::Edit(EditError::Field(error)) => error.into(),
            WriteError::Edit(error) => {
                Self::Misfit { reason: error.to_string(), remedy: "read the record again, then repeat".to_owned() }
            }
            WriteError::NoSuchRecord { what } => {
                Self::NotHere { what: what.to_owned(), remedy: "sync and try again".to_owned() }
            }
        }
    }
}

impl From<FieldError> for DoorstepError {
    fn from(error: FieldError) -> Self {
        let FieldError { field, limit, remedy } = error;
        Self::Value { field: field.into_owned(), limit: limit.into_owned(), remedy: remedy.into_owned() }
    }
}

impl From<DeviceError> for DoorstepError {
    fn from(error: DeviceError) -> Self {
        let reason = error.to_string();
        match error {
            DeviceError::NotEnrolled => Self::NotAllowed { reason, remedy: "take an invitation, then sync".to_owned() },
            DeviceError::TermOver { .. } => {
                Self::NotAllowed { reason, remedy: "ask the desk to enrol this device again".to_owned() }
            }
            DeviceError::SeatEnded => {
                Self::NotAllowed { reason, remedy: "another worker unlocks it, or ask the desk".to_owned() }
            }
            DeviceError::NoZone { .. } => Self::NotAllowed { reason, remedy: "ask an admin".to_owned() },
            _ => Self::Storage {
                reason,
                remedy: "nothing saved before is lost; try again, then ask for help".to_owned(),
            },
        }
    }
}

impl From<VaultError> for DoorstepError {
    fn from(error: VaultError) -> Self {
        let reason = error.to_string();
        match error {
            VaultError::Refused => Self::Keys { reason, remedy: "check the passphrase".to_owned() },
            VaultError::Passphrase => Self::Keys { reason, remedy: "choose another passphrase".to_owned() },
            VaultError::Empty => Self::Folder { reason, remedy: "create a device first".to_owned() },
            VaultError::Occupied => Self::Folder { reason, remedy: "open the device that is there".to_owned() },
            VaultError::Unreachable { .. } => Self::Folder { reason, remedy: "check the folder".to_owned() },
        }
    }
}

impl From<AdminError> for DoorstepError {
    fn from(error: AdminError) -> Self {
        Self::Misfit { reason: error.to_string(), remedy: "ask the desk for a new invitation".to_owned() }
    }
}

impl From<SetUpError> for DoorstepError {
    fn from(error: SetUpError) -> Self {
        match error {
            SetUpError::Device(error) => error.into(),
            other => Self::Server { reason: other.to_string(), remedy: "ask the desk for a new invitation".to_owned() },
        }
    }
}

/// A text that is not of its form.
pub(crate) fn not_this_form(field: &str, expected: &str) -> DoorstepError {
    DoorstepError::Value {
        field: field.to_owned(),
        limit: format!("expected {expected}"),
        remedy: "correct it, or leave it out".to_owned(),
    }
}
