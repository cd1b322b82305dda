//! What is said of teams: who is in them, and their keys.

use crate::cbor::Bytes;
use crate::ids::{DeviceId, Digest32, Epoch, KeyCommitment, OrganisationId, TeamId};

use super::Standing;
use super::devices::Cut;

codes! {
    /// How a team's keys open.
    TeamTier {
        /// With the device.
        Ops = 1,
        /// With the worker's PIN.
        Restricted = 2,
    }
}

records! {
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
        /// What a leaver wrote that counts, in the zones it may no longer write, ascending; in others of these nothing does.
        4 cuts: Vec<Cut>,
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
        /// Digest over the members it was made for: see [`super::recipients_digest`].
        4 recipients: Digest32,
        /// Digest over the wraps delivered beside the log: see [`super::wraps_digest`].
        5 wraps_root: Digest32,
        /// How many wraps.
        6 count: u32,
    }
}
