//! Further workers on a shared device, and a worker who was locked out: what a desk writes to the authority log.

use doorstep_crypto::keys::{Sign as _, SigningKey};
use doorstep_protocol::authority::{Body, SeatAdd, SeatRevoke};
use doorstep_protocol::{
    DeviceId, LogSize, Millis, PartnershipId, SeatId, SignPublic, Signature, WorkerId, label, signature,
};
use rand_core::CryptoRng;

use super::enrol::EnrolError;
use super::enrol::text::{self, Text};
use super::writer::{AdminError, LogWriter, Signer, Written};
use crate::device::{Device, DeviceError};

/// A further worker on a device: the seat's public key, vouched for by the device.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct SeatRequest {
    /// The partnership.
    #[n(0)]
    pub partnership: PartnershipId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// Verifies what the worker signs there.
    #[n(2)]
    pub key: SignPublic,
    /// The device's signature over the rest.
    #[n(3)]
    pub vouched: Signature,
}

fn message(partnership: PartnershipId, device: DeviceId, key: &SignPublic) -> Vec<u8> {
    // A possession's message is longer: the two are never taken for one another.
    [b"seat", &partnership.0[..], &device.0, &key.0].concat()
}

impl SeatRequest {
    /// For a seat that was made on this device.
    ///
    /// # Errors
    /// [`AdminError::Device`] before enrolment.
    pub fn of(device: &Device, key: SignPublic) -> Result<Self, AdminError> {
        let partnership = device.authority()?.partnership();
        let vouched = device.secrets.sign.try_sign(label::SIG_POSSESSION, &message(partnership, device.id(), &key))?;
        Ok(Self { partnership, device: device.id(), key, vouched })
    }

    /// As it is shown.
    #[must_use]
    pub fn to_text(&self) -> String {
        text::write(Text::Seat, self)
    }

    /// As it was copied.
    ///
    /// # Errors
    /// [`EnrolError`].
    pub fn from_text(text: &str) -> Result<Self, EnrolError> {
        text::read(Text::Seat, text)
    }
}

/// Seats a worker on a device that asked for it.
///
/// # Errors
/// [`AdminError`]; nothing was written.
pub fn seat(desk: &Device, request: &SeatRequest, worker: WorkerId, now: Millis) -> Result<Written, AdminError> {
    let authority = desk.authority()?;
    if request.partnership != authority.partnership() {
        return Err(AdminError::OtherPartnership);
    }
    let vouched = authority.devices().get(&request.device).is_some_and(|device| {
        let message = message(request.partnership, request.device, &request.key);
        signature::verify(&device.sign, label::SIG_POSSESSION, &message, &request.vouched).is_ok()
    });
    if !vouched {
        return Err(AdminError::Plan { field: "seat request", remedy: "no device of this partnership vouches for it" });
    }
    write(desk, vec![Body::SeatAdd(SeatAdd { device: request.device, worker, key: request.key })], now)
}

/// Lets a worker who was locked out by wrong PINs try again: a further seat in the log, whose key nobody keeps, says that a
/// desk has seen the worker.
///
/// # Errors
/// [`AdminError`]; nothing was written.
pub fn seat_again(
    desk: &Device,
    device: DeviceId,
    worker: WorkerId,
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<Written, AdminError> {
    let seats = desk.authority()?.seats();
    if !seats.values().any(|seat| seat.device == device && seat.worker == worker && seat.span.is_open()) {
        return Err(AdminError::Plan { field: "worker", remedy: "this worker has no seat on that device" });
    }
    write(desk, vec![Body::SeatAdd(SeatAdd { device, worker, key: SigningKey::make(rng).public() })], now)
}

/// Ends every seat of a worker on a device, whose PIN opens nothing there once the device hears of it. What the worker wrote
/// counts, and the device goes on for others.
///
/// # Errors
/// [`AdminError`]; nothing was written.
pub fn end_seats(desk: &Device, device: DeviceId, worker: WorkerId, now: Millis) -> Result<Written, AdminError> {
    let seats = desk.authority()?.seats();
    let of_worker = seats.iter().filter(|(_, seat)| seat.device == device && seat.worker == worker);
    let open: Vec<SeatId> = of_worker.filter(|(_, seat)| seat.span.is_open()).map(|(id, _)| *id).collect();
    if open.is_empty() {
        return Err(AdminError::Plan { field: "worker", remedy: "this worker has no seat on that device" });
    }
    write(desk, open.into_iter().map(|seat| Body::SeatRevoke(SeatRevoke { seat })).collect(), now)
}

fn write(desk: &Device, bodies: Vec<Body>, now: Millis) -> Result<Written, AdminError> {
    let authority = desk.authority()?;
    if authority.size() == LogSize(0) {
        return Err(DeviceError::NotEnrolled.into());
    }
    let mut log = LogWriter::after(authority, now);
    for body in bodies {
        log.push(&Signer::Device(desk.id(), &desk.secrets.sign), body)?;
    }
    Ok(log.finish())
}
