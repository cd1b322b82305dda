//! Challenges and session tokens that the server need not remember: a time, and a MAC over whom they are for. Any server
//! that holds the same secret honours them.

use doorstep_protocol::{DeviceId, Millis, PartnershipId, wire};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How long a challenge can be answered.
pub const CHALLENGE_MS: u64 = 5 * 60 * 1_000;
/// How long a session lasts.
pub const SESSION_MS: u64 = 12 * 60 * 60 * 1_000;
/// Random bytes in a token.
pub const NONCE_BYTES: usize = 16;
const MAC_BYTES: usize = 16;
const TOKEN_BYTES: usize = 8 + NONCE_BYTES + MAC_BYTES;

const _: () = assert!(TOKEN_BYTES <= wire::TOKEN_BYTES_MAX);

/// What a token is for: a challenge is never a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// To be signed by the device that wants a session.
    Challenge,
    /// To be named in every request.
    Session,
}

impl TokenKind {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Challenge => b"doorstep-server/1/challenge",
            Self::Session => b"doorstep-server/1/session",
        }
    }

    const fn lasts_ms(self) -> u64 {
        match self {
            Self::Challenge => CHALLENGE_MS,
            Self::Session => SESSION_MS,
        }
    }
}

/// The secret behind every token.
pub struct TokenSecret([u8; 32]);

impl std::fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenSecret(..)")
    }
}

impl TokenSecret {
    /// From 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Makes a token for a device, and says when it ends.
    #[must_use]
    pub fn issue(
        &self,
        kind: TokenKind,
        (partnership, device): (PartnershipId, DeviceId),
        nonce: [u8; NONCE_BYTES],
        now: Millis,
    ) -> (Vec<u8>, Millis) {
        let expires = Millis(now.0.saturating_add(kind.lasts_ms()));
        let mut token = Vec::with_capacity(TOKEN_BYTES);
        token.extend_from_slice(&expires.0.to_be_bytes());
        token.extend_from_slice(&nonce);
        let mac = self.mac(kind, partnership, device, &token).finalize().into_bytes();
        token.extend_from_slice(&mac[..MAC_BYTES]);
        (token, expires)
    }

    /// Whether this secret made the token for this device, and it has not ended.
    #[must_use]
    pub fn holds(
        &self,
        kind: TokenKind,
        (partnership, device): (PartnershipId, DeviceId),
        token: &[u8],
        now: Millis,
    ) -> bool {
        let Some((said, mac)) = token.split_at_checked(8 + NONCE_BYTES).filter(|(_, mac)| mac.len() == MAC_BYTES)
        else {
            return false;
        };
        let Some((expires, _)) = said.split_first_chunk::<8>() else { return false };
        let expires = u64::from_be_bytes(*expires);
        // A token from further ahead than it can be was made by a clock that has since been set back: let it go too.
        let in_time = now.0 <= expires && expires <= now.0.saturating_add(kind.lasts_ms());
        self.mac(kind, partnership, device, said).verify_truncated_left(mac).is_ok() && in_time
    }

    fn mac(&self, kind: TokenKind, partnership: PartnershipId, device: DeviceId, said: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        let label = kind.label();
        // The label has its length before it; everything else is of fixed length.
        mac.update(&[label.len() as u8]);
        mac.update(label);
        mac.update(&partnership.0);
        mac.update(&device.0);
        mac.update(said);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: (PartnershipId, DeviceId) = (PartnershipId([1; 16]), DeviceId([2; 16]));
    const NOW: Millis = Millis(1_700_000_000_000);

    #[test]
    fn a_token_holds_for_its_own_device_kind_and_time_only() {
        let secret = TokenSecret::new([3; 32]);
        let (token, expires) = secret.issue(TokenKind::Session, WHO, [4; NONCE_BYTES], NOW);
        assert!(secret.holds(TokenKind::Session, WHO, &token, NOW));
        assert!(secret.holds(TokenKind::Session, WHO, &token, expires));
        assert!(!secret.holds(TokenKind::Session, WHO, &token, Millis(expires.0 + 1)));
        assert!(!secret.holds(TokenKind::Session, WHO, &token, Millis(NOW.0 - 1)));
        assert!(!secret.holds(TokenKind::Challenge, WHO, &token, NOW));
        assert!(!secret.holds(TokenKind::Session, (WHO.0, DeviceId([9; 16])), &token, NOW));
        assert!(!secret.holds(TokenKind::Session, (PartnershipId([9; 16]), WHO.1), &token, NOW));
        assert!(!TokenSecret::new([5; 32]).holds(TokenKind::Session, WHO, &token, NOW));
    }

    #[test]
    fn a_token_with_any_bit_changed_or_byte_missing_does_not_hold() {
        let secret = TokenSecret::new([3; 32]);
        let (token, _) = secret.issue(TokenKind::Challenge, WHO, [4; NONCE_BYTES], NOW);
        for bit in 0..token.len() * 8 {
            let mut other = token.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!secret.holds(TokenKind::Challenge, WHO, &other, NOW), "bit {bit}");
        }
        for length in 0..token.len() {
            assert!(!secret.holds(TokenKind::Challenge, WHO, &token[..length], NOW), "length {length}");
        }
    }
}
