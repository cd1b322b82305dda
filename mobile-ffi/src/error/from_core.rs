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
use doorstep_client_core::transport::TransportError;
use doorstep_client_core::vault::VaultError;

use super::{DoorstepError, KeysWhy, LockedWhy, Refusal};

const FIREBOX_GOES_ON: &str = "what needs no PIN, the firebox first, goes on working";
const NOTHING_IS_LOST: &str = "nothing saved before is lost; try again, then ask for help";

/// What is the matter and what to do, apart: most sentences of the core say both, with a colon between.
fn apart(said: String, otherwise: &str) -> (String, String) {
    match said.rsplit_once(": ") {
        Some((reason, remedy)) => (reason.to_owned(), remedy.to_owned()),
        None => (said, otherwise.to_owned()),
    }
}

fn not_allowed(why: Refusal, said: String, otherwise: &str) -> DoorstepError {
    let (reason, remedy) = apart(said, otherwise);
    DoorstepError::NotAllowed { why, reason, remedy }
}

fn misfit(said: String, otherwise: &str) -> DoorstepError {
    let (reason, remedy) = apart(said, otherwise);
    DoorstepError::Misfit { reason, remedy }
}

fn locked(why: LockedWhy, said: String, otherwise: &str) -> DoorstepError {
    let (reason, remedy) = apart(said, otherwise);
    DoorstepError::Locked { why, reason, remedy }
}

fn keys(why: KeysWhy, said: String, otherwise: &str) -> DoorstepError {
    let (reason, remedy) = apart(said, otherwise);
    DoorstepError::Keys { why, reason, remedy }
}

fn server(said: String, otherwise: &str) -> DoorstepError {
    let (reason, remedy) = apart(said, otherwise);
    DoorstepError::Server { reason, remedy }
}

fn storage(said: String, otherwise: &str) -> DoorstepError {
    let (reason, remedy) = apart(said, otherwise);
    DoorstepError::Storage { reason, remedy }
}

/// Sentences that end with what a library or the log said: what to do is not in them.
fn damaged(reason: String) -> DoorstepError {
    DoorstepError::Storage { reason, remedy: NOTHING_IS_LOST.to_owned() }
}

fn not_signed(said: String) -> DoorstepError {
    keys(KeysWhy::Unavailable, said, "unlock the screen, and try again: what is recorded is kept")
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
                remedy: "sync and try again, it may not have come yet".to_owned(),
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
            DeviceError::NotSigned(_) => not_signed(reason),
            DeviceError::NoAudit => not_allowed(Refusal::NoAudit, reason, "ask an admin"),
            DeviceError::Log(_) | DeviceError::Save(_) | DeviceError::Seal(_) => damaged(reason),
            DeviceError::Document(_) | DeviceError::StaysSealed { .. } => storage(reason, NOTHING_IS_LOST),
        }
    }
}

impl From<UnlockError> for DoorstepError {
    fn from(error: UnlockError) -> Self {
        let reason = error.to_string();
        match error {
            UnlockError::Device(error) => error.into(),
            UnlockError::Wrong { left } => {
                locked(LockedWhy::WrongPin { tries_left: left }, reason, "try the PIN again")
            }
            UnlockError::TooSoon { seconds } => {
                locked(LockedWhy::TooSoon { wait: Duration::from_secs(seconds) }, reason, FIREBOX_GOES_ON)
            }
            UnlockError::LockedOut => locked(LockedWhy::AskDesk, reason, "ask a desk to seat you again"),
            UnlockError::NoPin => locked(LockedWhy::NoPin, reason, "choose a PIN"),
            UnlockError::WhoseIsIt => locked(LockedWhy::WhosePin, reason, "choose the worker first"),
            UnlockError::AtDesk => locked(LockedWhy::AtDesk, reason, "open it with its passphrase"),
            UnlockError::NoSecondKey => {
                locked(LockedWhy::NoSecondKey, reason, "ask the desk to enrol this device again")
            }
            UnlockError::SeatEnded => {
                locked(LockedWhy::SeatEnded, reason, "ask the desk, or let another worker unlock it")
            }
            UnlockError::Locked => locked(LockedWhy::Locked, reason, "unlock it with a PIN first"),
            UnlockError::LeaseLapsed { hours } => {
                let lease = Duration::from_secs(u64::from(hours) * 3_600);
                locked(LockedWhy::SyncFirst { lease }, reason, FIREBOX_GOES_ON)
            }
            UnlockError::ClockWentBack => locked(LockedWhy::ClockWentBack, reason, FIREBOX_GOES_ON),
            UnlockError::Pin(error) => {
                let (limit, remedy) = apart(error.to_string(), "choose another PIN");
                Self::Value { field: "pin".to_owned(), limit, remedy }
            }
            UnlockError::Full => misfit(reason, "use another device"),
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
        match error {
            VaultError::Refused => {
                let reason = "the keys of this device do not open".to_owned();
                keys(KeysWhy::Refused, reason, "try again as the person whom it belongs to")
            }
            VaultError::Passphrase => keys(KeysWhy::Passphrase, reason, "choose another passphrase"),
            VaultError::Cancelled => keys(KeysWhy::Cancelled, reason, "try again when you are ready"),
            VaultError::TimedOut => keys(KeysWhy::TimedOut, reason, "try again, and answer the prompt"),
            VaultError::Lost => {
                keys(KeysWhy::Lost, reason, "keep the folder, and ask the desk to enrol this device again")
            }
            VaultError::Unavailable => keys(KeysWhy::Unavailable, reason, "unlock the tablet, and try again"),
            VaultError::Empty => {
                Self::NotHere { what: "device".to_owned(), remedy: "create a device in this folder first".to_owned() }
            }
            VaultError::Occupied => misfit(reason, "open the device that is there"),
            VaultError::Unreachable { .. } => storage(reason, "check the folder"),
        }
    }
}

impl From<AdminError> for DoorstepError {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Device(error) => error.into(),
            AdminError::NotSigned(error) => not_signed(error.to_string()),
            AdminError::Enrol(error) => misfit(error.to_string(), "ask the desk for a new invitation"),
            error => Self::Misfit { reason: error.to_string(), remedy: "ask the desk for a new invitation".to_owned() },
        }
    }
}

impl From<SetUpError> for DoorstepError {
    fn from(error: SetUpError) -> Self {
        match error {
            SetUpError::Device(error) => error.into(),
            other => server(other.to_string(), "ask the desk for a new invitation"),
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
            FarewellError::NotSigned(_) => not_signed(reason),
            FarewellError::Log(_) => Self::Server { reason, remedy: "tell an admin".to_owned() },
            FarewellError::Transport(TransportError::SessionEnded) => not_allowed(
                Refusal::NotRevoked,
                "the server does not say that this device was ended".to_owned(),
                "it goes on as it is",
            ),
            FarewellError::Transport(_) => server(reason, "it goes on when there is signal"),
            FarewellError::File { .. } | FarewellError::Interrupted | FarewellError::Mark => {
                storage(reason, "start it again, and it goes on with its wipe")
            }
        }
    }
}
