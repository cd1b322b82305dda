//! The evolving MAC of a device's audit records: who takes the device later cannot rewrite what it recorded before.
//!
//! ```text
//! fmac_i  = HMAC-SHA256(A_i, LBL("doorstep/1/audit-mac") ‖ SHA256(header) ‖ SHA256(record))
//! A_{i+1} = H("doorstep/1/audit-evolve", A_i), and A_i is erased
//! ```
//!
//! `A_0` is drawn by the device and sealed to the auditors at enrolment, so that they can go through the chain from its
//! start; nobody can go back in it. The header is the one of the record's envelope: it carries author, counter and link.

use doorstep_protocol::envelope::Header;
use doorstep_protocol::{hash, label};
use subtle::ConstantTimeEq;

use crate::derive;
use crate::secret::{Secret32, secrets};

secrets! {
    /// The audit key of one record, `A_i`. Evolve it as soon as the record and its successor key are on disk together.
    drawn AuditKey;
}

/// The evolving MAC of one record. Compared in constant time.
#[derive(Clone, Copy, Debug)]
pub struct AuditMac(pub [u8; AuditMac::LEN]);

impl AuditMac {
    /// Length in bytes.
    pub const LEN: usize = 32;
}

impl PartialEq for AuditMac {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for AuditMac {}

/// The MAC is not the one of this record under this header at this place of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit record does not fit the device's chain of audit keys")]
pub struct AuditMacMismatch;

/// The MAC of a record that stands under this header at this key's place of the chain.
#[must_use]
pub fn mac(key: &AuditKey, header: &Header, record: &[u8]) -> AuditMac {
    let parts: [&[u8]; 3] =
        [&label::prefixed(label::AUDIT_MAC), &hash::sha256(&header.to_bytes()).0, &hash::sha256(record).0];
    AuditMac(derive::hmac(key.expose_bytes(), &parts))
}

/// Whether a record's MAC is right: the auditor's check, in constant time.
///
/// # Errors
/// [`AuditMacMismatch`].
pub fn verify(key: &AuditKey, header: &Header, record: &[u8], found: &AuditMac) -> Result<(), AuditMacMismatch> {
    if mac(key, header, record) == *found { Ok(()) } else { Err(AuditMacMismatch) }
}

impl AuditKey {
    /// The key of the next record; this one is zeroed.
    #[must_use]
    pub fn evolve(self) -> Self {
        Self(Secret32::tagged(label::AUDIT_EVOLVE, self.expose_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_protocol::envelope::{EnvelopeKind, Keying};
    use doorstep_protocol::{
        DeviceId, DocumentId, EnvelopeId, Epoch, LogHash, LogSize, PartnershipId, ZoneId, ZoneSeq,
    };
    use proptest::prelude::*;

    fn header(zseq: u64) -> Header {
        Header {
            kind: EnvelopeKind::Changes,
            keying: Keying::DropBox,
            partnership: PartnershipId([1; 16]),
            zone: ZoneId([2; 16]),
            document: DocumentId([3; 16]),
            epoch: Epoch(4),
            author: DeviceId([5; 16]),
            zseq: ZoneSeq(zseq),
            prev: if zseq == 1 { EnvelopeId::ZERO } else { EnvelopeId([7; 32]) },
            log_size: LogSize(8),
            log_head: LogHash([9; 32]),
        }
    }

    /// What a device does: a MAC for each record, the key evolved after each.
    fn chain(start: [u8; 32], records: &[Vec<u8>]) -> Vec<AuditMac> {
        let mut key = AuditKey::from_bytes(start);
        let mut macs = Vec::new();
        for (record, zseq) in records.iter().zip(1..) {
            macs.push(mac(&key, &header(zseq), record));
            key = key.evolve();
        }
        macs
    }

    /// What an auditor does: the number of records that fit, from the start of the chain.
    fn fitting(start: [u8; 32], records: &[Vec<u8>], macs: &[AuditMac]) -> usize {
        let mut key = AuditKey::from_bytes(start);
        for (at, (record, found)) in records.iter().zip(macs).enumerate() {
            if verify(&key, &header(at as u64 + 1), record, found).is_err() {
                return at;
            }
            key = key.evolve();
        }
        records.len().min(macs.len())
    }

    #[test]
    fn a_mac_is_of_its_key_header_and_record_only() {
        let key = AuditKey::from_bytes([1; 32]);
        let made = mac(&key, &header(6), b"opened");
        assert_eq!(verify(&key, &header(6), b"opened", &made), Ok(()));
        assert_eq!(verify(&AuditKey::from_bytes([2; 32]), &header(6), b"opened", &made), Err(AuditMacMismatch));
        assert_eq!(verify(&key, &header(7), b"opened", &made), Err(AuditMacMismatch));
        assert_eq!(verify(&key, &header(6), b"opened.", &made), Err(AuditMacMismatch));
        for bit in 0..AuditMac::LEN * 8 {
            let mut changed = made;
            changed.0[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(verify(&key, &header(6), b"opened", &changed), Err(AuditMacMismatch), "bit {bit}");
        }
    }

    #[test]
    fn evolving_never_comes_back() {
        let mut seen = std::collections::BTreeSet::new();
        let mut key = AuditKey::from_bytes([3; 32]);
        for _ in 0..2_000 {
            assert!(seen.insert(*key.expose_bytes()));
            key = key.evolve();
        }
    }

    proptest! {
        #[test]
        fn a_chain_fits_in_its_own_order_only(
            start in any::<[u8; 32]>(),
            records in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 2..8),
            at in any::<proptest::sample::Index>(),
        ) {
            let macs = chain(start, &records);
            prop_assert_eq!(fitting(start, &records, &macs), records.len());
            let at = at.index(records.len() - 1);
            // Two neighbours change places, with their MACs.
            let (mut swapped, mut swapped_macs) = (records.clone(), macs.clone());
            swapped.swap(at, at + 1);
            swapped_macs.swap(at, at + 1);
            prop_assert_eq!(fitting(start, &swapped, &swapped_macs), at);
            // One record goes, with its MAC: all that follow stand a place too early.
            let (mut fewer, mut fewer_macs) = (records.clone(), macs.clone());
            fewer.remove(at);
            fewer_macs.remove(at);
            prop_assert_eq!(fitting(start, &fewer, &fewer_macs), at);
        }

        #[test]
        fn who_takes_the_device_cannot_make_an_earlier_mac(start in any::<[u8; 32]>(), steps in 1usize..20) {
            let first = AuditKey::from_bytes(start);
            let old = mac(&first, &header(6), b"opened");
            let mut key = first;
            for _ in 0..steps {
                key = key.evolve();
                prop_assert_ne!(mac(&key, &header(6), b"opened"), old);
            }
        }
    }
}
