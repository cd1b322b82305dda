//! Unlocking: a worker's PIN opens the device's second secret, and with it the keys of restricted teams, until the device is
//! locked again. At a desk the passphrase has opened it already.

use doorstep_crypto::keys::{KemSecret, SigningKey};
use doorstep_crypto::passphrase::PassphraseCost;
use doorstep_crypto::pin::{self, PinError};
use doorstep_protocol::authority::DeviceKind;
use doorstep_protocol::{KemPublic, Millis, SeatId, SignPublic, WorkerId, hash};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{Device, DeviceError};
use crate::audit::AuditEvent;
use crate::seat::attempts::{WRONG_PINS_MAX, still_to_wait};
use crate::seat::lease::CLOCK_SLACK_MS;
use crate::seat::{ClockMarks, Lease};
use crate::store::seats::{self, PINS_MAX, PinRow};
use crate::store::{StoreError, pending};
use crate::vault::DeviceSecrets;

/// What is kept under a PIN, by name.
const SIGNING: &str = "signing";
const RESTRICTED: &str = "restricted";

/// The clock's mark on disk may lag this much behind what the clock has shown.
const OBSERVE_MS: u64 = 60_000;

const _: () = assert!(OBSERVE_MS < CLOCK_SLACK_MS);

/// Minutes without use after which a device locks itself, unless it is told otherwise.
pub const IDLE_MINUTES_DEFAULT: u16 = 5;

/// Why the device stays locked.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// The device cannot.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// Not the PIN.
    #[error("that PIN is not right; {left} more tries before this device asks for a desk")]
    Wrong {
        /// Tries left.
        left: u32,
    },
    /// Too soon after a wrong one.
    #[error("wait {seconds} more seconds, then try the PIN again")]
    TooSoon {
        /// How long.
        seconds: u64,
    },
    /// Too many wrong ones.
    #[error(
        "the PIN was wrong {WRONG_PINS_MAX} times: ask a desk to seat you again, then try once more. Nothing on this device \
         is lost, and everything that needs no PIN goes on working"
    )]
    LockedOut,
    /// No worker here has a PIN.
    #[error("no PIN is set on this device: choose one first")]
    NoPin,
    /// Several have one.
    #[error("several workers have a PIN here: say whose it is")]
    WhoseIsIt,
    /// The passphrase does it.
    #[error("this is a desk: its passphrase opens it, there is no PIN")]
    AtDesk,
    /// The device was enrolled before there were PINs, or without a key for them.
    #[error("this device has no key that a PIN could open: enrol it again to use PINs")]
    NoSecondKey,
    /// A desk ended the worker's seat here.
    #[error(
        "a desk has ended this worker's seat on this device: ask the desk, or another worker of this device to unlock it"
    )]
    SeatEnded,
    /// Somebody else must unlock first.
    #[error("the device is locked: a worker with a PIN must unlock it before another one is added")]
    Locked,
    /// The PIN is not one that is taken.
    #[error(transparent)]
    Pin(PinError),
    /// The device has been without the server for too long.
    #[error("this device has not reached the server for {hours} hours: sync once, then unlock")]
    LeaseLapsed {
        /// The lease.
        hours: u16,
    },
    /// The clock was put back.
    #[error("this device's clock shows an earlier time than before: set it right and sync once, then unlock")]
    ClockWentBack,
    /// No more room for workers.
    #[error("a device has PINs of at most {PINS_MAX} workers: use another device")]
    Full,
}

impl From<StoreError> for UnlockError {
    fn from(error: StoreError) -> Self {
        Self::Device(error.into())
    }
}

impl From<PinError> for UnlockError {
    fn from(error: PinError) -> Self {
        Self::Pin(error)
    }
}

/// What is in memory while a worker has unlocked the device. Zeroed when dropped.
pub(crate) struct Unlocked {
    /// The second secret.
    pub(super) restricted: KemSecret,
    /// The worker's own signing key; the vault's where there is none.
    seat: Option<SigningKey>,
    /// When it was last used; a desk's is not known before its first use.
    used: Option<Millis>,
}

/// A worker with a PIN on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PinSeat {
    /// The worker's seat, once the log has it.
    pub seat: Option<SeatId>,
    /// The worker, once the log has it.
    pub worker: Option<WorkerId>,
    /// Wrong PINs in a row.
    pub wrong: u32,
    /// Whether only a desk can let the worker try again.
    pub locked_out: bool,
    /// Whether this worker has the device unlocked.
    pub unlocked: bool,
}

/// Where the second secret was when a PIN was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretMoved {
    /// In the vault: the caller replaces the vault's secrets by the device's.
    FromVault,
    /// Under a PIN already.
    Before,
}

impl Device {
    /// What this device is, once the log says so.
    fn kind(&self) -> Option<DeviceKind> {
        self.authority.as_ref()?.devices().get(&self.id()).map(|state| state.kind)
    }

    /// Whether the passphrase unlocks it, and there are no PINs.
    #[must_use]
    pub fn is_desk(&self) -> bool {
        matches!(self.kind(), Some(DeviceKind::Desk | DeviceKind::Service))
    }

    /// The key that what opens with a worker is sealed to: known until the secret half is under a PIN.
    #[must_use]
    pub fn restricted_public(&self) -> Option<KemPublic> {
        let unlocked = self.unlocked.as_ref().map(|unlocked| &unlocked.restricted);
        unlocked.or(self.secrets.restricted.as_ref()).map(KemSecret::public)
    }

    /// At a desk whoever opened the vault has unlocked the device.
    pub(super) fn unlock_desk(&mut self) {
        if self.unlocked.is_none()
            && self.is_desk()
            && let Some(restricted) = self.secrets.restricted.take()
        {
            self.unlocked = Some(Unlocked { restricted, seat: None, used: None });
        }
    }

    /// Unlocks a desk again that had locked itself: `secrets` come out of its vault, which asked for the passphrase.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn unlock_with(&mut self, secrets: DeviceSecrets, now: Millis) -> Result<(), UnlockError> {
        if !self.is_desk() || secrets.device() != self.id() {
            return Err(UnlockError::NoPin);
        }
        self.check_lease(now)?;
        self.secrets.restricted = Some(secrets.restricted.ok_or(UnlockError::NoSecondKey)?);
        self.open_keys()?;
        self.touch(now);
        Ok(())
    }

    /// Whether a worker has unlocked the device.
    #[must_use]
    pub const fn is_unlocked(&self) -> bool {
        self.unlocked.is_some()
    }

    /// Workers with a PIN here.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn pin_seats(&self) -> Result<Vec<PinSeat>, DeviceError> {
        let pins = seats::pins(self.store.reader())?;
        let current = self.unlocked.as_ref().map(|unlocked| self.key_of(unlocked));
        Ok(pins
            .iter()
            .map(|pin| {
                let seat = self.seat_of(&pin.key);
                PinSeat {
                    seat: seat.map(|(id, _)| id),
                    worker: seat.map(|(_, worker)| worker),
                    wrong: pin.wrong,
                    locked_out: self.is_locked_out(pin),
                    unlocked: current == Some(pin.key),
                }
            })
            .collect())
    }

    fn key_of(&self, unlocked: &Unlocked) -> SignPublic {
        unlocked.seat.as_ref().unwrap_or(&self.secrets.seat).public()
    }

    fn seat_of(&self, key: &SignPublic) -> Option<(SeatId, WorkerId)> {
        let seats = self.authority.as_ref()?.seats();
        seats.iter().find(|(_, seat)| seat.device == self.id() && seat.key == *key).map(|(id, seat)| (*id, seat.worker))
    }

    /// Takes away the secrets of workers whose seats here have ended, and those under an older PIN of a worker who was given
    /// a new seat here. While a worker's work waits to be signed, the key stays for that.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub(super) fn drop_ended_seats(&mut self) -> Result<(), DeviceError> {
        let Some(authority) = &self.authority else { return Ok(()) };
        let rows = seats::pins(self.store.reader())?;
        let seat_of = |key: &SignPublic| {
            let mut seats = authority.seats().iter();
            seats.find(|(_, seat)| seat.device == self.id() && seat.key == *key)
        };
        let held: Vec<_> = rows.iter().filter_map(|row| seat_of(&row.key)).collect();
        let mut gone: Vec<SignPublic> = Vec::new();
        for (id, seat) in &held {
            let is_replaced = held.iter().any(|(_, other)| {
                other.worker == seat.worker && other.span.is_open() && other.span.from > seat.span.from
            });
            if (is_replaced || !seat.span.is_open()) && !pending::has_of_seat(self.store.reader(), **id)? {
                gone.push(seat.key);
            }
        }
        if gone.is_empty() {
            return Ok(());
        }
        let locks = self.unlocked.as_ref().is_some_and(|unlocked| gone.contains(&self.key_of(unlocked)));
        self.store.write(|transaction| gone.iter().try_for_each(|key| seats::remove_pin(transaction, key)))?;
        if locks {
            self.unlocked = None;
        }
        Ok(())
    }

    /// Whether the seat of a key on this device has ended.
    fn has_ended(&self, key: &SignPublic) -> bool {
        let seats = self.authority.as_ref().map(|authority| authority.seats().values()).into_iter().flatten();
        let mut of_key = seats.filter(|seat| seat.device == self.id() && seat.key == *key);
        of_key.next().is_some_and(|seat| !seat.span.is_open())
    }

    /// What names a seat's secrets under its PIN: there before the log names the worker.
    fn slot(&self, key: &SignPublic) -> SeatId {
        hash::seat_id(self.id(), WorkerId::ZERO, key)
    }

    /// Ten wrong PINs lock a worker out until the log seats the worker on this device again.
    fn is_locked_out(&self, pin: &PinRow) -> bool {
        let Some((authority, (_, worker))) = self.authority.as_ref().zip(self.seat_of(&pin.key)) else {
            return pin.wrong >= WRONG_PINS_MAX;
        };
        let seated_again = authority
            .seats()
            .values()
            .any(|seat| seat.device == self.id() && seat.worker == worker && seat.span.from > pin.log_size);
        pin.wrong >= WRONG_PINS_MAX && !seated_again
    }

    /// The marks of the clock, and the lease they leave.
    ///
    /// # Errors
    /// [`UnlockError::LeaseLapsed`], [`UnlockError::ClockWentBack`].
    pub(super) fn check_lease(&mut self, now: Millis) -> Result<ClockMarks, UnlockError> {
        let marks = self.observe_clock(now)?;
        let hours = self.authority()?.policy().lease_hours;
        match marks.lease(now, hours) {
            Lease::Holds { .. } => Ok(marks),
            Lease::Lapsed => Err(UnlockError::LeaseLapsed { hours }),
            Lease::ClockWentBack => Err(UnlockError::ClockWentBack),
        }
    }

    /// Remembers what the clock shows, so that turning it back is seen: at most one commit a minute.
    fn observe_clock(&mut self, now: Millis) -> Result<ClockMarks, DeviceError> {
        let marks = seats::clock_marks(self.store.reader())?;
        if now.0 < marks.latest.0.saturating_add(OBSERVE_MS) {
            return Ok(marks);
        }
        let seen = marks.seen(now);
        let written = self.store.write(|transaction| seats::set_clock_marks(transaction, seen));
        self.or_reload(written.map_err(DeviceError::from))?;
        Ok(seen)
    }

    /// Chooses, or changes, the PIN of the worker whose seat this device was enrolled with, or of the one who has it
    /// unlocked. The device is unlocked then.
    ///
    /// # Errors
    /// [`UnlockError`]; nothing is changed.
    pub fn set_pin(
        &mut self,
        pin: &str,
        cost: PassphraseCost,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<SecretMoved, UnlockError> {
        if self.is_desk() {
            return Err(UnlockError::AtDesk);
        }
        // A volunteer's device brought none into the log.
        let me = self.authority.as_ref().and_then(|authority| authority.devices().get(&self.id()));
        if me.is_some_and(|state| state.kem_restricted.is_none()) {
            return Err(UnlockError::NoSecondKey);
        }
        let (secret, moved) = match (&self.unlocked, &self.secrets.restricted) {
            (Some(unlocked), _) => (&unlocked.restricted, SecretMoved::Before),
            (None, Some(restricted)) => (restricted, SecretMoved::FromVault),
            (None, None) if seats::pins(self.store.reader())?.is_empty() => return Err(UnlockError::NoSecondKey),
            (None, None) => return Err(UnlockError::Locked),
        };
        let seat = self.unlocked.as_ref().and_then(|unlocked| unlocked.seat.as_ref());
        let row = self.seal_pin(pin, cost, seat, secret, now, rng)?;
        let written = self.store.write(|transaction| seats::set_pin(transaction, &row));
        self.or_reload(written.map_err(DeviceError::from))?;
        if let Some(restricted) = self.secrets.restricted.take() {
            self.unlocked = Some(Unlocked { restricted, seat: None, used: Some(now) });
            self.open_keys()?;
        }
        Ok(moved)
    }

    fn seal_pin(
        &self,
        pin: &str,
        cost: PassphraseCost,
        seat: Option<&SigningKey>,
        secret: &KemSecret,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<PinRow, UnlockError> {
        let pepper = self.secrets.pepper.as_ref().ok_or(UnlockError::NoSecondKey)?;
        let key = pin::make_pin_key(pin, pepper, cost, rng)?;
        let public = seat.unwrap_or(&self.secrets.seat).public();
        let slot = self.slot(&public);
        let signing = match seat {
            Some(seat) => Some(pin::seal_for_seat(&key, slot, SIGNING, seat.expose_seed(), rng)?),
            None => None,
        };
        let restricted = pin::seal_for_seat(&key, slot, RESTRICTED, secret.expose_bytes(), rng)?;
        let log_size = self.authority.as_ref().map(|authority| authority.size()).unwrap_or_default();
        Ok(PinRow { key: public, signing, restricted, wrong: 0, last: now, log_size })
    }

    /// Makes a seat for another worker on this device, under a PIN of its own, while somebody has it unlocked. Returns the
    /// seat's public key, which a desk brings into the log.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn add_pin_seat(
        &mut self,
        pin: &str,
        cost: PassphraseCost,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<SignPublic, UnlockError> {
        let Some(unlocked) = &self.unlocked else { return Err(UnlockError::Locked) };
        if self.is_desk() {
            return Err(UnlockError::AtDesk);
        }
        if seats::pins(self.store.reader())?.len() >= PINS_MAX {
            return Err(UnlockError::Full);
        }
        let seat = SigningKey::make(rng);
        let row = self.seal_pin(pin, cost, Some(&seat), &unlocked.restricted, now, rng)?;
        let written = self.store.write(|transaction| seats::set_pin(transaction, &row));
        self.or_reload(written.map_err(DeviceError::from))?;
        Ok(row.key)
    }

    /// Tries a PIN: that of the worker in `seat`, or of the only one. The try is counted on disk before it is made.
    ///
    /// # Errors
    /// [`UnlockError`]; the device is locked as it was.
    pub fn unlock(
        &mut self,
        seat: Option<SeatId>,
        pin: &str,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<(), UnlockError> {
        if self.is_desk() {
            return Err(UnlockError::AtDesk);
        }
        let row = self.pin_of(seat)?;
        if self.has_ended(&row.key) {
            return Err(UnlockError::SeatEnded);
        }
        let marks = self.check_lease(now)?;
        if self.is_locked_out(&row) {
            return Err(UnlockError::LockedOut);
        }
        // A desk that seated the worker again has forgiven what came before.
        let wrong = if row.wrong >= WRONG_PINS_MAX { 0 } else { row.wrong };
        match still_to_wait(wrong, row.last, now) {
            0 => {}
            wait => return Err(UnlockError::TooSoon { seconds: wait.div_ceil(1_000) }),
        }
        let size = self.authority()?.size();
        let counted = self.store.write(|transaction| {
            seats::set_clock_marks(transaction, marks.seen(now))?;
            seats::set_wrong(transaction, &row.key, wrong + 1, now, size)
        });
        self.or_reload(counted.map_err(DeviceError::from))?;
        let opened = match self.open_pin(&row, pin) {
            Err(UnlockError::Pin(PinError::Wrong)) if wrong + 1 >= WRONG_PINS_MAX => {
                // Whoever audits sees it when the device next syncs, whether it is ever unlocked again or not.
                let _told = self.append_audit(AuditEvent::WrongPins { count: wrong + 1 }, now, rng, |_, _| Ok(()));
                return Err(UnlockError::LockedOut);
            }
            Err(UnlockError::Pin(PinError::Wrong)) => {
                return Err(UnlockError::Wrong { left: WRONG_PINS_MAX - wrong - 1 });
            }
            other => other?,
        };
        let forgiven = self.store.write(|transaction| seats::set_wrong(transaction, &row.key, 0, now, size));
        self.or_reload(forgiven.map_err(DeviceError::from))?;
        self.unlocked = Some(Unlocked { used: Some(now), ..opened });
        self.open_keys()?;
        if let Err(error) = self.tell_unlocked(wrong, now, rng) {
            self.forget_unlocked()?;
            return Err(error.into());
        }
        Ok(())
    }

    /// No audit, no unlocking; in a partnership without an audit zone nothing restricted is read either.
    fn tell_unlocked(&mut self, wrong: u32, now: Millis, rng: &mut impl CryptoRng) -> Result<(), DeviceError> {
        if self.authority()?.audit_zone().is_none() {
            return Ok(());
        }
        if wrong > 0 {
            self.append_audit(AuditEvent::WrongPins { count: wrong }, now, rng, |_, _| Ok(()))?;
        }
        self.append_audit(AuditEvent::Unlocked, now, rng, |_, _| Ok(())).map(|_| ())
    }

    fn pin_of(&self, seat: Option<SeatId>) -> Result<PinRow, UnlockError> {
        let mut pins = seats::pins(self.store.reader())?;
        match seat {
            Some(seat) => {
                let known = self.authority.as_ref().and_then(|authority| authority.seats().get(&seat));
                let missing = match known {
                    Some(held) if self.has_ended(&held.key) => UnlockError::SeatEnded,
                    _ => UnlockError::NoPin,
                };
                pins.into_iter().find(|pin| self.seat_of(&pin.key).is_some_and(|(id, _)| id == seat)).ok_or(missing)
            }
            None if pins.len() > 1 => Err(UnlockError::WhoseIsIt),
            None => pins.pop().ok_or(UnlockError::NoPin),
        }
    }

    fn open_pin(&self, row: &PinRow, pin: &str) -> Result<Unlocked, UnlockError> {
        let pepper = self.secrets.pepper.as_ref().ok_or(UnlockError::NoSecondKey)?;
        let slot = self.slot(&row.key);
        let key = pin::derive_pin_key_of(&row.restricted, pin, pepper)?;
        let secret: Zeroizing<[u8; 32]> = pin::open_for_seat(&key, slot, RESTRICTED, &row.restricted)?;
        let seat = match &row.signing {
            Some(blob) => Some(SigningKey::from_seed(*pin::open_for_seat(&key, slot, SIGNING, blob)?)),
            None => None,
        };
        Ok(Unlocked { restricted: KemSecret::from_bytes(*secret), seat, used: None })
    }

    /// Locks the device: what the worker wrote is sealed, then the keys and what they open leave memory.
    ///
    /// # Errors
    /// [`DeviceError`]; the device is locked all the same.
    pub fn lock(&mut self, now: Millis, rng: &mut impl CryptoRng) -> Result<(), DeviceError> {
        let sealed = match self.unlocked.as_ref().is_some_and(|unlocked| unlocked.seat.is_some()) {
            // Only the worker's own key signs what the worker wrote.
            true => self.seal_pending(now, rng).map(|_| ()),
            false => Ok(()),
        };
        self.forget_unlocked()?;
        sealed
    }

    /// Locks the device if nobody has used it for so many minutes, or if its clock went back. Returns whether it is locked.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn lock_if_idle(&mut self, minutes: u16, now: Millis, rng: &mut impl CryptoRng) -> Result<bool, DeviceError> {
        let Some(unlocked) = &mut self.unlocked else { return Ok(true) };
        let used = *unlocked.used.get_or_insert(now);
        let is_idle = now < used || now.0 - used.0 >= u64::from(minutes) * 60_000;
        if is_idle {
            self.lock(now, rng)?;
        }
        Ok(is_idle)
    }

    /// The worker is there.
    pub fn touch(&mut self, now: Millis) {
        if let Some(unlocked) = &mut self.unlocked {
            unlocked.used = Some(now);
        }
    }

    /// Drops the keys that opened with the worker.
    pub(super) fn forget_unlocked(&mut self) -> Result<(), DeviceError> {
        self.unlocked = None;
        self.open_keys()
    }

    /// The key that signs for a seat, where it is at hand: the vault's, or that of the worker who has the device unlocked.
    pub(super) fn seat_key(&self, seat: SeatId) -> Option<&SigningKey> {
        let key = self.authority.as_ref()?.seats().get(&seat)?.key;
        let unlocked = self.unlocked.as_ref().and_then(|unlocked| unlocked.seat.as_ref());
        [Some(&self.secrets.seat), unlocked].into_iter().flatten().find(|held| held.public() == key)
    }

    /// The public key of the seat that writes now.
    pub(super) fn writing_key(&self) -> SignPublic {
        self.unlocked.as_ref().map_or_else(|| self.secrets.seat.public(), |unlocked| self.key_of(unlocked))
    }

    /// Whether the vault still holds a secret that is under a PIN by now: a crash came between the two.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub(crate) fn owes_vault(&mut self) -> Result<bool, DeviceError> {
        let owes = self.secrets.restricted.is_some() && !seats::pins(self.store.reader())?.is_empty();
        if owes {
            self.secrets.restricted = None;
        }
        Ok(owes)
    }
}
