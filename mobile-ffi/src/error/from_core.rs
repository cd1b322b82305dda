//! Every error of the core becomes one of the ten.

use std::time::Duration;

use doorstep_client_core::client::ClientError;
use doorstep_client_core::device::{
    DeviceError, GlassError, PhotographError, RestrictedError, UnlockError, WriteError,
};
use doorstep_client_core::farewell::FarewellError;
use doorstep_client_core::partnership::AdminError;
use doorstep_client_core::records::{EditError, FieldError};
use doorstep_client_core::store::{OpenError, StoreError};
use doorstep_client_core::sync::SetUpError;
use doorstep_client_core::vault::VaultError;

use super::{DoorstepError, KeysWhy, LockedWhy, Refusal};

const FIREBOX_GOES_ON: &str = "what needs no PIN, the firebox first, goes on working";
const NOTHING_IS_LOST: &str = "nothing saved before is lost; try again, then ask for help";

fn not_allowed(why: Refusal, reason: String, remedy: &str) -> DoorstepError {
    DoorstepError::NotAllowed { why, reason, remedy: remedy.to_owned() }
}

fn misfit(reason: String, remedy: &str) -> DoorstepError {
    DoorstepError::Misfit { reason, remedy: remedy.to_owned() }
}

fn storage(reason: String, remedy: &str) -> DoorstepError {
    DoorstepError::Storage { reason, remedy: remedy.to_owned() }
}

fn in_use() -> DoorstepError {
    DoorstepError::InUse { remedy: "close it there first, or use the device that is open".to_owned() }
}

impl From<ClientError> for DoorstepError {
    fn from(error: ClientError) -> Self {
        let reason = error.to_string();
        match error {
            ClientError::Write(error) => error.into(),
            ClientError::Device(error) => error.into(),
            ClientError::Vault(error) => error.into(),
            ClientError::Admin(error) => error.into(),
            ClientError::Unlock(error) => error.into(),
            ClientError::Restricted(error) => error.into(),
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
                misfit(reason, "choose another photograph")
            }
            ClientError::Photograph(_) => storage(reason, "what was recorded before is kept"),
            ClientError::Carrier(_) => misfit(reason, "ask for the file again"),
            ClientError::Wiping => not_allowed(Refusal::Wiping, reason, "connect it, and let it finish its wipe"),
            ClientError::InUse => in_use(),
            ClientError::Folder { .. } => storage(reason, "check the folder"),
        }
    }
}

impl From<WriteError> for DoorstepError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Device(error) => error.into(),
            WriteError::Restricted(error) => error.into(),
            WriteError::Edit(error) => error.into(),
            WriteError::NoSuchRecord { what } => {
                Self::NotHere { what: what.to_owned(), remedy: "sync and try again".to_owned() }
            }
        }
    }
}

impl From<EditError> for DoorstepError {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Field(error) => error.into(),
            error => misfit(error.to_string(), "read the record again, then repeat"),
        }
    }
}

impl From<FieldError> for DoorstepError {
    fn from(error: FieldError) -> Self {
        let FieldError { field, limit, remedy } = error;
        Self::Value { field: field.into_owned(), limit: limit.into_owned(), remedy: remedy.into_owned() }
    }
}

impl From<StoreError> for DoorstepError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Open(OpenError::InUse) => in_use(),
            error => storage(error.to_string(), NOTHING_IS_LOST),
        }
    }
}

impl From<DeviceError> for DoorstepError {
    fn from(error: DeviceError) -> Self {
        let reason = error.to_string();
        match error {
            DeviceError::Store(error) => error.into(),
            DeviceError::NotEnrolled => not_allowed(Refusal::NotEnrolled, reason, "take an invitation, then sync"),
            DeviceError::TermOver { .. } => {
                not_allowed(Refusal::TermOver, reason, "ask the desk to enrol this device again")
            }
            DeviceError::SeatEnded => {
                not_allowed(Refusal::SeatEnded, reason, "another worker unlocks it, or ask the desk")
            }
            DeviceError::NoZone { .. } => not_allowed(Refusal::NoGrant, reason, "ask an admin"),
            DeviceError::NoAudit => not_allowed(Refusal::NoAudit, reason, "ask an admin"),
            _ => storage(reason, NOTHING_IS_LOST),
        }
    }
}

impl From<UnlockError> for DoorstepError {
    fn from(error: UnlockError) -> Self {
        let reason = error.to_string();
        let locked = |why, remedy: &str| Self::Locked { why, reason: reason.clone(), remedy: remedy.to_owned() };
        match error {
            UnlockError::Device(error) => error.into(),
            UnlockError::Wrong { left } => locked(LockedWhy::WrongPin { tries_left: left }, "try the PIN again"),
            UnlockError::TooSoon { seconds } => {
                locked(LockedWhy::TooSoon { wait: Duration::from_secs(seconds) }, FIREBOX_GOES_ON)
            }
            UnlockError::LockedOut => locked(LockedWhy::AskDesk, "ask a desk to seat you again"),
            UnlockError::NoPin => locked(LockedWhy::NoPin, "choose a PIN"),
            UnlockError::WhoseIsIt => locked(LockedWhy::WhosePin, "choose the worker first"),
            UnlockError::AtDesk => locked(LockedWhy::AtDesk, "open it with its passphrase"),
            UnlockError::NoSecondKey => locked(LockedWhy::NoSecondKey, "ask the desk to enrol this device again"),
            UnlockError::SeatEnded => locked(LockedWhy::SeatEnded, "ask the desk, or let another worker unlock it"),
            UnlockError::Locked => locked(LockedWhy::Locked, "unlock it with a PIN first"),
            UnlockError::LeaseLapsed { hours } => {
                let lease = Duration::from_secs(u64::from(hours) * 3_600);
                locked(LockedWhy::SyncFirst { lease }, FIREBOX_GOES_ON)
            }
            UnlockError::ClockWentBack => locked(LockedWhy::ClockWentBack, FIREBOX_GOES_ON),
            UnlockError::Pin(error) => Self::Value {
                field: "pin".to_owned(),
                limit: error.to_string(),
                remedy: "choose another PIN".to_owned(),
            },
            UnlockError::Full => misfit(reason.clone(), "use another device"),
        }
    }
}

impl From<RestrictedError> for DoorstepError {
    fn from(error: RestrictedError) -> Self {
        let reason = error.to_string();
        let refused = |why| not_allowed(why, reason.clone(), FIREBOX_GOES_ON);
        match error {
            RestrictedError::Device(error) => error.into(),
            RestrictedError::Edit(error) => error.into(),
            RestrictedError::Lease(error) => error.into(),
            RestrictedError::Locked => UnlockError::Locked.into(),
            RestrictedError::OpensWithDevice { .. } => misfit(reason.clone(), "read it with the rest of the record"),
            RestrictedError::NotEntitled { .. } | RestrictedError::Glass(GlassError::NotEntitled) => {
                refused(Refusal::NoGrant)
            }
            RestrictedError::NoAudit => refused(Refusal::NoAudit),
            RestrictedError::AuditStuck { .. } => refused(Refusal::SyncFirst),
            RestrictedError::Nothing => {
                Self::NotHere { what: "sealed detail".to_owned(), remedy: "sync, or ask the contact".to_owned() }
            }
            RestrictedError::Glass(GlassError::Whole) => refused(Refusal::GlassWhole),
            RestrictedError::Glass(GlassError::Over) => refused(Refusal::GlassOver),
            RestrictedError::Glass(GlassError::Text) => plea("text", &reason),
            RestrictedError::Glass(GlassError::Incident) => plea("incident", &reason),
        }
    }
}

fn plea(field: &str, limit: &str) -> DoorstepError {
    let remedy = "correct it, then break the glass".to_owned();
    DoorstepError::Value { field: field.to_owned(), limit: limit.to_owned(), remedy }
}

impl From<VaultError> for DoorstepError {
    fn from(error: VaultError) -> Self {
        let reason = error.to_string();
        let keys = |why, remedy: &str| Self::Keys { why, reason: reason.clone(), remedy: remedy.to_owned() };
        match error {
            VaultError::Refused => keys(KeysWhy::Refused, "try again as the person this device belongs to"),
            VaultError::Passphrase => keys(KeysWhy::Passphrase, "choose another passphrase"),
            VaultError::Cancelled => keys(KeysWhy::Cancelled, "try again when you are ready"),
            VaultError::TimedOut => keys(KeysWhy::TimedOut, "try again, and answer the prompt"),
            VaultError::Lost => keys(KeysWhy::Lost, "keep the folder, and ask the desk to enrol this device again"),
            VaultError::Unavailable => keys(KeysWhy::Unavailable, "unlock the tablet, and try again"),
            VaultError::Empty => {
                Self::NotHere { what: "device".to_owned(), remedy: "create a device in this folder first".to_owned() }
            }
            VaultError::Occupied => misfit(reason.clone(), "open the device that is there"),
            VaultError::Unreachable { .. } => storage(reason.clone(), "check the folder"),
        }
    }
}

impl From<AdminError> for DoorstepError {
    fn from(error: AdminError) -> Self {
        misfit(error.to_string(), "ask the desk for a new invitation")
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

impl From<FarewellError> for DoorstepError {
    fn from(error: FarewellError) -> Self {
        let reason = error.to_string();
        match error {
            FarewellError::NotRevoked => not_allowed(Refusal::NotRevoked, reason, "it goes on as it is"),
            FarewellError::Store(error) => error.into(),
            FarewellError::Device(error) => error.into(),
            FarewellError::Vault(error) => error.into(),
            FarewellError::Log(_) => Self::Server { reason, remedy: "tell an admin".to_owned() },
            FarewellError::Transport(_) => {
                Self::Server { reason, remedy: "it goes on when there is signal: start it again then".to_owned() }
            }
            FarewellError::File { .. } | FarewellError::Interrupted | FarewellError::Mark => {
                storage(reason, "start it again, and it goes on with its wipe")
            }
        }
    }
}
