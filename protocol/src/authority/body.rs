//! What an entry of the authority log can say. Codes that are kept for later stages are refused in words.

use crate::cbor::{self, Bytes, CborError};
use crate::class::Class;
use crate::feed::FeedPoint;
use crate::ids::{
    AreaId, DeviceId, Digest32, EnvelopeId, Epoch, GrantId, KemPublic, KeyCommitment, LocatorKeyId, LogSize, Millis,
    OrganisationId, PartnershipId, RestoreEpoch, SeatId, SignPublic, Signature, SignerId, StoreId, TeamId, WorkerId,
    ZoneId, ZoneSeq,
};
use crate::{hash, label, limits};

/// What an entry says does not decode, or is of a kind this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not a canonical record.
    #[error(transparent)]
    Form(#[from] CborError),
    /// A kind that has its place in the format and is not built in this version.
    #[error("log entries of kind {code} ({name}) have their place in the format and are not built in this version")]
    NotBuilt {
        /// The code.
        code: u8,
        /// What it will say.
        name: &'static str,
    },
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

codes! {
    /// What kind of organisation a controller is.
    OrganisationKind {
        /// A council.
        Council = 1,
        /// A fire and rescue service.
        Fire = 2,
        /// A landlord.
        Landlord = 3,
        /// An NHS trust or other health body.
        Health = 4,
        /// Another body.
        Other = 5,
    }
    /// What kind of device an installed client is.
    DeviceKind {
        /// One worker's tablet.
        Personal = 1,
        /// A vehicle's or team's tablet.
        Shared = 2,
        /// A desk.
        Desk = 3,
        /// A service without a person in front of it.
        Service = 4,
    }
    /// How a team's keys open.
    TeamTier {
        /// With the device.
        Ops = 1,
        /// With the worker's PIN.
        Restricted = 2,
    }
    /// Whether an entry gives or takes.
    Standing {
        /// Gives.
        Granted = 1,
        /// Takes.
        Ended = 2,
    }
    /// Why a device is revoked.
    RevokeReason {
        /// Lost or stolen.
        Lost = 1,
        /// Retired.
        Retired = 2,
    }
}

/// Rights of a grant, as bits: read 1, write 2.
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

    /// Whether all rights of `other` are here.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the bits are ones this version knows, and at least one.
    #[must_use]
    pub const fn is_known(self) -> bool {
        self.0 != 0 && self.0 & !Self::READ_WRITE.0 == 0
    }
}

records! {
    /// An organisation in the genesis.
    Organisation {
        /// Its id.
        0 id: OrganisationId,
        /// Its kind.
        1 kind: OrganisationKind,
        /// The public key that every zone key of the organisation is also sealed to.
        2 escrow: KemPublic,
    }
    /// The first entry: everything else grows from it.
    Genesis {
        /// Root keys, ascending.
        0 roots: Vec<SignPublic>,
        /// How many root keys must sign together.
        1 threshold: u8,
        /// The organisations, ascending by id.
        2 organisations: Vec<Organisation>,
        /// The key that signs checkpoints and answers.
        3 server_key: SignPublic,
        /// Random, so that no two partnerships share an id.
        4 nonce: Digest32,
    }
    /// Makes a device an admin of an organisation, or ends it. Signed by the root keys.
    AdminSet {
        /// The organisation.
        0 organisation: OrganisationId,
        /// The admin's device.
        1 device: DeviceId,
        /// Given or ended.
        2 standing: Standing,
    }
    /// Adds a device. Its name is in the directory.
    DeviceAdd {
        /// The organisation it belongs to.
        0 organisation: OrganisationId,
        /// What it is.
        1 kind: DeviceKind,
        /// Verifies what it writes.
        2 sign: SignPublic,
        /// Keys are sealed to it.
        3 kem: KemPublic,
        /// After this it is no longer served; never, when null.
        4 not_after: Option<Millis>,
        /// `Sig(device, "doorstep/1/sig/possession", sign ‖ kem ‖ partnership)`.
        5 possession: Signature,
    }
    /// Up to where an author's work in a zone counts.
    Cut {
        /// The zone.
        0 zone: ZoneId,
        /// The last counter that counts.
        1 zseq: ZoneSeq,
        /// The envelope with that counter.
        2 envelope: EnvelopeId,
    }
    /// Ends a device. From the moment the server has it, the device gets nothing more.
    DeviceRevoke {
        /// The device.
        0 device: DeviceId,
        /// Why.
        1 reason: RevokeReason,
        /// What it wrote that counts, ascending by zone; in other zones nothing does.
        2 cuts: Vec<Cut>,
    }
    /// Seats a worker on a device.
    SeatAdd {
        /// The device.
        0 device: DeviceId,
        /// The worker.
        1 worker: WorkerId,
        /// Verifies what the worker signs there.
        2 key: SignPublic,
    }
    /// Ends a seat.
    SeatRevoke {
        /// The seat.
        0 seat: SeatId,
    }
    /// Makes a team.
    TeamSet {
        /// Its id.
        0 team: TeamId,
        /// The organisation it belongs to.
        1 organisation: OrganisationId,
        /// How its keys open.
        2 tier: TeamTier,
    }
    /// Adds a device to a team, or ends its membership.
    TeamMember {
        /// The team.
        0 team: TeamId,
        /// The device.
        1 device: DeviceId,
        /// Given or ended.
        2 standing: Standing,
        /// The team's current key sealed to the device, when the team has one already (see `wrap`).
        3 wrap: Option<Bytes>,
    }
    /// Makes a zone.
    ZoneCreate {
        /// Its id.
        0 zone: ZoneId,
        /// The organisation that owns it.
        1 organisation: OrganisationId,
        /// The class of its documents.
        2 class: Class,
        /// Its area.
        3 area: AreaId,
        /// The key that everybody seals to, in a drop-box zone only.
        4 drop_box: Option<KemPublic>,
        /// The locator key of this class and organisation under the directory zone's key, in the first such zone.
        5 locator: Option<LocatorWrap>,
    }
    /// A locator key as the log carries it.
    LocatorWrap {
        /// What the key must be.
        0 commitment: KeyCommitment,
        /// The key under the directory zone's key.
        1 wrap: Bytes,
    }
    /// Lets a team into a zone, or ends it. Only the owner organisation grants.
    Grant {
        /// Its id.
        0 grant: GrantId,
        /// The zone.
        1 zone: ZoneId,
        /// The team.
        2 team: TeamId,
        /// What it may do.
        3 rights: Rights,
        /// Codes of the purposes it is for, ascending.
        4 purposes: Vec<u16>,
        /// The sharing agreement: a row of the register, opaque here.
        5 agreement: Option<Digest32>,
        /// Code of the legal power.
        6 legal_power: u16,
        /// Code of the lawful basis.
        7 lawful_basis: u16,
        /// When it ends by itself.
        8 expires: Option<Millis>,
        /// The zone's current key under the team's, when the zone has one already (see `wrap`).
        9 wrap: Option<Bytes>,
    }
    /// Ends a grant.
    GrantEnd {
        /// The grant.
        0 grant: GrantId,
    }
    /// A new key of a team, for exactly its members of now.
    TeamEpoch {
        /// The team.
        0 team: TeamId,
        /// The epoch, one more than before.
        1 epoch: Epoch,
        /// What the key must be.
        2 commitment: KeyCommitment,
        /// The previous key under this one, from the second epoch on.
        3 previous: Option<Bytes>,
        /// Digest over the members it was made for: see [`recipients_digest`].
        4 recipients: Digest32,
        /// Digest over the wraps delivered beside the log: see [`wraps_digest`].
        5 wraps_root: Digest32,
        /// How many wraps.
        6 count: u32,
    }
    /// A zone key under a team key.
    ZoneTeamWrap {
        /// The team.
        0 team: TeamId,
        /// The epoch of the team key.
        1 team_epoch: Epoch,
        /// The wrap.
        2 wrap: Bytes,
    }
    /// A new key of a zone, for exactly the teams that hold it now, and for escrow.
    ZoneEpoch {
        /// The zone.
        0 zone: ZoneId,
        /// The epoch, one more than before.
        1 epoch: Epoch,
        /// What the key must be.
        2 commitment: KeyCommitment,
        /// The previous key under this one, from the second epoch on.
        3 previous: Option<Bytes>,
        /// One for each team that holds the zone, ascending by team.
        4 wraps: Vec<ZoneTeamWrap>,
        /// The key sealed to the owner organisation's escrow key.
        5 escrow: Bytes,
    }
    /// Says that a store was restored from a backup on purpose.
    RestorePoint {
        /// The store.
        0 store: StoreId,
        /// The epoch it has from now on.
        1 restore_epoch: RestoreEpoch,
        /// The size of the log in the backup.
        2 log_size: LogSize,
        /// The feeds in the backup, ascending by zone.
        3 feeds: Vec<ZoneFeedPoint>,
    }
    /// A feed and a point in it.
    ZoneFeedPoint {
        /// The zone.
        0 zone: ZoneId,
        /// The point.
        1 point: FeedPoint,
    }
}

macro_rules! bodies {
    ({ $($variant:ident = $code:literal;)+ } kept for later { $($reserved:literal $name:literal;)+ }) => {
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
                    $($reserved => Err(BodyError::NotBuilt { code, name: $name }),)+
                    _ => Err(BodyError::Unknown(code)),
                }
            }
        }
    };
}

bodies! { {
    Genesis = 1;
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
    RestorePoint = 19;
} kept for later {
    2 "RootRotate";
    15 "Freeze";
    16 "Unfreeze";
    17 "Adopt";
    18 "Erase";
    20 "EscrowOpen";
    21 "Policy";
    22 "ServerKey";
    23 "EscrowKey";
} }

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

/// What a device signs to prove that it holds its signing key.
#[must_use]
pub fn possession_message(partnership: PartnershipId, sign: &SignPublic, kem: &KemPublic) -> Vec<u8> {
    [&sign.0[..], &kem.0[..], &partnership.0[..]].concat()
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
