//! Who must have signed an entry. Exactly as many as are needed: the hash of an entry covers its signatures, so one that
//! could be left out would let a server make two logs.

use super::{LogError, within};
use crate::authority::body::{Body, root_id};
use crate::authority::entry::{Entry, EntrySignature, SignedEntry};
use crate::authority::state::{Authority, DeviceState};
use crate::ids::{DeviceId, SignPublic, SignerId};
use crate::signature::{self, SignatureError};
use crate::{label, limits};

/// Checks that those have signed who must, and nobody else.
pub(in crate::authority) fn check_signatures(
    state: &Authority,
    entry: &Entry,
    signed: &SignedEntry,
) -> Result<(), LogError> {
    within(signed.signatures.len(), limits::LOG_SIGNATURES_MAX, "signatures")?;
    if !signed.signatures.is_sorted_by(|a, b| a.signer < b.signer) {
        return fault("not in order, or a signer stands twice");
    }
    if !signed.signatures.iter().any(|s| s.signer == entry.author) {
        return fault("the author has not signed");
    }
    let by_roots = state.roots.contains_key(&entry.author);
    match &entry.body {
        Body::RootRotate(rotate) if by_roots => {
            let new_key = |signer: &SignerId| rotate.roots.iter().find(|root| root_id(root) == *signer).copied();
            let count =
                |holds: &dyn Fn(&SignerId) -> bool| signed.signatures.iter().filter(|s| holds(&s.signer)).count();
            let old = count(&|signer| state.roots.contains_key(signer));
            let new = count(&|signer| new_key(signer).is_some());
            if old != usize::from(state.threshold) || new != usize::from(rotate.threshold) {
                return fault("fewer or more than are needed of the old or the new root keys");
            }
            hold(signed, |signer| state.roots.get(signer).copied().or_else(|| new_key(signer)))
        }
        _ if by_roots => {
            expect_count(&signed.signatures, usize::from(state.threshold))?;
            hold(signed, |signer| state.roots.get(signer).copied())
        }
        Body::Erase(_) => {
            expect_count(&signed.signatures, ERASE_SIGNATURES)?;
            if !signed.signatures.iter().all(|s| state.is_acting_admin(DeviceId(s.signer.0))) {
                return fault("a document is erased by two admins");
            }
            hold(signed, |signer| device_key(state, signer))
        }
        _ => {
            expect_count(&signed.signatures, 1)?;
            hold(signed, |signer| device_key(state, signer))
        }
    }
}

/// What one admin could do alone by mistake, or under pressure, cannot be undone: two sign.
const ERASE_SIGNATURES: usize = 2;

fn fault<T>(reason: &'static str) -> Result<T, LogError> {
    Err(LogError::Signatures { reason })
}

fn expect_count(signatures: &[EntrySignature], needed: usize) -> Result<(), LogError> {
    if signatures.len() == needed { Ok(()) } else { fault("fewer or more than are needed") }
}

/// The signing key of a device that may still say something.
fn device_key(state: &Authority, signer: &SignerId) -> Option<SignPublic> {
    let acts = |d: &&DeviceState| d.revoked.is_none() && d.frozen.is_none();
    state.devices.get(&DeviceId(signer.0)).filter(acts).map(|d| d.sign)
}

fn hold(signed: &SignedEntry, key_of: impl Fn(&SignerId) -> Option<SignPublic>) -> Result<(), LogError> {
    let digest = Entry::signing_digest(&signed.entry.0);
    for one in &signed.signatures {
        let Some(key) = key_of(&one.signer) else { return fault("a signer is unknown, frozen or revoked") };
        match signature::verify(&key, label::SIG_LOG, &digest.0, &one.signature) {
            Ok(()) => {}
            Err(SignatureError::WeakKey) => return fault("a signer's key is weak"),
            Err(SignatureError::Refused) => return fault("one does not hold"),
        }
    }
    Ok(())
}
