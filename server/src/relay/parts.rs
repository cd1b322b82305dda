//! Sealed parts of files: claimed by who may write the zone, kept when claimed, given to who may read it, taken away with
//! the document that claimed them.

use std::sync::PoisonError;

use doorstep_protocol::authority::{Authority, Rights};
use doorstep_protocol::limits::{PART_SEALED_BYTES_MAX, PART_SEALED_BYTES_MIN};
use doorstep_protocol::wire::{ClaimAnswer, ClaimRequest};
use doorstep_protocol::{BlobId, DocumentId, Millis, ZoneId, hash};

use super::push::PUSH_DECISIONS_MAX;
use super::{Caller, Relay, served};
use crate::parts::PartFolder;
use crate::problem::Problem;
use crate::store::{ClaimJob, ClaimOutcome, PartJob, PartOutcome, PartStanding, Store, StoreError};

/// Files that are taken away between two questions to the store.
const GONE_AT_ONCE_MAX: usize = 1_024;

impl<S: Store> Relay<S> {
    /// The same relay, which keeps parts in a folder. What an erasure freed before a crash is taken away first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn with_parts(mut self, folder: PartFolder) -> Result<Self, StoreError> {
        self.parts = Some(folder);
        self.sweep_parts()?;
        Ok(self)
    }

    /// Takes claims down, and says which parts are missing.
    ///
    /// # Errors
    /// [`Problem::LogConflict`] when a document was erased that the caller does not know to be.
    pub fn claim(&self, caller: Caller, request: &ClaimRequest, now: Millis) -> Result<ClaimAnswer, Problem> {
        let folder = self.parts.as_ref().ok_or(Problem::NotFound)?;
        if !request.is_in_form() {
            return Err(Problem::Malformed);
        }
        let Caller { partnership, device } = caller;
        for _ in 0..PUSH_DECISIONS_MAX {
            let authority = self.authority(partnership)?;
            served(&authority, device, now)?;
            let erased = |(zone, document): (ZoneId, DocumentId)| {
                authority.erased_at(zone, document).is_some_and(|size| size > request.log_size)
            };
            if request.claims.iter().any(|claim| erased((claim.zone, claim.document))) {
                return Err(Problem::LogConflict { size: authority.size() });
            }
            let (claims, others): (Vec<_>, Vec<_>) =
                request.claims.iter().cloned().partition(|claim| may_write(&authority, caller, claim.zone, now));
            let mut refused: Vec<DocumentId> = others.into_iter().map(|claim| claim.document).collect();
            refused.sort_unstable();
            refused.dedup();
            match self.store.claim(ClaimJob { partnership, log_size: authority.size(), claims, now })? {
                ClaimOutcome::Claimed { mut missing, here } => {
                    // A folder that was not brought back with its database is filled again by those who hold the parts.
                    missing.extend(here.into_iter().filter(|id| !folder.has(partnership, *id)));
                    missing.sort_unstable();
                    return Ok(ClaimAnswer { missing, refused });
                }
                ClaimOutcome::Full(limit) => return Err(Problem::ClaimsFull { limit }),
                ClaimOutcome::LogMoved => self.authorities.forget(partnership),
            }
        }
        Err(Problem::Busy)
    }

    /// Keeps a part that somebody claims whose zone the caller may write.
    ///
    /// # Errors
    /// [`Problem::Unclaimed`], [`Problem::PartsFull`]; nothing is then kept.
    pub fn put_part(&self, caller: Caller, id: BlobId, bytes: &[u8], now: Millis) -> Result<(), Problem> {
        let folder = self.parts.as_ref().ok_or(Problem::NotFound)?;
        let is_part = (PART_SEALED_BYTES_MIN..=PART_SEALED_BYTES_MAX).contains(&bytes.len());
        if !is_part || hash::sha256(bytes).0 != id.0 {
            return Err(Problem::Malformed);
        }
        let authority = self.authority(caller.partnership)?;
        served(&authority, caller.device, now)?;
        let standing = self.store.part(caller.partnership, id)?.ok_or(Problem::Unclaimed)?;
        if !standing.zones.iter().any(|zone| may_write(&authority, caller, *zone, now)) {
            return Err(Problem::Unclaimed);
        }
        let (partnership, quota_bytes) = (caller.partnership, self.policy.parts_quota_bytes);
        let is_new = standing.held_bytes.is_none();
        // Asked before the disk is written to; what counts is asked again when it is counted.
        if is_new && standing.used_bytes.saturating_add(bytes.len() as u64) > quota_bytes {
            return Err(Problem::PartsFull { limit_bytes: quota_bytes });
        }
        let outcome = {
            // Nothing is taken away between the file and its row.
            let _keeping = self.parts_kept.read().unwrap_or_else(PoisonError::into_inner);
            folder.put(partnership, id, bytes).map_err(unavailable)?;
            self.store.keep_part(PartJob { partnership, part: id, bytes: bytes.len() as u64, quota_bytes })?
        };
        match outcome {
            PartOutcome::Kept => Ok(()),
            PartOutcome::Unclaimed => {
                self.sweep_parts()?;
                Err(Problem::Unclaimed)
            }
            PartOutcome::Full => {
                self.sweep_parts()?;
                Err(Problem::PartsFull { limit_bytes: quota_bytes })
            }
        }
    }

    /// A part that somebody claims whose zone the caller may read.
    ///
    /// # Errors
    /// [`Problem::NoPart`] when there is none, or none for the caller: one answer.
    pub fn part(&self, caller: Caller, id: BlobId, now: Millis) -> Result<Vec<u8>, Problem> {
        let folder = self.parts.as_ref().ok_or(Problem::NotFound)?;
        let authority = self.authority(caller.partnership)?;
        served(&authority, caller.device, now)?;
        let standing = self.store.part(caller.partnership, id)?.ok_or(Problem::NoPart)?;
        let PartStanding { zones, held_bytes: Some(held_bytes), .. } = standing else { return Err(Problem::NoPart) };
        if !zones.iter().any(|zone| authority.may_hold(caller.device, *zone, now)) {
            return Err(Problem::NoPart);
        }
        match folder.get(caller.partnership, id).map_err(unavailable)? {
            Some(bytes) if bytes.len() as u64 == held_bytes => Ok(bytes),
            found => {
                let found_bytes = found.map_or(0, |bytes| bytes.len());
                tracing::error!(found_bytes, held_bytes, "a part is missing from its folder, or was cut");
                Err(Problem::NoPart)
            }
        }
    }

    /// Takes away the files of parts that nobody claims any more.
    pub(super) fn sweep_parts(&self) -> Result<(), StoreError> {
        let Some(folder) = &self.parts else { return Ok(()) };
        loop {
            let _alone = self.parts_kept.write().unwrap_or_else(PoisonError::into_inner);
            let gone = self.store.parts_gone(GONE_AT_ONCE_MAX)?;
            if gone.is_empty() {
                return Ok(());
            }
            let mut done = Vec::with_capacity(gone.len());
            for (partnership, id) in gone {
                // It may have been claimed and brought again since.
                let is_held = self.store.part(partnership, id)?.is_some_and(|standing| standing.held_bytes.is_some());
                if !is_held && let Err(error) = folder.remove(partnership, id) {
                    // It stays on the list, for the next erasure or start.
                    tracing::error!(%error, "a part that was erased cannot be taken from its folder yet");
                    continue;
                }
                done.push((partnership, id));
            }
            if done.is_empty() {
                return Ok(());
            }
            self.store.forget_parts(done)?;
        }
    }
}

fn may_write(authority: &Authority, caller: Caller, zone: ZoneId, now: Millis) -> bool {
    authority.has_rights(caller.device, zone, Rights::WRITE, now)
}

fn unavailable(error: std::io::Error) -> Problem {
    tracing::error!(%error, "the folder of parts did not take or give a part");
    Problem::Unavailable
}
