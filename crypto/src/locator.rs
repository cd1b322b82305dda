//! Locators: the keyed document id of a property or person, so that two tablets that meet the same UPRN offline make the
//! same document, and nobody without the key can try numbers against the server's ids.

use doorstep_protocol::{DocumentId, label};

use crate::derive;
use crate::keys::LocatorKey;

/// A class and a normalised id each have a length of one byte before them.
const LABEL_BYTES_MAX: usize = 255;
/// A UPRN has at most twelve digits.
const UPRN_DIGITS_MAX: usize = 12;

/// Why there is no locator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocatorError {
    /// The class or the id is empty, longer than 255 bytes, or not ASCII.
    #[error("a class and an id are 1 to {limit_bytes} ASCII characters, found {found_bytes} bytes")]
    Form {
        /// Bytes found.
        found_bytes: usize,
        /// Bytes allowed.
        limit_bytes: usize,
    },
    /// Not a UPRN.
    #[error("a UPRN is 1 to {limit_digits} digits and not zero, found {found_bytes} bytes")]
    NotAUprn {
        /// Bytes found.
        found_bytes: usize,
        /// Digits allowed.
        limit_digits: usize,
    },
}

/// `HMAC-SHA256(key, LBL("doorstep/1/locator") ‖ LBL(class) ‖ LBL(normalised id))[..16]`.
///
/// # Errors
/// [`LocatorError::Form`].
pub fn locator(key: &LocatorKey, class: &str, normalised_id: &str) -> Result<DocumentId, LocatorError> {
    for text in [class, normalised_id] {
        if text.is_empty() || text.len() > LABEL_BYTES_MAX || !text.is_ascii() {
            return Err(LocatorError::Form { found_bytes: text.len(), limit_bytes: LABEL_BYTES_MAX });
        }
    }
    let parts = [label::LOCATOR, class, normalised_id].map(label::prefixed);
    let full = derive::hmac(key.expose_bytes(), &parts.each_ref().map(Vec::as_slice));
    let mut id = [0u8; DocumentId::LEN];
    for (to, from) in id.iter_mut().zip(full) {
        *to = from;
    }
    Ok(DocumentId(id))
}

/// A UPRN as locators take it: digits without leading zeros.
///
/// # Errors
/// [`LocatorError::NotAUprn`] for anything but 1 to 12 digits, or zero.
pub fn normalise_uprn(text: &str) -> Result<String, LocatorError> {
    let digits = text.trim_start_matches('0');
    let refused = text.len() > UPRN_DIGITS_MAX || digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit());
    if refused {
        return Err(LocatorError::NotAUprn { found_bytes: text.len(), limit_digits: UPRN_DIGITS_MAX });
    }
    Ok(digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uprn_has_one_form() {
        assert_eq!(normalise_uprn("000100023336"), Ok("100023336".to_owned()));
        assert_eq!(normalise_uprn("100023336956"), Ok("100023336956".to_owned()));
        for text in ["", "0", "000000000000", "1000233369560", "0100023336956", "12a", " 12", "-1", "１２"] {
            assert!(normalise_uprn(text).is_err(), "{text}");
        }
    }

    #[test]
    fn class_and_id_do_not_run_into_each_other() {
        let key = LocatorKey::from_bytes([1; 32]);
        assert_ne!(locator(&key, "index", "1"), locator(&key, "index1", ""));
        assert_ne!(locator(&key, "index", "12"), locator(&key, "index1", "2"));
        assert_ne!(locator(&key, "index", "12"), locator(&LocatorKey::from_bytes([2; 32]), "index", "12"));
        assert!(locator(&key, &"c".repeat(255), &"1".repeat(255)).is_ok());
        for (class, id) in [("", "1"), ("index", ""), ("index", "ü"), ("index", &*"1".repeat(256))] {
            assert!(locator(&key, class, id).is_err());
        }
    }
}
