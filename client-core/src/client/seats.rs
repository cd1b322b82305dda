//! Workers at this device: their PINs, unlocking and locking. What must open at once (`index`, `home`, `fire`) needs none.

use doorstep_crypto::passphrase::PassphraseCost;
use doorstep_protocol::wire::LogAppend;
use doorstep_protocol::{DeviceId, SeatId, WorkerId};

use super::{Client, ClientError};
use crate::device::{PinSeat, SecretMoved};
use crate::partnership::{self as admin, SeatRequest, Written};
use crate::sync::append_of;
use crate::vault::KeyVault;

/// Workers at a device.
pub struct Seats<'c> {
    pub(super) client: &'c Client,
}

/// A worker with a PIN on this device.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SeatRow {
    /// The worker's name, where the directory has it.
    pub name: String,
    /// The rest.
    #[serde(flatten)]
    pub pin: PinSeat,
}

impl Seats<'_> {
    /// Workers with a PIN on this device.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn list(&self) -> Result<Vec<SeatRow>, ClientError> {
        // Names are a help, not a condition.
        let names = self.client.directory().names().unwrap_or_default();
        let pins = self.client.lock().pin_seats()?;
        let name = |worker: Option<WorkerId>| match worker.map(|worker| worker.to_string()) {
            Some(id) => names.workers.get(&id).cloned().unwrap_or(id),
            None => "not seated by a desk yet".to_owned(),
        };
        Ok(pins.into_iter().map(|pin| SeatRow { name: name(pin.worker), pin }).collect())
    }

    /// Chooses the PIN of the worker that this device was enrolled with, or changes that of the one who has it unlocked. The
    /// device's second secret leaves `vault` with the first PIN.
    ///
    /// # Errors
    /// [`ClientError::Unlock`], [`ClientError::Vault`].
    pub fn set_pin(&self, vault: &dyn KeyVault, pin: &str) -> Result<(), ClientError> {
        let now = self.client.now();
        let left = {
            let mut device = self.client.lock();
            let moved = device.set_pin(pin, PassphraseCost::TABLET, now, &mut crate::randomness::os())?;
            (moved == SecretMoved::FromVault).then(|| device.secrets.copy())
        };
        // Not under the lock: a keystore may ask somebody. Until it has answered, the next opening does it.
        left.map_or(Ok(()), |secrets| Ok(vault.replace(&secrets)?))
    }

    /// After a crash between a first PIN and the vault.
    pub(super) fn finish_move(&self, vault: &dyn KeyVault) -> Result<(), ClientError> {
        let owed = {
            let mut device = self.client.lock();
            device.owes_vault()?.then(|| device.secrets.copy())
        };
        owed.map_or(Ok(()), |secrets| Ok(vault.replace(&secrets)?))
    }

    /// Unlocks the device with a worker's PIN; `seat` says whose where several have one.
    ///
    /// # Errors
    /// [`ClientError::Unlock`].
    pub fn unlock(&self, seat: Option<SeatId>, pin: &str) -> Result<(), ClientError> {
        let now = self.client.now();
        Ok(self.client.lock().unlock(seat, pin, now, &mut crate::randomness::os())?)
    }

    /// Unlocks a desk that had locked itself; `vault` asks for the passphrase.
    ///
    /// # Errors
    /// [`ClientError::Vault`], [`ClientError::Unlock`].
    pub fn unlock_desk(&self, vault: &dyn KeyVault) -> Result<(), ClientError> {
        let secrets = vault.open()?;
        let now = self.client.now();
        Ok(self.client.lock().unlock_with(secrets, now)?)
    }

    /// Locks the device: its worker's keys leave memory.
    ///
    /// # Errors
    /// [`ClientError::Device`]; the device is locked all the same.
    pub fn lock(&self) -> Result<(), ClientError> {
        let now = self.client.now();
        Ok(self.client.lock().lock(now, &mut crate::randomness::os())?)
    }

    /// Locks the device if nobody has used it for so many minutes; a host calls this by a timer. Returns whether it is
    /// locked.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn lock_if_idle(&self, minutes: u16) -> Result<bool, ClientError> {
        let now = self.client.now();
        Ok(self.client.lock().lock_if_idle(minutes, now, &mut crate::randomness::os())?)
    }

    /// Whether the device is unlocked.
    #[must_use]
    pub fn is_unlocked(&self) -> bool {
        self.client.lock().is_unlocked()
    }

    /// Makes a seat with a PIN for another worker on this unlocked device; a desk brings the request into the log.
    ///
    /// # Errors
    /// [`ClientError::Unlock`].
    pub fn add(&self, pin: &str) -> Result<SeatRequest, ClientError> {
        let now = self.client.now();
        let mut device = self.client.lock();
        let key = device.add_pin_seat(pin, PassphraseCost::TABLET, now, &mut crate::randomness::os())?;
        Ok(SeatRequest::of(&device, key)?)
    }

    /// What a desk writes to seat a worker on the device that asked. Bring it to the server, then
    /// [`super::Partnership::take`] it.
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn accept(&self, request: &SeatRequest, worker: WorkerId) -> Result<(LogAppend, Written), ClientError> {
        let now = self.client.now();
        let device = self.client.lock();
        let written = admin::seat(&device, request, worker, now)?;
        Ok((append_of(device.partnership()?, &written), written))
    }

    /// What a desk writes to let a worker try again who was locked out by wrong PINs.
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn again(&self, on: DeviceId, worker: WorkerId) -> Result<(LogAppend, Written), ClientError> {
        let now = self.client.now();
        let device = self.client.lock();
        let written = admin::seat_again(&device, on, worker, now, &mut crate::randomness::os())?;
        Ok((append_of(device.partnership()?, &written), written))
    }

    /// Whether a passphrase opens this device, so that there are no PINs on it: a desk.
    #[must_use]
    pub fn opens_by_passphrase(&self) -> bool {
        self.client.lock().is_desk()
    }

    /// Whether the only thing between the worker and the keys is a PIN.
    #[must_use]
    pub fn asks_for_pin(&self) -> bool {
        let device = self.client.lock();
        !device.is_unlocked() && device.pin_seats().is_ok_and(|seats| !seats.is_empty())
    }
}
