//! The proof of a remote invite: desk and tablet know the same six words, because one person read them to the other over
//! the telephone. The server that carries invitation and request between them does not.
//!
//! ```text
//! key        = HKDF(Argon2id(words, salt = invite id, cost), "", LBL("doorstep/1/invite"), 32)
//! invitation = HMAC-SHA256(key, LBL("doorstep/1/invite-invitation") ‖ message)
//! request    = HMAC-SHA256(key, LBL("doorstep/1/invite-request") ‖ message)
//! ```
//!
//! Two labels: an invitation cannot be sent back as the request that answers it. The words are one-time: the desk takes
//! one right request, and voids the invite after a few wrong ones.

use doorstep_protocol::{InviteId, label};
use subtle::ConstantTimeEq;

use crate::derive;
use crate::passphrase::{PassphraseCost, PassphraseError, argon2id};
use crate::secret::{Secret32, secrets};
use crate::words::OneTimePhrase;

secrets! {
    /// What both ends of one invite derive from its six words.
    derived InviteKey;
}

/// The MAC of an invitation or of a request. Compared in constant time.
#[derive(Clone, Copy, Debug)]
pub struct InviteMac(pub [u8; InviteMac::LEN]);

impl InviteMac {
    /// Length in bytes.
    pub const LEN: usize = 32;
}

impl PartialEq for InviteMac {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for InviteMac {}

/// Other words, another invite, or a message that was changed on the way: nobody can tell which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the six words do not fit this invite: check each word, or ask for a new invite")]
pub struct OtherWords;

/// The key of an invite. The cost is part of the invitation: both ends use the same.
///
/// # Errors
/// [`PassphraseError`] for a cost outside the limits or memory that is not there.
pub fn derive_invite_key(
    words: &OneTimePhrase,
    invite: InviteId,
    cost: PassphraseCost,
) -> Result<InviteKey, PassphraseError> {
    let stretched = argon2id(words.expose_text(), invite.0, cost)?;
    Ok(InviteKey(Secret32::from_bytes(&derive::hkdf(&stretched, b"", &[&label::prefixed(label::INVITE)]))))
}

impl InviteKey {
    fn mac(&self, label: &str, message: &[u8]) -> InviteMac {
        InviteMac(derive::hmac(self.expose_bytes(), &[&label::prefixed(label), message]))
    }

    /// The MAC of what the desk leaves at the server for the invited device.
    #[must_use]
    pub fn mac_invitation(&self, invitation: &[u8]) -> InviteMac {
        self.mac(label::INVITE_INVITATION, invitation)
    }

    /// The MAC of what the invited device answers: its keys.
    #[must_use]
    pub fn mac_request(&self, request: &[u8]) -> InviteMac {
        self.mac(label::INVITE_REQUEST, request)
    }

    /// Whether an invitation comes from who knows the six words.
    ///
    /// # Errors
    /// [`OtherWords`].
    pub fn verify_invitation(&self, invitation: &[u8], found: &InviteMac) -> Result<(), OtherWords> {
        if self.mac_invitation(invitation) == *found { Ok(()) } else { Err(OtherWords) }
    }

    /// Whether a request comes from who knows the six words.
    ///
    /// # Errors
    /// [`OtherWords`].
    pub fn verify_request(&self, request: &[u8], found: &InviteMac) -> Result<(), OtherWords> {
        if self.mac_request(request) == *found { Ok(()) } else { Err(OtherWords) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passphrase::MEMORY_KIB_MIN;

    const CHEAP: PassphraseCost = PassphraseCost { memory_kib: MEMORY_KIB_MIN, passes: 1, lanes: 1 };
    const WORDS: &str = "digital apollo aroma rival artist rebel";

    fn key(words: &str, invite: u8) -> InviteKey {
        let words = OneTimePhrase::parse(words).expect("six words of the list");
        derive_invite_key(&words, InviteId([invite; 16]), CHEAP).expect("a cost within the limits")
    }

    #[test]
    fn both_ends_agree_on_the_words_and_on_nothing_else() {
        let (desk, tablet) = (key(WORDS, 1), key(&WORDS.to_uppercase(), 1));
        assert_eq!(tablet.verify_invitation(b"genesis", &desk.mac_invitation(b"genesis")), Ok(()));
        assert_eq!(desk.verify_request(b"my keys", &tablet.mac_request(b"my keys")), Ok(()));
        assert_eq!(desk.verify_request(b"my keyz", &tablet.mac_request(b"my keys")), Err(OtherWords));
        assert_eq!(tablet.verify_invitation(b"genesiz", &desk.mac_invitation(b"genesis")), Err(OtherWords));
        for other in [key("digital apollo aroma rival artist radio", 1), key(WORDS, 2)] {
            assert_eq!(desk.verify_request(b"my keys", &other.mac_request(b"my keys")), Err(OtherWords));
            assert_eq!(other.verify_invitation(b"genesis", &desk.mac_invitation(b"genesis")), Err(OtherWords));
        }
    }

    #[test]
    fn an_invitation_is_no_request() {
        let key = key(WORDS, 1);
        assert_eq!(key.verify_request(b"m", &key.mac_invitation(b"m")), Err(OtherWords));
        assert_eq!(key.verify_invitation(b"m", &key.mac_request(b"m")), Err(OtherWords));
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let key = key(WORDS, 1);
        for bit in 0..InviteMac::LEN * 8 {
            let (mut invitation, mut request) = (key.mac_invitation(b"m"), key.mac_request(b"m"));
            invitation.0[bit / 8] ^= 1 << (bit % 8);
            request.0[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key.verify_invitation(b"m", &invitation), Err(OtherWords), "bit {bit}");
            assert_eq!(key.verify_request(b"m", &request), Err(OtherWords), "bit {bit}");
        }
    }

    #[test]
    fn a_cost_outside_the_limits_is_refused() {
        let words = OneTimePhrase::parse(WORDS).expect("six words of the list");
        let cost = PassphraseCost { passes: 0, ..CHEAP };
        assert_eq!(derive_invite_key(&words, InviteId([1; 16]), cost).err(), Some(PassphraseError::Cost { cost }));
    }
}
