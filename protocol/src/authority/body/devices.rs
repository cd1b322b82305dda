//! What is said of devices and the workers on them.

use crate::ids::{
    DeviceId, EnvelopeId, KemPublic, Millis, OrganisationId, SeatId, SignPublic, Signature, WorkerId, ZoneId, ZoneSeq,
};

codes! {
    /// What kind of device an installed client is.
    DeviceKind {
        /// One worker's tablet.
        Personal = 1,
        /// A vehicle's or team's tablet.
        Shared = 2,
        /// A desk.
        Desk = 3,
        /// A service without a person in front of it.
        Service = 4,
    }
    /// Why a device is revoked.
    RevokeReason {
        /// Lost or stolen.
        Lost = 1,
        /// Retired.
        Retired = 2,
    }
}

records! {
    /// Adds a device. Its name is in the directory.
    DeviceAdd {
        /// The organisation it belongs to.
        0 organisation: OrganisationId,
        /// What it is.
        1 kind: DeviceKind,
        /// Verifies what it writes.
        2 sign: SignPublic,
        /// Keys are sealed to it.
        3 kem: KemPublic,
        /// After this it is no longer served; never, when null.
        4 not_after: Option<Millis>,
        /// `Sig(device, "doorstep/1/sig/possession", sign ‖ kem ‖ partnership ‖ kem_restricted if there is one)`.
        5 possession: Signature,
        /// Keys that open with a worker's PIN are sealed to it; a device without one is in no restricted team.
        6 kem_restricted: Option<KemPublic>,
    }
    /// Up to where an author's work in a zone counts.
    Cut {
        /// The zone.
        0 zone: ZoneId,
        /// The last counter that counts.
        1 zseq: ZoneSeq,
        /// The envelope with that counter.
        2 envelope: EnvelopeId,
    }
    /// Ends a device. From the moment the server has it, the device gets nothing more.
    DeviceRevoke {
        /// The device.
        0 device: DeviceId,
        /// Why.
        1 reason: RevokeReason,
        /// What it wrote that counts, ascending by zone; in other zones nothing does.
        2 cuts: Vec<Cut>,
    }
    /// Stops a device from being served until it is unfrozen or revoked: one signature, at any hour.
    Freeze {
        /// The device.
        0 device: DeviceId,
    }
    /// Lets a frozen device be served again.
    Unfreeze {
        /// The device.
        0 device: DeviceId,
    }
    /// Seats a worker on a device.
    SeatAdd {
        /// The device.
        0 device: DeviceId,
        /// The worker.
        1 worker: WorkerId,
        /// Verifies what the worker signs there.
        2 key: SignPublic,
    }
    /// Ends a seat.
    SeatRevoke {
        /// The seat.
        0 seat: SeatId,
    }
}
