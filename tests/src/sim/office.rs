//! What admins decide in a run: written by the desk as its commands write it, and brought to the server in one append.

use doorstep_client_core::device::{Device, RecordId};
use doorstep_client_core::partnership::{self, AdminError, JoinPlan, Written};
use doorstep_client_core::store::Store;
use doorstep_protocol::authority::{Adopt, DeviceKind, EraseReason, RevokeReason};
use doorstep_protocol::wire::LogAppend;
use doorstep_protocol::{Bytes, Class, DeviceId, Millis, TeamId};
use rand_chacha::ChaCha20Rng;

use super::plan::Decision;
use super::work::home_of;
use crate::town::Town;

/// The most that one decision takes in.
const ADOPTED_MAX: usize = 64;

/// What a decision comes to.
pub struct Decided {
    /// What the desk wrote.
    pub written: Written,
    /// The document that is erased by it.
    pub erased: Option<(RecordId, Class)>,
    /// The tablet that is not served, or reads no more, from now on.
    pub leaver: Option<usize>,
}

/// What the desk writes; `None` where there is nothing to decide, or the desk cannot yet.
#[must_use]
pub fn decide(desk: &mut Device, decision: Decision, now: Millis, rng: &mut ChaCha20Rng) -> Option<Decided> {
    let decided = |written: Written| Decided { written, erased: None, leaver: None };
    match decision {
        Decision::Revoke(number) => {
            let (written, _) = partnership::revoke(desk, (id(number), RevokeReason::Lost), &[], now, rng).ok()?;
            Some(Decided { leaver: Some(number), ..decided(written) })
        }
        Decision::Leave(number) => {
            let teams: Vec<TeamId> = desk.authority().ok()?.teams_of(id(number)).map(|(id, _)| *id).collect();
            if teams.is_empty() {
                return None;
            }
            let (written, _) = partnership::change_teams(desk, id(number), (&[], &teams), now, rng).ok()?;
            Some(Decided { leaver: Some(number), ..decided(written) })
        }
        Decision::Adopt => {
            let late = desk.late_work().ok()?;
            let adopts: Vec<Adopt> = late
                .into_iter()
                .map(|one| Adopt {
                    zone: one.zone,
                    author: one.author,
                    envelopes: one.envelopes.into_iter().take(ADOPTED_MAX).collect(),
                })
                .collect();
            (!adopts.is_empty()).then(|| partnership::adopt(desk, &adopts, now).ok()).flatten().map(decided)
        }
        Decision::Finish => {
            let unfinished = *desk.unfinished_erasures().ok()?.first()?;
            let place = (unfinished.zone, unfinished.document);
            let plan = partnership::propose_to_finish(desk, place, now).ok()?;
            Some(decided(partnership::sign_erasure(&second_admin(desk, rng).ok()?, &plan).ok()?))
        }
        Decision::Erase(home) => {
            let record = home_of(desk, home)?;
            let document = desk.document_of(record, Class::Home).ok()??;
            let zone =
                desk.authority().ok()?.zones().iter().find(|(_, zone)| zone.class == Class::Home).map(|(id, _)| *id)?;
            let plan = partnership::propose_erasure(desk, (zone, document), EraseReason::Request, now).ok()?;
            let written = partnership::sign_erasure(&second_admin(desk, rng).ok()?, &plan).ok()?;
            Some(Decided { erased: Some((record, Class::Home)), ..decided(written) })
        }
    }
}

fn id(number: usize) -> DeviceId {
    Town::get().residents[number].secrets().device()
}

/// The second admin's device with the desk's log, for as long as a signature takes.
fn second_admin(desk: &Device, rng: &mut ChaCha20Rng) -> Result<Device, AdminError> {
    let town = Town::get();
    let store = Store::in_memory().expect("memory");
    let mut second = Device::open(store, town.residents[1].secrets(), rng).expect("an empty store");
    let invitation = town.invitation.clone().check(None, crate::town::NOON).expect("a new one");
    let join = JoinPlan { kind: DeviceKind::Personal, kem_restricted: None };
    partnership::begin(&mut second, &invitation, &join).expect("an invitation");
    let entries = doorstep_client_core::store::log::entries(desk.store().reader()).expect("its own log");
    let log = Written { entries, wraps: Vec::new(), ..town.log.clone() };
    partnership::take_written(&mut second, &log)?;
    Ok(second)
}

/// As it is brought to the server.
#[must_use]
pub fn append_of(written: &Written) -> LogAppend {
    LogAppend {
        partnership: Town::get().partnership,
        base_size: written.base_size,
        base_head: written.base_head,
        entries: written.entries.clone(),
        wraps: written.wraps.iter().cloned().map(Bytes).collect(),
        whole: None,
    }
}
