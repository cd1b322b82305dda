//! Headers of wrapped keys. A wrap is a key sealed under another key; its header says which, and is bound into it.

use crate::ids::{Epoch, PartnershipId};

/// Length of the header of a symmetric wrap.
pub const KEY_WRAP_HEADER_BYTES: usize = 64;
/// Length of a symmetric wrap: header ‖ salt(32) ‖ com(32) ‖ ct(48).
pub const KEY_WRAP_BYTES: usize = 176;
/// Length of the header of a wrap to a public key.
pub const SEALED_WRAP_HEADER_BYTES: usize = 60;
/// Length of a wrap to a public key: header ‖ enc(32) ‖ ct(48).
pub const SEALED_WRAP_BYTES: usize = 140;
/// Length of a wrap of suite 2 to a public key: header ‖ enc(1120) ‖ ct(48).
#[cfg(feature = "suite-2")]
pub const HYBRID_WRAP_BYTES: usize = 1_228;

const KEY_WRAP_MAGIC: [u8; 4] = *b"DSW1";
const SEALED_WRAP_MAGIC: [u8; 4] = *b"DSH1";
const SUITE: u8 = 1;
#[cfg(feature = "suite-2")]
const SUITE_2: u8 = 2;

/// Why bytes are not the header of a wrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrapHeaderError {
    /// Not of the one length a wrap has.
    #[error("a wrap has {found_bytes} bytes, it must have {expected_bytes}")]
    Length {
        /// Bytes found.
        found_bytes: usize,
        /// Bytes that it must have.
        expected_bytes: usize,
    },
    /// Another magic, suite or purpose, or reserved bits.
    #[error("the header of a wrap has a value this version does not know")]
    Unknown,
}

/// What a symmetric wrap carries, and under what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum KeyWrapPurpose {
    /// A zone key under a team key.
    ZoneUnderTeam = 1,
    /// A team's previous key under its next.
    PreviousTeam = 2,
    /// A zone's previous key under its next.
    PreviousZone = 3,
    /// A key kept on one device.
    DeviceLocal = 4,
    /// A locator key under the directory zone's key.
    Locator = 5,
}

impl KeyWrapPurpose {
    const ALL: [Self; 5] =
        [Self::ZoneUnderTeam, Self::PreviousTeam, Self::PreviousZone, Self::DeviceLocal, Self::Locator];
}

/// The header of a symmetric wrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyWrapHeader {
    /// What it is for.
    pub purpose: KeyWrapPurpose,
    /// The tenant.
    pub partnership: PartnershipId,
    /// Id of the wrapping key's owner (team, zone, device).
    pub parent: [u8; 16],
    /// Id of the wrapped key's owner.
    pub child: [u8; 16],
    /// Epoch of the wrapping key.
    pub parent_epoch: Epoch,
    /// Epoch of the wrapped key.
    pub child_epoch: Epoch,
}

impl KeyWrapHeader {
    /// The 64 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; KEY_WRAP_HEADER_BYTES] {
        let mut bytes = [0u8; KEY_WRAP_HEADER_BYTES];
        bytes[..4].copy_from_slice(&KEY_WRAP_MAGIC);
        bytes[4] = SUITE;
        bytes[5] = self.purpose as u8;
        bytes[8..24].copy_from_slice(&self.partnership.0);
        bytes[24..40].copy_from_slice(&self.parent);
        bytes[40..56].copy_from_slice(&self.child);
        bytes[56..60].copy_from_slice(&self.parent_epoch.0.to_be_bytes());
        bytes[60..].copy_from_slice(&self.child_epoch.0.to_be_bytes());
        bytes
    }

    /// Reads the header of a whole wrap.
    ///
    /// # Errors
    /// [`WrapHeaderError`].
    pub fn parse(wrap: &[u8]) -> Result<Self, WrapHeaderError> {
        let bytes = exactly(wrap, KEY_WRAP_BYTES)?;
        let purpose = KeyWrapPurpose::ALL.into_iter().find(|p| *p as u8 == bytes[5]).ok_or(WrapHeaderError::Unknown)?;
        let header = Self {
            purpose,
            partnership: PartnershipId(part(bytes, 8)?),
            parent: part(bytes, 24)?,
            child: part(bytes, 40)?,
            parent_epoch: Epoch(u32::from_be_bytes(part(bytes, 56)?)),
            child_epoch: Epoch(u32::from_be_bytes(part(bytes, 60)?)),
        };
        refuse_unless_same(&header.to_bytes(), bytes)?;
        Ok(header)
    }
}

/// What a wrap to a public key carries, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum SealedWrapPurpose {
    /// A team key to a member device.
    TeamToDevice = 1,
    /// A zone key to the escrow key of its organisation.
    ZoneToEscrow = 2,
    /// A one-time invite (pre-shared key mode).
    Invite = 3,
    /// A drop-box zone's key to an auditor.
    AuditToAuditor = 4,
}

impl SealedWrapPurpose {
    const ALL: [Self; 4] = [Self::TeamToDevice, Self::ZoneToEscrow, Self::Invite, Self::AuditToAuditor];
}

/// The header of a wrap to a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedWrapHeader {
    /// What it is for.
    pub purpose: SealedWrapPurpose,
    /// The tenant.
    pub partnership: PartnershipId,
    /// Id of the wrapped key's owner (team, zone).
    pub subject: [u8; 16],
    /// Epoch of the wrapped key.
    pub epoch: Epoch,
    /// Id of who can open it (device, organisation).
    pub recipient: [u8; 16],
}

impl SealedWrapHeader {
    /// The 60 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; SEALED_WRAP_HEADER_BYTES] {
        self.written(SUITE)
    }

    /// Reads the header of a whole wrap.
    ///
    /// # Errors
    /// [`WrapHeaderError`].
    pub fn parse(wrap: &[u8]) -> Result<Self, WrapHeaderError> {
        Self::read(exactly(wrap, SEALED_WRAP_BYTES)?, SUITE)
    }

    /// The 60 bytes of a wrap of suite 2.
    #[cfg(feature = "suite-2")]
    #[must_use]
    pub fn to_hybrid_bytes(&self) -> [u8; SEALED_WRAP_HEADER_BYTES] {
        self.written(SUITE_2)
    }

    /// Reads the header of a whole wrap of suite 2. Who expects one suite never accepts the other.
    ///
    /// # Errors
    /// [`WrapHeaderError`].
    #[cfg(feature = "suite-2")]
    pub fn parse_hybrid(wrap: &[u8]) -> Result<Self, WrapHeaderError> {
        Self::read(exactly(wrap, HYBRID_WRAP_BYTES)?, SUITE_2)
    }

    fn written(&self, suite: u8) -> [u8; SEALED_WRAP_HEADER_BYTES] {
        let mut bytes = [0u8; SEALED_WRAP_HEADER_BYTES];
        bytes[..4].copy_from_slice(&SEALED_WRAP_MAGIC);
        bytes[4] = suite;
        bytes[5] = self.purpose as u8;
        bytes[8..24].copy_from_slice(&self.partnership.0);
        bytes[24..40].copy_from_slice(&self.subject);
        bytes[40..44].copy_from_slice(&self.epoch.0.to_be_bytes());
        bytes[44..].copy_from_slice(&self.recipient);
        bytes
    }

    fn read(bytes: &[u8], suite: u8) -> Result<Self, WrapHeaderError> {
        let purpose =
            SealedWrapPurpose::ALL.into_iter().find(|p| *p as u8 == bytes[5]).ok_or(WrapHeaderError::Unknown)?;
        let header = Self {
            purpose,
            partnership: PartnershipId(part(bytes, 8)?),
            subject: part(bytes, 24)?,
            epoch: Epoch(u32::from_be_bytes(part(bytes, 40)?)),
            recipient: part(bytes, 44)?,
        };
        refuse_unless_same(&header.written(suite), bytes)?;
        Ok(header)
    }
}

fn exactly(wrap: &[u8], expected_bytes: usize) -> Result<&[u8], WrapHeaderError> {
    if wrap.len() == expected_bytes {
        Ok(wrap)
    } else {
        Err(WrapHeaderError::Length { found_bytes: wrap.len(), expected_bytes })
    }
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], WrapHeaderError> {
    bytes.get(at..at + N).and_then(|slice| slice.try_into().ok()).ok_or(WrapHeaderError::Unknown)
}

/// Magic, suite and reserved bytes hold exactly when the header writes itself back the same.
fn refuse_unless_same(written: &[u8], read: &[u8]) -> Result<(), WrapHeaderError> {
    if read.starts_with(written) { Ok(()) } else { Err(WrapHeaderError::Unknown) }
}
