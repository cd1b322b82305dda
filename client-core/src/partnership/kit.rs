//! The recovery kit: sheets to print and to lock away apart. Two of three sheets rebuild the root authority and every
//! organisation's escrow key; one alone opens nothing.

use doorstep_crypto::keys::{KemSecret, SigningKey};
use doorstep_crypto::shares::{SharePlan, make_shares};
use doorstep_protocol::PartnershipId;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::writer::AdminError;

/// One sheet.
pub struct KitSheet {
    /// Its number, from 1.
    pub number: usize,
    /// The root key's seed, as a share of its own: hexadecimal in groups of four.
    pub root: Zeroizing<String>,
    /// A share of each organisation's escrow key, with the organisation's name.
    pub escrow_shares: Vec<(String, Zeroizing<String>)>,
}

/// All sheets. They are shown once and kept nowhere.
pub struct RecoveryKit {
    partnership: PartnershipId,
    threshold: u8,
    sheets: Vec<KitSheet>,
}

impl RecoveryKit {
    pub(super) fn make(
        partnership: PartnershipId,
        roots: &[SigningKey],
        threshold: u8,
        escrows: &[(String, &KemSecret)],
        rng: &mut impl CryptoRng,
    ) -> Result<Self, AdminError> {
        let count = u8::try_from(roots.len()).unwrap_or(u8::MAX);
        let mut sheets: Vec<KitSheet> = roots
            .iter()
            .enumerate()
            .map(|(at, root)| KitSheet { number: at + 1, root: grouped(root.expose_seed()), escrow_shares: Vec::new() })
            .collect();
        for (name, escrow) in escrows {
            let shares = make_shares(escrow.expose_bytes(), SharePlan { threshold, count }, rng)?;
            for (sheet, share) in sheets.iter_mut().zip(&shares) {
                sheet.escrow_shares.push((name.clone(), share.expose_text()));
            }
        }
        Ok(Self { partnership, threshold, sheets })
    }

    /// The partnership it belongs to.
    #[must_use]
    pub const fn partnership(&self) -> PartnershipId {
        self.partnership
    }

    /// How many sheets are needed together.
    #[must_use]
    pub const fn threshold(&self) -> u8 {
        self.threshold
    }

    /// The sheets, to be printed one by one.
    #[must_use]
    pub fn sheets(&self) -> &[KitSheet] {
        &self.sheets
    }
}

fn grouped(seed: &[u8; 32]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(80));
    for (at, byte) in seed.iter().enumerate() {
        if at > 0 && at % 2 == 0 {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(digit.into(), 16));
        }
    }
    text
}
