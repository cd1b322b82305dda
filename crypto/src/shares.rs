//! Shamir shares of a 32-byte secret for the printed recovery kit: any `threshold` of `count` give it back, fewer say
//! nothing about it.
//!
//! ```text
//! share = "DSS1" ‖ threshold ‖ number ‖ u16 0 ‖ H("doorstep/1/key-com", secret)(32) ‖ y(32) ‖ check(4)
//! ```
//!
//! `check` is the start of SHA-256 over what stands before it and finds misreadings of paper. The commitment says which
//! shares belong together, and that what came out is what was split.

use core::fmt;
use std::collections::BTreeMap;

use blahaj::{Share, Sharks};
use doorstep_protocol::{KeyCommitment, hash, label};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// Length of a share.
pub const SHARE_BYTES: usize = 76;
/// Most shares of one secret.
pub const SHARES_MAX: u8 = 32;
const MAGIC: [u8; 4] = *b"DSS1";
const CHECKED_BYTES: usize = SHARE_BYTES - 4;

/// How a secret is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharePlan {
    /// How many shares give the secret back: at least 2.
    pub threshold: u8,
    /// How many shares there are: at most [`SHARES_MAX`].
    pub count: u8,
}

/// Why a secret was not split or not recovered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// Not 2 ≤ threshold ≤ count ≤ [`SHARES_MAX`].
    #[error("{plan:?} is not a way to split a secret")]
    Plan {
        /// What was asked for.
        plan: SharePlan,
    },
    /// Not a share of this version, or misread: the check does not fit.
    #[error("not a share, or misread")]
    Form,
    /// Shares of different secrets.
    #[error("share {number} belongs to another secret")]
    OtherSecret {
        /// Number of the first share that does not belong.
        number: u8,
    },
    /// Not enough different shares.
    #[error("{found} different shares, {needed} are needed")]
    TooFew {
        /// Different shares found.
        found: usize,
        /// Shares needed.
        needed: u8,
    },
    /// The shares do not give the secret that was split.
    #[error("the shares do not give the secret that was split")]
    DoesNotFit,
}

/// One share: as secret as the secret, in company.
pub struct RecoveryShare {
    threshold: u8,
    number: u8,
    commitment: KeyCommitment,
    y: Box<Zeroizing<[u8; 32]>>,
}

impl fmt::Debug for RecoveryShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecoveryShare(number {}, {} needed, secret)", self.number, self.threshold)
    }
}

impl RecoveryShare {
    /// How many shares give the secret back.
    #[must_use]
    pub const fn threshold(&self) -> u8 {
        self.threshold
    }

    /// The number of this share, from 1.
    #[must_use]
    pub const fn number(&self) -> u8 {
        self.number
    }

    /// `H("doorstep/1/key-com", secret)` of the secret that was split.
    #[must_use]
    pub const fn commitment(&self) -> KeyCommitment {
        self.commitment
    }

    /// The bytes of the share, for a QR code.
    #[must_use]
    pub fn expose_bytes(&self) -> Zeroizing<[u8; SHARE_BYTES]> {
        let mut bytes = Zeroizing::new([0u8; SHARE_BYTES]);
        let parts: [&[u8]; 4] = [&MAGIC, &[self.threshold, self.number, 0, 0], &self.commitment.0, self.y.as_slice()];
        for (to, from) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        let check = check_of(&bytes);
        for (to, from) in bytes.iter_mut().skip(CHECKED_BYTES).zip(check) {
            *to = from;
        }
        bytes
    }

    /// The share as it is printed: hexadecimal, in groups of four digits.
    #[must_use]
    pub fn expose_text(&self) -> Zeroizing<String> {
        let bytes = self.expose_bytes();
        // The one allocation is of the final size: growing would leave digits behind in freed memory.
        let mut text = Zeroizing::new(String::with_capacity(SHARE_BYTES / 2 * 5));
        for (index, byte) in bytes.iter().enumerate() {
            if index > 0 && index % 2 == 0 {
                text.push('-');
            }
            for digit in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(digit.into(), 16));
            }
        }
        text
    }

    /// Reads a share.
    ///
    /// # Errors
    /// [`ShareError::Form`].
    pub fn from_bytes(bytes: &[u8; SHARE_BYTES]) -> Result<Self, ShareError> {
        let (checked, check) = bytes.split_last_chunk::<4>().ok_or(ShareError::Form)?;
        let ([magic @ .., threshold, number, 0, 0], rest) = checked.split_first_chunk::<8>().ok_or(ShareError::Form)?
        else {
            return Err(ShareError::Form);
        };
        let (commitment, y) = rest.split_first_chunk::<32>().ok_or(ShareError::Form)?;
        let plan = SharePlan { threshold: *threshold, count: (*number).max(*threshold) };
        if *magic != MAGIC || *check != check_of(bytes) || *number == 0 || !plan.is_possible() {
            return Err(ShareError::Form);
        }
        let mut share =
            Self { threshold: *threshold, number: *number, commitment: KeyCommitment(*commitment), y: Box::default() };
        for (to, from) in share.y.iter_mut().zip(y) {
            *to = *from;
        }
        Ok(share)
    }

    /// Reads a share as it was printed; spaces, hyphens and capitals do not matter.
    ///
    /// # Errors
    /// [`ShareError::Form`].
    pub fn parse_text(text: &str) -> Result<Self, ShareError> {
        let mut bytes = Zeroizing::new([0u8; SHARE_BYTES]);
        let mut digits = text.chars().filter(|c| *c != '-' && !c.is_whitespace());
        for byte in bytes.iter_mut() {
            for _ in 0..2 {
                let digit = digits.next().and_then(|c| c.to_digit(16)).and_then(|d| u8::try_from(d).ok());
                *byte = (*byte << 4) | digit.ok_or(ShareError::Form)?;
            }
        }
        if digits.next().is_some() {
            return Err(ShareError::Form);
        }
        Self::from_bytes(&bytes)
    }
}

impl SharePlan {
    const fn is_possible(self) -> bool {
        2 <= self.threshold && self.threshold <= self.count && self.count <= SHARES_MAX
    }
}

fn check_of(bytes: &[u8; SHARE_BYTES]) -> [u8; 4] {
    let [a, b, c, d, ..] = hash::sha256(bytes.split_at(CHECKED_BYTES).0).0;
    [a, b, c, d]
}

fn commitment_of(secret: &[u8]) -> KeyCommitment {
    KeyCommitment(hash::tagged(label::KEY_COMMITMENT, &[secret]))
}

/// Splits a secret (an escrow's or a root's) into shares.
///
/// # Errors
/// [`ShareError::Plan`].
pub fn make_shares(
    secret: &[u8; 32],
    plan: SharePlan,
    rng: &mut impl CryptoRng,
) -> Result<Vec<RecoveryShare>, ShareError> {
    if !plan.is_possible() {
        return Err(ShareError::Plan { plan });
    }
    let commitment = commitment_of(secret);
    Sharks(plan.threshold)
        .dealer_rng(secret, rng)
        .take(plan.count.into())
        .map(|dealt| {
            let point = Zeroizing::new(Vec::from(&dealt));
            let (number, y) = point.split_first().ok_or(ShareError::Form)?;
            let mut share = RecoveryShare { threshold: plan.threshold, number: *number, commitment, y: Box::default() };
            for (to, from) in share.y.iter_mut().zip(y) {
                *to = *from;
            }
            Ok(share)
        })
        .collect()
}

/// The secret behind at least `threshold` different shares.
///
/// # Errors
/// [`ShareError`]: too few, of different secrets, or not what was split.
pub fn recover_secret(shares: &[RecoveryShare]) -> Result<Zeroizing<[u8; 32]>, ShareError> {
    let first = shares.first().ok_or(ShareError::TooFew { found: 0, needed: 2 })?;
    let mut points = BTreeMap::new();
    for share in shares {
        if share.commitment != first.commitment || share.threshold != first.threshold {
            return Err(ShareError::OtherSecret { number: share.number });
        }
        points.insert(share.number, share);
    }
    if points.len() < first.threshold.into() {
        return Err(ShareError::TooFew { found: points.len(), needed: first.threshold });
    }
    // Different numbers only: the interpolation of a number that stands twice would divide by zero.
    let points = points
        .values()
        .take(first.threshold.into())
        .map(|share| {
            let mut point = Zeroizing::new([0u8; 33]);
            for (to, from) in point.iter_mut().zip(core::iter::once(&share.number).chain(share.y.iter())) {
                *to = *from;
            }
            Share::try_from(point.as_slice()).map_err(|_| ShareError::Form)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut recovered = Sharks(first.threshold).recover(&points).map_err(|_| ShareError::DoesNotFit)?;
    let secret = <&[u8; 32]>::try_from(recovered.as_slice()).map(|secret| Zeroizing::new(*secret));
    let fits = bool::from(commitment_of(&recovered).0.ct_eq(&first.commitment.0));
    recovered.zeroize();
    match secret {
        Ok(secret) if fits => Ok(secret),
        _ => Err(ShareError::DoesNotFit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    const SECRET: [u8; 32] = *b"0123456789abcdefghijklmnopqrstuv";

    fn some(shares: &[RecoveryShare], numbers: &[usize]) -> Vec<RecoveryShare> {
        numbers.iter().map(|n| RecoveryShare::from_bytes(&shares[*n - 1].expose_bytes()).expect("own form")).collect()
    }

    #[test]
    fn any_threshold_of_shares_recovers_and_fewer_do_not() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let shares = make_shares(&SECRET, SharePlan { threshold: 3, count: 5 }, &mut rng).expect("a plan");
        for numbers in [&[1, 2, 3][..], &[5, 3, 1], &[2, 4, 5], &[1, 2, 3, 4, 5], &[4, 4, 1, 2]] {
            assert_eq!(recover_secret(&some(&shares, numbers)).as_deref(), Ok(&SECRET));
        }
        for numbers in [&[1, 2][..], &[4, 4, 4], &[]] {
            assert!(matches!(recover_secret(&some(&shares, numbers)), Err(ShareError::TooFew { .. })));
        }
        assert_eq!(shares.iter().map(RecoveryShare::number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        let printed = format!("{:?}", shares[0]);
        assert_eq!(printed, "RecoveryShare(number 1, 3 needed, secret)");
    }

    #[test]
    fn shares_of_another_secret_or_forged_shares_are_noticed() {
        let mut rng = ChaCha20Rng::from_seed([2; 32]);
        let plan = SharePlan { threshold: 2, count: 3 };
        let ours = make_shares(&SECRET, plan, &mut rng).expect("a plan");
        let other = make_shares(&[9; 32], plan, &mut rng).expect("a plan");
        let mixed: Vec<_> = some(&ours, &[1]).into_iter().chain(some(&other, &[2])).collect();
        assert!(matches!(recover_secret(&mixed), Err(ShareError::OtherSecret { number: 2 })));
        // The same secret split again: the numbers fit, the polynomial does not.
        let again = make_shares(&SECRET, plan, &mut rng).expect("a plan");
        let mixed: Vec<_> = some(&ours, &[1]).into_iter().chain(some(&again, &[2])).collect();
        assert_eq!(recover_secret(&mixed), Err(ShareError::DoesNotFit));
    }

    #[test]
    fn paper_reads_back_and_misreadings_are_found() {
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let shares = make_shares(&SECRET, SharePlan { threshold: 2, count: 2 }, &mut rng).expect("a plan");
        let text = shares[0].expose_text();
        assert_eq!(text.len(), 189);
        let read = RecoveryShare::parse_text(&text.to_uppercase().replace('-', " ")).expect("own form");
        assert_eq!((read.number(), read.threshold(), read.commitment()), (1, 2, shares[0].commitment()));
        assert_eq!(read.expose_bytes(), shares[0].expose_bytes());
        let bytes = shares[0].expose_bytes();
        for bit in 0..SHARE_BYTES * 8 {
            let mut changed = *bytes;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(RecoveryShare::from_bytes(&changed).is_err(), "bit {bit}");
        }
        for wrong in ["", "44", &text[2..], &format!("{}00", *text)] {
            assert!(RecoveryShare::parse_text(wrong).is_err());
        }
    }

    #[test]
    fn plans_outside_the_limits_are_refused() {
        let mut rng = ChaCha20Rng::from_seed([4; 32]);
        for (threshold, count) in [(0, 3), (1, 3), (4, 3), (2, SHARES_MAX + 1)] {
            let plan = SharePlan { threshold, count };
            assert_eq!(make_shares(&SECRET, plan, &mut rng).err(), Some(ShareError::Plan { plan }));
        }
    }
}
