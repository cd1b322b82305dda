//! What the device says no to, in words, with what to do.

use doorstep_client_core::client::{ClientError, PictureError};
use doorstep_client_core::device::{GlassError, PhotographError, RestrictedError, UnlockError, WriteError};
use doorstep_client_core::partnership::AdminError;
use doorstep_client_core::records::{EditError, FieldError};
use doorstep_client_core::sync::{OfficeError, Trouble};
use doorstep_client_core::transport::TransportError;

use crate::network::ErrandError;
use crate::words::{Arg, Message};

/// Why the device says no.
#[must_use]
pub fn of(error: &ClientError) -> Message {
    match error {
        ClientError::NotFound { .. } => Message::new("not-found-here"),
        ClientError::Ambiguous { count, .. } => Message::new("no-ambiguous").with("n", *count),
        ClientError::Write(error) => of_write(error),
        ClientError::Unlock(error) => of_unlock(error),
        ClientError::Restricted(error) => of_restricted(error),
        ClientError::Admin(error) => of_admin(error),
        ClientError::Device(_) | ClientError::Vault(_) | ClientError::Folder { .. } => Message::new("storage-text"),
        ClientError::Picture(error) => of_picture(error),
        ClientError::Photograph(PhotographError::Write(error)) => of_write(error),
        ClientError::Photograph(PhotographError::TooMany { limit }) => {
            Message::new("no-photo-too-many").with("limit", *limit)
        }
        ClientError::Photograph(_) => Message::new("storage-text"),
        ClientError::Carrier(_) => Message::new("no-carrier"),
        ClientError::Wiping => Message::new("ended-text"),
        ClientError::InUse => Message::new("no-in-use"),
    }
}

/// Why a file did not become a photograph.
#[must_use]
pub fn of_picture(error: &PictureError) -> Message {
    match error {
        PictureError::FileTooLong { limit_bytes, .. } => {
            Message::new("no-photo-too-long").with("limit", *limit_bytes / (1024 * 1024))
        }
        PictureError::Kind => Message::new("no-photo-kind"),
        PictureError::TooLarge { side_max, .. } => Message::new("no-photo-too-large").with("limit", *side_max as usize),
        PictureError::Unreadable => Message::new("no-photo-unreadable"),
    }
}

/// Why something was not recorded.
#[must_use]
pub fn of_write(error: &WriteError) -> Message {
    match error {
        WriteError::Edit(EditError::Field(error)) => of_field(error),
        WriteError::Edit(EditError::NotAmongValues { .. }) => Message::new("no-not-among"),
        WriteError::Edit(EditError::TooLarge { .. }) => Message::new("no-too-much"),
        WriteError::Edit(_) => Message::new("no-edit"),
        WriteError::NoSuchRecord { .. } => Message::new("not-found-here"),
        WriteError::Restricted(error) => of_restricted(error),
        WriteError::Device(_) => Message::new("storage-text"),
    }
}

/// Why a field does not hold that.
#[must_use]
pub fn of_field(error: &FieldError) -> Message {
    let said = |text: &str| Arg::Refused(text.to_owned());
    Message::new("no-field").with("limit", said(&error.limit)).with("remedy", said(&error.remedy))
}

/// Why it stays locked.
#[must_use]
pub fn of_unlock(error: &UnlockError) -> Message {
    match error {
        UnlockError::Wrong { left } => Message::new("no-pin-wrong").with("n", *left),
        UnlockError::TooSoon { seconds } => Message::new("no-pin-wait").with("n", *seconds),
        UnlockError::LockedOut => Message::new("no-pin-locked-out"),
        UnlockError::NoPin => Message::new("no-pin-none"),
        UnlockError::WhoseIsIt => Message::new("no-pin-whose"),
        UnlockError::AtDesk => Message::new("no-pin-desk"),
        UnlockError::NoSecondKey => Message::new("no-pin-second-key"),
        UnlockError::Locked => Message::new("no-locked"),
        UnlockError::Pin(_) => Message::new("no-pin-weak"),
        UnlockError::Device(_) => Message::new("storage-text"),
        _ => Message::new("no-lease"),
    }
}

/// Why what is sealed is not shown.
#[must_use]
pub fn of_restricted(error: &RestrictedError) -> Message {
    match error {
        RestrictedError::Locked => Message::new("no-locked"),
        RestrictedError::Lease(error) => of_unlock(error),
        RestrictedError::NotEntitled { .. } => Message::new("no-entitled"),
        RestrictedError::NoAudit => Message::new("no-audit"),
        RestrictedError::AuditStuck { days } => Message::new("no-audit-stuck").with("n", *days),
        RestrictedError::Nothing => Message::new("no-sealed"),
        RestrictedError::Glass(GlassError::NotEntitled) => Message::new("no-glass-entitled"),
        RestrictedError::Glass(GlassError::Text) => Message::new("no-glass-text"),
        RestrictedError::Glass(GlassError::Incident) => Message::new("no-glass-incident"),
        RestrictedError::Glass(GlassError::Whole) => Message::new("no-glass-whole"),
        RestrictedError::Glass(GlassError::Over) => Message::new("no-glass-over"),
        RestrictedError::Edit(EditError::Field(error)) => of_field(error),
        _ => Message::new("storage-text"),
    }
}

fn of_admin(error: &AdminError) -> Message {
    match error {
        AdminError::Plan { remedy, .. } => Message::new("no-plan").with("remedy", Arg::Refused((*remedy).to_owned())),
        _ => Message::new("no-admin"),
    }
}

/// Why an errand to the server came to nothing.
#[must_use]
pub fn of_errand(error: &ErrandError) -> Message {
    match error {
        ErrandError::Office(OfficeError::Admin(error)) => of_admin(error),
        ErrandError::Office(OfficeError::NotInSync(_)) => Message::new("no-not-in-sync"),
        ErrandError::Office(OfficeError::Trouble(Trouble::Transport(TransportError::Refused(_)))) => {
            Message::new("no-server-refuses")
        }
        ErrandError::Office(OfficeError::Trouble(Trouble::Device(_))) => Message::new("storage-text"),
        ErrandError::Office(_) | ErrandError::Gone => Message::new("no-connection"),
    }
}
