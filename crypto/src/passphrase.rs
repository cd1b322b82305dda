//! A key from a passphrase: Argon2id, version 0x13, with its cost and salt kept beside what it protects.

use argon2::{Algorithm, Argon2, Params, Version};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::local::{KeySource, LocalKey};

/// Longest passphrase.
pub const PASSPHRASE_BYTES_MAX: usize = 1_024;
/// Least memory: less invites guessing by graphics cards.
pub const MEMORY_KIB_MIN: u32 = 8 * 1_024;
/// Most memory: a damaged file must not ask for all there is.
pub const MEMORY_KIB_MAX: u32 = 1_024 * 1_024;
/// Most passes over the memory.
pub const PASSES_MAX: u32 = 32;
/// Most lanes.
pub const LANES_MAX: u32 = 16;

/// Random bytes that make equal passphrases give different keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassphraseSalt(pub [u8; 16]);

impl PassphraseSalt {
    /// Draws a new one: once for each thing that is protected.
    #[must_use]
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut salt = [0u8; 16];
        rng.fill_bytes(&mut salt);
        Self(salt)
    }
}

/// What one try of a passphrase costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassphraseCost {
    /// Memory in KiB, [`MEMORY_KIB_MIN`] to [`MEMORY_KIB_MAX`].
    pub memory_kib: u32,
    /// Passes over the memory, 1 to [`PASSES_MAX`].
    pub passes: u32,
    /// Lanes, 1 to [`LANES_MAX`].
    pub lanes: u32,
}

impl PassphraseCost {
    /// 64 MiB, three passes, one lane: a fifth of a second on a small desk machine.
    pub const DESK: Self = Self { memory_kib: 64 * 1_024, passes: 3, lanes: 1 };
    /// The same for a worker's PIN on a tablet: about half a second, in memory that a tablet with 3 GB can spare.
    pub const TABLET: Self = Self::DESK;
}

/// Why no key was derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// Empty, or longer than allowed.
    #[error("a passphrase has 1 to {limit_bytes} bytes, this has {found_bytes}")]
    Length {
        /// Bytes found.
        found_bytes: usize,
        /// Bytes allowed.
        limit_bytes: usize,
    },
    /// Less or more work than allowed.
    #[error("a cost of {cost:?} is outside the limits")]
    Cost {
        /// The cost asked for.
        cost: PassphraseCost,
    },
    /// The memory that the cost asks for is not there.
    #[error("Argon2id could not run with {memory_kib} KiB")]
    NotComputed {
        /// KiB asked for.
        memory_kib: u32,
    },
}

/// The key of a passphrase: deterministic in all three arguments. Bring the passphrase into one Unicode form (NFC) before,
/// or another keyboard gives another key.
///
/// # Errors
/// [`PassphraseError`].
pub fn derive_local_key(
    passphrase: &str,
    salt: PassphraseSalt,
    cost: PassphraseCost,
) -> Result<LocalKey, PassphraseError> {
    let key = argon2id(passphrase, salt.0, cost)?;
    Ok(LocalKey::from_derived(&key, KeySource::Passphrase { salt, cost }))
}

/// Argon2id over what a person remembers.
pub(crate) fn argon2id(
    remembered: &str,
    salt: [u8; 16],
    cost: PassphraseCost,
) -> Result<Zeroizing<[u8; 32]>, PassphraseError> {
    if remembered.is_empty() || remembered.len() > PASSPHRASE_BYTES_MAX {
        return Err(PassphraseError::Length { found_bytes: remembered.len(), limit_bytes: PASSPHRASE_BYTES_MAX });
    }
    let within = (MEMORY_KIB_MIN..=MEMORY_KIB_MAX).contains(&cost.memory_kib)
        && (1..=PASSES_MAX).contains(&cost.passes)
        && (1..=LANES_MAX).contains(&cost.lanes);
    if !within {
        return Err(PassphraseError::Cost { cost });
    }
    let parameters =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(|_| PassphraseError::Cost { cost })?;
    let mut key = Zeroizing::new([0u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
        .hash_password_into(remembered.as_bytes(), &salt, key.as_mut_slice())
        .map_err(|_| PassphraseError::NotComputed { memory_kib: cost.memory_kib })?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: PassphraseCost = PassphraseCost { memory_kib: MEMORY_KIB_MIN, passes: 1, lanes: 1 };

    #[test]
    fn a_key_depends_on_passphrase_salt_and_cost() {
        let derive =
            |passphrase, salt, cost| derive_local_key(passphrase, PassphraseSalt([salt; 16]), cost).expect("ok");
        let key = derive("correct horse", 1, CHEAP);
        assert_eq!(key, derive("correct horse", 1, CHEAP));
        assert_ne!(key, derive("correct horsf", 1, CHEAP));
        assert_ne!(key, derive("correct horse", 2, CHEAP));
        assert_ne!(key, derive("correct horse", 1, PassphraseCost { passes: 2, ..CHEAP }));
    }

    /// What the papers say; a blob that was made under a limit must open for ever.
    #[test]
    fn the_limits_are_the_ones_that_are_written_down() {
        assert_eq!([MEMORY_KIB_MIN, MEMORY_KIB_MAX, PASSES_MAX, LANES_MAX], [8_192, 1_048_576, 32, 16]);
        let sixty_four_mib = PassphraseCost { memory_kib: 65_536, passes: 3, lanes: 1 };
        assert_eq!([PassphraseCost::DESK, PassphraseCost::TABLET], [sixty_four_mib; 2]);
    }

    #[test]
    fn lengths_and_costs_outside_the_limits_are_refused() {
        let salt = PassphraseSalt([0; 16]);
        assert!(derive_local_key(&"x".repeat(PASSPHRASE_BYTES_MAX), salt, CHEAP).is_ok());
        for passphrase in ["", &*"x".repeat(PASSPHRASE_BYTES_MAX + 1)] {
            assert!(matches!(derive_local_key(passphrase, salt, CHEAP), Err(PassphraseError::Length { .. })));
        }
        for cost in [
            PassphraseCost { memory_kib: MEMORY_KIB_MIN - 1, ..CHEAP },
            PassphraseCost { memory_kib: u32::MAX, ..CHEAP },
            PassphraseCost { passes: 0, ..CHEAP },
            PassphraseCost { passes: u32::MAX, ..CHEAP },
            PassphraseCost { lanes: 0, ..CHEAP },
            PassphraseCost { lanes: u32::MAX, ..CHEAP },
        ] {
            assert_eq!(derive_local_key("x", salt, cost), Err(PassphraseError::Cost { cost }));
        }
    }
}
