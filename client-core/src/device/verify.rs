//! Rebuild and verify: projections made again from the truth, and everything on disk checked against everything else.

use std::collections::BTreeMap;

use doorstep_protocol::authority::Authority;
use doorstep_protocol::envelope::Envelope;
use doorstep_protocol::{Class, DeviceId, DocumentId, Millis, ZoneId, hash};

use super::ingest::replay;
use super::{Device, DeviceError, Ingested};
use crate::records::{ChangeHash, Document};
use crate::replica::reader::{self, Checked, Tail};
use crate::store::envelopes::{self, Chained, Standing};
use crate::store::{documents, log, meta, pending};

/// Envelopes read at a time.
const PAGE_ENVELOPES: usize = 1_024;

/// What a rebuild did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RebuildReport {
    /// Documents made again.
    pub documents: u64,
    /// Envelopes applied.
    pub applied: usize,
    /// Changes of this device that no envelope holds yet.
    pub unsealed_changes: usize,
    /// Documents whose content differed from what had been kept.
    pub differing: Vec<DocumentId>,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct VerifyReport {
    /// Entries of the authority log replayed.
    pub log_entries: u64,
    /// Envelopes whose form, signature and chain were checked.
    pub envelopes: u64,
    /// Author chains followed to their tails.
    pub chains: usize,
    /// Documents compared with what their envelopes make.
    pub documents: u64,
    /// What does not hold, in words; empty is well.
    pub faults: Vec<String>,
}

/// Faults told at most.
const FAULTS_MAX: usize = 100;

type Heads = BTreeMap<DocumentId, (Class, Vec<ChangeHash>)>;

impl Device {
    /// Makes every projection again from envelopes and unsealed changes.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn rebuild(&mut self, now: Millis) -> Result<RebuildReport, DeviceError> {
        let before = self.heads()?;
        self.store.write(|transaction| {
            documents::clear_projections(transaction)?;
            meta::set_rebuild_begun(transaction)?;
            Ok::<_, DeviceError>(())
        })?;
        self.cache.clear();
        let mut report = RebuildReport::default();
        let mut rank = 0;
        loop {
            let page = envelopes::page_after(self.store.reader(), rank, PAGE_ENVELOPES)?;
            let Some(last) = page.last() else { break };
            rank = last.rank;
            let chained = page.into_iter().filter(|kept| kept.chained == Chained::Yes).collect();
            let mut came = Ingested::default();
            replay(self, chained, now, &mut came)?;
            report.applied += came.applied;
        }
        // What came before the change it builds on was not applied in order of arrival.
        let mut came = Ingested::default();
        self.retry_waiting(now, &mut came)?;
        report.applied += came.applied;
        report.unsealed_changes = self.replay_pending()?;
        self.store.write(meta::set_rebuild_ended)?;
        let after = self.heads()?;
        report.documents = after.len() as u64;
        report.differing = before.iter().filter(|(id, was)| after.get(*id) != Some(*was)).map(|(id, _)| *id).collect();
        Ok(report)
    }

    /// Ends a rebuild that a crash cut short: until then projections are incomplete. What waited when it happened is tried
    /// again, too.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn finish_rebuild(&mut self, now: Millis) -> Result<(), DeviceError> {
        if meta::rebuild_owed(self.store.reader())? {
            self.rebuild(now)?;
        }
        let retried = self.retry_if_owed(now, &mut Ingested::default());
        self.or_reload(retried)
    }

    /// Heads of every document, loading one at a time.
    pub(crate) fn heads(&self) -> Result<Heads, DeviceError> {
        let mut heads = Heads::new();
        for (id, class) in documents::all(self.store.reader())? {
            let Some(kept) = documents::load(self.store.reader(), id)? else { continue };
            let found = kept.open(id).map(|document| document.heads()).unwrap_or_default();
            heads.insert(id, (class, found));
        }
        Ok(heads)
    }

    /// Checks the log, every envelope, every chain, and every document against the envelopes and changes it is made of.
    ///
    /// # Errors
    /// [`DeviceError`] when the store cannot be read; faults are in the report.
    pub fn verify(&self) -> Result<VerifyReport, DeviceError> {
        let mut report = VerifyReport::default();
        let reader = self.store.reader();
        let entries = log::entries(reader)?;
        report.log_entries = entries.len() as u64;
        let authority = match Authority::replay(&entries) {
            Ok(authority) => authority,
            Err(error) => {
                report.faults.push(format!("authority log: {error}"));
                return Ok(report);
            }
        };
        let mut chains: BTreeMap<(ZoneId, DeviceId), BTreeMap<u64, Envelope>> = BTreeMap::new();
        let mut changes: BTreeMap<DocumentId, Vec<Vec<u8>>> = BTreeMap::new();
        let mut rank = 0;
        loop {
            let page = envelopes::page_after(reader, rank, PAGE_ENVELOPES)?;
            let Some(last) = page.last() else { break };
            rank = last.rank;
            for kept in page.into_iter().filter(|kept| kept.chained == Chained::Yes) {
                report.envelopes += 1;
                self.verify_one(&authority, kept, &mut chains, &mut changes, &mut report);
            }
        }
        report.chains = chains.len();
        self.verify_chains(chains, &mut report);
        for waiting in pending::oldest(reader, usize::MAX)? {
            changes.entry(waiting.document).or_default().push(waiting.change);
        }
        self.verify_documents(changes, &mut report)?;
        report.faults.truncate(FAULTS_MAX);
        Ok(report)
    }

    fn verify_one(
        &self,
        authority: &Authority,
        kept: envelopes::Kept,
        chains: &mut BTreeMap<(ZoneId, DeviceId), BTreeMap<u64, Envelope>>,
        changes: &mut BTreeMap<DocumentId, Vec<Vec<u8>>>,
        report: &mut VerifyReport,
    ) {
        let Ok(envelope) = Envelope::parse(kept.bytes) else {
            report.faults.push(format!("envelope {}: its form does not hold", kept.id));
            return;
        };
        if envelope.id() != kept.id {
            report.faults.push(format!("envelope {}: its bytes are of another envelope", kept.id));
        }
        let header = envelope.header().clone();
        if authority.head_at(header.log_size) != Some(header.log_head) {
            report.faults.push(format!("envelope {}: it names another authority log", kept.id));
        }
        let Checked::Signed(verified) = reader::check(authority, envelope.clone()) else {
            report.faults.push(format!("envelope {}: its signature does not hold", kept.id));
            return;
        };
        let chain = chains.entry((header.zone, header.author)).or_default();
        if chain.insert(header.zseq.0, envelope).is_some() {
            report.faults.push(format!("envelope {}: another one of its author has its place", kept.id));
        }
        if kept.standing == Standing::Applied {
            match reader::open(authority, &self.keyring, &verified) {
                reader::Opened::Changes(payload) => {
                    let actor = hash::actor_id(header.author, header.document, payload.session);
                    if documents::author_of(self.store.reader(), actor).ok().flatten().is_none() {
                        report.faults.push(format!("envelope {}: nobody stands behind its actor", kept.id));
                    }
                    changes.entry(header.document).or_default().extend(payload.changes);
                }
                other => report.faults.push(format!("envelope {}: it does not open ({other:?})", kept.id)),
            }
        }
    }

    fn verify_chains(&self, chains: BTreeMap<(ZoneId, DeviceId), BTreeMap<u64, Envelope>>, report: &mut VerifyReport) {
        for (slot, chain) in chains {
            let mut tail = Tail::START;
            for envelope in chain.values() {
                let header = envelope.header();
                if header.zseq != tail.zseq.next() || header.prev != tail.envelope {
                    report.faults.push(format!("author {} in zone {}: a gap before {}", slot.1, slot.0, header.zseq));
                }
                tail = Tail { zseq: header.zseq, envelope: envelope.id() };
            }
            if self.tails.get(&slot) != Some(&tail) {
                report.faults.push(format!("author {} in zone {}: the tail is not the last envelope", slot.1, slot.0));
            }
        }
    }

    fn verify_documents(
        &self,
        changes: BTreeMap<DocumentId, Vec<Vec<u8>>>,
        report: &mut VerifyReport,
    ) -> Result<(), DeviceError> {
        for (id, class) in documents::all(self.store.reader())? {
            report.documents += 1;
            let Some(kept) = documents::load(self.store.reader(), id)? else { continue };
            let kept = kept.open(id);
            let made = Document::genesis(class, id).ok().and_then(|mut document| {
                let batches = changes.get(&id).map(Vec::as_slice).unwrap_or_default();
                // Batches of one document may be many; each call takes a bounded number.
                for batch in batches.chunks(doorstep_protocol::limits::BATCH_CHANGES_MAX / 8) {
                    document.apply(batch).ok()?;
                }
                Some(document)
            });
            let same = match (kept, made) {
                (Ok(kept), Some(made)) => kept.heads() == made.heads(),
                _ => false,
            };
            if !same {
                report.faults.push(format!("document {id} ({class:?}): it is not what its envelopes make"));
            }
        }
        Ok(())
    }
}
