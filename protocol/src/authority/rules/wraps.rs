//! A wrap in an entry is what its place says, and a key is a new one. What is sealed in it nobody here can see: who unwraps
//! it compares it with the commitment.

use std::collections::BTreeSet;

use super::{Author, LogError, refused, require};
use crate::authority::body::{TeamEpoch, wraps_digest};
use crate::authority::state::Authority;
use crate::ids::{DeviceId, Epoch, KeyCommitment};
use crate::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose, WrapHeaderError};

/// A rotation that brings an old key back locks nobody out.
pub(super) fn key_is_new(
    author: &Author<'_>,
    commitment: KeyCommitment,
    mut before: impl Iterator<Item = KeyCommitment>,
) -> Result<(), LogError> {
    author.require(!before.any(|earlier| earlier == commitment), "the key is not a new one")
}

pub(super) fn previous_wrap(
    author: &Author<'_>,
    wrap: Option<&[u8]>,
    purpose: KeyWrapPurpose,
    owner: [u8; 16],
    epoch: Epoch,
) -> Result<(), LogError> {
    match wrap {
        None => author.require(epoch == Epoch(1), "the previous key must come with every epoch but the first"),
        Some(wrap) => {
            let before = Epoch(epoch.0.saturating_sub(1));
            author.require(before > Epoch(0), "the first epoch has no previous key")?;
            key_wrap_names(author, wrap, purpose, (owner, epoch), (owner, before))
        }
    }
}

pub(super) fn key_wrap_names(
    author: &Author<'_>,
    wrap: &[u8],
    purpose: KeyWrapPurpose,
    (parent, parent_epoch): ([u8; 16], Epoch),
    (child, child_epoch): ([u8; 16], Epoch),
) -> Result<(), LogError> {
    author.require(parent_epoch > Epoch(0), "the key it is wrapped under does not exist yet")?;
    let partnership = author.state.partnership();
    let expected = KeyWrapHeader { purpose, partnership, parent, child, parent_epoch, child_epoch };
    let names: Result<_, WrapHeaderError> = KeyWrapHeader::parse(wrap);
    author.require(names == Ok(expected), "a wrap is not what its place says")
}

pub(super) fn sealed_wrap_names(
    author: &Author<'_>,
    wrap: &[u8],
    purpose: SealedWrapPurpose,
    (subject, epoch): ([u8; 16], Epoch),
    recipient: [u8; 16],
) -> Result<(), LogError> {
    let expected = SealedWrapHeader { purpose, partnership: author.state.partnership(), subject, epoch, recipient };
    author.require(SealedWrapHeader::parse(wrap) == Ok(expected), "a sealed wrap is not what its place says")
}

/// Checks the wraps delivered beside a team epoch: one for each member of now, and the very ones the entry names.
///
/// # Errors
/// [`LogError::Refused`].
pub fn check_delivered_wraps(state: &Authority, epoch: &TeamEpoch, wraps: &[&[u8]]) -> Result<(), LogError> {
    const WHAT: &str = "TeamEpoch";
    let Some(team) = state.teams.get(&epoch.team) else { return refused(WHAT, "there is no such team") };
    require(epoch.wraps_root == wraps_digest(wraps.iter().copied()), WHAT, "the wraps are not the ones it names")?;
    let mut owed: BTreeSet<DeviceId> = team.members().copied().collect();
    for wrap in wraps {
        let header = SealedWrapHeader::parse(wrap).ok().filter(|h| {
            h.purpose == SealedWrapPurpose::TeamToDevice
                && h.partnership == state.partnership()
                && h.subject == epoch.team.0
                && h.epoch == epoch.epoch
        });
        let recipient = header.map(|h| DeviceId(h.recipient));
        require(recipient.is_some_and(|device| owed.remove(&device)), WHAT, "a wrap is for nobody, or stands twice")?;
    }
    require(owed.is_empty(), WHAT, "a member has no wrap")
}
