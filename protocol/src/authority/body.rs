//! What an entry of the authority log can say.

use crate::cbor::{self, CborError};
use crate::class::Class;
use crate::ids::{DeviceId, Digest32, KemPublic, LocatorKeyId, OrganisationId, PartnershipId, SignPublic, SignerId};
use crate::{hash, label, limits};

/// What an entry says does not decode, or is of a kind this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not a canonical record.
    #[error(transparent)]
    Form(#[from] CborError),
    /// A kind nobody has defined.
    #[error("log entries of kind {0} are not known to this version")]
    Unknown(u8),
}

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $n:literal $field:ident: $ty:ty,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
        #[cbor(array)]
        pub struct $name {
            $($(#[$field_doc])* #[n($n)] pub $field: $ty,)+
        }
    )+};
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord,
            minicbor::Encode, minicbor::Decode, serde::Serialize, serde::Deserialize,
        )]
        #[cbor(index_only)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $($(#[$variant_doc])* #[n($code)] $variant,)+
        }
    )+};
}

mod devices;
mod roots;
mod teams;
mod work;
mod zones;

pub use devices::*;
pub use roots::*;
pub use teams::*;
pub use work::*;
pub use zones::*;

codes! {
    /// Whether an entry gives or takes.
    Standing {
        /// Gives.
        Granted = 1,
        /// Takes.
        Ended = 2,
    }
}

/// Rights of a grant, as bits: read 1, write 2, glass 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Rights(#[n(0)] pub u8);

impl Rights {
    /// May open the zone.
    pub const READ: Self = Self(1);
    /// May write to the zone.
    pub const WRITE: Self = Self(2);
    /// Both.
    pub const READ_WRITE: Self = Self(3);

    /// Holds the key of a sealed zone and opens what it holds by breaking glass only.
    pub const GLASS: Self = Self(4);

    /// Whether all rights of `other` are here.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the bits are ones this version knows, and at least one.
    #[must_use]
    pub const fn is_known(self) -> bool {
        self.0 != 0 && self.0 & !(Self::READ_WRITE.0 | Self::GLASS.0) == 0
    }
}

macro_rules! bodies {
    ($($variant:ident = $code:literal;)+) => {
        /// What an entry says.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Body {
            $(
                #[doc = concat!("See [`", stringify!($variant), "`].")]
                $variant($variant),
            )+
        }

        impl Body {
            /// The number of its kind.
            #[must_use]
            pub const fn code(&self) -> u8 {
                match self {
                    $(Self::$variant(_) => $code,)+
                }
            }

            /// The name of its kind.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => stringify!($variant),)+
                }
            }

            /// Its canonical bytes.
            #[must_use]
            pub fn to_bytes(&self) -> Vec<u8> {
                match self {
                    $(Self::$variant(body) => cbor::encode(body),)+
                }
            }

            /// Decodes what an entry of kind `code` says.
            ///
            /// # Errors
            /// [`BodyError`].
            pub fn parse(code: u8, bytes: &[u8]) -> Result<Self, BodyError> {
                match code {
                    $($code => Ok(Self::$variant(cbor::decode(stringify!($variant), bytes, limits::LOG_ENTRY_BYTES_MAX)?)),)+
                    _ => Err(BodyError::Unknown(code)),
                }
            }
        }
    };
}

bodies! {
    Genesis = 1;
    RootRotate = 2;
    AdminSet = 3;
    DeviceAdd = 4;
    DeviceRevoke = 5;
    SeatAdd = 6;
    SeatRevoke = 7;
    TeamSet = 8;
    TeamMember = 9;
    ZoneCreate = 10;
    Grant = 11;
    GrantEnd = 12;
    TeamEpoch = 13;
    ZoneEpoch = 14;
    Freeze = 15;
    Unfreeze = 16;
    Adopt = 17;
    Erase = 18;
    RestorePoint = 19;
    EscrowOpen = 20;
    Policy = 21;
    ServerKey = 22;
    EscrowKey = 23;
}

/// The id of the partnership that a genesis makes.
#[must_use]
pub fn partnership_id(genesis: &Genesis) -> PartnershipId {
    PartnershipId(hash::tagged16(label::PARTNERSHIP, &[&cbor::encode(genesis)]))
}

/// The id of a root key.
#[must_use]
pub fn root_id(root: &SignPublic) -> SignerId {
    SignerId(hash::tagged16(label::ROOT, &[&root.0]))
}

/// The name of the locator key of a class and organisation.
#[must_use]
pub fn locator_key_id(class: Class, organisation: OrganisationId) -> LocatorKeyId {
    LocatorKeyId(hash::tagged16(label::LOCATOR_KEY_ID, &[&[class.code()], &organisation.0]))
}

/// What a device signs to prove that it holds its signing key, and which sealing keys it asks for.
#[must_use]
pub fn possession_message(
    partnership: PartnershipId,
    sign: &SignPublic,
    kem: &KemPublic,
    kem_restricted: Option<&KemPublic>,
) -> Vec<u8> {
    let restricted = kem_restricted.map_or(&[][..], |key| &key.0[..]);
    [&sign.0[..], &kem.0[..], &partnership.0[..], restricted].concat()
}

/// The digest over the members that an epoch is made for.
#[must_use]
pub fn recipients_digest<'a>(members: impl IntoIterator<Item = &'a DeviceId>) -> Digest32 {
    let mut sorted: Vec<_> = members.into_iter().collect();
    sorted.sort_unstable();
    let parts: Vec<&[u8]> = sorted.iter().map(|member| &member.0[..]).collect();
    Digest32(hash::tagged(label::RECIPIENTS, &parts))
}

/// The digest over the wraps that an epoch is delivered with, in the order of their bytes.
#[must_use]
pub fn wraps_digest<'a>(wraps: impl IntoIterator<Item = &'a [u8]>) -> Digest32 {
    let mut sorted: Vec<_> = wraps.into_iter().collect();
    sorted.sort_unstable();
    Digest32(hash::tagged(label::WRAPS, &sorted))
}
