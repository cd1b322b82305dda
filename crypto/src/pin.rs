//! A worker's PIN. Four digits are guessed in a moment by who can try them all, so the key also needs a pepper: 32 random
//! bytes in the device's vault. With a copy of the files and without the vault there is nothing to try PINs against.
//!
//! ```text
//! key  = HKDF(Argon2id(PIN, salt, cost), salt = pepper, LBL("doorstep/1/pin"), 32)
//! blob = a local blob of kind 2 (see `local`) that holds 32 bytes in the slot "seat/<seat id>/<name>"
//! ```
//!
//! How often a PIN may be tried on the device is the device's to count.

use doorstep_protocol::{SeatId, label};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::derive;
use crate::local::{self, KeySource, LocalError, LocalKey};
use crate::passphrase::{PASSPHRASE_BYTES_MAX, PassphraseCost, PassphraseError, PassphraseSalt, argon2id};
use crate::secret::secrets;

/// Fewest digits of a PIN.
pub const PIN_DIGITS_MIN: usize = 4;
/// Most digits of a PIN.
pub const PIN_DIGITS_MAX: usize = 12;
/// Fewest characters of a passphrase that stands for a PIN.
pub const PHRASE_CHARS_MIN: usize = 8;
/// Length of the blob that [`seal_for_seat`] makes.
pub const PIN_BLOB_BYTES: usize = 148;

secrets! {
    /// What a device's vault adds to every PIN: drawn once, never in the same place as the blobs.
    drawn PinPepper;
}

/// Why a PIN is not taken, or does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Too few or too many digits.
    #[error("a PIN has {min_digits} to {max_digits} digits, this has {found_digits}: choose another length")]
    Digits {
        /// Digits found.
        found_digits: usize,
        /// Fewest allowed.
        min_digits: usize,
        /// Most allowed.
        max_digits: usize,
    },
    /// Letters, but too few or too many.
    #[error(
        "a passphrase has at least {min_chars} characters and at most {limit_bytes} bytes, this has {found_chars} \
         characters: choose another length, or use digits only"
    )]
    Phrase {
        /// Characters found.
        found_chars: usize,
        /// Fewest characters allowed.
        min_chars: usize,
        /// Most bytes allowed.
        limit_bytes: usize,
    },
    /// One sign again and again.
    #[error("every sign of this PIN is the same: use at least two different ones")]
    AllEqual,
    /// Like 1234 or 9876.
    #[error("this PIN only counts up or down: mix the order")]
    Run,
    /// Another PIN, another seat or name, or another device's pepper.
    #[error("that PIN is not right: try again")]
    Wrong,
    /// Not what [`seal_for_seat`] makes.
    #[error(transparent)]
    Blob(#[from] LocalError),
    /// No key could be derived.
    #[error(transparent)]
    NotDerived(#[from] PassphraseError),
}

/// Whether a new PIN is one that is taken: 4 to 12 digits, or a passphrase of at least 8 characters, neither one sign
/// repeated nor a straight run.
///
/// # Errors
/// [`PinError`]: what to change.
pub fn check_new_pin(pin: &str) -> Result<(), PinError> {
    let found_chars = pin.chars().count();
    let only_digits = pin.bytes().all(|byte| byte.is_ascii_digit());
    if only_digits && !(PIN_DIGITS_MIN..=PIN_DIGITS_MAX).contains(&found_chars) {
        let (min_digits, max_digits) = (PIN_DIGITS_MIN, PIN_DIGITS_MAX);
        return Err(PinError::Digits { found_digits: found_chars, min_digits, max_digits });
    }
    if !only_digits && (found_chars < PHRASE_CHARS_MIN || pin.len() > PASSPHRASE_BYTES_MAX) {
        let (min_chars, limit_bytes) = (PHRASE_CHARS_MIN, PASSPHRASE_BYTES_MAX);
        return Err(PinError::Phrase { found_chars, min_chars, limit_bytes });
    }
    // Digits go round: 8901 is as straight as 6789.
    let around = if only_digits { 10 } else { i64::from(u32::MAX) };
    let mut steps = pin
        .chars()
        .zip(pin.chars().skip(1))
        .map(|(a, b)| (i64::from(b as u32) - i64::from(a as u32)).rem_euclid(around));
    let Some(first) = steps.next() else { return Ok(()) };
    let even = steps.all(|step| step == first);
    match first {
        0 if even => Err(PinError::AllEqual),
        step if even && (step == 1 || step == around - 1) => Err(PinError::Run),
        _ => Ok(()),
    }
}

fn derive_key(
    pin: &str,
    pepper: &PinPepper,
    salt: PassphraseSalt,
    cost: PassphraseCost,
) -> Result<LocalKey, PassphraseError> {
    let stretched = argon2id(pin, salt.0, cost)?;
    let key = derive::hkdf(&stretched, pepper.expose_bytes(), &[&label::prefixed(label::PIN)]);
    Ok(LocalKey::from_derived(&key, KeySource::Pin { salt, cost }))
}

/// The key of a new PIN, under a new salt. One key may seal several secrets of a seat, each under its name.
///
/// # Errors
/// [`PinError`]: what to change in the PIN, or why no key was derived.
pub fn make_pin_key(
    pin: &str,
    pepper: &PinPepper,
    cost: PassphraseCost,
    rng: &mut impl CryptoRng,
) -> Result<LocalKey, PinError> {
    check_new_pin(pin)?;
    Ok(derive_key(pin, pepper, PassphraseSalt::make(rng), cost)?)
}

/// The key that a blob was sealed under, if the PIN is right, which shows when it is opened.
///
/// # Errors
/// [`PinError::Blob`] for a blob of another kind, [`PinError::NotDerived`].
pub fn derive_pin_key_of(blob: &[u8], pin: &str, pepper: &PinPepper) -> Result<LocalKey, PinError> {
    match local::read_source(blob)? {
        KeySource::Pin { salt, cost } => Ok(derive_key(pin, pepper, salt, cost)?),
        KeySource::Kept | KeySource::Passphrase { .. } => Err(LocalError::Source.into()),
    }
}

fn slot(seat: SeatId, name: &str) -> String {
    format!("seat/{seat}/{name}")
}

fn expect_pin(key: &LocalKey) -> Result<(), PinError> {
    match key.source() {
        KeySource::Pin { .. } => Ok(()),
        KeySource::Kept | KeySource::Passphrase { .. } => Err(LocalError::Source.into()),
    }
}

/// Seals 32 bytes of a seat (the key of its database, its signing seed) under the key of its PIN.
///
/// # Errors
/// [`PinError::Blob`] for a key that does not come from a PIN or a name that is not short ASCII.
pub fn seal_for_seat(
    key: &LocalKey,
    seat: SeatId,
    name: &str,
    secret: &[u8; 32],
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, PinError> {
    expect_pin(key)?;
    Ok(local::seal_local(key, &slot(seat, name), secret, rng)?)
}

/// Opens what [`seal_for_seat`] sealed for this seat under this name.
///
/// # Errors
/// [`PinError::Wrong`] for another PIN, seat, name or pepper; [`PinError::Blob`] for a damaged blob.
pub fn open_for_seat(key: &LocalKey, seat: SeatId, name: &str, blob: &[u8]) -> Result<Zeroizing<[u8; 32]>, PinError> {
    expect_pin(key)?;
    let opened = local::open_local(key, &slot(seat, name), blob).map_err(|error| match error {
        LocalError::OtherKey => PinError::Wrong,
        other => PinError::Blob(other),
    })?;
    let bytes: &[u8; 32] = opened.as_slice().try_into().map_err(|_| LocalError::Form)?;
    Ok(Zeroizing::new(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passphrase::{MEMORY_KIB_MIN, derive_local_key};
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    const CHEAP: PassphraseCost = PassphraseCost { memory_kib: MEMORY_KIB_MIN, passes: 1, lanes: 1 };
    const SEAT: SeatId = SeatId([7; 16]);

    #[test]
    fn pins_of_every_allowed_form_are_taken() {
        for pin in ["1357", "1123", "0000001", "135790864213", "1324", "9753", "kettle on", "12345678a", "tŷ gwyn bach"]
        {
            assert_eq!(check_new_pin(pin), Ok(()), "{pin}");
        }
    }

    #[test]
    fn pins_outside_the_limits_are_refused_with_what_to_change() {
        for (pin, found_digits) in [("", 0), ("1", 1), ("135", 3), ("1357908642135", 13)] {
            let refused = PinError::Digits { found_digits, min_digits: PIN_DIGITS_MIN, max_digits: PIN_DIGITS_MAX };
            assert_eq!(check_new_pin(pin), Err(refused), "{pin}");
            assert!(refused.to_string().contains("4 to 12 digits"));
        }
        let longest = format!("ab{}", "x".repeat(PASSPHRASE_BYTES_MAX - 2));
        assert_eq!(check_new_pin(&longest), Ok(()));
        for pin in ["a", "kettle", "kettle7", "١٢٣٤", &format!("{longest}x")] {
            assert!(matches!(check_new_pin(pin), Err(PinError::Phrase { .. })), "{pin}");
        }
    }

    #[test]
    fn pins_that_everybody_tries_first_are_refused() {
        for pin in ["0000", "1111", "999999999999", "aaaaaaaa", "🔥🔥🔥🔥🔥🔥🔥🔥"] {
            assert_eq!(check_new_pin(pin), Err(PinError::AllEqual), "{pin}");
        }
        for pin in
            ["1234", "0123", "6789", "7890", "8901", "4321", "9876", "2109", "123456789012", "abcdefgh", "hgfedcba"]
        {
            assert_eq!(check_new_pin(pin), Err(PinError::Run), "{pin}");
        }
    }

    #[test]
    fn a_seats_secret_opens_with_its_pin_on_its_device_only() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let pepper = PinPepper::make(&mut rng);
        let key = make_pin_key("2580", &pepper, CHEAP, &mut rng).expect("a good PIN");
        let blob = seal_for_seat(&key, SEAT, "database", &[9; 32], &mut rng).expect("a short name");
        assert_eq!(blob.len(), PIN_BLOB_BYTES);
        let open = |pin: &str, pepper: &PinPepper, seat, name| {
            open_for_seat(&derive_pin_key_of(&blob, pin, pepper)?, seat, name, &blob)
        };
        assert_eq!(open("2580", &pepper, SEAT, "database").as_deref(), Ok(&[9; 32]));
        assert_eq!(open("2581", &pepper, SEAT, "database"), Err(PinError::Wrong));
        assert_eq!(open("1", &pepper, SEAT, "database"), Err(PinError::Wrong));
        assert_eq!(open("2580", &PinPepper::make(&mut rng), SEAT, "database"), Err(PinError::Wrong));
        assert_eq!(open("2580", &pepper, SeatId([8; 16]), "database"), Err(PinError::Wrong));
        assert_eq!(open("2580", &pepper, SEAT, "signing"), Err(PinError::Wrong));
        assert!(matches!(open("", &pepper, SEAT, "database"), Err(PinError::NotDerived(_))));
        let other_salt = make_pin_key("2580", &pepper, CHEAP, &mut rng).expect("a good PIN");
        assert_ne!(other_salt, key);
        assert_eq!(open_for_seat(&other_salt, SEAT, "database", &blob), Err(LocalError::Source.into()));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let mut rng = ChaCha20Rng::from_seed([2; 32]);
        let pepper = PinPepper::make(&mut rng);
        let key = make_pin_key("2580", &pepper, CHEAP, &mut rng).expect("a good PIN");
        let blob = seal_for_seat(&key, SEAT, "database", &[9; 32], &mut rng).expect("a short name");
        for bit in 0..blob.len() * 8 {
            let mut changed = blob.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open_for_seat(&key, SEAT, "database", &changed).is_err(), "bit {bit}");
        }
        for length in 0..blob.len() {
            assert!(open_for_seat(&key, SEAT, "database", &blob[..length]).is_err(), "length {length}");
        }
    }

    #[test]
    fn keys_of_another_kind_and_contents_of_another_length_are_refused() {
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let pepper = PinPepper::make(&mut rng);
        let source: Result<(), PinError> = Err(LocalError::Source.into());
        let passphrase = derive_local_key("2580", PassphraseSalt::make(&mut rng), CHEAP).expect("ok");
        for key in [LocalKey::make(&mut rng), passphrase] {
            assert_eq!(seal_for_seat(&key, SEAT, "database", &[9; 32], &mut rng).map(|_| ()), source);
            let blob = local::seal_local(&key, &slot(SEAT, "database"), &[9; 32], &mut rng).expect("short");
            assert_eq!(open_for_seat(&key, SEAT, "database", &blob).map(|_| ()), source);
            assert_eq!(derive_pin_key_of(&blob, "2580", &pepper).map(|_| ()), source);
        }
        let key = make_pin_key("2580", &pepper, CHEAP, &mut rng).expect("a good PIN");
        let longer = local::seal_local(&key, &slot(SEAT, "database"), &[9; 33], &mut rng).expect("short");
        assert_eq!(open_for_seat(&key, SEAT, "database", &longer), Err(LocalError::Form.into()));
        // The same PIN typed where a passphrase is asked for opens nothing.
        let blob = seal_for_seat(&key, SEAT, "database", &[9; 32], &mut rng).expect("a short name");
        assert_eq!(local::derive_key_of(&blob, "2580").err(), Some(LocalError::Source));
        assert!(matches!(make_pin_key("1234", &pepper, CHEAP, &mut rng), Err(PinError::Run)));
    }
}
