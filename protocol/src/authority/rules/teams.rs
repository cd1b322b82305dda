//! Who is in a team, and its keys.

use super::devices::cuts_hold_together;
use super::wraps::{key_is_new, previous_wrap, sealed_wrap_names};
use super::{Author, LogError, refused, within};
use crate::authority::body::{Standing, TeamEpoch, TeamMember, TeamSet, TeamTier, recipients_digest};
use crate::authority::state::DeviceState;
use crate::ids::Epoch;
use crate::limits;
use crate::wrap::{KeyWrapPurpose, SealedWrapPurpose};

pub(super) fn team_set(author: &Author<'_>, set: &TeamSet) -> Result<(), LogError> {
    author.admin_of(set.organisation)?;
    author.require(!author.state.teams.contains_key(&set.team), "the team exists already")?;
    within(author.state.teams.len() + 1, limits::TEAMS_MAX, "teams")
}

pub(super) fn team_member(author: &Author<'_>, member: &TeamMember) -> Result<(), LogError> {
    let Some(team) = author.state.teams.get(&member.team) else {
        return refused(author.what, "there is no such team");
    };
    author.admin_of(team.organisation)?;
    let is_member = team.is_member(member.device);
    match member.standing {
        Standing::Ended => {
            author.require(is_member, "the device is not a member")?;
            author.require(member.wrap.is_none(), "a member who leaves is given no key")?;
            cuts_hold_together(author, &member.cuts)
        }
        Standing::Granted => {
            author.require(!is_member, "the device is a member already")?;
            author.require(author.state.is_live(member.device), "there is no such device")?;
            author.require(member.cuts.is_empty(), "cuts come with a member who leaves")?;
            let opens_by_pin = |d: &DeviceState| d.kem_restricted.is_some();
            author.require(
                team.tier == TeamTier::Ops || author.state.devices.get(&member.device).is_some_and(opens_by_pin),
                "a restricted team is for devices with a key that opens with a worker's PIN",
            )?;
            within(team.members().count() + 1, limits::TEAM_MEMBERS_MAX, "members of a team")?;
            match (&member.wrap, team.epoch()) {
                (None, Epoch(0)) => Ok(()),
                (Some(wrap), epoch @ Epoch(1..)) => sealed_wrap_names(
                    author,
                    &wrap.0,
                    SealedWrapPurpose::TeamToDevice,
                    (member.team.0, epoch),
                    member.device.0,
                ),
                _ => refused(author.what, "the team's current key must come with a new member, and no other"),
            }
        }
    }
}

pub(super) fn team_epoch(author: &Author<'_>, epoch: &TeamEpoch) -> Result<(), LogError> {
    let Some(team) = author.state.teams.get(&epoch.team) else { return refused(author.what, "there is no such team") };
    author.admin_of(team.organisation)?;
    author.require(epoch.epoch == team.epoch().next(), "epochs follow one another")?;
    let members: Vec<_> = team.members().collect();
    author.require(!members.is_empty(), "a team without members has no key")?;
    author.require(
        epoch.recipients == recipients_digest(members.iter().copied())
            && usize::try_from(epoch.count) == Ok(members.len()),
        "the recipients are not the members of now",
    )?;
    key_is_new(author, epoch.commitment, team.epochs.iter().map(|e| e.commitment))?;
    previous_wrap(
        author,
        epoch.previous.as_ref().map(|w| &w.0[..]),
        KeyWrapPurpose::PreviousTeam,
        epoch.team.0,
        epoch.epoch,
    )
}
