//! What a device keeps at rest: a blob sealed under a key of the host's keystore, or under a passphrase.
//!
//! ```text
//! blob   = header(36) ‖ salt(32) ‖ com(32) ‖ ct(|data|+16)
//! header = "DSL1" ‖ suite 1 ‖ kdf (0 none, 1 Argon2id, 2 Argon2id and pepper) ‖ u16 0 ‖ memory KiB u32 ‖ passes u32 ‖ lanes u32 ‖ salt(16)
//! ```
//!
//! The seal is the one of envelopes with label `doorstep/1/local`; the one-time key binds header ‖ LBL(slot), so that the
//! blob of one slot ("desk-vault") is refused in another. Lengths are not hidden: the file stays on the device.

use core::fmt;

use doorstep_protocol::label;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::committed::{CommittedError, Context};
use crate::passphrase::{PassphraseCost, PassphraseError, PassphraseSalt, derive_local_key};
use crate::secret::Secret32;

/// Most data in one blob.
pub const LOCAL_BYTES_MAX: usize = 16 * 1_024 * 1_024;
/// Length of a blob's header.
pub const LOCAL_HEADER_BYTES: usize = 36;
const MAGIC: [u8; 4] = *b"DSL1";
const SUITE: u8 = 1;
const SLOT_BYTES_MAX: usize = 255;

/// A key that never leaves its device: drawn and kept by the host's keystore, or derived from a passphrase.
#[derive(PartialEq)]
pub struct LocalKey {
    secret: Secret32,
    source: KeySource,
}

impl Eq for LocalKey {}

/// Where a local key comes from, as the header of a blob says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// Kept elsewhere by its bytes.
    Kept,
    /// Derived from a passphrase.
    Passphrase {
        /// The salt.
        salt: PassphraseSalt,
        /// The cost.
        cost: PassphraseCost,
    },
    /// Derived from a worker's PIN and the device's pepper, see [`crate::pin`].
    Pin {
        /// The salt.
        salt: PassphraseSalt,
        /// The cost.
        cost: PassphraseCost,
    },
}

impl fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalKey(secret)")
    }
}

impl LocalKey {
    /// Draws a new one.
    #[must_use]
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        Self { secret: Secret32::make(rng), source: KeySource::Kept }
    }

    /// Takes back a key that was kept by its bytes. The caller zeroes its own copy.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self { secret: Secret32::from_bytes(&Zeroizing::new(bytes)), source: KeySource::Kept }
    }

    pub(crate) fn from_derived(bytes: &[u8; 32], source: KeySource) -> Self {
        Self { secret: Secret32::from_bytes(bytes), source }
    }

    /// The key itself: for a database's key, or for the host's keystore. Never log, print or send it.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8; 32] {
        self.secret.expose()
    }

    /// Where it comes from.
    #[must_use]
    pub const fn source(&self) -> KeySource {
        self.source
    }
}

/// Why a blob was not sealed or does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocalError {
    /// Not a blob of this version, or damaged in its header.
    #[error("not a local blob of this version")]
    Form,
    /// A slot's name has 1 to 255 bytes of ASCII.
    #[error("the name of the slot has {found_bytes} bytes or is not ASCII")]
    Slot {
        /// Bytes found.
        found_bytes: usize,
    },
    /// Too long.
    #[error("a local blob holds {limit_bytes} bytes, found {found_bytes}")]
    TooLong {
        /// Bytes found.
        found_bytes: usize,
        /// Bytes allowed.
        limit_bytes: usize,
    },
    /// Another key or passphrase, or the blob of another slot.
    #[error("the key or the passphrase does not fit")]
    OtherKey,
    /// Changed since it was sealed.
    #[error("the blob was changed")]
    Changed,
    /// It opens with a kept key, a passphrase or a PIN, and another of the three was given.
    #[error("the blob is kept under another kind of key")]
    Source,
    /// No key could be derived.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
}

fn header(source: KeySource) -> [u8; LOCAL_HEADER_BYTES] {
    let (kdf, cost, salt) = match source {
        KeySource::Kept => (0, PassphraseCost { memory_kib: 0, passes: 0, lanes: 0 }, [0; 16]),
        KeySource::Passphrase { salt, cost } => (1, cost, salt.0),
        KeySource::Pin { salt, cost } => (2, cost, salt.0),
    };
    let mut bytes = [0u8; LOCAL_HEADER_BYTES];
    let parts: [&[u8]; 6] = [
        &MAGIC,
        &[SUITE, kdf, 0, 0],
        &cost.memory_kib.to_be_bytes(),
        &cost.passes.to_be_bytes(),
        &cost.lanes.to_be_bytes(),
        &salt,
    ];
    for (to, from) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
        *to = *from;
    }
    bytes
}

/// Where the key of a blob comes from: what to ask a person for.
///
/// # Errors
/// [`LocalError::Form`].
pub fn read_source(blob: &[u8]) -> Result<KeySource, LocalError> {
    let head = blob.first_chunk::<LOCAL_HEADER_BYTES>().ok_or(LocalError::Form)?;
    let number = |at: usize| {
        let part = head.get(at..at + 4).and_then(|slice| slice.try_into().ok()).ok_or(LocalError::Form)?;
        Ok::<u32, LocalError>(u32::from_be_bytes(part))
    };
    let salt = PassphraseSalt(*head.last_chunk().ok_or(LocalError::Form)?);
    let cost = PassphraseCost { memory_kib: number(8)?, passes: number(12)?, lanes: number(16)? };
    let [_, _, _, _, _, kdf, ..] = head;
    let source = match kdf {
        0 => KeySource::Kept,
        1 => KeySource::Passphrase { salt, cost },
        2 => KeySource::Pin { salt, cost },
        _ => return Err(LocalError::Form),
    };
    // Magic, suite, kdf and reserved bytes hold exactly when the header writes itself back the same.
    if header(source) == *head { Ok(source) } else { Err(LocalError::Form) }
}

/// What the one-time key binds: the header and the slot.
fn bound(head: &[u8; LOCAL_HEADER_BYTES], slot: &str) -> Result<Vec<u8>, LocalError> {
    if slot.is_empty() || slot.len() > SLOT_BYTES_MAX || !slot.is_ascii() {
        return Err(LocalError::Slot { found_bytes: slot.len() });
    }
    Ok([&head[..], &label::prefixed(slot)].concat())
}

/// Seals `data` for the slot of this name.
///
/// # Errors
/// [`LocalError::TooLong`] over [`LOCAL_BYTES_MAX`], [`LocalError::Slot`].
pub fn seal_local(key: &LocalKey, slot: &str, data: &[u8], rng: &mut impl CryptoRng) -> Result<Vec<u8>, LocalError> {
    if data.len() > LOCAL_BYTES_MAX {
        return Err(LocalError::TooLong { found_bytes: data.len(), limit_bytes: LOCAL_BYTES_MAX });
    }
    let head = header(key.source);
    let context = Context { key: key.expose_bytes(), label: label::LOCAL, header: &bound(&head, slot)? };
    context.seal(&head, data, 0, rng).map_err(|_| LocalError::Form)
}

/// Opens the blob of this slot.
///
/// # Errors
/// [`LocalError`]: which check failed.
pub fn open_local(key: &LocalKey, slot: &str, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, LocalError> {
    if blob.len() > LOCAL_BYTES_MAX + LOCAL_HEADER_BYTES + crate::committed::OVERHEAD_BYTES {
        return Err(LocalError::TooLong { found_bytes: blob.len(), limit_bytes: LOCAL_BYTES_MAX });
    }
    if read_source(blob)? != key.source {
        return Err(LocalError::Source);
    }
    let head = header(key.source);
    let context = Context { key: key.expose_bytes(), label: label::LOCAL, header: &bound(&head, slot)? };
    context.open(blob, LOCAL_HEADER_BYTES).map_err(|error| match error {
        CommittedError::Length => LocalError::Form,
        CommittedError::Commitment => LocalError::OtherKey,
        CommittedError::Cipher => LocalError::Changed,
    })
}

/// The key of a blob that opens with a passphrase: keep it for as long as the session lasts, deriving takes a while.
///
/// # Errors
/// [`LocalError`]; whether the passphrase is right shows when the blob is opened.
pub fn derive_key_of(blob: &[u8], passphrase: &str) -> Result<LocalKey, LocalError> {
    match read_source(blob)? {
        KeySource::Kept | KeySource::Pin { .. } => Err(LocalError::Source),
        KeySource::Passphrase { salt, cost } => Ok(derive_local_key(passphrase, salt, cost)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passphrase::MEMORY_KIB_MIN;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    #[test]
    fn a_vault_opens_with_its_passphrase_only() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let cost = PassphraseCost { memory_kib: MEMORY_KIB_MIN, passes: 1, lanes: 1 };
        let key = derive_local_key("correct horse", PassphraseSalt::make(&mut rng), cost).expect("ok");
        let blob = seal_local(&key, "desk-vault", b"keys", &mut rng).expect("short");
        let again = derive_key_of(&blob, "correct horse").expect("a passphrase blob");
        assert_eq!(open_local(&again, "desk-vault", &blob).as_deref().map(Vec::as_slice), Ok(&b"keys"[..]));
        let wrong = derive_key_of(&blob, "correct horsf").expect("a passphrase blob");
        assert_eq!(open_local(&wrong, "desk-vault", &blob), Err(LocalError::OtherKey));
        assert_eq!(open_local(&again, "recovery-kit", &blob), Err(LocalError::OtherKey));
        assert_eq!(open_local(&LocalKey::make(&mut rng), "desk-vault", &blob), Err(LocalError::Source));
    }

    #[test]
    fn a_blob_holds_16_mib_and_a_slot_has_255_characters() {
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let key = LocalKey::make(&mut rng);
        let limit_bytes = 16 * 1_024 * 1_024;
        let data = vec![7; limit_bytes + 1];
        let refused = |found_bytes| LocalError::TooLong { found_bytes, limit_bytes };
        let blob = seal_local(&key, "vault", &data[1..], &mut rng).expect("as long as allowed");
        assert_eq!(open_local(&key, "vault", &blob).map(|opened| opened.len()), Ok(limit_bytes));
        assert_eq!(seal_local(&key, "vault", &data, &mut rng), Err(refused(limit_bytes + 1)));
        let longer = [&blob[..], &[0]].concat();
        assert_eq!(open_local(&key, "vault", &longer).map(|_| ()), Err(refused(longer.len())));
        let longest = "s".repeat(255);
        let blob = seal_local(&key, &longest, b"keys", &mut rng).expect("a name as long as allowed");
        assert_eq!(open_local(&key, &longest, &blob).as_deref().map(Vec::as_slice), Ok(&b"keys"[..]));
        for slot in ["", "kŵys", &"s".repeat(256)] {
            let refused = LocalError::Slot { found_bytes: slot.len() };
            assert_eq!(seal_local(&key, slot, b"keys", &mut rng), Err(refused));
            assert_eq!(open_local(&key, slot, &blob).map(|_| ()), Err(refused));
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let mut rng = ChaCha20Rng::from_seed([2; 32]);
        let key = LocalKey::make(&mut rng);
        let blob = seal_local(&key, "vault", b"twelve bytes", &mut rng).expect("short");
        assert!(open_local(&key, "vault", &blob).is_ok());
        for bit in 0..blob.len() * 8 {
            let mut changed = blob.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open_local(&key, "vault", &changed).is_err(), "bit {bit}");
        }
        for length in 0..blob.len() {
            assert!(open_local(&key, "vault", &blob[..length]).is_err(), "length {length}");
        }
        assert_eq!(format!("{key:?}"), "LocalKey(secret)");
    }
}
