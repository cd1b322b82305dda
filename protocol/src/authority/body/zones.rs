//! What is said of zones: which there are, who holds them, and their keys.

use crate::cbor::Bytes;
use crate::class::Class;
use crate::ids::{
    AreaId, DeviceId, Digest32, EnvelopeId, Epoch, GrantId, KemPublic, KeyCommitment, Millis, OrganisationId, TeamId,
    ZoneId, ZoneSeq,
};

use super::Rights;

records! {
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
        /// The locator key of this class and organisation under the directory zone's key, in the first such zone.
        4 locator: Option<LocatorWrap>,
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
        /// What each device that may no longer write the zone wrote there that counts, ascending by device; of others of
        /// these nothing does.
        1 cuts: Vec<AuthorCut>,
    }
    /// Up to where a device's work in the zone of an ended grant counts.
    AuthorCut {
        /// The device.
        0 device: DeviceId,
        /// The last counter that counts.
        1 zseq: ZoneSeq,
        /// The envelope with that counter.
        2 envelope: EnvelopeId,
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
        /// The public half of the key that everybody seals to, in a drop-box zone: its secret half derives from the zone key.
        6 drop_box: Option<KemPublic>,
    }
}
