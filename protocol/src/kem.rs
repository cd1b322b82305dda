//! Which X25519 public keys may be sealed to. A key of small order turns every seal into the same shared secret, or into
//! an error that comes only when somebody rotates a team: it is refused where it enters the log.

use crate::ids::KemPublic;

/// The public key is a point of small order: nothing may be sealed to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the public key for sealing is weak")]
pub struct WeakKemKey;

/// The u-coordinates of small order below 2^255 (RFC 7748 ignores the highest bit): 0, 1, the two of order 8, and
/// p − 1, p, p + 1.
const SMALL_ORDER: [[u8; 32]; 7] = [
    [0; 32],
    least_significant(1),
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
        0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
        0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    near_prime(0xec),
    near_prime(0xed),
    near_prime(0xee),
];

const fn least_significant(byte: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = byte;
    bytes
}

const fn near_prime(lowest: u8) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[0] = lowest;
    bytes[31] = 0x7f;
    bytes
}

/// Whether keys may be sealed to this public key.
///
/// # Errors
/// [`WeakKemKey`] when its point is of small order.
pub fn check_key(key: &KemPublic) -> Result<(), WeakKemKey> {
    let mut coordinate = key.0;
    coordinate[31] &= 0x7f;
    if SMALL_ORDER.contains(&coordinate) { Err(WeakKemKey) } else { Ok(()) }
}
