//! Ingest: envelopes that came from the server or a carrier file become part of documents, in one transaction a batch.
//!
//! Signatures, opening and Automerge run on every core; placing in chains and writing are in order. A bad envelope is set
//! aside and blocks nothing; what waits is tried again whenever something new came.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use doorstep_protocol::envelope::{self, Header};
use doorstep_protocol::{DeviceId, DocumentId, EnvelopeId, FeedNumber, Millis, Signature, ZoneId};
use rayon::prelude::*;

use super::apply::{self, Done, Source, Work};
use super::cache::Loaded;
use super::place::{Arrived, Travelling};
use super::project;
use super::{Device, DeviceError, Rejudge, Retry};
use crate::payload::ChangesPayload;
use crate::replica::machine::Stop;
use crate::replica::reader::{self, Opened, SetAside, Tails};
use crate::replica::standings::Slot;
use crate::store::documents::{self, Form};
use crate::store::envelopes::{self, Arrival, Chained, Standing};
use crate::store::feeds::{self, FeedPosition};
use crate::store::outbox::Fit;
use crate::store::{StoreError, outbox, owed};

/// Envelopes that wait and are tried again in one transaction.
const RETRY_ENVELOPES_MAX: usize = 4_096;
/// Rounds of trying again: each makes progress or is the last.
const RETRY_ROUNDS_MAX: usize = 64;

/// The next of a feed.
#[derive(Clone, Debug)]
pub enum Incoming {
    /// An envelope of another device, or of this one before it was put back.
    Envelope(Vec<u8>),
    /// An envelope that this device wrote.
    Own(EnvelopeId),
    /// An envelope that was erased: only its place is left.
    Gone(EnvelopeId),
}

/// How a batch came.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin {
    /// In a feed, which is then read up to this position.
    Feed(ZoneId, FeedPosition),
    /// In a carrier file: the server may not have it.
    Carrier,
    /// It was kept and is tried again.
    Kept,
}

impl Origin {
    pub(super) const fn zone(self) -> ZoneId {
        match self {
            Self::Feed(zone, _) => zone,
            Self::Carrier | Self::Kept => ZoneId::ZERO,
        }
    }
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    /// Envelopes whose changes are in documents now.
    pub applied: usize,
    /// Envelopes this device had.
    pub known: usize,
    /// Envelopes that wait.
    pub waiting: usize,
    /// Envelopes set aside.
    pub set_aside: usize,
    /// Somebody has seen another authority log: stop.
    pub split_view: Option<SplitViewSeen>,
    /// An envelope that this device signed and does not know: stop.
    pub unknown_own: bool,
    /// The server leaves out an envelope as erased that no erasure names: stop, once its answer is closed.
    pub unfounded_gap: bool,
    /// The server says this device wrote something that it does not know: stop, once its answer is closed.
    pub stated_own: bool,
}

impl Ingested {
    /// Whether the server's bare word asks for an alarm. Before its answer is closed that may be anybody's word, so the feed is
    /// not read past it.
    pub(super) const fn is_doubted(&self) -> bool {
        self.stated_own || self.unfounded_gap
    }
}

/// An author who has seen another log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitViewSeen {
    /// Who.
    pub author: DeviceId,
}

/// What a batch leaves to be judged or made again.
struct Owing {
    chains: BTreeSet<Slot>,
    documents: BTreeSet<(ZoneId, DocumentId)>,
}

/// Whether a batch let anything come further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Made,
    None,
}

impl Device {
    /// Takes the items of a feed that follow `after`; none of them when [`Ingested::is_doubted`].
    ///
    /// # Errors
    /// [`DeviceError`]; then nothing was taken, and memory was read from disk again.
    pub fn ingest_feed(
        &mut self,
        zone: ZoneId,
        after: FeedNumber,
        items: Vec<Incoming>,
        now: Millis,
    ) -> Result<Ingested, DeviceError> {
        self.settle_rejudge()?;
        let mut position = self.feeds.get(&zone).copied().unwrap_or(FeedPosition::START);
        let mut report = Ingested::default();
        let mut fresh = Vec::with_capacity(items.len());
        let mut number = after;
        for item in items {
            number = number.next();
            // What was read before a broken answer comes again: it is passed over.
            let repeats = number <= position.read.number;
            let id = match &item {
                Incoming::Own(id) | Incoming::Gone(id) => *id,
                Incoming::Envelope(bytes) => id_of(bytes),
            };
            if !repeats {
                position.read = position.read.then(id);
            }
            match item {
                _ if repeats => {}
                Incoming::Own(id) => report.stated_own |= !envelopes::has(self.store.reader(), id)?,
                // Only what an erasure of the log names may be missing from a feed.
                Incoming::Gone(id) => {
                    let authority = self.authority.as_ref().ok_or(DeviceError::NotEnrolled)?;
                    report.unfounded_gap |= authority.erased_envelope(id).is_none_or(|place| place.zone != zone);
                }
                Incoming::Envelope(bytes) => {
                    if envelopes::has(self.store.reader(), id)? {
                        report.known += 1;
                    } else {
                        fresh.push((id, bytes));
                    }
                }
            }
        }
        if report.is_doubted() {
            return Ok(report);
        }
        let taken = self.take(Origin::Feed(zone, position), fresh, now, &mut report);
        self.settle(taken, now, &mut report)?;
        Ok(report)
    }

    /// Takes envelopes that came by a carrier file.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn ingest_carried(&mut self, items: Vec<Vec<u8>>, now: Millis) -> Result<Ingested, DeviceError> {
        self.settle_rejudge()?;
        let mut report = Ingested::default();
        let mut fresh = Vec::with_capacity(items.len());
        for bytes in items {
            let id = id_of(&bytes);
            if envelopes::has(self.store.reader(), id)? {
                report.known += 1;
            } else {
                fresh.push((id, bytes));
            }
        }
        let taken = self.take(Origin::Carrier, fresh, now, &mut report);
        self.settle(taken, now, &mut report)?;
        if report.unknown_own {
            self.raise(
                Stop::Cloned,
                "a carrier file holds work of this device that is not on it: its data was copied or put back",
            )?;
        }
        if let Some(seen) = report.split_view {
            self.raise(
                Stop::SplitView,
                &format!("device {} has seen another authority log than this one", seen.author),
            )?;
        }
        Ok(report)
    }

    /// After a batch: what waited may have become readable; a failed commit is answered by reading from disk.
    fn settle(
        &mut self,
        taken: Result<Progress, DeviceError>,
        now: Millis,
        report: &mut Ingested,
    ) -> Result<(), DeviceError> {
        let settled = taken.and_then(|progress| {
            if progress == Progress::Made {
                self.retry = Retry::Owed;
            }
            self.finish_rejudge()?;
            self.retry_if_owed(now, report)
        });
        if settled.is_err() {
            self.reload()?;
        }
        self.cache.trim();
        settled
    }

    /// Tries again what waits, unless nothing has changed since that was last done. A crash between a batch and this leaves
    /// it owed.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub(super) fn retry_if_owed(&mut self, now: Millis, report: &mut Ingested) -> Result<(), DeviceError> {
        match self.retry {
            Retry::Owed => self.retry_waiting(now, report),
            Retry::Done => Ok(()),
        }
    }

    /// Tries again what waits, until a round over all of it brings nothing new.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub(super) fn retry_waiting(&mut self, now: Millis, report: &mut Ingested) -> Result<(), DeviceError> {
        for _ in 0..RETRY_ROUNDS_MAX {
            let (mut round, mut rank, mut progress) = (Ingested::default(), 0, Progress::None);
            loop {
                let waiting = envelopes::waiting_after(self.store.reader(), rank, RETRY_ENVELOPES_MAX)?;
                let Some(last) = waiting.last() else { break };
                rank = last.rank;
                // What came in any order is placed in the order of its authors' counters.
                let mut fresh: Vec<_> = waiting.into_iter().map(|kept| (kept.id, kept.bytes)).collect();
                fresh.sort_by_cached_key(|(_, bytes)| Header::parse(bytes).ok().map(|header| header.zseq));
                if self.take(Origin::Kept, fresh, now, &mut round)? == Progress::Made {
                    progress = Progress::Made;
                }
            }
            report.applied += round.applied;
            report.set_aside += round.set_aside;
            report.waiting = round.waiting;
            report.split_view = report.split_view.or(round.split_view);
            // Judging again may set waiting what did not wait.
            let is_judged_again = self.rejudge == Rejudge::Owed;
            self.finish_rejudge()?;
            if progress == Progress::None && !is_judged_again {
                self.retry = Retry::Done;
                break;
            }
        }
        // What came by hand and did not fit may fit now.
        if outbox::has_fit(self.store.reader())? {
            self.store.write(outbox::release)?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        origin: Origin,
        fresh: Vec<(EnvelopeId, Vec<u8>)>,
        now: Millis,
        report: &mut Ingested,
    ) -> Result<Progress, DeviceError> {
        let authority = self.authority.as_ref().ok_or(DeviceError::NotEnrolled)?;
        let mut tails = self.tails.clone();
        let Arrived { mut travelling, placed, superseded, contested, split_view } =
            self.place_all(authority, &mut tails, origin, fresh)?;
        // An envelope of this device that it does not have: its data was copied or put back.
        report.unknown_own |=
            placed.iter().any(|(_, envelope)| envelope.header().author == self.id) && !matches!(origin, Origin::Kept);
        report.unknown_own |=
            travelling.iter().any(|one| one.author == self.id && one.standing == Standing::SetAside(SetAside::Fork));
        if let Some(split_view) = split_view {
            // Nothing of this batch is believed; the alarm is raised by the caller.
            report.split_view = Some(SplitViewSeen { author: split_view.author });
            return Ok(Progress::None);
        }
        let opened: Vec<(usize, Opened, DeviceId)> = placed
            .par_iter()
            .map(|(at, envelope)| (*at, reader::open(authority, &self.keyring, envelope), envelope.header().author))
            .collect();
        let mut batches: BTreeMap<DocumentId, Vec<(usize, ChangesPayload, DeviceId)>> = BTreeMap::new();
        for (at, opened, author) in opened {
            let Some(one) = travelling.get_mut(at) else { continue };
            match opened {
                Opened::Changes(payload) => batches.entry(one.document).or_default().push((at, payload, author)),
                Opened::Waits(wait) => one.standing = Standing::Waits(wait),
                Opened::SetAside(why) => one.standing = Standing::SetAside(why),
                Opened::Closed => one.standing = Standing::Closed,
            }
        }
        let work = self.gather(batches, &travelling)?;
        let done: Vec<Done> = work.into_par_iter().map(apply::apply).collect();
        for (at, standing) in done.iter().flat_map(|d| &d.standings) {
            if let Some(one) = travelling.get_mut(*at) {
                one.standing = *standing;
            }
        }
        let owed = Owing { chains: contested, documents: self.contradicted(&travelling, &done)? };
        if !owed.chains.is_empty() || !owed.documents.is_empty() {
            self.rejudge = Rejudge::Owed;
        }
        self.commit_taken((&travelling, &superseded), done, &tails, (origin, now), &owed)?;
        // An envelope that only waits for something else now lets those behind it in its chain come further.
        let mut progress = if self.tails == tails { Progress::None } else { Progress::Made };
        self.tails = tails;
        if let Origin::Feed(zone, position) = origin {
            self.feeds.insert(zone, position);
        }
        for one in &travelling {
            match one.standing {
                Standing::Applied => report.applied += 1,
                // It is in no document, and there is nothing to do about it.
                Standing::Closed => {}
                Standing::Waits(_) => report.waiting += 1,
                Standing::SetAside(_) => report.set_aside += 1,
            }
            if !matches!(one.standing, Standing::Waits(_)) {
                progress = Progress::Made;
            }
        }
        Ok(progress)
    }

    /// Documents that refused changes: which of several they take must not hang on what came first.
    fn contradicted(
        &self,
        travelling: &[Travelling],
        done: &[Done],
    ) -> Result<BTreeSet<(ZoneId, DocumentId)>, StoreError> {
        let mut found = BTreeSet::new();
        let had_any = envelopes::has_any_refused_changes(self.store.reader())?;
        for one in done {
            let is_refused = |standing: &Standing| *standing == Standing::SetAside(SetAside::Changes);
            if one.standings.iter().any(|(_, standing)| is_refused(standing))
                || (had_any && envelopes::has_refused_changes(self.store.reader(), one.id)?)
            {
                let at = one.standings.first().and_then(|(at, _)| travelling.get(*at));
                found.extend(at.map(|one| (one.zone, one.document)));
            }
        }
        Ok(found)
    }

    fn gather(
        &mut self,
        batches: BTreeMap<DocumentId, Vec<(usize, ChangesPayload, DeviceId)>>,
        travelling: &[Travelling],
    ) -> Result<Vec<Work>, DeviceError> {
        let mut work = Vec::with_capacity(batches.len());
        for (id, batches) in batches {
            let zone = batches.first().and_then(|(at, ..)| travelling.get(*at)).map_or(ZoneId::ZERO, |t| t.zone);
            let class = self.authority()?.zones().get(&zone).map(|z| z.class);
            let source = match (self.cache.take(id), class) {
                (Some(loaded), _) => Source::Memory(Box::new(loaded)),
                (None, Some(class)) => match documents::load(self.store.reader(), id)? {
                    Some(kept) if kept.saved.form() == Form::Sealed => match self.open_kept(id, &kept) {
                        Ok(document) => Source::Memory(Box::new(Loaded::of(document, &kept))),
                        Err(_) => Source::Disk(kept),
                    },
                    Some(kept) => Source::Disk(kept),
                    None => Source::New(class),
                },
                (None, None) => continue,
            };
            work.push(Work { id, zone, source, batches, erased: Arc::clone(&self.erased_sources) });
        }
        Ok(work)
    }

    fn commit_taken(
        &mut self,
        (travelling, superseded): (&[Travelling], &[EnvelopeId]),
        done: Vec<Done>,
        tails: &Tails,
        (origin, now): (Origin, Millis),
        owed: &Owing,
    ) -> Result<(), DeviceError> {
        let mut links = Vec::with_capacity(done.len());
        for one in &done {
            links.push(match &one.saved {
                Some((_, projection)) => self.links(one.id, projection)?,
                None => Vec::new(),
            });
        }
        let moved: Vec<_> = tails.iter().filter(|(slot, tail)| self.tails.get(*slot) != Some(*tail)).collect();
        self.store.write(|transaction| {
            for id in superseded {
                envelopes::supersede(transaction, *id)?;
            }
            for one in travelling {
                let arrival = Arrival {
                    id: one.id,
                    zone: one.zone,
                    document: one.document,
                    author: one.author,
                    zseq: one.zseq,
                    chained: one.chained,
                    standing: one.standing,
                    arrived: now,
                    bytes: &one.bytes,
                };
                let rank = envelopes::keep(transaction, &arrival)?;
                if one.standing == Standing::SetAside(SetAside::Erased) {
                    // It may have been kept whole while it waited.
                    envelopes::erase(transaction, one.id)?;
                }
                if let (Origin::Carrier, Some(fit)) = (origin, fit(one)) {
                    let place = (one.zone, one.document);
                    outbox::put_carried(transaction, one.id, rank, place, (one.bytes.len(), fit))?;
                }
            }
            for (slot, tail) in &moved {
                envelopes::set_tail(transaction, slot.0, slot.1, **tail)?;
            }
            for (one, links) in done.iter().zip(&links) {
                for (actor, author) in &one.actors {
                    documents::add_actor(transaction, *actor, *author)?;
                }
                if let Some((saved, projection)) = &one.saved {
                    documents::save(transaction, one.id, saved, projection.conflicts)?;
                    project::write(transaction, one.id, projection, links)?;
                }
            }
            for (zone, author) in &owed.chains {
                owed::owe_chain(transaction, *zone, *author)?;
            }
            for (zone, document) in &owed.documents {
                owed::owe_document(transaction, *zone, *document)?;
            }
            if let Origin::Feed(zone, position) = origin {
                feeds::set_position(transaction, zone, position)?;
            }
            Ok::<_, DeviceError>(())
        })?;
        for one in done {
            if let Some(loaded) = one.loaded {
                self.cache.put(one.id, loaded);
            }
        }
        Ok(())
    }
}

/// Whether the server takes what came by hand; `None` for what was erased.
fn fit(one: &Travelling) -> Option<Fit> {
    match one.standing {
        Standing::SetAside(SetAside::Erased) => None,
        Standing::Applied | Standing::Closed if one.chained == Chained::Yes => Some(Fit::Yes),
        _ => Some(Fit::NotYet),
    }
}

/// Takes envelopes that were kept, again: for a rebuild of projections.
pub(super) fn replay(
    device: &mut Device,
    kept: Vec<envelopes::Kept>,
    now: Millis,
    report: &mut Ingested,
) -> Result<(), DeviceError> {
    let fresh = kept
        .into_iter()
        .filter(|kept| !matches!(kept.standing, Standing::SetAside(_)))
        .map(|kept| (kept.id, kept.bytes))
        .collect();
    device.take(Origin::Kept, fresh, now, report)?;
    Ok(())
}

/// The id of an envelope, parsed or not: what the feed's chain is made of.
fn id_of(bytes: &[u8]) -> EnvelopeId {
    envelope::envelope_id(&bytes[..bytes.len().saturating_sub(Signature::LEN)])
}
