//! Workers at this device: their PINs, unlocking and locking. What must open at once (homes, the firebox) needs none.

use std::sync::Arc;
use std::time::Duration;

use doorstep_client_core::client;

use crate::error::DoorstepError;
use crate::ids::{SeatId, WorkerId};
use crate::open::Shared;
use crate::quiet::quiet;

/// Workers at a device.
#[derive(uniffi::Object)]
pub struct Seats {
    pub(crate) shared: Arc<Shared>,
}

/// A worker with a PIN on this device.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SeatRow {
    /// The seat: what unlocking names where several workers have a PIN. None before a desk has seated the worker.
    pub seat: Option<SeatId>,
    /// The worker.
    pub worker: Option<WorkerId>,
    /// The worker's name, where this device has it.
    pub name: String,
    /// Wrong PINs in a row.
    pub wrong_pins: u32,
    /// Whether only a desk can let the worker try again.
    pub is_locked_out: bool,
    /// Whether this worker has the device unlocked.
    pub has_it_unlocked: bool,
}

quiet!(SeatRow);

#[uniffi::export]
impl Seats {
    /// Workers with a PIN on this device.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn list(&self) -> Result<Vec<SeatRow>, DoorstepError> {
        let rows = self.shared.read(|client| client.seats().list())?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Chooses the PIN of the worker that this device was enrolled with, or changes that of the one who has it unlocked.
    ///
    /// # Errors
    /// [`DoorstepError::Value`] for a PIN that is too easy, [`DoorstepError::Locked`]. With [`DoorstepError::Keys`] the PIN is set, and what
    /// the keystore has to do for it is done when the device is next opened.
    pub fn set_pin(&self, pin: String) -> Result<(), DoorstepError> {
        let open = self.shared.open()?;
        let pin = zeroize::Zeroizing::new(pin);
        Ok(open.client.seats().set_pin(&open.vault, &pin)?)
    }

    /// Unlocks the device with a worker's PIN; `seat` says whose where several have one.
    ///
    /// # Errors
    /// [`DoorstepError::Locked`] says why not, and how many tries are left.
    pub fn unlock(&self, seat: Option<SeatId>, pin: String) -> Result<(), DoorstepError> {
        let (seat, pin) = (seat.map(TryInto::try_into).transpose()?, zeroize::Zeroizing::new(pin));
        self.shared.write(|client| client.seats().unlock(seat, &pin))
    }

    /// Locks the device: its worker's keys leave memory.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`]; the device is locked all the same.
    pub fn lock(&self) -> Result<(), DoorstepError> {
        self.shared.write(|client| client.seats().lock())
    }

    /// Locks the device if nobody has used it for so long; an app calls this by a timer, and when it comes to the front. Returns whether
    /// it is locked. Whole minutes count.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn lock_if_idle(&self, idle: Duration) -> Result<bool, DoorstepError> {
        let minutes = u16::try_from(idle.as_secs() / 60).unwrap_or(u16::MAX);
        self.shared.read(|client| client.seats().lock_if_idle(minutes))
    }

    /// Whether a worker has unlocked the device.
    ///
    /// # Errors
    /// [`DoorstepError::NotAllowed`] once it is shut down.
    pub fn is_unlocked(&self) -> Result<bool, DoorstepError> {
        self.shared.read(|client| Ok(client.seats().is_unlocked()))
    }

    /// Makes a seat with a PIN for another worker on this unlocked device. Returns the request that the desk takes.
    ///
    /// # Errors
    /// [`DoorstepError::Locked`], [`DoorstepError::Value`].
    pub fn add(&self, pin: String) -> Result<String, DoorstepError> {
        let pin = zeroize::Zeroizing::new(pin);
        Ok(self.shared.write(|client| client.seats().add(&pin))?.to_text())
    }
}

impl From<client::SeatRow> for SeatRow {
    fn from(row: client::SeatRow) -> Self {
        Self {
            seat: row.pin.seat.map(Into::into),
            worker: row.pin.worker.map(Into::into),
            name: row.name,
            wrong_pins: row.pin.wrong,
            is_locked_out: row.pin.locked_out,
            has_it_unlocked: row.pin.unlocked,
        }
    }
}
