//! Judging again: when the log grows, or an author turns out to have written two envelopes in one place, what counted may no
//! longer count, and what did not may. Chains are decided anew by [`standings`], and the documents concerned made again.
//!
//! One transaction judges one chain (or a bounded part of it) and notes the documents that it concerns; one transaction makes
//! one document. What is owed stands on disk from the moment it is owed, so a crash anywhere in between is taken up at the
//! next start, and nothing is read, written or sent before it is settled.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::authority::{Authority, Body, Entry, EraseReason, SignedEntry, Standing as Given};
use doorstep_protocol::envelope::{Envelope, Header};
use doorstep_protocol::{ActorId, DeviceId, DocumentId, EnvelopeId, SessionNonce, ZoneId, hash};
use rusqlite::Transaction;

use super::apply::{self, Again};
use super::project;
use super::{Device, DeviceError, Rejudge, Retry};
use crate::records::{Document, inspect, stays_sealed};
use crate::replica::reader::{self, Checked, Opened, SetAside, Tail, Tails, Wait};
use crate::replica::standings::{Place, Slot, Verdict, standings};
use crate::store::documents::{self, Author, Saved};
use crate::store::envelopes::{self, Chained, Kept, Link, Standing};
use crate::store::owed::{self, Blocked};
use crate::store::{StoreError, lists, outbox, pending, sources};

/// Envelopes of one chain that are given another standing in one transaction.
const CHANGES_MAX: usize = 4_096;

/// Notes what new entries of the log can change the verdict on. `authority` is the log with them.
pub(super) fn owe(
    transaction: &Transaction<'_>,
    authority: &Authority,
    tails: &Tails,
    entries: &[&SignedEntry],
) -> Result<Rejudge, StoreError> {
    let mut rejudge = Rejudge::Done;
    for body in entries.iter().filter_map(|signed| Entry::parse(&signed.entry.0).ok()).map(|entry| entry.body) {
        let slots: BTreeSet<Slot> = match &body {
            Body::DeviceAdd(add) => {
                // It may have been refused as nobody's, under an id of our own making: nothing could name it.
                envelopes::retry_author(transaction, hash::device_id(&add.sign, &add.kem))?;
                BTreeSet::new()
            }
            Body::DeviceRevoke(revoke) => chains_of(tails, |slot| slot.1 == revoke.device),
            Body::TeamMember(member) if member.standing == Given::Ended => {
                chains_of(tails, |slot| slot.1 == member.device)
            }
            Body::GrantEnd(end) => match authority.grants().get(&end.grant) {
                Some(grant) => chains_of(tails, |slot| slot.0 == grant.grant.zone),
                None => BTreeSet::new(),
            },
            Body::Adopt(adopt) => BTreeSet::from([(adopt.zone, adopt.author)]),
            Body::Erase(erase) => {
                owed::owe_document(transaction, erase.zone, erase.document)?;
                if erase.reason != EraseReason::Finish {
                    // What is not sealed yet was made by somebody who had not heard of it, too.
                    pending::erase(transaction, erase.zone, erase.document)?;
                    // What was published from it is hidden with it.
                    for (zone, document) in sources::published_from(transaction, erase.document)? {
                        owed::owe_document(transaction, zone, document)?;
                    }
                }
                rejudge = Rejudge::Owed;
                let wrote = envelopes::authors_of(transaction, erase.zone, erase.document)?;
                let named = erase.envelopes.iter().map(|one| one.author);
                wrote.into_iter().chain(named).map(|author| (erase.zone, author)).collect()
            }
            _ => BTreeSet::new(),
        };
        for (zone, author) in slots {
            owed::owe_chain(transaction, zone, author)?;
            rejudge = Rejudge::Owed;
        }
    }
    Ok(rejudge)
}

fn chains_of(tails: &Tails, which: impl Fn(&Slot) -> bool) -> BTreeSet<Slot> {
    tails.keys().filter(|slot| which(slot)).copied().collect()
}

/// What changes for one envelope.
struct Change {
    id: EnvelopeId,
    chained: Chained,
    standing: Standing,
    /// The document to be made again because of it.
    concerns: Option<DocumentId>,
    erases: Erases,
}

/// Whether what an envelope holds is erased.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Erases {
    Yes,
    No,
}

/// A document of what counts, on its way to disk.
struct Remade {
    id: DocumentId,
    kept: Option<(Saved, project::Projection, Vec<DocumentId>)>,
    standings: Vec<(EnvelopeId, Standing)>,
    actors: Vec<(ActorId, Author)>,
    /// Actors of what was erased.
    forgotten: Vec<ActorId>,
    erases: Erases,
    blocked: Blocked,
}

impl Device {
    /// Judges again what is owed, and makes the documents concerned again. Cheap when nothing is.
    ///
    /// # Errors
    /// [`DeviceError`]; what is still owed stays noted.
    pub(super) fn finish_rejudge(&mut self) -> Result<(), DeviceError> {
        if self.rejudge == Rejudge::Done || self.authority.is_none() {
            return Ok(());
        }
        while let Some(slot) = owed::next_chain(self.store.reader())? {
            self.judge_chain(slot)?;
        }
        let mut was_made_again = false;
        while let Some((zone, document)) = owed::next_document(self.store.reader())? {
            self.make_again(zone, document)?;
            was_made_again = true;
        }
        if owed::owes_search(self.store.reader())? {
            self.store.write(|transaction| {
                lists::write_search_anew(transaction)?;
                owed::settle_search(transaction)
            })?;
            was_made_again = true;
        }
        if was_made_again {
            // What this session had written may be out of a document; its numbers are not used a second time.
            self.session = next_session(self.session);
            self.store.truncate_journal();
        }
        self.rejudge = Rejudge::Done;
        self.retry = Retry::Owed;
        Ok(())
    }

    /// The same, answering a failure by reading from disk.
    pub(crate) fn settle_rejudge(&mut self) -> Result<(), DeviceError> {
        let settled = self.finish_rejudge();
        self.or_reload(settled)
    }

    fn judge_chain(&mut self, slot: Slot) -> Result<(), DeviceError> {
        let authority = self.authority.as_ref().ok_or(DeviceError::NotEnrolled)?;
        let links = envelopes::of_chain(self.store.reader(), slot.0, slot.1)?;
        let headers = self.headers_of(authority, &links)?;
        let decided = standings(authority, slot, &headers);
        let mut changes: Vec<Change> = links
            .iter()
            .filter_map(|link| change(self, authority, slot, link, decided.places.get(&link.id)?))
            .collect();
        let is_last = changes.len() <= CHANGES_MAX;
        changes.truncate(CHANGES_MAX);
        let tail = decided.tail;
        self.store.write(|transaction| {
            for change in &changes {
                envelopes::set_chained(transaction, change.id, change.chained)?;
                envelopes::set_standing(transaction, change.id, change.standing)?;
                if change.erases == Erases::Yes {
                    envelopes::erase(transaction, change.id)?;
                    outbox::withdraw(transaction, change.id)?;
                }
                if let Some(document) = change.concerns {
                    owed::owe_document(transaction, slot.0, document)?;
                }
            }
            if is_last {
                envelopes::set_tail(transaction, slot.0, slot.1, tail)?;
                owed::settle_chain(transaction, slot.0, slot.1)?;
            }
            Ok::<_, DeviceError>(())
        })?;
        if is_last {
            self.tails.insert(slot, tail);
        }
        Ok(())
    }

    /// Headers of what the author signed under this log. What has a place in the chain was checked when it was given one.
    fn headers_of(&self, authority: &Authority, links: &[Link]) -> Result<BTreeMap<EnvelopeId, Header>, DeviceError> {
        let mut headers = BTreeMap::new();
        for link in links {
            let Ok(header) = Header::parse(&link.header) else { continue };
            let is_checked = link.chained == Chained::Yes || link.standing == Standing::SetAside(SetAside::Erased);
            if !is_checked && !self.is_signed(authority, link.id)? {
                continue;
            }
            let is_of_this_log = authority.head_at(header.log_size).is_none_or(|head| head == header.log_head);
            if is_of_this_log && header.partnership == authority.partnership() {
                headers.insert(link.id, header);
            }
        }
        Ok(headers)
    }

    fn is_signed(&self, authority: &Authority, id: EnvelopeId) -> Result<bool, DeviceError> {
        let Some(kept) = envelopes::find(self.store.reader(), id)? else { return Ok(false) };
        let Ok(envelope) = Envelope::parse(kept.bytes) else { return Ok(false) };
        Ok(envelope.id() == id && matches!(reader::check(authority, envelope), Checked::Signed(_)))
    }

    /// Makes a document of the envelopes that count and of what this device has not sealed.
    fn make_again(&mut self, zone: ZoneId, id: DocumentId) -> Result<(), DeviceError> {
        let remade = self.remake(zone, id)?;
        self.cache.take(id);
        self.store.write(|transaction| write(transaction, &remade))
    }

    fn remake(&self, zone: ZoneId, id: DocumentId) -> Result<Remade, DeviceError> {
        let authority = self.authority()?;
        let mut remade = Remade {
            id,
            kept: None,
            standings: Vec::new(),
            actors: Vec::new(),
            forgotten: Vec::new(),
            erases: Erases::No,
            blocked: Blocked::No,
        };
        let (mut batches, mut ids) = (Vec::new(), Vec::new());
        for kept in envelopes::of_document(self.store.reader(), zone, id)? {
            let (at, envelope) = (ids.len(), kept.id);
            match self.open_again(authority, kept) {
                None => continue,
                Some((Opened::Changes(payload), header)) => {
                    batches.push(apply::Batch { at, payload, author: header.author, zseq: header.zseq, id: envelope });
                }
                Some((Opened::Waits(wait), _)) => remade.standings.push((envelope, Standing::Waits(wait))),
                Some((Opened::SetAside(why), _)) => remade.standings.push((envelope, Standing::SetAside(why))),
                Some((Opened::Closed, _)) => remade.standings.push((envelope, Standing::Closed)),
            }
            ids.push(envelope);
        }
        let unsealed = pending::of_document(self.store.reader(), id)?;
        if authority.erased_at(zone, id).is_some() {
            remade.forgotten = self.actors_of(id)?;
            remade.erases = Erases::Yes;
        }
        let Some(class) = authority.zones().get(&zone).map(|zone| zone.class) else { return Ok(remade) };
        // What stays sealed is judged again when it is read, and is never made here.
        if stays_sealed(class) {
            return Ok(remade);
        }
        let raw: Vec<&[u8]> = unsealed.iter().map(|change| change.change.as_slice()).collect();
        let Again { document, standings, actors, parked } = match Document::genesis(class, id) {
            Ok(genesis) => apply::again(&genesis, batches, &raw),
            Err(_) => return Ok(remade),
        };
        remade.standings.extend(
            standings.into_iter().filter_map(|(at, standing)| ids.get(at).map(|envelope| (*envelope, standing))),
        );
        remade.actors = actors;
        let own = |change: &pending::Pending| {
            let author = Author { device: self.id, seat: change.seat };
            (hash::actor_id(self.id, id, change.session), author)
        };
        remade.actors.extend(unsealed.iter().map(own));
        remade.blocked = if parked > 0 { Blocked::Yes } else { Blocked::No };
        let is_written_to = remade.standings.iter().any(|(_, standing)| *standing == Standing::Applied);
        if is_written_to || !document.is_empty() {
            let projection = project::project(&document, &self.erased_sources);
            let saved = project::keep(&document, zone, projection.form).map_err(DeviceError::Save)?;
            let links = self.links(id, &projection)?;
            remade.kept = Some((saved, projection, links));
        }
        Ok(remade)
    }

    /// What is in an envelope, unless it does not count.
    fn open_again(&self, authority: &Authority, kept: Kept) -> Option<(Opened, Header)> {
        let may_count = match kept.standing {
            Standing::Applied | Standing::Closed => true,
            Standing::Waits(wait) => !matches!(wait, Wait::LogAhead | Wait::ChainGap),
            Standing::SetAside(why) => matches!(why, SetAside::Changes | SetAside::Seat | SetAside::SeatEnded),
        };
        let envelope = Envelope::parse(kept.bytes).ok().filter(|_| may_count)?;
        match reader::check(authority, envelope) {
            Checked::Signed(verified) => {
                let header = verified.header().clone();
                Some((reader::open(authority, &self.keyring, &verified), header))
            }
            Checked::NotSigned(_) | Checked::NoAuthor(_) => None,
        }
    }

    fn actors_of(&self, id: DocumentId) -> Result<Vec<ActorId>, DeviceError> {
        let Some(kept) = documents::load(self.store.reader(), id)? else { return Ok(Vec::new()) };
        let Ok(document) = self.open_kept(id, &kept) else { return Ok(Vec::new()) };
        let changes = document.changes_since(&[]);
        let actors: BTreeSet<ActorId> =
            changes.iter().filter_map(|raw| inspect(raw).ok()).map(|meta| meta.actor).collect();
        Ok(actors.into_iter().collect())
    }
}

/// What changes for an envelope that log and chain now see in this place.
///
/// What this device wrote itself and no erasure names stays, sealed and in no document, until one does: nobody else may have
/// it, and without it no server takes what this device wrote after it.
fn change(device: &Device, authority: &Authority, (zone, author): Slot, link: &Link, place: &Place) -> Option<Change> {
    let standing = match (place.verdict, link.standing) {
        (Verdict::Counts, Standing::Waits(Wait::LogAhead | Wait::ChainGap)) => {
            Standing::Waits(Wait::MissingDependencies)
        }
        // What is erased does not come back.
        (Verdict::Counts, same @ Standing::SetAside(SetAside::Erased)) => same,
        (Verdict::Counts, Standing::SetAside(why)) if why.is_verdict() => Standing::Waits(Wait::MissingDependencies),
        // A seat's end was told as a seat that had not signed by an earlier version.
        (Verdict::Counts, Standing::SetAside(SetAside::SeatEnded | SetAside::Seat))
            if authority.is_adopted(zone, author, link.id) =>
        {
            Standing::Waits(Wait::MissingDependencies)
        }
        (Verdict::Counts, same) => same,
        (Verdict::Waits(wait), _) => Standing::Waits(wait),
        (Verdict::SetAside(why), _) => Standing::SetAside(why),
    };
    let chained = if place.is_chained { Chained::Yes } else { Chained::No };
    let is_named = authority.erased_envelope(link.id).is_some();
    let erases = match standing {
        Standing::SetAside(SetAside::Erased) if link.is_whole && (is_named || author != device.id) => Erases::Yes,
        _ => Erases::No,
    };
    if standing == link.standing && chained == link.chained && erases == Erases::No {
        return None;
    }
    let concerns = (standing != link.standing || erases == Erases::Yes).then_some(link.document);
    Some(Change { id: link.id, chained, standing, concerns, erases })
}

fn write(transaction: &Transaction<'_>, remade: &Remade) -> Result<(), DeviceError> {
    for (id, standing) in &remade.standings {
        envelopes::set_standing(transaction, *id, *standing)?;
    }
    for actor in &remade.forgotten {
        documents::remove_actor(transaction, *actor)?;
    }
    if remade.erases == Erases::Yes {
        owed::owe_search(transaction)?;
    }
    for (actor, author) in &remade.actors {
        documents::add_actor(transaction, *actor, *author)?;
    }
    lists::remove(transaction, remade.id)?;
    documents::unlink(transaction, remade.id)?;
    match &remade.kept {
        Some((saved, projection, links)) => {
            documents::save(transaction, remade.id, saved, projection.conflicts)?;
            project::write(transaction, remade.id, projection, links)?;
        }
        None => documents::remove(transaction, remade.id)?,
    }
    pending::set_folded(transaction, remade.id)?;
    owed::set_blocked(transaction, remade.id, remade.blocked)?;
    owed::settle_document(transaction, remade.id)?;
    Ok(())
}

/// Another session: every session's own is random, so nobody else comes to the same.
fn next_session(session: SessionNonce) -> SessionNonce {
    let digest = hash::sha256(&session.0).0;
    let mut next = SessionNonce::ZERO;
    next.0.copy_from_slice(&digest[..SessionNonce::LEN]);
    next
}

/// Chains in which an erasure names a place: there the next of a chain can be one that never came.
pub(super) fn erased_slots(authority: &Authority) -> BTreeSet<Slot> {
    authority.erased_envelopes().values().map(|place| (place.zone, place.author)).collect()
}

/// A chain that the quick way of placing may not have decided rightly.
pub(super) fn is_contested(device: &Device, slot: (ZoneId, DeviceId), tail: Option<&Tail>) -> Result<bool, StoreError> {
    if device.erased_slots.contains(&slot) {
        return Ok(true);
    }
    let next = tail.unwrap_or(&Tail::START).zseq.next();
    envelopes::is_beside(device.store.reader(), slot.0, slot.1, next)
}
