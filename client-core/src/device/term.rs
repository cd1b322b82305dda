//! The end date of a device: what a volunteer's or a temporary worker's device still does when its time is over.
//!
//! The server serves it no more. Offline the device itself goes by its clock: sealed and health detail is no longer
//! written; homes and what a crew needs stay readable, and what was begun at a door can be finished, is kept, and can be
//! carried to a desk.

use doorstep_protocol::{Class, Millis};

use super::{Device, DeviceError};

/// Whether documents of a class are closed to a device whose time is over: those that the log grants to restricted teams only.
const fn ends_with_term(class: Class) -> bool {
    matches!(class, Class::Sealed | Class::HealthId | Class::Protected)
}

impl Device {
    /// When this device's time is over; `None` when it has no end, or its log has not come.
    #[must_use]
    pub fn not_after(&self) -> Option<Millis> {
        self.authority.as_ref()?.devices().get(&self.id)?.not_after
    }

    /// The end of this device's time, when it is past at `now` by this device's clock.
    #[must_use]
    pub fn term_over(&self, now: Millis) -> Option<Millis> {
        self.not_after().filter(|end| *end < now)
    }

    /// Whether a document of this class may be written at `now`.
    pub(super) fn check_term(&self, class: Class, now: Millis) -> Result<(), DeviceError> {
        match self.term_over(now) {
            Some(ended) if ends_with_term(class) => Err(DeviceError::TermOver { class, ended }),
            _ => Ok(()),
        }
    }
}
