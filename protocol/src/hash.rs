//! The one hash: `H(label, p…)` = SHA-256(LBL(label) ‖ for each p: u64 length ‖ p).

use sha2::{Digest, Sha256};

use crate::class::Class;
use crate::ids::{ActorId, DeviceId, Digest32, DocumentId, KemPublic, SeatId, SessionNonce, SignPublic, WorkerId};
use crate::label;

/// `H(label, parts…)`: SHA-256 over the label and each part with its length before it.
#[must_use]
pub fn tagged(label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(label::prefixed(label));
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The first 16 bytes of [`tagged`]: what ids are made of.
#[must_use]
pub fn tagged16(label: &str, parts: &[&[u8]]) -> [u8; 16] {
    let full = tagged(label, parts);
    let mut id = [0; 16];
    id.copy_from_slice(&full[..16]);
    id
}

/// Plain SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Digest32 {
    Digest32(Sha256::digest(bytes).into())
}

/// SHA-256 of bytes that come in pieces.
#[derive(Default)]
pub struct Streaming(Sha256);

impl Streaming {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(self) -> Digest32 {
        Digest32(self.0.finalize().into())
    }
}

/// The id that certifies a device's two public keys.
#[must_use]
pub fn device_id(sign: &SignPublic, kem: &KemPublic) -> DeviceId {
    DeviceId(tagged16(label::DEVICE, &[&sign.0, &kem.0]))
}

/// The id of a worker's seat on a device.
#[must_use]
pub fn seat_id(device: DeviceId, worker: WorkerId, seat_key: &SignPublic) -> SeatId {
    SeatId(tagged16(label::SEAT, &[&device.0, &worker.0, &seat_key.0]))
}

/// The Automerge actor of one session of a device in one document.
#[must_use]
pub fn actor_id(device: DeviceId, document: DocumentId, session: SessionNonce) -> ActorId {
    ActorId(tagged16(label::ACTOR, &[&device.0, &document.0, &session.0]))
}

/// The Automerge actor of the change that makes a container which came after the genesis change of its class.
#[must_use]
pub fn container_actor(class: Class, name: &str) -> ActorId {
    ActorId(tagged16(label::CONTAINER, &[class.as_str().as_bytes(), name.as_bytes()]))
}
