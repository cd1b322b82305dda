//! The auditor's desk: every chain that this device may open, followed from its start; what does not hold is an alarm, and a
//! glass that nobody looked at afterwards is a task.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_crypto::envelope as sealing;
use doorstep_crypto::keys::{KemSecret, derive_drop_box};
use doorstep_protocol::authority::{Authority, Rights};
use doorstep_protocol::envelope::Envelope;
use doorstep_protocol::{DeviceId, DocumentId, EnvelopeId, Epoch, Millis, SeatId, ZoneId, ZoneSeq};
use rand_core::CryptoRng;

use super::audit::HEARTBEAT_MS;
use super::restricted::{RestrictedError, no_audit};
use super::{Device, DeviceError};
use crate::audit::chain::{self, Alarm, AlarmKind, ChainItem, KnownPlaces};
use crate::audit::record::{MacedRecord, TEXT_CHARS_MAX};
use crate::audit::{AuditEvent, AuditRecord, GlassReason, ReviewOutcome};
use crate::order::Order as _;
use crate::replica::reader::{self, Checked, Opened};
use crate::store::envelopes::Standing;
use crate::store::{audit, envelopes, seats};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// A glass that was broken and that nobody has looked at since.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReviewTask {
    /// The record of the glass: what a review names.
    pub glass: EnvelopeId,
    /// The device.
    pub device: DeviceId,
    /// The worker's seat.
    pub seat: SeatId,
    /// When, by the device's clock.
    pub at: Millis,
    /// The property.
    pub property: DocumentId,
    /// Why.
    pub reason: GlassReason,
    /// Why, in words.
    pub text: String,
    /// The incident.
    pub incident: Option<String>,
    /// How often sealed detail was shown behind it.
    pub reads: usize,
}

/// What an auditor finds.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct AuditReport {
    /// Devices whose chains were followed.
    pub devices: usize,
    /// Records that hold.
    pub records: usize,
    /// What does not hold.
    pub alarms: Vec<Alarm>,
    /// Glasses to be looked at.
    pub tasks: Vec<ReviewTask>,
}

/// Records that hold, by device.
type Chains = BTreeMap<DeviceId, chain::Found>;

impl Device {
    /// Follows every chain that this device may open.
    ///
    /// # Errors
    /// [`RestrictedError::NotEntitled`] when it is no auditor's, or is locked.
    pub fn audit(&mut self, now: Millis) -> Result<AuditReport, RestrictedError> {
        let chains = self.chains(now)?;
        let authority = self.authority()?;
        let marks = seats::clock_marks(self.store.reader())?;
        // What has not reached this desk cannot be held against a device.
        let heard = marks.answered.map_or(now, |answered| answered.min(now));
        let silent_ms = u64::from(authority.policy().silent_days) * DAY_MS;
        let sealed = self.last_sealed(authority)?;
        let mut report = AuditReport { devices: chains.len(), ..AuditReport::default() };
        for (id, state) in authority.devices() {
            let found = chains.get(id);
            if found.is_none_or(|found| found.records.is_empty()) {
                let works = state.revoked.is_none() && envelopes::has_author(self.store.reader(), *id)?;
                if works {
                    report.alarms.push(Alarm { device: *id, kind: AlarmKind::NoStart, zseq: ZoneSeq(0) });
                }
                continue;
            }
            let latest = found.and_then(|found| found.latest).unwrap_or(Millis(0));
            if sealed.get(id).is_some_and(|sealed| sealed.0.saturating_sub(latest.0) > HEARTBEAT_MS) {
                report.alarms.push(Alarm { device: *id, kind: AlarmKind::Truncated, zseq: ZoneSeq(0) });
            }
            let last = found.and_then(|found| found.last).unwrap_or(Millis(0));
            if authority.is_served(*id, now) && heard.0.saturating_sub(last.0) > silent_ms {
                report.alarms.push(Alarm { device: *id, kind: AlarmKind::Silent, zseq: ZoneSeq(0) });
            }
        }
        for found in chains.values() {
            report.records += found.records.len();
            report.alarms.extend(&found.alarms);
        }
        report.alarms.order();
        report.alarms.dedup();
        report.tasks = tasks(&chains);
        Ok(report)
    }

    /// The records of every chain that this device may open and that hold, by device and in their order.
    ///
    /// # Errors
    /// [`RestrictedError`].
    pub fn audit_records(&mut self, now: Millis) -> Result<Vec<(DeviceId, EnvelopeId, AuditRecord)>, RestrictedError> {
        let chains = self.chains(now)?;
        Ok(chains
            .into_iter()
            .flat_map(|(device, found)| found.records.into_iter().map(move |(id, record)| (device, id, record)))
            .collect())
    }

    /// Says what looking at a broken glass came to. It must be another device that broke it.
    ///
    /// # Errors
    /// [`RestrictedError::Nothing`] for what is no open task.
    pub fn review_glass(
        &mut self,
        glass: EnvelopeId,
        outcome: ReviewOutcome,
        note: &str,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<(), RestrictedError> {
        let open = tasks(&self.chains(now)?).into_iter().any(|task| task.glass == glass && task.device != self.id());
        if !open {
            return Err(RestrictedError::Nothing);
        }
        let note = note.trim().chars().take(TEXT_CHARS_MAX).collect();
        self.append_audit(AuditEvent::Reviewed { glass, outcome, note }, now, rng, |_, _| Ok(())).map_err(no_audit)?;
        Ok(())
    }

    fn chains(&mut self, now: Millis) -> Result<Chains, RestrictedError> {
        let authority = self.authority()?;
        let class = doorstep_protocol::Class::Audit;
        let not_entitled = RestrictedError::NotEntitled { class };
        let Some(zone) = authority.audit_zone() else { return Err(RestrictedError::NoAudit) };
        let effective = seats::clock_marks(self.store.reader())?.effective(now);
        if !authority.has_rights(self.id(), zone, Rights::READ, effective) {
            return Err(not_entitled);
        }
        let Some(secrets) = self.drop_box_secrets(zone)? else { return Err(RestrictedError::Locked) };
        let mut items: BTreeMap<DeviceId, Vec<ChainItem>> = BTreeMap::new();
        for kept in audit::chains(self.store.reader(), zone)? {
            // What nobody of the log signed is nobody's record.
            let Ok(envelope) = Envelope::parse(kept.bytes) else { continue };
            let Checked::Signed(verified) = reader::check(authority, envelope) else { continue };
            let header = verified.header().clone();
            let held = secrets
                .get(&header.epoch)
                .and_then(|secret| sealing::open_drop_box(&verified, secret).ok())
                .and_then(|plain| MacedRecord::from_bytes(&plain).ok());
            let author = header.author;
            let item = ChainItem { id: verified.id(), header, arrived: kept.arrived, held };
            items.entry(author).or_default().push(item);
        }
        let mut known = self.known_places(authority, zone);
        let followed = |(device, items): (DeviceId, Vec<ChainItem>)| {
            let known = known.remove(&device).unwrap_or_default();
            (device, chain::follow(device, &items, &known))
        };
        let mut chains: Chains = items.into_iter().map(followed).collect();
        chains.extend(known.into_iter().map(|(device, known)| (device, chain::follow(device, &[], &known))));
        Ok(chains)
    }

    /// How far chains had come when this device last placed a record of them, and when a right of their device was taken
    /// away: the signed log names the last record that whoever took it had verified.
    fn known_places(&self, authority: &Authority, zone: ZoneId) -> BTreeMap<DeviceId, KnownPlaces> {
        let cuts = authority.devices().keys().flat_map(|id| {
            authority.last_counting(zone, *id).into_iter().map(|(zseq, envelope)| (*id, zseq, envelope))
        });
        let placed = self.tails.iter().filter(|((of, _), tail)| *of == zone && tail.zseq > ZoneSeq(0));
        let placed = placed.map(|((_, author), tail)| (*author, tail.zseq, tail.envelope));
        let mut known: BTreeMap<DeviceId, KnownPlaces> = BTreeMap::new();
        for (device, zseq, envelope) in cuts.chain(placed) {
            known.entry(device).or_default().insert(zseq, envelope);
        }
        known
    }

    /// When each device last sealed field work that counts, by its own clock and signature, as far as it opens here. Work that was
    /// taken in says nothing: a seat that had ended keeps no chain.
    fn last_sealed(&self, authority: &Authority) -> Result<BTreeMap<DeviceId, Millis>, DeviceError> {
        let mut last: BTreeMap<DeviceId, Millis> = BTreeMap::new();
        for ((zone, author), tail) in &self.tails {
            if authority.is_adopted(*zone, *author, tail.envelope) {
                continue;
            }
            let Some(kept) = envelopes::find(self.store.reader(), tail.envelope)? else { continue };
            let Some(envelope) = Envelope::parse(kept.bytes).ok().filter(|_| kept.standing == Standing::Applied) else {
                continue;
            };
            let Checked::Signed(verified) = reader::check(authority, envelope) else { continue };
            if let Opened::Changes(payload) = reader::open(authority, &self.keyring, &verified) {
                let at = last.entry(*author).or_default();
                *at = payload.wall.max(*at);
            }
        }
        Ok(last)
    }

    /// The secrets of the audit zone by epoch; `None` when the current one is not to be had.
    fn drop_box_secrets(&self, zone: ZoneId) -> Result<Option<BTreeMap<Epoch, KemSecret>>, DeviceError> {
        let Some(state) = self.authority()?.zones().get(&zone) else { return Ok(None) };
        let epochs = state.epochs.iter().map(|epoch| epoch.epoch);
        let secrets: BTreeMap<Epoch, KemSecret> =
            epochs.filter_map(|epoch| Some((epoch, derive_drop_box(self.keyring.zone(zone, epoch)?)))).collect();
        Ok(secrets.contains_key(&state.epoch()).then_some(secrets))
    }
}

/// Glasses that no other device has reviewed.
fn tasks(chains: &Chains) -> Vec<ReviewTask> {
    let mut reviews: BTreeSet<(EnvelopeId, DeviceId)> = BTreeSet::new();
    let mut reads: BTreeMap<EnvelopeId, usize> = BTreeMap::new();
    let mut tasks = Vec::new();
    for (device, found) in chains {
        for (id, record) in &found.records {
            match &record.event {
                AuditEvent::Reviewed { glass, .. } => {
                    reviews.insert((*glass, *device));
                }
                AuditEvent::SealedRead { glass, .. } => *reads.entry(*glass).or_default() += 1,
                AuditEvent::GlassBroken { property, reason, text, incident, .. } => tasks.push(ReviewTask {
                    glass: *id,
                    device: *device,
                    seat: record.seat,
                    at: record.wall,
                    property: *property,
                    reason: *reason,
                    text: text.clone(),
                    incident: incident.clone(),
                    reads: 0,
                }),
                _ => {}
            }
        }
    }
    tasks.retain(|task| !reviews.iter().any(|(glass, by)| *glass == task.glass && *by != task.device));
    for task in &mut tasks {
        task.reads = reads.get(&task.glass).copied().unwrap_or(0);
    }
    tasks.order_by_key(|task| (task.at, task.glass));
    tasks
}
