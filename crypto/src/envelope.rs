//! Seals and opens envelopes. Form, id and signature are `doorstep_protocol::envelope`'s; this is the inside.

use doorstep_protocol::envelope::{
    DROP_BOX_BYTES, Envelope, EnvelopeError, HEADER_BYTES, Header, Keying, VerifiedEnvelope, envelope_id,
};
use doorstep_protocol::{KemPublic, Signature, label};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::committed::{CommittedError, Context};
use crate::keys::{DocumentKey, KemSecret, NotSigned, Sign, ZoneKey, derive_document_key};
use crate::padding::{self, DATA_BYTES_MAX};
use crate::public_seal::{self, Mode, WeakRecipient};

/// Why an envelope was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// More data than one envelope holds.
    #[error("the data has {found_bytes} bytes, an envelope holds {limit_bytes}")]
    TooLong {
        /// Bytes of data.
        found_bytes: usize,
        /// Bytes allowed.
        limit_bytes: usize,
    },
    /// The header says another keying than the function that was called.
    #[error("the header says {found:?}, this seals {expected:?}")]
    Keying {
        /// What the header says.
        found: Keying,
        /// What the function makes.
        expected: Keying,
    },
    /// The header is not one that a reader accepts.
    #[error(transparent)]
    Header(#[from] EnvelopeError),
    /// The zone's public key is unusable.
    #[error(transparent)]
    Recipient(#[from] WeakRecipient),
    /// The cipher refused.
    #[error("the cipher refused to seal")]
    Cipher,
    /// The keystore did not sign.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
}

/// Why a verified envelope does not open, in the order of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A drop-box envelope opens with the zone's secret, every other with the zone's key.
    #[error("the header says {found:?}, this opens {expected:?}")]
    Keying {
        /// What the header says.
        found: Keying,
        /// What the function opens.
        expected: Keying,
    },
    /// The one-time key of a drop-box envelope was not sealed to this zone secret, or not for this header.
    #[error("the drop-box key was not sealed to this zone's key")]
    DropBox,
    /// Sealed under another key, or moved to another author, zone, document or epoch.
    #[error("the commitment does not fit the key and the header")]
    Commitment,
    /// Changed on the way.
    #[error("the ciphertext was changed")]
    Aead,
    /// The plaintext is not padded in the one way it must be.
    #[error("the padding is not canonical")]
    Padding,
}

/// Seals `data` for everybody who holds the zone key of the header's epoch.
///
/// # Errors
/// [`SealError`]; data may have up to [`DATA_BYTES_MAX`] bytes.
pub fn seal(
    zone_key: &ZoneKey,
    header: &Header,
    data: &[u8],
    signer: &impl Sign,
    rng: &mut impl CryptoRng,
) -> Result<Envelope, SealError> {
    seal_with(&derive_document_key(zone_key, header.document, header.epoch), header, data, signer, rng)
}

/// [`seal`] with a document key that the caller keeps.
///
/// # Errors
/// [`SealError`].
pub fn seal_with(
    document_key: &DocumentKey,
    header: &Header,
    data: &[u8],
    signer: &impl Sign,
    rng: &mut impl CryptoRng,
) -> Result<Envelope, SealError> {
    expect_keying(header, Keying::ZoneKey).map_err(|found| SealError::Keying { found, expected: Keying::ZoneKey })?;
    finish(document_key.expose_bytes(), &header.to_bytes(), header, data, signer, rng)
}

/// Seals `data` into a zone that everybody writes and only the holders of its secret open: a fresh key, sealed to the
/// zone's public key of the header's epoch, takes the place of the document key.
///
/// # Errors
/// [`SealError`].
pub fn seal_drop_box(
    zone_public: &KemPublic,
    header: &Header,
    data: &[u8],
    signer: &impl Sign,
    rng: &mut impl CryptoRng,
) -> Result<Envelope, SealError> {
    expect_keying(header, Keying::DropBox).map_err(|found| SealError::Keying { found, expected: Keying::DropBox })?;
    let mut fresh = Zeroizing::new([0u8; 32]);
    rng.fill_bytes(fresh.as_mut_slice());
    let head = header.to_bytes();
    let wrapped = public_seal::seal(zone_public, Mode::Base, &head, &fresh, rng)?;
    finish(&fresh, &[&head[..], &wrapped].concat(), header, data, signer, rng)
}

fn finish(
    key: &[u8; 32],
    front: &[u8],
    header: &Header,
    data: &[u8],
    signer: &impl Sign,
    rng: &mut impl CryptoRng,
) -> Result<Envelope, SealError> {
    let padded =
        padding::pad(data).ok_or(SealError::TooLong { found_bytes: data.len(), limit_bytes: DATA_BYTES_MAX })?;
    let context = Context { key, label: label::ENVELOPE, header: &header.to_bytes() };
    let mut bytes = context.seal(front, &padded, Signature::LEN, rng).map_err(|_| SealError::Cipher)?;
    let signature = signer.try_sign(label::SIG_ENVELOPE, &envelope_id(&bytes).0)?;
    bytes.extend_from_slice(&signature.0);
    // Parsing what was just made refuses a header that no reader would accept.
    Ok(Envelope::parse(bytes)?)
}

/// The data of an envelope whose author's signature was checked.
///
/// # Errors
/// [`OpenError`]: which check failed; nothing of the plaintext is given out before all of them hold.
pub fn open(envelope: &VerifiedEnvelope, zone_key: &ZoneKey) -> Result<Vec<u8>, OpenError> {
    let header = envelope.header();
    open_with(envelope, &derive_document_key(zone_key, header.document, header.epoch))
}

/// [`open`] with a document key that the caller keeps.
///
/// # Errors
/// [`OpenError`]; a key of another document or epoch fails as [`OpenError::Commitment`].
pub fn open_with(envelope: &VerifiedEnvelope, document_key: &DocumentKey) -> Result<Vec<u8>, OpenError> {
    expect_keying(envelope.header(), Keying::ZoneKey)
        .map_err(|found| OpenError::Keying { found, expected: Keying::ZoneKey })?;
    finish_opening(envelope, document_key.expose_bytes())
}

/// The data of an envelope of a drop-box zone.
///
/// # Errors
/// [`OpenError`].
pub fn open_drop_box(envelope: &VerifiedEnvelope, zone_secret: &KemSecret) -> Result<Vec<u8>, OpenError> {
    let header = envelope.header();
    expect_keying(header, Keying::DropBox).map_err(|found| OpenError::Keying { found, expected: Keying::DropBox })?;
    let wrapped = envelope.sealed_part().first_chunk::<DROP_BOX_BYTES>().ok_or(OpenError::DropBox)?;
    let fresh =
        public_seal::open(zone_secret, Mode::Base, &header.to_bytes(), wrapped).map_err(|_| OpenError::DropBox)?;
    finish_opening(envelope, &fresh)
}

fn finish_opening(envelope: &VerifiedEnvelope, key: &[u8; 32]) -> Result<Vec<u8>, OpenError> {
    let header = envelope.header();
    let context = Context { key, label: label::ENVELOPE, header: &header.to_bytes() };
    let unsigned = envelope.as_bytes().split_last_chunk::<{ Signature::LEN }>().ok_or(OpenError::Aead)?.0;
    let padded = context.open(unsigned, HEADER_BYTES + header.drop_box_bytes()).map_err(|error| match error {
        CommittedError::Commitment => OpenError::Commitment,
        CommittedError::Cipher | CommittedError::Length => OpenError::Aead,
    })?;
    padding::unpad(&padded).map(<[u8]>::to_vec).ok_or(OpenError::Padding)
}

fn expect_keying(header: &Header, expected: Keying) -> Result<(), Keying> {
    if header.keying == expected { Ok(()) } else { Err(header.keying) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningKey;
    use doorstep_protocol::envelope::EnvelopeKind;
    use doorstep_protocol::{
        DeviceId, DocumentId, EnvelopeId, Epoch, LogHash, LogSize, PartnershipId, ZoneId, ZoneSeq,
    };
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    /// A member who holds the zone key can seal anything; two plaintexts of one content would be two records.
    #[test]
    fn padding_of_another_form_is_refused_though_sealed_and_signed_well() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let (zone_key, author) = (ZoneKey::make(&mut rng), SigningKey::make(&mut rng));
        let header = Header {
            kind: EnvelopeKind::Changes,
            keying: Keying::ZoneKey,
            partnership: PartnershipId([1; 16]),
            zone: ZoneId([2; 16]),
            document: DocumentId([3; 16]),
            epoch: Epoch(4),
            author: DeviceId([5; 16]),
            zseq: ZoneSeq(1),
            prev: EnvelopeId::ZERO,
            log_size: LogSize(8),
            log_head: LogHash([9; 32]),
        };
        let key = derive_document_key(&zone_key, header.document, header.epoch);
        let head = header.to_bytes();
        let mut open_padded = |padded: &[u8]| {
            let context = Context { key: key.expose_bytes(), label: label::ENVELOPE, header: &head };
            let mut bytes = context.seal(&head, padded, Signature::LEN, &mut rng).expect("short");
            bytes.extend_from_slice(&author.sign(label::SIG_ENVELOPE, &envelope_id(&bytes).0).0);
            let parsed = Envelope::parse(bytes).expect("its own form");
            open(&parsed.verify(&author.public()).expect("signed"), &zone_key)
        };
        let right = padding::pad(b"data").expect("short").to_vec();
        assert_eq!(open_padded(&right), Ok(b"data".to_vec()));
        let longer = [&right[..], &[0; 16]].concat();
        let marked = [&right[..right.len() - 1], &[1]].concat();
        let overrun = [&u32::MAX.to_be_bytes()[..], &right[4..]].concat();
        for padded in [longer, marked, overrun] {
            assert_eq!(open_padded(&padded), Err(OpenError::Padding));
        }
    }
}
