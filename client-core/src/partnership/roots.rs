//! What only the root keys say: who is an admin, what the rules are, new root and escrow keys. They are rebuilt from sheets
//! of the recovery kit for one append, and forgotten.

use doorstep_crypto::keys::{KemSecret, SigningKey};
use doorstep_protocol::authority::{
    AdminSet, Authority, Body, EscrowKey, EscrowOpen, EscrowPurpose, LogError, Policy, RootRotate, ServerKey, Standing,
    root_id,
};
use doorstep_protocol::{DeviceId, Millis, OrganisationId, SignPublic, SignerId, ZoneId};
use rand_core::CryptoRng;

use super::kit::RecoveryKit;
use super::remove::{Rotated, finish};
use super::writer::{AdminError, LogWriter, Signer, Written};
use crate::device::Device;
use crate::order::Order as _;

/// Root keys out of sheets, as many as the log asks for.
pub struct RootKeys {
    keys: Vec<(SignerId, SigningKey)>,
}

impl RootKeys {
    /// Takes those that the log knows, as many as it needs.
    ///
    /// # Errors
    /// [`AdminError::Plan`] where there are too few, or they are another partnership's.
    pub fn of(authority: &Authority, keys: Vec<SigningKey>) -> Result<Self, AdminError> {
        let mut known: Vec<(SignerId, SigningKey)> = keys
            .into_iter()
            .map(|key| (root_id(&key.public()), key))
            .filter(|(id, _)| authority.roots().contains_key(id))
            .collect();
        known.order_by_key(|(id, _)| *id);
        known.dedup_by_key(|(id, _)| *id);
        let needed = usize::from(authority.threshold());
        if known.len() < needed {
            return Err(AdminError::Plan {
                field: "recovery sheets",
                remedy: "these are too few, or of an older kit: find the sheets of the newest kit and name more of them",
            });
        }
        known.truncate(needed);
        Ok(Self { keys: known })
    }

    pub(super) fn signing(&self) -> Vec<(SignerId, &SigningKey)> {
        self.keys.iter().map(|(id, key)| (*id, key)).collect()
    }
}

/// Makes a device an admin of organisations, or ends it.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn set_admin(
    desk: &Device,
    roots: &RootKeys,
    (device, organisations): (DeviceId, &[OrganisationId]),
    standing: Standing,
    now: Millis,
) -> Result<Written, AdminError> {
    let signing = roots.signing();
    let mut log = LogWriter::after(desk.authority()?, now);
    for organisation in organisations {
        let set = AdminSet { organisation: *organisation, device, standing };
        log.push(&Signer::Roots(&signing), Body::AdminSet(set))?;
    }
    Ok(log.finish())
}

/// Sets the partnership's rules.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn set_policy(desk: &Device, roots: &RootKeys, policy: Policy, now: Millis) -> Result<Written, AdminError> {
    let signing = roots.signing();
    let mut log = LogWriter::after(desk.authority()?, now);
    log.push(&Signer::Roots(&signing), Body::Policy(policy))?;
    Ok(log.finish())
}

/// Names another server's key, which signs answers from now on.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn set_server(desk: &Device, roots: &RootKeys, key: SignPublic, now: Millis) -> Result<Written, AdminError> {
    let signing = roots.signing();
    let mut log = LogWriter::after(desk.authority()?, now);
    log.push(&Signer::Roots(&signing), Body::ServerKey(ServerKey { key }))?;
    Ok(log.finish())
}

/// Says that an escrow key is put together, before it is.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn open_escrow(
    desk: &Device,
    (organisation, purpose): (OrganisationId, EscrowPurpose),
    zones: Vec<ZoneId>,
    now: Millis,
) -> Result<Written, AdminError> {
    super::remove::one(desk, Body::EscrowOpen(EscrowOpen { organisation, purpose, zones }), now)
}

/// New root keys and new escrow keys under a new kit: the sheets of the old one open nothing that is made from now on.
/// Every zone gets a new key, which the new escrow opens, as far as this desk can make it; the rest stays owed.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn renew_kit(
    desk: &Device,
    roots: &RootKeys,
    names: &dyn Fn(OrganisationId) -> String,
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<(Written, (RecoveryKit, Rotated)), AdminError> {
    let authority = desk.authority()?;
    let (count, threshold) = (authority.roots().len(), authority.threshold());
    let mut fresh: Vec<SigningKey> = (0..count).map(|_| SigningKey::make(rng)).collect();
    fresh.order_by_key(SigningKey::public);
    let mut log = LogWriter::after(authority, now);
    let old = roots.signing();
    let mut escrows: Vec<(String, KemSecret)> = Vec::new();
    for organisation in authority.organisations().keys().copied() {
        let key = KemSecret::make(rng);
        log.push(&Signer::Roots(&old), Body::EscrowKey(EscrowKey { organisation, key: key.public() }))?;
        escrows.push((names(organisation), key));
    }
    let rotate = RootRotate { roots: fresh.iter().map(SigningKey::public).collect(), threshold };
    let both: Vec<(SignerId, &SigningKey)> = old
        .iter()
        .copied()
        .chain(fresh.iter().take(threshold.into()).map(|key| (root_id(&key.public()), key)))
        .collect();
    log.push(&Signer::Roots(&both), Body::RootRotate(rotate))?;
    let shares: Vec<(String, &KemSecret)> = escrows.iter().map(|(name, key)| (name.clone(), key)).collect();
    let kit = RecoveryKit::make(authority.partnership(), &fresh, threshold, &shares, rng)?;
    if !log.authority().is_acting_admin(desk.id()) {
        return Err(LogError::NotEntitled { author: SignerId(desk.id().0), what: "ZoneEpoch" }.into());
    }
    let (written, rotated) = finish(desk, log, Vec::new(), rng)?;
    Ok((written, (kit, rotated)))
}
