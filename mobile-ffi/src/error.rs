//! Errors as an app needs them: ten, by who can mend them, each with what to do. Nothing a person entered and no key is in one.

mod from_core;

use std::time::Duration;

/// Why something was not done. `remedy` says what a person can do, in a sentence that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
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
    /// What was asked does not fit what is there: a row that exists, an observation that stands, a text that is another's.
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
        /// Why not, for the program.
        why: Refusal,
        /// Why not, for a person.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// It opens with a worker's PIN, and does not now. What needs no PIN, the firebox first, goes on working.
    #[error("{reason}: {remedy}")]
    Locked {
        /// Why not, for the program.
        why: LockedWhy,
        /// Why not, for a person.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// The keys do not open. Nothing was made or changed, and it can be tried again.
    #[error("{reason}: {remedy}")]
    Keys {
        /// Why not, for the program.
        why: KeysWhy,
        /// Why not, for a person.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// Another program, or another part of this one, has the device open.
    #[error("the device is open already: {remedy}")]
    InUse {
        /// What to do.
        remedy: String,
    },
    /// The device's folder or store did not take or give data.
    #[error("{reason}: {remedy}")]
    Storage {
        /// What happened.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// The server's address or certificates cannot be used, or what it says does not hold.
    #[error("{reason}: {remedy}")]
    Server {
        /// What is wrong.
        reason: String,
        /// What to do.
        remedy: String,
    },
}

/// Why a device may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Refusal {
    /// It belongs to no partnership yet.
    NotEnrolled,
    /// Its time is over.
    TermOver,
    /// The worker's seat on it has ended.
    SeatEnded,
    /// No grant lets it.
    NoGrant,
    /// Who read what cannot be recorded, so nothing sealed is shown.
    NoAudit,
    /// The server has not taken the record of who read what for too long.
    SyncFirst,
    /// The glass of the home is whole.
    GlassWhole,
    /// The time behind the glass is over.
    GlassOver,
    /// Its partnership ended it, and it is wiping itself.
    Wiping,
    /// It is not revoked, so it does not wipe itself.
    NotRevoked,
    /// It was shut down.
    ShutDown,
}

/// Why it does not open with a worker's PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum LockedWhy {
    /// Nobody has unlocked it.
    Locked,
    /// Not the PIN.
    WrongPin {
        /// Tries before only a desk can help.
        tries_left: u32,
    },
    /// Too soon after a wrong one.
    TooSoon {
        /// How long to wait.
        wait: Duration,
    },
    /// Too many wrong ones: a desk seats the worker again.
    AskDesk,
    /// No worker has a PIN here.
    NoPin,
    /// Several workers have one: say whose it is.
    WhosePin,
    /// A desk ended the worker's seat here.
    SeatEnded,
    /// It has been without its server for too long.
    SyncFirst {
        /// The longest time it opens without.
        lease: Duration,
    },
    /// Its clock was put back.
    ClockWentBack,
    /// It has no key that a PIN could open.
    NoSecondKey,
    /// A passphrase opens it, and there is no PIN.
    AtDesk,
}

/// Why keys do not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum KeysWhy {
    /// The person may not, or the passphrase is another one.
    Refused,
    /// The person turned the prompt away.
    Cancelled,
    /// Nobody answered the prompt.
    TimedOut,
    /// The keystore does not have the key any more: a finger was enrolled, the screen lock taken away, the tablet restored.
    Lost,
    /// The keystore does not answer now.
    Unavailable,
    /// The passphrase is none.
    Passphrase,
}

/// A text that is not of its form.
pub(crate) fn not_this_form(field: &str, expected: &str) -> DoorstepError {
    DoorstepError::Value {
        field: field.to_owned(),
        limit: format!("expected {expected}"),
        remedy: "correct it, or leave it out".to_owned(),
    }
}

/// The device was shut down.
pub(crate) fn shut_down() -> DoorstepError {
    DoorstepError::NotAllowed {
        why: Refusal::ShutDown,
        reason: "this device was shut down".to_owned(),
        remedy: "open it again".to_owned(),
    }
}
