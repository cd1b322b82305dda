//! Envelopes that no honest program writes, from an author whom the log names: what a broken or taken-over tablet could send.

use std::io::Write as _;

use doorstep_client_core::device::Device;
use doorstep_client_core::keyring::Keyring;
use doorstep_client_core::payload::ChangesPayload;
use doorstep_client_core::store::log;
use doorstep_client_core::vault::DeviceSecrets;
use doorstep_crypto::envelope::seal;
use doorstep_protocol::authority::Authority;
use doorstep_protocol::envelope::{EnvelopeKind, Header, Keying};
use doorstep_protocol::{Class, DocumentId, EnvelopeId, Millis, SeatId, SessionNonce, ZoneId, ZoneSeq};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// An author with a mind of its own.
pub struct Forger {
    secrets: DeviceSecrets,
    authority: Authority,
    keyring: Keyring,
    seat: SeatId,
    tail: (ZoneSeq, EnvelopeId),
    zone: ZoneId,
    rng: ChaCha20Rng,
}

impl Forger {
    /// Takes the keys out of a device that has the log, to write in the first zone of a class.
    ///
    /// # Panics
    /// When the device is not enrolled, or has no such zone.
    #[must_use]
    pub fn new(device: &Device, secrets: DeviceSecrets, class: Class) -> Self {
        let authority = device.authority().expect("it has the log").clone();
        let wraps = log::team_wraps(device.store().reader()).expect("its own store");
        let keyring = Keyring::open(&authority, device.id(), &secrets.kem, secrets.restricted.as_ref(), &wraps);
        let zone = authority.zones().iter().find(|(_, zone)| zone.class == class).map(|(id, _)| *id);
        Self {
            seat: device.seat().expect("it has a seat"),
            secrets,
            authority,
            keyring,
            tail: (ZoneSeq(0), EnvelopeId::ZERO),
            zone: zone.expect("the class has a zone"),
            rng: ChaCha20Rng::seed_from_u64(77),
        }
    }

    /// Claims from now on to have verified no more than this of the log.
    pub fn claims_to_know(&mut self, authority: Authority) {
        self.authority = authority;
    }

    /// The header of its next envelope.
    #[must_use]
    pub fn next_header(&self, document: DocumentId) -> Header {
        Header {
            kind: EnvelopeKind::Changes,
            keying: Keying::ZoneKey,
            partnership: self.authority.partnership(),
            zone: self.zone,
            document,
            epoch: self.authority.zones()[&self.zone].epoch(),
            author: self.secrets.device(),
            zseq: self.tail.0.next(),
            prev: self.tail.1,
            log_size: self.authority.size(),
            log_head: self.authority.head(),
        }
    }

    /// Seals these very bytes, rightly signed, as its next envelope.
    pub fn seal_bytes(&mut self, document: DocumentId, plain: &[u8]) -> Vec<u8> {
        let header = self.next_header(document);
        let key = self.keyring.zone(self.zone, header.epoch).expect("it holds the zone's key");
        let envelope = seal(key, &header, plain, &self.secrets.sign, &mut self.rng).expect("it fits an envelope");
        self.tail = (header.zseq, envelope.id());
        envelope.as_bytes().to_vec()
    }

    /// Seals these changes, signed by its worker too, as its next envelope.
    pub fn seal_changes(&mut self, document: DocumentId, changes: Vec<Vec<u8>>) -> Vec<u8> {
        let header = self.next_header(document);
        let payload = ChangesPayload {
            seat: self.seat,
            wall: Millis(0),
            session: SessionNonce([9; 16]),
            changes,
            heads: Vec::new(),
        };
        let plain = payload.to_bytes(&header, &self.secrets.seat);
        self.seal_bytes(document, &plain)
    }
}

/// So many zero bytes, deflated: about a thousandth of them. They are never in memory at once.
#[must_use]
pub fn bomb(inflated_bytes: usize) -> Vec<u8> {
    let block = vec![0; 65_536];
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..inflated_bytes / block.len() {
        encoder.write_all(&block).expect("a Vec takes every byte");
    }
    encoder.finish().expect("a Vec takes every byte")
}

/// The most memory this process has ever held, in bytes.
#[must_use]
pub fn memory_peak_bytes() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<usize>().ok()? * 1024)
}
