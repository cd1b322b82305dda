//! Why a command did not do what it was asked, by who can mend it. Each blame has its exit code, which scripts may rely on.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::PathBuf;

use doorstep_client_core::client::{CarrierError, ClientError};
use doorstep_client_core::device::{
    DeviceError, GlassError, PhotographError, RestrictedError, UnlockError, WriteError,
};
use doorstep_client_core::partnership::{AdminError, EnrolError};
use doorstep_client_core::transport::{AddressError, TransportError, TrustError};
use doorstep_client_core::vault::VaultError;

/// Who can mend it. The number is the exit code of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Blame {
    /// A verification found faults.
    Faults = 1,
    /// What was asked does not fit: an option, a value, a file.
    Usage = 2,
    /// There is no such thing here, or several things fit.
    NotFound = 3,
    /// No connection, or the server asks to wait: the same command may work later.
    Offline = 4,
    /// The server refuses, or this device is not entitled.
    Refused = 5,
    /// The folder, the store or the keys.
    Store = 6,
    /// This program.
    Bug = 70,
}

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// A value that does not fit.
    #[error("{field}: {limit}; {remedy}")]
    Input {
        /// The option or the field of a file.
        field: Cow<'static, str>,
        /// What must hold.
        limit: Cow<'static, str>,
        /// What to do.
        remedy: Cow<'static, str>,
    },
    /// A file that a person named.
    #[error("{path}: {wrong}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        wrong: Cow<'static, str>,
    },
    /// Nothing, or too much, fits.
    #[error("{what}: {remedy}")]
    NotFound {
        /// What was asked for.
        what: Cow<'static, str>,
        /// What to do.
        remedy: Cow<'static, str>,
    },
    /// There is no device in the folder.
    #[error(
        "{folder} holds no device: make one with `doorstep init` or `doorstep enrol request`, or name its folder with \
         --folder",
        folder = folder.display()
    )]
    NoDevice {
        /// The folder.
        folder: PathBuf,
    },
    /// The device.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The files of an import, or its mapping.
    #[error(transparent)]
    Import(crate::import::ImportError),
    /// The server, or the way to it.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server's address.
    #[error("--server: {0}")]
    Address(#[from] AddressError),
    /// The certificate to trust.
    #[error("--trust-certificate: {0}")]
    Trust(#[from] TrustError),
    /// A verification found faults; they were shown.
    #[error("{count} faults found: keep this device's folder as it is, and tell an admin")]
    Faults {
        /// How many.
        count: usize,
    },
    /// Something that a person has to deal with before this device goes on.
    #[error("{0}")]
    Stopped(Cow<'static, str>),
    /// A catch-up did not catch up.
    #[error("{message}")]
    NotSynced {
        /// Who can mend it.
        blame: Blame,
        /// Why, and what became of the work.
        message: String,
    },
    /// What was printed could not be written.
    #[error("the output cannot be written ({0:?})")]
    Output(ErrorKind),
    /// A server inside this program.
    #[error("the server did not start: {0}")]
    Server(String),
    /// A measurement was not made.
    #[error(transparent)]
    Bench(doorstep_bench::BenchError),
    /// This program.
    #[error("this is a fault of the program: {0}; please report it")]
    Bug(Cow<'static, str>),
}

impl DeskError {
    /// A value that does not fit, with the limit it broke and what to do.
    pub fn input(
        field: impl Into<Cow<'static, str>>,
        limit: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Input { field: field.into(), limit: limit.into(), remedy: remedy.into() }
    }

    /// A file that cannot be used.
    pub fn file(path: impl Into<PathBuf>, wrong: impl Into<Cow<'static, str>>) -> Self {
        Self::File { path: path.into(), wrong: wrong.into() }
    }

    /// Who can mend it.
    #[must_use]
    pub const fn blame(&self) -> Blame {
        match self {
            Self::Input { .. } | Self::File { .. } | Self::Import(_) | Self::Address(_) | Self::Trust(_) => {
                Blame::Usage
            }
            Self::NotFound { .. } => Blame::NotFound,
            Self::Client(error) => of_client(error),
            Self::Transport(error) => of_transport(error),
            Self::Faults { .. } => Blame::Faults,
            Self::NotSynced { blame, .. } => *blame,
            Self::Stopped(_) => Blame::Refused,
            Self::NoDevice { .. } | Self::Output(_) | Self::Server(_) => Blame::Store,
            Self::Bench(doorstep_bench::BenchError::Unknown { .. }) => Blame::Usage,
            Self::Bench(_) => Blame::Store,
            Self::Bug(_) => Blame::Bug,
        }
    }
}

const fn of_client(error: &ClientError) -> Blame {
    match error {
        ClientError::NotFound { .. } | ClientError::Ambiguous { .. } => Blame::NotFound,
        ClientError::Write(WriteError::Edit(_)) => Blame::Usage,
        ClientError::Write(WriteError::NoSuchRecord { .. }) => Blame::NotFound,
        ClientError::Write(WriteError::Restricted(_)) => Blame::Refused,
        ClientError::Write(WriteError::Device(error)) | ClientError::Device(error) => of_device(error),
        ClientError::Unlock(UnlockError::Device(error)) | ClientError::Restricted(RestrictedError::Device(error)) => {
            of_device(error)
        }
        ClientError::Unlock(UnlockError::Pin(_) | UnlockError::WhoseIsIt | UnlockError::AtDesk)
        | ClientError::Restricted(RestrictedError::Edit(_) | RestrictedError::OpensWithDevice { .. })
        | ClientError::Restricted(RestrictedError::Glass(GlassError::Text | GlassError::Incident)) => Blame::Usage,
        ClientError::Restricted(RestrictedError::Nothing) => Blame::NotFound,
        ClientError::Unlock(_) | ClientError::Restricted(_) => Blame::Refused,
        ClientError::Vault(VaultError::Occupied | VaultError::Passphrase) => Blame::Usage,
        ClientError::Wiping => Blame::Refused,
        ClientError::Vault(_) | ClientError::InUse | ClientError::Folder { .. } => Blame::Store,
        ClientError::Admin(error) => of_admin(error),
        ClientError::Picture(_) | ClientError::Photograph(PhotographError::TooMany { .. }) => Blame::Usage,
        ClientError::Photograph(PhotographError::Write(WriteError::Device(error))) => of_device(error),
        ClientError::Photograph(PhotographError::Write(WriteError::NoSuchRecord { .. })) => Blame::NotFound,
        ClientError::Photograph(PhotographError::Write(WriteError::Edit(_))) => Blame::Usage,
        ClientError::Photograph(_) => Blame::Store,
        ClientError::Carrier(CarrierError::Log) => Blame::Faults,
        ClientError::Carrier(_) => Blame::Usage,
    }
}

const fn of_device(error: &DeviceError) -> Blame {
    match error {
        DeviceError::NoZone { .. } | DeviceError::TermOver { .. } | DeviceError::SeatEnded => Blame::Refused,
        _ => Blame::Store,
    }
}

const fn of_admin(error: &AdminError) -> Blame {
    match error {
        AdminError::Enrol(error) => of_enrolment(error),
        AdminError::OtherPartnership | AdminError::Plan { .. } => Blame::Usage,
        AdminError::Log(_) | AdminError::NotMember { .. } | AdminError::NoZoneKey { .. } => Blame::Refused,
        AdminError::Device(error) => of_device(error),
        AdminError::Shares(_) => Blame::Usage,
        // The keys are in a keystore that did not sign.
        AdminError::NotSigned(_) => Blame::Store,
        AdminError::Seal(_) | AdminError::Wrap(_) => Blame::Bug,
    }
}

/// A text or an option that does not fit is mended here; what an invitation does not allow is not.
const fn of_enrolment(error: &EnrolError) -> Blame {
    match error {
        EnrolError::Expired { .. }
        | EnrolError::TooMany { .. }
        | EnrolError::Unknown
        | EnrolError::Used
        | EnrolError::Void
        | EnrolError::RequestOtherWords { .. }
        | EnrolError::Forged
        | EnrolError::WeakKey(_)
        | EnrolError::Revoked => Blame::Refused,
        EnrolError::Memory => Blame::Store,
        _ => Blame::Usage,
    }
}

const fn of_transport(error: &TransportError) -> Blame {
    match error {
        TransportError::LogFork => Blame::Faults,
        TransportError::Refused(_) | TransportError::Incompatible(_) => Blame::Refused,
        _ => Blame::Offline,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_blame_has_its_own_documented_number() {
        let all =
            [Blame::Faults, Blame::Usage, Blame::NotFound, Blame::Offline, Blame::Refused, Blame::Store, Blame::Bug];
        assert_eq!(all.map(|blame| blame as u8), [1, 2, 3, 4, 5, 6, 70]);
        for blame in all {
            let number = format!("\n  {:<3}", blame as u8);
            assert!(crate::cli::EXIT_CODES.contains(&number), "{blame:?} is not in the help");
        }
    }
}
