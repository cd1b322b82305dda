//! Keys that are owed: somebody who may no longer read still has the current one. A desk shows what is owed, and any desk
//! that is entitled takes it up; a rotation that came with the loss leaves nothing owed.

use std::collections::BTreeSet;

use super::state::{Authority, GrantState, TeamState, ZoneState};
use crate::ids::{LogSize, TeamId, ZoneId};

/// Keys that are owed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwedKeys {
    /// Teams of which a former member has the current key. They come first: a zone's key is wrapped under theirs.
    pub teams: BTreeSet<TeamId>,
    /// Zones of which somebody who no longer holds them has the current key, or an escrow key that was replaced opens it.
    pub zones: BTreeSet<ZoneId>,
}

impl OwedKeys {
    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.teams.is_empty() && self.zones.is_empty()
    }
}

impl Authority {
    /// The keys that are owed at the head of the log. Walks every grant and membership: for an admin's screen and for the
    /// entry that ends something, not for every exchange.
    #[must_use]
    pub fn owed_keys(&self) -> OwedKeys {
        // A team whose members have all gone has nobody to make a key for; who joins it later is given a new one.
        let owes = |team: &TeamState| team.owes_epoch() && team.members().next().is_some();
        OwedKeys {
            teams: self.teams.iter().filter(|(_, team)| owes(team)).map(|(id, _)| *id).collect(),
            zones: self.zones.iter().filter(|(id, zone)| self.zone_owes(**id, zone)).map(|(id, _)| *id).collect(),
        }
    }

    fn zone_owes(&self, id: ZoneId, zone: &ZoneState) -> bool {
        let Some(keyed_at) = zone.keyed_at.last().copied() else { return false };
        let escrow_moved = self.organisations.get(&zone.organisation).is_some_and(|o| o.escrow_since > keyed_at);
        escrow_moved || self.grants_of(id).any(|grant| self.lost_since(grant, keyed_at))
    }

    /// Whether somebody lost a zone's key, made at `keyed_at`, with this grant: the grant ended and its team holds the zone
    /// by no other, or a member left who could open it.
    fn lost_since(&self, grant: &GrantState, keyed_at: LogSize) -> bool {
        let ended_since = grant.span.until.is_some_and(|until| until > keyed_at);
        if ended_since && !self.holders(grant.grant.zone).contains(&grant.grant.team) {
            return true;
        }
        if grant.span.until.is_some_and(|until| until <= keyed_at) {
            return false;
        }
        let left_since = |team: &TeamState| {
            team.memberships.values().flatten().any(|span| {
                span.until.is_some_and(|until| {
                    // Who left before the team held the zone never had its key.
                    until > keyed_at && until > grant.span.from
                })
            })
        };
        self.teams.get(&grant.grant.team).is_some_and(left_since)
    }
}
