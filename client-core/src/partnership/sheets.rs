//! Sheets of a recovery kit, read back: the root keys and the shares of escrow keys that stand on them. They are held for as
//! long as one step takes, and kept nowhere.

use std::collections::BTreeMap;

use doorstep_crypto::keys::{KemSecret, SigningKey};
use doorstep_crypto::shares::{RecoveryShare, SHARE_BYTES, recover_secret};
use doorstep_protocol::{KemPublic, PartnershipId};
use zeroize::Zeroizing;

use super::writer::AdminError;

/// The longest text of sheets that is read.
const SHEETS_CHARS_MAX: usize = 256 * 1024;
/// Root keys and shares on all sheets together.
const SECRETS_MAX: usize = 8_192;
/// How the line with the partnership begins.
const PARTNERSHIP: &str = "Partnership ";

/// What stands on some sheets.
pub struct Sheets {
    partnership: PartnershipId,
    roots: Vec<SigningKey>,
    shares: Vec<RecoveryShare>,
}

/// Escrow keys that were put together, by their public keys.
pub struct Escrows {
    by_public: BTreeMap<KemPublic, KemSecret>,
}

const fn misread(remedy: &'static str) -> AdminError {
    AdminError::Plan { field: "recovery sheets", remedy }
}

impl Sheets {
    /// Reads the text of one or more sheets as they were printed, in any order.
    ///
    /// # Errors
    /// [`AdminError::Plan`] where a sheet is misread or belongs to another partnership.
    pub fn read(text: &str) -> Result<Self, AdminError> {
        let (mut partnership, mut roots, mut shares) = (None, Vec::new(), Vec::new());
        if text.len() > SHEETS_CHARS_MAX {
            return Err(misread("this is longer than a kit: is it the right file?"));
        }
        for line in text.lines().map(str::trim) {
            if let Some(id) = line.strip_prefix(PARTNERSHIP) {
                let id: PartnershipId =
                    id.trim().parse().map_err(|_| misread("the line with the partnership is misread"))?;
                if partnership.is_some_and(|known| known != id) {
                    return Err(misread("these sheets are of different partnerships"));
                }
                partnership = Some(id);
                continue;
            }
            let digits: Zeroizing<String> = Zeroizing::new(line.chars().filter(|c| *c != '-').collect());
            if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
                continue;
            }
            if roots.len() + shares.len() >= SECRETS_MAX {
                return Err(misread("there are more secrets here than a kit has"));
            }
            match digits.len() {
                64 => roots.push(SigningKey::from_seed(seed(&digits).ok_or_else(|| misread("a root key is misread"))?)),
                n if n == SHARE_BYTES * 2 => {
                    let share = RecoveryShare::parse_text(line);
                    shares.push(share.map_err(|_| misread("a share is misread: compare it sign by sign"))?);
                }
                _ => return Err(misread("a line is too short or too long: compare it sign by sign")),
            }
        }
        let partnership = partnership.ok_or_else(|| misread("no line says which partnership they belong to"))?;
        Ok(Self { partnership, roots, shares })
    }

    /// The partnership they belong to.
    #[must_use]
    pub const fn partnership(&self) -> PartnershipId {
        self.partnership
    }

    /// The root keys on them.
    #[must_use]
    pub fn into_parts(self) -> (Vec<SigningKey>, Vec<RecoveryShare>) {
        (self.roots, self.shares)
    }
}

impl Escrows {
    /// Puts escrow keys together.
    ///
    /// # Errors
    /// [`AdminError::Shares`] where there are too few of one, or they do not fit.
    pub fn put_together(shares: Vec<RecoveryShare>) -> Result<Self, AdminError> {
        let mut by_secret: BTreeMap<[u8; 32], Vec<RecoveryShare>> = BTreeMap::new();
        for share in shares {
            by_secret.entry(share.commitment().0).or_default().push(share);
        }
        let mut by_public = BTreeMap::new();
        for shares in by_secret.values() {
            let secret = recover_secret(shares)?;
            let secret = KemSecret::from_bytes(*secret);
            by_public.insert(secret.public(), secret);
        }
        Ok(Self { by_public })
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = &KemSecret> {
        self.by_public.values()
    }

    /// Whether this escrow key is among them.
    #[must_use]
    pub fn holds(&self, public: &KemPublic) -> bool {
        self.by_public.contains_key(public)
    }
}

fn seed(digits: &str) -> Option<[u8; 32]> {
    let mut seed = [0u8; 32];
    for (byte, pair) in seed.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(seed)
}
