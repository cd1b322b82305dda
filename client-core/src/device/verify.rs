//! Rebuild and verify: projections made again from the truth, and everything on disk checked against everything else.

use std::collections::BTreeMap;

use doorstep_crypto::part::blob_id;
use doorstep_protocol::authority::Authority;
use doorstep_protocol::envelope::{Envelope, Header};
use doorstep_protocol::{BlobId, Class, DocumentId, EnvelopeId, Millis, hash};

use super::ingest::replay;
use super::{Device, DeviceError, Ingested, project};
use crate::records::{ChangeHash, Document};
use crate::replica::reader::{self, Checked, SetAside, Tail, Wait};
use crate::replica::standings::{Slot, Verdict, standings};
use crate::store::documents::Kept;
use crate::store::envelopes::{self, Chained, Standing};
use crate::store::{desk, documents, log, meta, parts, pending};

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
    /// Sealed parts of photographs that were read again.
    pub photograph_parts: u64,
    /// What does not hold, in words; empty is well.
    pub faults: Vec<String>,
}

const BUILDS_ON_MORE: Standing = Standing::Waits(Wait::MissingDependencies);

/// Faults told at most.
const FAULTS_MAX: usize = 100;

/// Envelopes by author and zone, with how they are kept.
type Chains = BTreeMap<Slot, BTreeMap<EnvelopeId, (Header, (Chained, Standing))>>;

type Heads = BTreeMap<DocumentId, (Class, Vec<ChangeHash>)>;

impl Device {
    /// Makes every projection again from envelopes and unsealed changes.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn rebuild(&mut self, now: Millis) -> Result<RebuildReport, DeviceError> {
        self.settle_rejudge()?;
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
            let chained = page.into_iter().filter(has_place).collect();
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
        self.settle_rejudge()?;
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
            let found = self.open_kept(id, &kept).map(|document| document.heads()).unwrap_or_default();
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
        let mut chains = Chains::new();
        let mut changes: BTreeMap<DocumentId, Vec<Vec<u8>>> = BTreeMap::new();
        let mut rank = 0;
        loop {
            let page = envelopes::page_after(reader, rank, PAGE_ENVELOPES)?;
            let Some(last) = page.last() else { break };
            rank = last.rank;
            for kept in page {
                if has_place(&kept) {
                    report.envelopes += 1;
                    self.verify_one(&authority, kept, &mut chains, &mut changes, &mut report);
                } else {
                    note_outside(&authority, kept, &mut chains);
                }
            }
        }
        report.chains = chains.len();
        self.verify_chains(&authority, &chains, &mut report);
        for waiting in pending::oldest(reader, usize::MAX)? {
            changes.entry(waiting.document).or_default().push(waiting.change);
        }
        self.verify_documents(changes, &mut report)?;
        self.verify_parts(&mut report)?;
        report.faults.truncate(FAULTS_MAX);
        Ok(report)
    }

    /// Every sealed part that is said to be here is, and is what it is called.
    fn verify_parts(&self, report: &mut VerifyReport) -> Result<(), DeviceError> {
        let Some(files) = self.part_files() else { return Ok(()) };
        let (mut after, mut wrong) = (BlobId::ZERO, 0u64);
        loop {
            let page = parts::held_after(self.store.reader(), after, PAGE_ENVELOPES)?;
            let Some(last) = page.last() else { break };
            after = *last;
            for part in page {
                report.photograph_parts += 1;
                let is_whole = matches!(files.get(part), Ok(Some(sealed)) if blob_id(&sealed) == part);
                wrong += u64::from(!is_whole);
            }
        }
        if wrong > 0 {
            report
                .faults
                .push(format!("photographs: {wrong} sealed parts are missing from the folder, or were changed"));
        }
        Ok(())
    }

    fn verify_one(
        &self,
        authority: &Authority,
        kept: envelopes::Kept,
        chains: &mut Chains,
        changes: &mut BTreeMap<DocumentId, Vec<Vec<u8>>>,
        report: &mut VerifyReport,
    ) {
        if kept.standing == Standing::SetAside(SetAside::Erased) {
            match Header::parse(&kept.bytes) {
                Ok(header) => note(chains, kept.id, header, (kept.chained, kept.standing)),
                Err(_) => report.faults.push(format!("envelope {}: its header does not hold", kept.id)),
            }
            return;
        }
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
        note(chains, kept.id, header.clone(), (kept.chained, kept.standing));
        // Of one that waits for what it builds on, part may be in the document.
        let is_applied = kept.standing == Standing::Applied;
        if is_applied || kept.standing == BUILDS_ON_MORE {
            match reader::open(authority, &self.keyring, &verified) {
                reader::Opened::Changes(payload) => {
                    let actor = hash::actor_id(header.author, header.document, payload.session);
                    if is_applied && documents::author_of(self.store.reader(), actor).ok().flatten().is_none() {
                        report.faults.push(format!("envelope {}: nobody stands behind its actor", kept.id));
                    }
                    changes.entry(header.document).or_default().extend(payload.changes);
                }
                other => report.faults.push(format!("envelope {}: it does not open ({other:?})", kept.id)),
            }
        }
    }

    /// Every chain is what the log and its envelopes make of it, and what is applied counts.
    fn verify_chains(&self, authority: &Authority, chains: &Chains, report: &mut VerifyReport) {
        for (slot, chain) in chains {
            let headers = chain.iter().map(|(id, (header, _))| (*id, header.clone())).collect();
            let decided = standings(authority, *slot, &headers);
            for (id, (header, (chained, standing))) in chain {
                let Some(place) = decided.places.get(id) else { continue };
                let is_chained = *chained == Chained::Yes;
                if is_chained && !place.is_chained {
                    report.faults.push(format!(
                        "envelope {id}: number {} of author {} in zone {} has no place in the chain",
                        header.zseq, slot.1, slot.0
                    ));
                }
                if *standing == Standing::Applied && place.verdict != Verdict::Counts {
                    report.faults.push(format!("envelope {id}: it is applied and does not count"));
                }
            }
            if self.tails.get(slot).unwrap_or(&Tail::START) != &decided.tail {
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
            let Some(on_disk) = documents::load(self.store.reader(), id)? else { continue };
            let kept = self.open_kept(id, &on_disk);
            let made = Document::genesis(class, id).ok().and_then(|mut document| {
                let batches = changes.get(&id).map(Vec::as_slice).unwrap_or_default();
                // Batches of one document may be many; each call takes a bounded number.
                for batch in batches.chunks(doorstep_protocol::limits::BATCH_CHANGES_MAX / 8) {
                    document.apply(batch).ok()?;
                }
                Some(document)
            });
            let same = match (&kept, &made) {
                (Ok(kept), Some(made)) => kept.heads() == made.heads(),
                _ => false,
            };
            if !same {
                report.faults.push(format!("document {id} ({class:?}): it is not what its envelopes make"));
            }
            // Lists follow the kept form; what stands beside it is owed to them.
            let of_lists = match on_disk.unfolded.as_slice() {
                [] => made,
                _ => self.open_kept(id, &Kept { unfolded: Vec::new(), ..on_disk }).ok(),
            };
            let Some(of_lists) = of_lists else { continue };
            let said = project::project(&of_lists, &self.erased_sources).desk.unwrap_or_default();
            if said != desk::of_document(self.store.reader(), id)? {
                report.faults.push(format!("document {id} ({class:?}): what lists say of it is not what it says"));
            }
        }
        Ok(())
    }
}

/// Whether an envelope stands in a chain, or beside it and was taken in.
fn has_place(kept: &envelopes::Kept) -> bool {
    kept.chained == Chained::Yes || kept.standing == Standing::Applied || kept.standing == BUILDS_ON_MORE
}

/// What has no place takes part in deciding who has one, if its author signed it.
fn note_outside(authority: &Authority, kept: envelopes::Kept, chains: &mut Chains) {
    let how = (kept.chained, kept.standing);
    if kept.standing == Standing::SetAside(SetAside::Erased) {
        if let Ok(header) = Header::parse(&kept.bytes) {
            note(chains, kept.id, header, how);
        }
        return;
    }
    let Ok(envelope) = Envelope::parse(kept.bytes) else { return };
    let header = envelope.header().clone();
    let is_of_this_log = authority.head_at(header.log_size).is_none_or(|head| head == header.log_head)
        && header.partnership == authority.partnership();
    if envelope.id() == kept.id && is_of_this_log && matches!(reader::check(authority, envelope), Checked::Signed(_)) {
        note(chains, kept.id, header, how);
    }
}

fn note(chains: &mut Chains, id: EnvelopeId, header: Header, how: (Chained, Standing)) {
    chains.entry((header.zone, header.author)).or_default().insert(id, (header, how));
}
